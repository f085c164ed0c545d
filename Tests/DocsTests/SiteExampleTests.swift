// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseDrivers
import Testing

@Suite struct SiteExampleTests {
    @Test func `the first site of the README is a good one in ten lines`() throws {
        let page = try Repository.text("README.md")
        let block = try #require(Markdown(page).codeBlocks.first { $0.hasPrefix("```yaml") })
        let lines = block.components(separatedBy: "\n").dropFirst()
        #expect(lines.count == 10)
        let folder = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "site.yaml")
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        let result = SiteLoader.load(
            path: file.path(), profilesFolder: Repository.root.appending(path: "hardware-profiles").path(),
            drivers: DriverCatalog.descriptions)
        #expect(!result.issues.hasErrors, "\(result.issues.map(\.text).joined(separator: "\n"))")
    }
}
