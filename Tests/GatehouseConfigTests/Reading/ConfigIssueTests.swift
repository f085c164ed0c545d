// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import Testing

struct ConfigIssueTests {
    private let issue = ConfigIssue(
        file: "site.yaml", line: 12, column: 5, path: "lanes.north.closing", found: "gatway",
        message: "use controller, gateway or guard")

    @Test func `an issue says where, what stands there and what may stand there`() {
        #expect(
            issue.text == "site.yaml:12:5: error: lanes.north.closing: found \"gatway\"; "
                + "use controller, gateway or guard")
        #expect(
            ConfigIssue(file: "site.yaml", message: "the file is missing").text
                == "site.yaml: error: the file is missing")
    }

    @Test func `an issue has a form for machines`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = String(decoding: try encoder.encode(issue), as: UTF8.self)
        #expect(
            json
                == #"{"column":5,"file":"site.yaml","found":"gatway","line":12,"message":"use controller, gateway or"#
                + #" guard","path":"lanes.north.closing","severity":"error"}"#)
    }

    @Test func `H-42 what stands in a file cannot steer the terminal that shows the message`() {
        let result = TestSites.read(
            TestSites.site(north: ["closing": #""a\e[31m\nb""#]) + "\"x\\e[2J\": 1\n\"\u{202E}y\": 2\n")
        #expect(result.errors.count == 3)
        #expect(
            result.errors.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x202E } }
        )
    }

    @Test func `long values are shortened`() {
        let long = ConfigIssue(file: "f", found: String(repeating: "x", count: 500), message: "m")
        #expect(long.found?.count == 60)
    }
}
