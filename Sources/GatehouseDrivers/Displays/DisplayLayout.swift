// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A lane's text on the lines that a board has. The plate has a line of its own, English follows the Chinese and
/// goes first when room is short; what is longer than a line scrolls, and nothing is longer than a card takes.
package enum DisplayLayout {
    package static func content(_ text: LaneText, _ settings: DisplaySettings) -> DisplayContent {
        let words = text.words
        let color = text.key.color
        let chinese = words.chinese
        let english = settings.hasEnglish ? [words.english] : []
        let plate = words.plate.map { [$0] } ?? []
        // A board of one line has none to spare for the plate.
        let alone = settings.lines > 1 ? plate : []
        let rest = (settings.lines > 1 ? [] : plate) + chinese
        let room = settings.lines - alone.count
        let parts =
            packed(rest + english, into: room) ?? packed(rest, into: room) ?? [rest.joined(separator: " ")]
        return DisplayContent((alone + parts).map { DisplayContent.Line($0, color) }, voice: words.voice)
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
