// SPDX-License-Identifier: Apache-2.0

/// Characters that look like those of YAML and are none: of a Chinese input method, of a word processor, of a web page.
/// YAML takes most of them for text, so that what it says of the line is of no help.
struct LookAlikes {
    private static let blanks: Set<Unicode.Scalar> = ["\u{00A0}", "\u{2007}", "\u{202F}", "\u{3000}"]
    private static let invisible: Set<Unicode.Scalar> = ["\u{200B}", "\u{200C}", "\u{200D}", "\u{FEFF}"]
    private static let meant: [Unicode.Scalar: String] = [
        "：": ":", "，": ",", "、": ",", "－": "-", "–": "-", "—": "-", "｛": "{", "｝": "}", "［": "[", "］": "]",
        "【": "[", "】": "]", "＃": "#", "“": "\"", "”": "\"", "‘": "'", "’": "'", "＂": "\"", "＇": "'", "．": ".",
    ]

    private let lines: [[Unicode.Scalar]]

    init(_ text: String) {
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    }

    /// Of these lines, from 1.
    func report(where isMeant: (Int) -> Bool, to log: IssueLog) {
        for (index, line) in lines.enumerated() where isMeant(index + 1) {
            for (column, scalar) in outsideQuotes(line) {
                guard let (found, message, hint) = Self.words(scalar) else { continue }
                log.add(
                    at: Place(line: index + 1, column: column + 1), path: "", found: found, message,
                    hint: hint)
            }
        }
    }

    private static func words(_ scalar: Unicode.Scalar) -> (found: String?, message: String, hint: String)? {
        let code =
            "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal(scalar).count))
            + hexadecimal(scalar)
        if scalar == "\t" { return (nil, "a tab; YAML indents with blanks", "two blanks a level") }
        if blanks.contains(scalar) {
            return (nil, "a blank that is none to YAML (\(code))", "type an ordinary blank in its place")
        }
        if invisible.contains(scalar) {
            return (nil, "an invisible character (\(code))", "delete it, or write the line anew")
        }
        guard let meant = meant[scalar] else { return nil }
        return (
            String(scalar), "that is \(code), text to YAML, and not \(meant)",
            "write \(meant), with the input method switched to half width"
        )
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        String(scalar.value, radix: 16, uppercase: true)
    }

    /// Neither in quotes nor in a comment, where they are as good as any.
    private func outsideQuotes(_ line: [Unicode.Scalar]) -> [(column: Int, scalar: Unicode.Scalar)] {
        var found: [(Int, Unicode.Scalar)] = []
        var quote: Unicode.Scalar?
        var before: Unicode.Scalar = " "
        for (column, scalar) in line.enumerated() {
            defer { before = scalar }
            if let open = quote {
                if scalar == open { quote = nil }
                continue
            }
            let begins = " \t[{,:".unicodeScalars.contains(before)
            if scalar == "#", begins { break }
            if begins, scalar == "\"" || scalar == "'" { quote = scalar }
            if !scalar.isASCII || scalar == "\t" { found.append((column, scalar)) }
        }
        return found
    }
}
