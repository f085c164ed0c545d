// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
internal import Glibc

/// A display and voice card as `displays.md` A and B show them by examples. It shares no code with the driver:
/// frames are found by its own hand, checked bit by bit, and its text is read by the C library's converter.
package struct DisplayCardModel: Sendable {
    package enum Kind: Sendable { case card64, cardAA55 }

    package struct Reply: Hashable, Sendable {
        package var bytes: [UInt8]
        package var at: Uptime
    }

    package struct Faults: Hashable, Sendable {
        /// Nothing arrives: no supply, a wire off.
        package var isDeaf = false
        /// It shows what it is sent and says nothing.
        package var isMute = false
        /// Refuses every frame with this status.
        package var refusal: UInt8?

        package init() {}
    }

    package let kind: Kind
    package var faults = Faults()
    package var replyDelay: Duration = .milliseconds(15)
    /// What stands on each line, the upper one first.
    package private(set) var lines = ["", "", "", ""]
    /// A screen with a code for phones: what the code says and the words beside it. It stands before the lines, for as long
    /// as it was told.
    package struct Screen: Hashable, Sendable {
        package var code: String
        package var words: String
        package var isLarge: Bool
        /// nil: until it is taken away.
        package var until: Uptime?

        package init(code: String, words: String, isLarge: Bool, until: Uptime?) {
            self.code = code
            self.words = words
            self.isLarge = isLarge
            self.until = until
        }
    }
    package private(set) var screen: Screen?
    /// Everything that was said, in order; the newest hundred.
    package private(set) var spoken: [String] = []
    /// As it was set last: `2026-03-02 08:30:15`.
    package private(set) var clock: String?
    /// Good frames.
    package private(set) var frames = 0
    private var received: [UInt8] = []
    private var lastByte = Uptime.zero
    /// Half a frame is forgotten after so long a silence; a wrong length byte would eat the next frames.
    private static let silence = Duration.milliseconds(200)

    package init(_ kind: Kind = .card64) { self.kind = kind }

    /// Supply lost and back: nothing stands there until it is sent again.
    package mutating func restart() {
        lines = ["", "", "", ""]
        screen = nil
        received = []
        clock = nil
    }

    package mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [Reply] {
        guard !faults.isDeaf else { return [] }
        if now - lastByte > Self.silence { received = [] }
        lastByte = now
        received += bytes
        advance(to: now)
        var replies: [Reply] = []
        while let frame = takeFrame() {
            frames += 1
            if faults.refusal == nil { obey(frame) }
            guard !faults.isMute else { continue }
            replies.append(Reply(bytes: answer(to: frame), at: now + replyDelay))
        }
        return replies
    }

    /// A screen ends by itself.
    package mutating func advance(to now: Uptime) {
        if let until = screen?.until, now >= until { screen = nil }
    }

    /// By length; what does not fit is skipped byte by byte.
    private mutating func takeFrame() -> [UInt8]? {
        while !received.isEmpty {
            let head = kind == .card64 ? 6 : 8
            guard received.count >= head else { return nil }
            let isHead =
                kind == .card64 ? received[1] == 0x64 : received[0] == 0xAA && received[1] == 0x55
            let data = kind == .card64 ? Int(received[5]) : Int(received[6]) * 256 + Int(received[7])
            let length = head + data + (kind == .card64 ? 2 : 3)
            if isHead, data <= 255 {
                guard received.count >= length else { return nil }
                let frame = Array(received[..<length])
                if isSound(frame) {
                    received.removeFirst(length)
                    return frame
                }
            }
            received.removeFirst()
        }
        return nil
    }

    private func isSound(_ frame: [UInt8]) -> Bool {
        let count = frame.count
        switch kind {
        case .card64:
            let sum = Self.checksum(Array(frame[..<(count - 2)]))
            return Int(frame[count - 2]) + Int(frame[count - 1]) * 256 == sum
        case .cardAA55:
            let sum = Self.checksum(Array(frame[2..<(count - 3)]) + [0, 0])
            return Int(frame[count - 3]) * 256 + Int(frame[count - 2]) == sum && frame[count - 1] == 0xAF
        }
    }

    private mutating func obey(_ frame: [UInt8]) {
        switch kind {
        case .card64: obey64(frame[4], Array(frame[6..<(frame.count - 2)]))
        case .cardAA55: obeyAA55(frame[5], Array(frame[8..<(frame.count - 3)]))
        }
    }

    private mutating func obey64(_ command: UInt8, _ data: [UInt8]) {
        switch command {
        case 0x05 where data.count == 8:
            setClock(Int(data[0]) + Int(data[1]) * 256, [data[2], data[3]] + data[5...])
        case 0x30 where data.count > 1: say(Array(data[1...]))
        case 0x62 where data.count >= 19:
            let length = Int(data[17]) + Int(data[18]) * 256
            guard data.count == 19 + length else { return }
            write(Array(data[19...]), on: Int(data[0]))
        case 0x6E: obeyAll(data)
        case 0xE1: obeyScreen(data)
        default: break
        }
    }

    /// SF, EM, ETM, ST, NI, TIME 4, MONEY 4, ML, TL, FLAGS, QRSIZE, 15 reserved, the code and 00, the words and 00.
    private mutating func obeyScreen(_ data: [UInt8]) {
        guard data.count >= 34, data.count == 34 + Int(data[13]) + Int(data[14]) else { return }
        guard data[0] == 1 else { return screen = nil }
        let end = 32 + Int(data[13])
        guard data[end] == 0, data[data.count - 1] == 0 else { return }
        let hasWords = data[15] >= 0x80
        screen = Screen(
            code: CardFont.text(Array(data[32..<end])),
            words: hasWords ? CardFont.text(Array(data[(end + 1)..<(data.count - 1)])) : "",
            isLarge: data[16] == 0, until: data[3] == 0 ? nil : lastByte + .seconds(Int(data[3])))
    }

    private mutating func obeyAll(_ data: [UInt8]) {
        guard data.count >= 2 else { return }
        var position = 2
        for _ in 0..<Int(data[1]) {
            guard data.count > position + 9 else { return }
            let length = Int(data[position + 9])
            let start = position + 10
            guard data.count > start + length else { return }
            write(Array(data[start..<(start + length)]), on: Int(data[position]))
            position = start + length + 1
        }
        guard data.count > position + 1, data[position] == 0x0A else { return }
        let length = Int(data[position + 1])
        guard data.count >= position + 2 + length else { return }
        say(Array(data[(position + 2)..<(position + 2 + length)]))
    }

    private mutating func obeyAA55(_ command: UInt8, _ data: [UInt8]) {
        switch command {
        case 0x10 where data.count == 6: setClock(2000 + Int(data[0]), Array(data[1...]))
        case 0x22: say(data)
        case 0x27 where data.count >= 4: write(Array(data[4...]), on: Int(data[0]) - 1)
        default: break
        }
    }

    private mutating func write(_ text: [UInt8], on line: Int) {
        guard lines.indices.contains(line) else { return }
        lines[line] = CardFont.text(text)
    }

    private mutating func say(_ text: [UInt8]) {
        if spoken.count >= 100 { spoken.removeFirst() }
        spoken.append(CardFont.text(text))
    }

    private mutating func setClock(_ year: Int, _ rest: [UInt8]) {
        let two = rest.map { $0 < 10 ? "0\($0)" : "\($0)" }
        guard two.count == 5 else { return }
        clock = "\(year)-\(two[0])-\(two[1]) \(two[2]):\(two[3]):\(two[4])"
    }

    private func answer(to frame: [UInt8]) -> [UInt8] {
        switch kind {
        case .card64:
            let body = [frame[0], 0x64, 0xFF, 0xFF, frame[4], 0x01, faults.refusal ?? 0]
            let sum = Self.checksum(body)
            return body + [UInt8(sum & 0xFF), UInt8(sum >> 8)]
        case .cardAA55:
            // Only the number is documented; the rest of the answer is made up.
            let body = [frame[2], frame[3], 0, frame[5], 0, 1, 0]
            let sum = Self.checksum(body + [0, 0])
            return [0xAA, 0x55] + body + [UInt8(sum >> 8), UInt8(sum & 0xFF), 0xAF]
        }
    }

    private static func checksum(_ bytes: [UInt8]) -> Int {
        var register = 0xFFFF
        for byte in bytes {
            register ^= Int(byte)
            for _ in 0..<8 {
                let carry = register & 1
                register >>= 1
                if carry == 1 { register ^= 0xA001 }
            }
        }
        return register
    }
}

/// What a card's font makes of bytes, by the C library's tables and not by ours.
package enum CardFont {
    package static func text(_ bytes: [UInt8]) -> String {
        let (text, isWhole) = converted(bytes, from: "GBK", to: "UTF-8")
        // What it cannot read ends the text, visibly.
        return String(decoding: text, as: UTF8.self) + (isWhole ? "" : "\u{FFFD}")
    }

    static func bytes(_ text: String, in charset: String) -> [UInt8] {
        converted(Array(text.utf8), from: "UTF-8", to: charset).bytes
    }

    private static func converted(
        _ bytes: [UInt8], from: String, to: String
    ) -> (bytes: [UInt8], isWhole: Bool) {
        guard let converter = unsafe iconv_open(to, from), unsafe converter != iconv_t(bitPattern: -1)
        else { return ([], false) }
        defer { unsafe iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 3 + 4)
        let room = output.count
        var left = room
        var unread = input.count
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                _ = unsafe iconv(converter, &from, &unread, &to, &left)
            }
        }
        return (output[..<(room - left)].map { UInt8(bitPattern: $0) }, unread == 0)
    }
}
