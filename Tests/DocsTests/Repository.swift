// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files of this repository, as text.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Paths under a folder whose names end so.
    static func files(under folder: String, endingIn suffixes: [String]) -> [String] {
        let base = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path()) else { return [] }
        return walk.compactMap { $0 as? String }
            .filter { path in suffixes.contains { path.hasSuffix($0) } }
            .map { "\(folder)/\($0)" }.sorted()
    }
}

/// The skeleton of a Markdown page: what its translation must share.
struct Markdown {
    var headings: [Int] = []
    /// With the words after the opening fence.
    var codeBlocks: [String] = []
    /// Columns of each row, table by table.
    var tables: [[Int]] = []
    /// `code` in the running text and in tables, in order.
    var codeSpans: [String] = []
    /// Targets of links to files.
    var links: [String] = []

    init(_ text: String) {
        var block: [String]?
        var isInTable = false
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                if let open = block { codeBlocks.append(open.joined(separator: "\n")) }
                block = block == nil ? [line] : nil
            } else if block != nil {
                block?.append(line)
            } else {
                let level = line.prefix { $0 == "#" }.count
                if level > 0 { headings.append(level) }
                if line.hasPrefix("|") {
                    if !isInTable { tables.append([]) }
                    tables[tables.count - 1].append(line.count { $0 == "|" } - 1)
                }
                codeSpans += line.matches(of: /`([^`]+)`/).map { String($0.1) }
                links += line.matches(of: /\]\(([^)#]+)/).map { String($0.1) }
            }
            isInTable = line.hasPrefix("|")
        }
    }
}
