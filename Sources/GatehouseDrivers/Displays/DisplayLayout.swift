// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A lane's text on the lines that a board has. The plate has a line of its own while there is room for all that is
/// Chinese; English follows it and goes first when room is short, then what matters least. What is longer than a line
/// scrolls, and nothing is longer than a card takes.
package enum DisplayLayout {
    package static func content(_ text: LaneText, _ settings: DisplaySettings) -> DisplayContent {
        var text = text
        let code = code(text, settings)
        // Nobody looks for a code that this board does not draw; the app on the phone works all the same.
        if code == nil { text.ways = text.ways.map { $0 == .scan ? .phone : $0 } }
        let words = text.words
        let lines = lines(words, settings).map { DisplayContent.Line($0, text.key.color) }
        return DisplayContent(lines, code: code, voice: words.voice)
    }

    private static func lines(_ words: LaneTextWords, _ settings: DisplaySettings) -> [String] {
        let english = settings.hasEnglish ? words.english : []
        let plate = words.plate.map { [$0] } ?? []
        // A board of one line has none to spare for the plate.
        let alone = settings.lines > 1 ? plate : []
        let beside = settings.lines > 1 ? [] : plate
        let room = settings.lines - alone.count
        for kept in stride(from: english.count, through: 0, by: -1) {
            let parts = packed(beside + words.chinese + english.prefix(kept), into: room)
            if let parts { return alone + parts }
        }
        for kept in stride(from: words.chinese.count, to: 0, by: -1) {
            if let parts = packed(plate + words.chinese.prefix(kept), into: settings.lines) { return parts }
        }
        return [(plate + words.chinese).joined(separator: " ")]
    }

    /// A code that the card cannot draw whole is not drawn: half of one leads nowhere.
    private static func code(_ text: LaneText, _ settings: DisplaySettings) -> DisplayContent.Code? {
        guard let code = text.code, let size = settings.code, code.utf8.count <= size.longest else {
            return nil
        }
        let words = text.words
        return DisplayContent.Code(
            code, words: ((words.plate.map { [$0] } ?? []) + words.chinese).joined(separator: ","))
    }

    /// Neighbours share a line, the shortest first, until there are lines enough; nil: they do not fit.
    private static func packed(_ parts: [String], into lines: Int) -> [String]? {
        var parts = parts
        while parts.count > lines {
            let pairs = zip(parts, parts.dropFirst()).map {
                DisplayText.width($0) + 1 + DisplayText.width($1)
            }
            guard let shortest = pairs.min(), shortest <= DisplayText.lineLimit,
                let index = pairs.firstIndex(of: shortest)
            else { return nil }
            parts.replaceSubrange(index...(index + 1), with: ["\(parts[index]) \(parts[index + 1])"])
        }
        return parts.allSatisfy { DisplayText.width($0) <= DisplayText.lineLimit } ? parts : nil
    }
}

extension LaneTextKey {
    /// Go, stop, or neither; a board of one colour shows all alike.
    var color: DisplayContent.Color {
        switch self {
        case .welcome, .goodbye, .paid, .laneOpen, .fire: .green
        case .refused, .full, .closed, .opposing, .noPlate, .back, .dontFollow, .dontStop, .fault: .red
        case .idle, .pay, .wait, .closing: .yellow
        }
    }
}
