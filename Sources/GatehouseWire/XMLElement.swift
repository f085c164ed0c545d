// SPDX-License-Identifier: Apache-2.0

/// An element of a small XML document as cameras send it: local name, text, children. Attributes and
/// prefixes are read over, because the same camera family uses several namespaces or none.
package struct XMLElement: Hashable, Sendable {
    package var name: String
    /// Text directly inside, trimmed; text around child elements is joined.
    package var text: String
    package var children: [XMLElement]

    package init(name: String, text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    package func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// Text of a child; nil when it is missing or empty.
    package func text(of name: String) -> String? {
        guard let text = child(name)?.text, !text.isEmpty else { return nil }
        return text
    }
}
