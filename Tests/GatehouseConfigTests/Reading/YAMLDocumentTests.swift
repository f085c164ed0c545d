// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseConfig

struct YAMLDocumentTests {
    private func issues(_ text: String) -> [ConfigIssue] {
        let log = IssueLog(file: "a.yaml")
        if let node = YAMLDocument.compose(text, log: log),
            let top = Field(node: node, path: "", log: log).mapping()
        {
            for entry in top.entries { _ = top.optional(entry.key)?.mapping() }
            top.finish()
        }
        return log.issues
    }

    @Test func `keys given twice at several depths are all found, in quotes too`() {
        let text = "a: {x: 1, x: 2}\nb: {}\nc: {}\nb: {\"y\": 1, 'y': 2, z: 3}\n"
        let found = issues(text).filter { $0.message.contains("given twice") }
        #expect(Set(found.map(\.path)) == ["a.x", "b", "b.y"])
    }

    @Test func `three of the same key are two mistakes`() {
        let found = issues("k: {}\nk: {}\nk: {}\n").filter { $0.message.contains("given twice") }
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.path == "k" })
    }

    @Test func `more keys given twice than are masked end the reading with an issue`() {
        let text = (0..<100).map { "key\($0): {}\nkey\($0): {}\n" }.joined()
        #expect(issues(text).contains { $0.message.contains("given twice") })
    }

    @Test func `deep nesting and references that multiply end in bounded time`() {
        _ = issues(String(repeating: "[", count: 5000))
        _ = issues("a: " + String(repeating: "{a: ", count: 900) + String(repeating: "}", count: 900))
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let element = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: element, count: 9).joined(separator: ", "))]\n"
        }
        _ = issues(text)
    }

    @Test(.timeLimit(.minutes(1))) func `a long file of one key is not read again and again`() {
        let found = issues(String(repeating: "k: {}\n", count: 100_000))
        #expect(found.map(\.message) == ["the key \"k\" is given twice in one mapping"])
    }

    @Test func `what ends too early is missed where it ends`() {
        for text in [
            "{\"id\": \"a\",\n \"bands\": [",
            "{\"id\": \"a\",\n \"bands\": [\(String(repeating: "1, ", count: 40))",
        ] {
            let found = issues(text)
            #expect(found.map(\.line) == [2], "\(found.map(\.text))")
        }
    }

    @Test func `a file on the disk that is too large is told the limit`() throws {
        let path = try TemporaryText.write("a: " + String(repeating: "x", count: 1 << 20))
        let log = IssueLog(file: path)
        #expect(YAMLDocument.top(path: path, log: log) == nil)
        #expect(log.issues.map(\.message) == ["the file is larger than 1 MiB"])
    }

    @Test func `a file beyond the bound is refused before it is read`() {
        let found = issues("a: " + String(repeating: "x", count: 1 << 20))
        #expect(found.map(\.message) == ["the file is larger than 1 MiB"])
    }
}
