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
        #expect(issues(text).map(\.line) == [2])
    }

    /// The parser would hash two million words for each such key, and with three levels more two thousand million.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["? *x6 : 1\n", "*x6 : 1\n", "a: {? *x6 : 1}\n", "a: {?*x6 : 1}\n", "*x6: 1\n"])
    func `references that multiply are no key`(_ key: String) {
        // Two keys that the search for references must not take for one, though it lets both through.
        var text = "\"a? \": {}\n\"a\\x3f \\x2ar \": {}\nx0: &x0 [a, a]\n"
        for level in 1...6 {
            let element = "*x\(level - 1)"
            text +=
                "x\(level): &x\(level) [\(Array(repeating: element, count: 10).joined(separator: ", "))]\n"
        }
        #expect(issues(text + key).first { $0.message.contains("not read") }?.line == 4)
        let own = issues("b: {}\n" + key)
        #expect(own.count == 1 && own.first?.message.contains("not read") == true, "\(own.map(\.text))")
    }

    @Test func `references and keys with a question mark are refused where they stand`() {
        let cases: [(text: String, line: Int, column: Int, message: String)] = [
            ("a: &x {}\n\"*q &r ?\": {b: *x}\n", 2, 16, "references to anchors"),
            ("a: &x {}\n\"*q &r ? s\": {<<: *x}\n", 2, 19, "references to anchors"),
            ("a: {}\n? b\n: {}\n", 2, 1, "keys with ?"),
            ("a: {?[b]: 1}\n", 1, 5, "keys with ?"),
            ("a: {}\n?\n  [b, c]\n: {}\n", 2, 1, "keys with ?"),
        ]
        for (text, line, column, message) in cases {
            let found = issues(text)
            #expect(found.map(\.line) == [line] && found.map(\.column) == [column], "\(found.map(\.text))")
            #expect(found.first?.message.hasPrefix(message) == true, "\(found.map(\.text))")
        }
    }

    @Test func `what only looks like one is text`() {
        let texts = [
            ("\"*x ? [\" # *x ? y", "*x ? ["), ("'*x & &y ? z'", "*x & &y ? z"),
            ("really? 2 *x &y", "really? 2 *x &y"), ("|\n  *x\n  ? y\n", "*x\n? y\n"),
            (">\n  &x\n  *x\n", "&x *x\n"), ("https://h/?b=1&c=*d", "https://h/?b=1&c=*d"),
            ("what?!", "what?!"), ("really?", "really?"), ("京A*2", "京A*2"), ("&x b", "b"),
        ]
        for (text, value) in texts {
            let log = IssueLog(file: "a.yaml")
            let top = YAMLDocument.top("a: \(text)", log: log)?.mapping()
            #expect(top?.optional("a")?.word == value)
            #expect(log.issues.isEmpty, "\(log.issues.map(\.text))")
        }
    }

    @Test func `keys given twice beside what looks like a reference are found where they stand`() {
        let found = issues("a: {\"*q ? r\": {}, b: {}, b: {}}\n")
        #expect(found.map(\.message) == ["this key is given twice (first in line 1); keep one"])
        #expect(found.map(\.path) == ["a.b"])
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
