// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import Testing

struct ConfigReferenceTests {
    @Test func `the documentation names every timer with its default and range`() throws {
        let text = try TestSites.text(TestSites.repository + "/docs/configuration.md")
        let wanted =
            ConfigReference.timerRows + ConfigReference.walkwayTimerRows
            + ConfigReference.directoryColumns.map { "`\($0)`" }
        let missing = wanted.filter { !text.contains($0) }
        #expect(missing == [])
    }

    @Test func `the example of the documentation is a plan`() throws {
        let text = try TestSites.text(TestSites.repository + "/docs/configuration.md")
        let parts = text.components(separatedByFence: "```yaml\n")
        try #require(parts.count > 1)
        let result = TestSites.read(parts[1])
        #expect(result.errors == [])
    }
}

extension String {
    /// The text before the first fence, then the inside of each.
    fileprivate func components(separatedByFence fence: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let start = rest.firstRange(of: fence) {
            if parts.isEmpty { parts.append(String(rest[..<start.lowerBound])) }
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "```") else { break }
            parts.append(String(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return parts
    }
}
