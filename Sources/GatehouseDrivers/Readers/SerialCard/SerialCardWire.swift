// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseWire

/// One frame of a 125 kHz reader with serial output (`readers.md` §2): digits to `Card`, no I/O, no memory.
package enum SerialCardWire {
    static let start: UInt8 = 0x02
    static let end: UInt8 = 0x03
    static let carriageReturn: UInt8 = 0x0D
    static let lineFeed: UInt8 = 0x0A

    /// A whole frame with its marks, as `SerialCardFramer` cuts it. Total.
    package static func decode(_ frame: [UInt8], _ settings: SerialCardSettings) throws(WireError) -> Card {
        let (digits, offset) = try content(frame, settings.framing)
        switch settings.number {
        case .hex: return try hex(digits, offset, settings)
        case .decimal:
            try count(digits, 10, offset)
            return try card(.em32, try number(digits, radix: 10, offset), offset, settings)
        case .facility:
            try count(digits, 9, offset)
            guard digits[digits.startIndex + 3] == UInt8(ascii: ",") else {
                throw WireError(
                    expected: "a comma", found: byte(digits[digits.startIndex + 3]), offset: offset + 3)
            }
            let facility = try number(digits.prefix(3), radix: 10, offset)
            let rest = try number(digits.suffix(5), radix: 10, offset + 4)
            guard facility <= 0xFF, rest <= 0xFFFF else {
                throw WireError(
                    expected: "at most 255,65535", found: "\(facility) and a number of \(rest)",
                    offset: offset)
            }
            return try card(.em24, facility << 16 | rest, offset, settings)
        }
    }

    /// What stands between the marks, and where it begins.
    private static func content(
        _ frame: [UInt8], _ framing: SerialCardSettings.Framing
    ) throws(WireError) -> (ArraySlice<UInt8>, Int) {
        var inner = frame[...]
        if framing == .stxEtx {
            guard inner.first == start else {
                throw WireError(expected: "02", found: inner.first.map(byte) ?? "nothing", offset: 0)
            }
            inner = inner.dropFirst()
            guard inner.last == end else {
                throw WireError(
                    expected: "03", found: inner.last.map(byte) ?? "nothing", offset: max(0, frame.count - 1))
            }
            inner = inner.dropLast()
        }
        while let last = inner.last, last == carriageReturn || last == lineFeed { inner = inner.dropLast() }
        return (inner, inner.startIndex)
    }

    private static func hex(
        _ digits: ArraySlice<UInt8>, _ offset: Int, _ settings: SerialCardSettings
    ) throws(WireError) -> Card {
        try count(digits, settings.hasChecksum ? 12 : 10, offset)
        let value = try number(digits.prefix(10), radix: 16, offset)
        guard settings.hasChecksum else { return try card(.em40, value, offset, settings) }
        let sent = try number(digits.suffix(2), radix: 16, offset + 10)
        let bytes = (0..<5).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        let sum = bytes.reduce(0, ^)
        guard sent == UInt64(sum) else {
            throw WireError(
                expected: "checksum \(String(sum, radix: 16, uppercase: true))",
                found: String(sent, radix: 16, uppercase: true), offset: offset + 10)
        }
        return try card(.em40, value, offset, settings)
    }

    private static func card(
        _ form: Card.Form, _ value: UInt64, _ offset: Int, _ settings: SerialCardSettings
    ) throws(WireError) -> Card {
        guard let whole = Card(form, value) else {
            throw WireError(expected: "\(form.bits) bits", found: "a longer number", offset: offset)
        }
        return whole.shortened(to: settings.form) ?? whole
    }

    private static func count(_ digits: ArraySlice<UInt8>, _ wanted: Int, _ offset: Int) throws(WireError) {
        guard digits.count == wanted else {
            throw WireError(expected: "\(wanted) characters", found: "\(digits.count)", offset: offset)
        }
    }

    private static func number(
        _ digits: ArraySlice<UInt8>, radix: UInt64, _ offset: Int
    ) throws(WireError) -> UInt64 {
        if let value = Card.number(digits, radix: radix) { return value }
        let wrong = digits.firstIndex { Card.number([$0], radix: radix) == nil } ?? digits.startIndex
        throw WireError(
            expected: radix == 16 ? "a hex digit" : "a digit",
            found: digits.indices.contains(wrong) ? byte(digits[wrong]) : "nothing",
            offset: offset + wrong - digits.startIndex)
    }

    private static func byte(_ value: UInt8) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }
}

/// Cuts a stream into frames. After a frame that is none it goes on one byte further, not behind it: the next good one
/// may have begun inside.
package struct SerialCardFramer: Hashable, Sendable {
    /// Of bytes without a frame; more is noise, and the oldest goes.
    package static let capacity = 256
    /// A line or frame is never longer.
    static let longest = 32

    package enum Result: Hashable, Sendable {
        case card(Card)
        case broken(WireError)
    }

    private let settings: SerialCardSettings
    private var buffer: [UInt8] = []

    package init(_ settings: SerialCardSettings) { self.settings = settings }

    /// Something began and has not ended.
    package var isInFrame: Bool { !buffer.isEmpty }

    /// Line noise, or the rest of a frame whose beginning was lost: the next one starts afresh.
    package mutating func drop() { buffer.removeAll(keepingCapacity: true) }

    package mutating func receive(_ bytes: [UInt8]) -> [Result] {
        buffer += bytes
        var results: [Result] = []
        switch settings.framing {
        case .stxEtx: takeFrames(&results)
        case .line: takeLines(&results)
        }
        if buffer.count > Self.capacity { buffer.removeFirst(buffer.count - Self.capacity) }
        return results
    }

    private mutating func takeFrames(_ results: inout [Result]) {
        var position = 0
        while let start = buffer[position...].firstIndex(of: SerialCardWire.start) {
            position = start
            let window = buffer[start...].prefix(Self.longest)
            guard let end = window.firstIndex(of: SerialCardWire.end) else {
                guard window.count == Self.longest else { break }
                results.append(
                    .broken(
                        WireError(expected: "03 within \(Self.longest) bytes", found: "none", offset: start)))
                position += 1
                continue
            }
            do throws(WireError) {
                results.append(.card(try SerialCardWire.decode(Array(buffer[start...end]), settings)))
                position = end + 1
            } catch {
                results.append(.broken(error))
                position = start + 1
            }
        }
        let rest = buffer[position...].firstIndex(of: SerialCardWire.start) ?? buffer.endIndex
        buffer.removeFirst(rest)
    }

    private mutating func takeLines(_ results: inout [Result]) {
        let isEnd = { (byte: UInt8) in
            byte == SerialCardWire.carriageReturn || byte == SerialCardWire.lineFeed
        }
        while let end = buffer.firstIndex(where: isEnd) {
            let line = Array(buffer[..<end])
            buffer.removeFirst(end + 1)
            guard !line.isEmpty else { continue }
            do throws(WireError) {
                results.append(.card(try SerialCardWire.decode(line, settings)))
            } catch {
                results.append(.broken(error))
            }
        }
        guard buffer.count > Self.longest else { return }
        results.append(
            .broken(WireError(expected: "a line end within \(Self.longest) bytes", found: "none", offset: 0)))
        buffer.removeAll(keepingCapacity: true)
    }
}
