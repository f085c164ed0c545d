// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// Frames of the card whose second byte is 64 (`displays.md` A): `DA VR PN CMD DL DATA CRC`. Parsed by length,
/// never by an end byte.
package struct Card64Wire: DisplayCard {
    package var address: UInt8

    package init(address: UInt8 = 0) { self.address = address }

    private enum Command {
        static let clock: UInt8 = 0x05
        static let voice: UInt8 = 0x30
        static let line: UInt8 = 0x62
        static let lines: UInt8 = 0x6E
        static let screen: UInt8 = 0xE1
    }

    private enum Effect {
        static let instant: UInt8 = 0x00
        static let scroll: UInt8 = 0x15
    }

    private static let version: UInt8 = 0x64
    private static let speed: UInt8 = 1
    /// Seconds.
    private static let stay: UInt8 = 5
    /// 16 dots, Song.
    private static let font: UInt8 = 3
    private static let noBackground: [UInt8] = [0, 0, 0, 0]
    /// What is due next is for the lane to say, not for the card.
    private static let untilReplaced: UInt8 = 0
    private static let maximumData = 255
    private static let overhead = 8
    /// Fixed fields of a screen with a code, and two ends of text.
    private static let screenOverhead = 34
    /// The voice.
    static let longestFrame = overhead + 1 + DisplayText.voiceLimit

    package func text(_ line: DisplayContent.Line, at index: Int, width: Int) -> [UInt8] {
        text(line, at: index, width: width, repeats: Self.untilReplaced)
    }

    package func text(
        _ line: DisplayContent.Line, at index: Int, width: Int, repeats: UInt8
    ) -> [UInt8] {
        let bytes = DisplayText.bytes(line.text, limit: DisplayText.lineLimit)
        let effect = bytes.count > width ? Effect.scroll : Effect.instant
        let hold: UInt8 = 0
        var data = [UInt8(clamping: index), effect, Self.speed, hold, Self.stay, effect, Self.speed]
        data += [Self.font, repeats] + line.color.bytes + Self.noBackground
        data += UInt16(bytes.count).littleEndianBytes + bytes
        return frame(Command.line, data)
    }

    package func voice(_ text: String) -> [UInt8] {
        let atOnce: UInt8 = 1
        return frame(Command.voice, [atOnce] + DisplayText.bytes(text, limit: DisplayText.voiceLimit))
    }

    package func together(_ content: DisplayContent, width: Int) -> [UInt8]? {
        together(content, width: width, repeats: Self.untilReplaced)
    }

    package func together(_ content: DisplayContent, width: Int, repeats: UInt8) -> [UInt8]? {
        guard !content.lines.isEmpty, content.lines.count <= 4 else { return nil }
        let temporary: UInt8 = 0
        var data = [temporary, UInt8(content.lines.count)]
        for (index, line) in content.lines.enumerated() {
            let bytes = DisplayText.bytes(line.text, limit: DisplayText.lineLimit)
            let effect = bytes.count > width ? Effect.scroll : Effect.instant
            if index > 0 { data.append(0x0D) }
            data += [UInt8(index), effect, Self.speed, Self.stay, repeats] + line.color.bytes
            data += [UInt8(bytes.count)] + bytes
        }
        data.append(0)
        if let voice = content.voice {
            let bytes = DisplayText.bytes(voice, limit: DisplayText.voiceLimit)
            data += [0x0A, UInt8(bytes.count)] + bytes + [0]
        }
        return data.count <= Self.maximumData ? frame(Command.lines, data) : nil
    }

    /// `displays.md` A.5. What is counted in time and money by the card's own fields is not shown by any card that we know,
    /// so the words say it.
    package func screen(_ code: DisplayContent.Code?, _ size: DisplayCode, seconds: UInt8) -> [UInt8] {
        let reserved = [UInt8](repeating: 0, count: 15)
        let timeAndMoney = [UInt8](repeating: 0, count: 8)
        let message = Array((code?.text ?? "").utf8.prefix(DisplayCode.dots49.longest))
        let room = Self.maximumData - Self.screenOverhead - message.count
        let words = DisplayText.bytes(code?.words ?? "", limit: min(DisplayText.voiceLimit, room))
        let hasWords: UInt8 = words.isEmpty ? 0 : 0x80
        var data: [UInt8] = [code == nil ? 0 : 1, 0, 0, code == nil ? 0 : seconds, 0]
        data += timeAndMoney + [UInt8(message.count), UInt8(words.count), hasWords]
        data += [size == .dots49 ? 0 : 1] + reserved
        data += message + [0] + words + [0]
        return frame(Command.screen, data)
    }

    package func clock(_ time: CivilTime) -> [UInt8] {
        let (date, second) = (time.date, time.secondOfDay)
        // Sunday is 1 here.
        let weekday = UInt8(date.weekday % 7 + 1)
        let tail = [second / 3600, second / 60 % 60, second % 60].map { UInt8($0) }
        return frame(
            Command.clock,
            UInt16(clamping: date.year).littleEndianBytes
                + [UInt8(date.month), UInt8(date.day), weekday] + tail)
    }

    /// `DA VR PN CMD 01 status CRC`; the address may be the card's own where we asked any card.
    package func reply(to frame: [UInt8], in bytes: [UInt8]) -> DisplayReply? {
        guard frame.count >= Self.overhead else { return nil }
        let length = Self.overhead + 1
        guard bytes.count >= length else { return nil }
        for start in 0...(bytes.count - length) {
            let candidate = bytes[start..<start + length]
            guard candidate[start + 1] == Self.version, candidate[start + 4] == frame[4],
                candidate[start + 5] == 1, ModbusCRC.isSealed(candidate)
            else { continue }
            let status = candidate[start + 6]
            return status == 0 ? .done : .refused(status: status)
        }
        return nil
    }

    private func frame(_ command: UInt8, _ data: [UInt8]) -> [UInt8] {
        let data = data.prefix(Self.maximumData)
        let singlePacket: [UInt8] = [0xFF, 0xFF]
        return ModbusCRC.sealed(
            [address, Self.version] + singlePacket + [command, UInt8(data.count)] + data)
    }
}

extension DisplayContent.Color {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .red: [0xFF, 0, 0, 0]
        case .green: [0, 0xFF, 0, 0]
        case .yellow: [0xFF, 0xFF, 0, 0]
        }
    }
}

extension UInt16 {
    fileprivate var littleEndianBytes: [UInt8] { [UInt8(truncatingIfNeeded: self), UInt8(self >> 8)] }
}
