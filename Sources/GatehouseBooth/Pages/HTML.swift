// SPDX-License-Identifier: Apache-2.0

/// A piece of a page. What is written in the source stands as it is; what is put in by `\()` is text from somewhere
/// else and is escaped, unless it is a piece of a page itself. So nothing that a device, a file or a person said can
/// become markup. Values of attributes stand in double quotes.
package struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
    package private(set) var text: String

    package init(stringLiteral text: String) { self.text = text }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    package static func + (a: HTML, b: HTML) -> HTML { "\(a)\(b)" }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }
        package mutating func appendInterpolation(_ value: String) { text += HTML.escaped(value) }
        package mutating func appendInterpolation(_ value: some BinaryInteger) { text += String(value) }
        package mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
        package mutating func appendInterpolation(_ piece: HTML?) { text += piece?.text ?? "" }
        package mutating func appendInterpolation(_ pieces: [HTML]) {
            for piece in pieces { text += piece.text }
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                // Controls, and marks that turn the direction of what follows: text that looks like other text.
                let isInvisible = [.control, .format].contains(scalar.properties.generalCategory)
                result.unicodeScalars.append(isInvisible ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }
}
