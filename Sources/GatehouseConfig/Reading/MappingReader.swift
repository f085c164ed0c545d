// SPDX-License-Identifier: Apache-2.0

import Yams

/// Reads one mapping by asking for its keys. What nobody asked for is an unknown key, so every key that may
/// stand there is asked for before `finish`.
final class MappingReader {
    struct Entry {
        let key: String
        let mark: Place?
        let field: Field
    }

    let path: String
    let log: IssueLog
    /// Where the mapping begins.
    let mark: Place?
    private(set) var entries: [Entry] = []
    /// Of the first entry of each key.
    private var places: [String: Int] = [:]
    private var asked: Set<String> = []

    /// A hint costs time: a file of thousands of unknown keys is none that somebody mistyped.
    private static let maximumHints = 100

    /// Nil and an error when the field is not a mapping.
    init?(_ field: Field) {
        path = field.path
        log = field.log
        mark = field.mark
        guard let mapping = field.node.mapping else {
            let found = field.node.sequence == nil ? field.node.scalar?.string : "a list"
            field.error("use a mapping, key: value", found: found.flatMap { $0.isEmpty ? nil : $0 })
            return nil
        }
        read(mapping)
    }

    private func read(_ mapping: Node.Mapping) {
        var masked: [(key: String, mark: Place?)] = []
        for (key, value) in mapping {
            let place = key.mark.map(Place.init)
            guard let name = key.scalar?.string else {
                log.add(at: place, path: path, "a key must be a word")
                continue
            }
            if let key = YAMLDocument.unmasked(name) {
                masked.append((key, place))
                continue
            }
            let field = Field(node: value, path: path.isEmpty ? name : "\(path).\(name)", log: log)
            if places[name] == nil { places[name] = entries.count }
            entries.append(Entry(key: name, mark: place, field: field))
        }
        for (key, mark) in masked {
            let twin = places[key].map { entries[$0] }
            let line = mark.map { " (first in line \($0.line))" } ?? ""
            log.add(
                at: twin?.mark ?? mark, path: join(key),
                "this key is given twice\(line); keep one")
        }
    }

    func optional(_ key: String) -> Field? {
        asked.insert(key)
        return places[key].map { entries[$0].field }
    }

    func required(_ key: String, _ what: String) -> Field? {
        if let field = optional(key) { return field }
        log.add(at: mark, path: join(key), "missing; \(what)")
        return nil
    }

    /// A section that may be left out; a missing one reads as nil without an error.
    func section(_ key: String) -> MappingReader? { optional(key)?.mapping() }

    func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Logs every key that nobody asked for, with the nearest one that somebody did.
    func finish() {
        let known = asked.sorted()
        let all = "known: \(known.joined(separator: ", "))"
        for (index, entry) in entries.filter({ !asked.contains($0.key) }).enumerated() {
            let near = index < Self.maximumHints ? nearest(to: entry.key, among: known) : nil
            log.add(
                at: entry.mark, path: entry.field.path, "unknown key",
                hint: near.map { "did you mean \($0)?" } ?? all)
        }
    }
}
