// SPDX-License-Identifier: Apache-2.0

import Yams

/// Finds what a few bytes can make endless: a reference to an anchor, and a key written with `?`, which may be a whole
/// tree that the parser hashes. Only the parser knows where one is meant and where `*` and `?` are text, and it tells
/// nobody. So it is given the text with the names of references and of anchors told apart, and with a reference after
/// each `?`: the first one that is meant it does not find, and says where.
struct ReferenceProbe {
    private(set) var scalars: [Unicode.Scalar] = []
    private var isInserted: [Bool] = []
    /// Whether there is anything to find.
    private(set) var isNeeded = false

    init(_ text: [Unicode.Scalar]) {
        guard text.contains(where: { $0 == "*" || $0 == "?" }) else { return }
        scalars.reserveCapacity(text.count)
        isInserted.reserveCapacity(text.count)
        for (index, scalar) in text.enumerated() {
            scalars.append(scalar)
            isInserted.append(false)
            let next = text.indices.contains(index + 1) ? text[index + 1] : "\n"
            switch scalar {
            case "*" where Self.isName(next): insert("r")
            case "&" where Self.isName(next): insertName("a")
            case "?" where Self.blanks.contains(next): insert(" *r")
            case "?" where Self.openings.contains(next): insert(" *k ")
            default: break
            }
        }
    }

    /// Where that is in the text itself.
    func place(of mark: Mark) -> Place {
        let start = scalars.lineStart(mark.line) ?? scalars.endIndex
        let before = isInserted[start...].prefix(max(0, mark.column - 1))
        return Place(line: mark.line, column: 1 + before.count { !$0 })
    }

    /// The mistake at a reference that the parser did not find.
    func report(at mark: Mark, to log: IssueLog) {
        let place = place(of: mark)
        let index = (scalars.lineStart(mark.line) ?? scalars.endIndex) + mark.column - 1
        if isInserted.indices.contains(index), isInserted[index] {
            // Behind the `?`.
            let key = Place(line: place.line, column: max(1, place.column - 1))
            log.add(at: key, path: "", "keys with ? are not read", hint: "write it as key: value")
        } else {
            log.add(
                at: place, path: "", "references to anchors (*name) are not read",
                hint: "write out what it stands for; a text that begins with * stands in quotes")
        }
    }

    private mutating func insert(_ text: String) {
        insertName(text)
        isNeeded = true
    }

    private mutating func insertName(_ text: String) {
        scalars += text.unicodeScalars
        isInserted += text.unicodeScalars.map { _ in true }
    }

    private static let blanks: Set<Unicode.Scalar> = [
        " ", "\t", "\n", "\r", "\0", "\u{85}", "\u{2028}", "\u{2029}",
    ]
    /// What may begin a tree right behind a `?` between brackets.
    private static let openings: Set<Unicode.Scalar> = ["[", "{", "&", "!"]

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            || scalar == "_" || scalar == "-"
    }
}

extension [Unicode.Scalar] {
    /// Where a line begins, from 1.
    func lineStart(_ number: Int) -> Int? {
        var line = 1
        var position = 0
        while line < number {
            guard let end = self[position...].firstIndex(of: "\n") else { return nil }
            position = end + 1
            line += 1
        }
        return position
    }
}
