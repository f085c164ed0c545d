// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// The frames of one kind of card. Text that a card cannot show is cut or replaced here, and nowhere else.
package protocol DisplayCard: Sendable {
    /// Text of a line (0 is the upper one) until another replaces it; longer than `width` columns it scrolls.
    mutating func text(_ line: DisplayContent.Line, at index: Int, width: Int) -> [UInt8]
    mutating func voice(_ text: String) -> [UInt8]
    /// All lines and the voice in one frame; nil: the card has none such, or it has not room enough.
    mutating func together(_ content: DisplayContent, width: Int) -> [UInt8]?
    /// A screen with a code for phones, for so many seconds; nil takes it away. A card that has none is never asked.
    mutating func screen(_ code: DisplayContent.Code?, _ size: DisplayCode, seconds: UInt8) -> [UInt8]
    mutating func clock(_ time: CivilTime) -> [UInt8]
    /// What the card says to the frame that was sent, wherever it stands among the bytes; nil: nothing yet.
    func reply(to frame: [UInt8], in bytes: [UInt8]) -> DisplayReply?
}

extension DisplayCard {
    package mutating func screen(
        _ code: DisplayContent.Code?, _ size: DisplayCode, seconds: UInt8
    ) -> [UInt8] { [] }
}

/// How large a code a card draws, one dot a module: what holds at most the largest symbol that fits, at its lowest level of
/// correction and without a margin (ISO/IEC 18004, byte mode). Whether a phone reads it off the LEDs is the installer's to
/// try.
package enum DisplayCode: String, Hashable, Sendable, CaseIterable {
    /// Two lines of a board: version 3, 29 modules.
    case dots32 = "32"
    /// Four lines: version 8, 49 modules.
    case dots49 = "49"

    package var longest: Int {
        switch self {
        case .dots32: 53
        case .dots49: 192
        }
    }
}

package enum DisplayReply: Hashable, Sendable {
    case done
    case refused(status: UInt8)
}

package enum DisplayText {
    /// The most that a line takes on every card that we know.
    package static let lineLimit = 32
    package static let voiceLimit = 64

    /// In the card's font, without what cards take for a command: control bytes and the back-quote of macros.
    package static func bytes(_ text: String, limit: Int) -> [UInt8] {
        let harmless = text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "`" && $0 != "\u{7F}" }
        return GBK.encode(String(String.UnicodeScalarView(harmless)), .gb2312, limit: limit)
    }

    /// Makes the tables that the first text would have to wait for.
    package static func prepare() { _ = bytes("一", limit: 2) }

    /// Columns of a line that it takes: one for a letter, two for a Chinese character.
    package static func width(_ text: String) -> Int { bytes(text, limit: .max).count }
}
