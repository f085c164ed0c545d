// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

/// Words that `charge class --exempt` takes and records may have a daily limit, as they had.
@Suite struct ReleaseLimitWordsTests {
    @Test(arguments: ["emergency", "traffic_police", "救护车"])
    func `an exemption that may be given may be limited`(_ word: String) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/limits-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: "\(folder)/1.yaml"))
        let result = TestSites.read(
            TestSites.site()
                + "charging: {tariffs: [{file: \(folder)/1.yaml}], releases: {\(word): 2}}\n")
        #expect(result.plan?.pricing?.releaseLimits == Table([(word, 2)]), "\(result.issues)")
    }
}
