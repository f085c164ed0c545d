// SPDX-License-Identifier: Apache-2.0

import Yams

/// The tree of a file with its marks. Yams stops at the first key that is given twice; so that one mistake
/// does not hide the others, the first of the two is masked in the text (same length, so every line and
/// column stays right) and the text is composed again.
enum YAMLDocument {
    static let maximumBytes = 1 << 20
    private static let maximumMasks = 64
    /// Characters of all further readings of one text together; one is always made.
    private static let maximumReread = 2 << 20
    /// A private character stands for the round and the ASCII letter that it hides.
    private static let firstMask: UInt32 = 0xF0000

    /// The whole of a file. Nil after an error that ends the reading; the log says which.
    static func top(path: String, atMost limit: Int = maximumBytes, log: IssueLog) -> Field? {
        do {
            return top(try TextFile.text(try TextFile.bytes(path, atMost: limit)), atMost: limit, log: log)
        } catch {
            log.add(at: nil, path: "", TextFile.message(error))
            return nil
        }
    }

    static func top(_ text: String, atMost limit: Int = maximumBytes, log: IssueLog) -> Field? {
        if let node = compose(text, atMost: limit, log: log) { return Field(node: node, path: "", log: log) }
        if log.errorCount == 0 { log.add(at: nil, path: "", "the file is empty") }
        return nil
    }

    static func compose(_ text: String, atMost limit: Int = maximumBytes, log: IssueLog) -> Node? {
        guard text.utf8.count <= limit else {
            log.add(at: nil, path: "", "the file is larger than \(limit >> 20) MiB")
            return nil
        }
        // A text of a few bytes lives inside its own value, where the parser's pointer does not hold.
        var scalars = Array(
            (text + (text.utf8.count < 64 ? String(repeating: "\n", count: 64) : "")).unicodeScalars)
        let masks = min(maximumMasks, max(1, maximumReread / max(1, scalars.count)))
        for mask in 0...UInt32(masks) {
            let probe = ReferenceProbe(scalars)
            var isProbing = probe.isNeeded
            let place = { (mark: Mark) in isProbing ? probe.place(of: mark) : Place(mark) }
            do {
                if isProbing { _ = try Yams.compose(yaml: string(probe.scalars)) }
                isProbing = false
                return try Yams.compose(yaml: string(scalars))
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let first = place(context.mark)
                guard mask < masks, maskKey(at: first, in: &scalars, round: mask)
                else {
                    let key = keys.first ?? ""
                    log.add(at: first, path: key, "the key \"\(key)\" is given twice in one mapping")
                    return nil
                }
            } catch YamlError.composer(_, "found undefined alias", let mark, _) where isProbing {
                probe.report(at: mark, to: log)
                return nil
            } catch {
                report(error, in: text, at: place, to: log)
                let lines = log.issues.map(\.line).filter { $0 > 0 }
                LookAlikes(text).report(where: { $0 <= lines.max() ?? .max }, to: log)
                return nil
            }
        }
        return nil
    }

    /// The key as the person wrote it, if this is a masked one.
    static func unmasked(_ key: String) -> String? {
        guard let first = key.unicodeScalars.first?.value, first >= firstMask,
            first < firstMask + UInt32(maximumMasks) * 128, let letter = Unicode.Scalar(first % 128)
        else { return nil }
        return String(letter) + String(Substring(key.unicodeScalars.dropFirst()))
    }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func maskKey(at place: Place, in scalars: inout [Unicode.Scalar], round: UInt32) -> Bool {
        guard var position = scalars.lineStart(place.line) else { return false }
        position += place.column - 1
        if scalars.indices.contains(position), scalars[position] == "\"" || scalars[position] == "'" {
            position += 1
        }
        guard scalars.indices.contains(position), scalars[position].isASCII,
            scalars[position].properties.isAlphabetic,
            let substitute = Unicode.Scalar(firstMask + round * 128 + scalars[position].value)
        else { return false }
        scalars[position] = substitute
        return true
    }

    private static func report(
        _ error: any Error, in text: String, at place: (Mark) -> Place, to log: IssueLog
    ) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            log.add(
                at: within(text, place(mark)), path: "", "not YAML: \(problem)",
                hint: "the mistake may be in a line before; look for a missing quote, bracket or colon")
        case .reader(let problem, _, _, _)?:
            log.add(at: nil, path: "", "not YAML: \(problem)")
        default:
            log.add(at: nil, path: "", "cannot be read as YAML")
        }
    }

    /// What is missing at the end is missed after the last character of the text, and not behind what is appended to it.
    private static func within(_ text: String, _ place: Place) -> Place {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard place.line > lines.count, let last = lines.last else { return place }
        return Place(line: lines.count, column: last.count + 1)
    }
}
