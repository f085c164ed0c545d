// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Yams

/// A place in a file, from 1.
struct Place {
    let line: Int
    let column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

/// One value of a file with its place. The readers return nil after they have logged why.
struct Field {
    let node: Node
    let path: String
    let log: IssueLog

    var mark: Place? { node.mark.map(Place.init) }
    /// A scalar as it is written; nil for a list or a mapping.
    var word: String? { node.scalar?.string }
    var isMapping: Bool { node.mapping != nil }

    func error(_ message: String, found: String? = nil, hint: String? = nil) {
        log.add(at: mark, path: path, found: found, message, hint: hint)
    }

    func warning(_ message: String, found: String? = nil, hint: String? = nil) {
        log.add(.warning, at: mark, path: path, found: found, message, hint: hint)
    }

    func notice(_ message: String) { log.add(.notice, at: mark, path: path, message) }

    /// The text of a scalar as it is written; nil and an error for a list or a mapping.
    func raw(expecting what: String) -> String? {
        if let scalar = node.scalar { return scalar.string }
        error("use \(what)", found: node.mapping == nil ? "a list" : "a mapping")
        return nil
    }

    private var isPlain: Bool { node.scalar?.style == .plain || node.scalar?.style == .any }

    func text() -> String? {
        guard let text = raw(expecting: "a text") else { return nil }
        if isPlain, let misreading = ScalarForms.misreading(of: text) {
            error("\(misreading); write it in quotes", found: text, hint: "'\(text)'")
            return nil
        }
        guard !text.isEmpty, text.utf8.count <= 1024 else {
            error("use a text of 1 to 1024 bytes", found: text)
            return nil
        }
        return text
    }

    func name() -> String? {
        guard let text = text() else { return nil }
        guard ScalarForms.isName(text) else {
            error("use lower-case letters, digits and hyphens, a letter first, at most 32", found: text)
            return nil
        }
        return text
    }

    /// `quoted`: settings of drivers are texts in the plan, so a profile may write them so.
    func integer(in range: ClosedRange<Int>, quoted: Bool = false) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let text = raw(expecting: expected) else { return nil }
        guard isPlain || quoted, let value = ScalarForms.integer(text) else {
            let misreading = ScalarForms.integer(text) == nil ? trap(text) : ", written without quotes"
            error("use \(expected)\(misreading)", found: text)
            return nil
        }
        guard range.contains(value) else {
            error("use \(expected)", found: text)
            return nil
        }
        return value
    }

    private func trap(_ text: String) -> String {
        guard isPlain, let misreading = ScalarForms.misreading(of: text) else { return "" }
        return misreading.hasSuffix("a number") ? "" : " (\(text) is a word \(misreading))"
    }

    func flag() -> Bool? {
        guard let text = raw(expecting: "true or false") else { return nil }
        if isPlain, text == "true" { return true }
        if isPlain, text == "false" { return false }
        let isTrap = isPlain && ScalarForms.misreading(of: text)?.hasSuffix("e") == true
        error(
            "use true or false", found: text,
            hint: isTrap ? "yes, no, on and off mean different things to different tools" : nil)
        return nil
    }

    func duration(in range: ClosedRange<Duration>) -> Duration? {
        let expected = "\(range.lowerBound.planText) to \(range.upperBound.planText)"
        guard let text = raw(expecting: "a duration from \(expected)") else { return nil }
        guard let value = ScalarForms.duration(text) else {
            let unit =
                ScalarForms.integer(text) != nil ? "a duration needs its unit" : "not a duration\(trap(text))"
            error("\(unit); use \(expected)", found: text, hint: "for example 500 ms, 2.5 s, 10 min")
            return nil
        }
        guard range.contains(value) else {
            error("use \(expected)", found: text)
            return nil
        }
        return value
    }

    func size(in range: ClosedRange<Int64>) -> Int64? {
        let expected = "\(range.lowerBound / 1_000_000) MB to \(range.upperBound / 1_000_000_000) GB"
        guard let text = raw(expecting: "a size from \(expected)") else { return nil }
        guard let value = ScalarForms.size(text), range.contains(value) else {
            error("use \(expected)", found: text, hint: "for example 500 MB, 2 GB")
            return nil
        }
        return value
    }

    /// One of some words. They are compared as written, so that an unquoted `off` is the word `off`.
    func choice(_ words: [String]) -> String? {
        guard let text = raw(expecting: alternatives(words)) else { return nil }
        guard words.contains(text) else {
            error("use \(alternatives(words))", found: text)
            return nil
        }
        return text
    }

    func choice<Choice: RawRepresentable<String>>(_ choices: [Choice]) -> Choice? {
        choice(choices.map(\.rawValue)).flatMap(Choice.init(rawValue:))
    }

    func mapping() -> MappingReader? { MappingReader(self) }

    /// To look before it is read; what is wrong with it is said when it is.
    func silentMapping() -> MappingReader? {
        MappingReader(Field(node: node, path: path, log: IssueLog(file: log.file)))
    }

    /// The elements of a list; a single scalar or mapping counts as a list of one. An empty list is an error,
    /// because `safety: []` looks like a sensor and is none.
    func oneOrMany(mayBeEmpty: Bool = false) -> [Field] {
        guard let sequence = node.sequence else { return [self] }
        if sequence.isEmpty, !mayBeEmpty { error("an empty list; leave the key out instead") }
        return sequence.enumerated().map { Field(node: $1, path: "\(path)[\($0)]", log: log) }
    }
}
