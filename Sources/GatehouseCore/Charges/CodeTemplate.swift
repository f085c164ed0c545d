// SPDX-License-Identifier: Apache-2.0

/// The text of a code on a lane's display with places for what only the open quote says: `charging.dynamic_code`.
package struct CodeTemplate: Hashable, Sendable {
    package enum Place: String, Hashable, Sendable, CaseIterable {
        /// Numbers of the records that opened the quote and the stay.
        case quote, stay
        /// Minor units.
        case due
        case site, lane
    }

    package enum Mistake: Error, Hashable, Sendable {
        case unprintable
        case tooLong(Int)
        case unknownPlace(String)
        /// A brace without its other one.
        case brace
        /// It names neither quote nor stay: the same for everybody.
        case nobodys
    }

    private enum Part: Hashable, Sendable {
        case text(String)
        case place(Place)
    }

    private let parts: [Part]
    /// As it was written.
    package let text: String

    package init(_ text: String) throws(Mistake) {
        guard CodeText.isPrintable(text) else { throw .unprintable }
        guard text.utf8.count <= CodeText.longest else { throw .tooLong(text.utf8.count) }
        var parts: [Part] = []
        var rest = Substring(text)
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            let inside = rest[rest.index(after: brace)...]
            guard rest[brace] == "{", let end = inside.firstIndex(where: { $0 == "{" || $0 == "}" }),
                inside[end] == "}"
            else { throw .brace }
            let name = String(inside[..<end])
            guard let place = Place(rawValue: name) else { throw .unknownPlace(name) }
            parts += [.text(String(rest[..<brace])), .place(place)]
            rest = inside[inside.index(after: end)...]
        }
        guard parts.contains(.place(.quote)) || parts.contains(.place(.stay)) else { throw .nobodys }
        self.parts = parts + [.text(String(rest))]
        self.text = text
    }

    /// nil: longer than any card takes.
    package func filled(_ value: (Place) -> String) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .text(let plain): text += plain
            case .place(let place): text += value(place)
            }
        }
        return text.utf8.count <= CodeText.longest ? text : nil
    }
}

/// What may stand in a code that a phone reads off a display.
package enum CodeText {
    /// Bytes: one byte of a card's frame counts them.
    package static let longest = 255

    /// ASCII without spaces and what moves a cursor.
    package static func isPrintable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }
}
