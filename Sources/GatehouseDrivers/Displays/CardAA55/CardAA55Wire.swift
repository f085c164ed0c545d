// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// Frames of the card that begin with AA 55 and end with AF (`displays.md` B): `AA 55 SN ADDR 00 CMD LEN DATA CRC
/// AF`. Parsed by length: AA, 55 and AF are also bytes of Chinese characters.
package struct CardAA55Wire: DisplayCard {
    package var address: UInt8
    /// Of the frame before; the card returns it.
    package var sequence: UInt8

    package init(address: UInt8 = 100, after sequence: UInt8 = 0) {
        self.address = address
        self.sequence = sequence
    }

    private enum Command {
        static let clock: UInt8 = 0x10
        static let voice: UInt8 = 0x22
        static let line: UInt8 = 0x27
    }

    private static let head: [UInt8] = [0xAA, 0x55]
    private static let end: UInt8 = 0xAF
    private static let overhead = 11
    private static let maximumData = 255
    /// The voice.
    static let longestFrame = overhead + DisplayText.voiceLimit

    package mutating func text(_ line: DisplayContent.Line, at index: Int, width: Int) -> [UInt8] {
        text(line, at: index, seconds: 0)
    }

    /// 0 s: until it is replaced.
    package mutating func text(_ line: DisplayContent.Line, at index: Int, seconds: UInt8) -> [UInt8] {
        let color: UInt8 =
            switch line.color {
            case .red: 1
            case .green: 2
            case .yellow: 3
            }
        return frame(
            Command.line,
            [UInt8(clamping: index + 1), seconds, color, 0]
                + DisplayText.bytes(line.text, limit: DisplayText.lineLimit))
    }

    /// As text: bytes of its own for phrases are letters on some firmware.
    package mutating func voice(_ text: String) -> [UInt8] {
        frame(Command.voice, DisplayText.bytes(text, limit: DisplayText.voiceLimit))
    }

    package func together(_ content: DisplayContent, width: Int) -> [UInt8]? { nil }

    package mutating func clock(_ time: CivilTime) -> [UInt8] {
        let (date, second) = (time.date, time.secondOfDay)
        let numbers = [
            date.year - 2000, date.month, date.day, second / 3600, second / 60 % 60, second % 60,
        ]
        return frame(Command.clock, numbers.map { UInt8(clamping: $0) })
    }

    /// The document says only that the card returns the number: any whole frame with it is the answer.
    package func reply(to frame: [UInt8], in bytes: [UInt8]) -> DisplayReply? {
        guard frame.count >= Self.overhead else { return nil }
        var start = 0
        while bytes.count - start >= Self.overhead {
            let length = Self.overhead + Int(bytes[start + 6]) << 8 + Int(bytes[start + 7])
            if bytes[start...].starts(with: Self.head), bytes[start + 2] == frame[2],
                bytes.count - start >= length, bytes[start + length - 1] == Self.end,
                Array(bytes[start..<start + length]) != frame
            {
                let crc = UInt16(bytes[start + length - 3]) << 8 | UInt16(bytes[start + length - 2])
                if Self.checksum(bytes[(start + 2)..<(start + length - 3)]) == crc { return .done }
            }
            start += 1
        }
        return nil
    }

    private mutating func frame(_ command: UInt8, _ data: [UInt8]) -> [UInt8] {
        sequence &+= 1
        let data = data.prefix(Self.maximumData)
        let body = [sequence, address, 0, command, 0, UInt8(data.count)] + data
        let crc = Self.checksum(body)
        return Self.head + body + [UInt8(crc >> 8), UInt8(truncatingIfNeeded: crc), Self.end]
    }

    /// Two zero bytes stand behind what is counted.
    private static func checksum(_ body: some Collection<UInt8>) -> UInt16 {
        ModbusCRC.of(Array(body) + [0, 0])
    }
}
