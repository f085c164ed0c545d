// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A reader of 125 kHz cards with serial output, as `readers.md` §2 shows it by examples. It shares no code with the
/// driver. A card that lies in its field is sent again and again by one style and once by the others.
package struct CardReaderModel: Sendable {
    package enum Style: Hashable, Sendable, CaseIterable { case rdm6300, id12, decimalLine }

    /// What a card carries.
    package struct Tag: Hashable, Sendable {
        package var version: UInt8
        package var number: UInt32

        package init(version: UInt8, number: UInt32) {
            self.version = version
            self.number = number
        }
    }

    /// While a card lies there.
    package static let period = Duration.milliseconds(60)

    private let style: Style
    private var tag: Tag?
    private var nextFrame = Uptime.zero

    package init(_ style: Style) { self.style = style }

    package mutating func place(_ tag: Tag, at now: Uptime) {
        self.tag = tag
        nextFrame = now
    }

    package mutating func takeAway() { tag = nil }

    /// What it has sent up to now.
    package mutating func bytes(until now: Uptime) -> [UInt8] {
        guard let tag, nextFrame <= now else { return [] }
        guard style == .rdm6300 else {
            nextFrame = Uptime(nanoseconds: .max)
            return Self.frame(tag, as: style)
        }
        var sent: [UInt8] = []
        while nextFrame <= now {
            sent += Self.frame(tag, as: style)
            nextFrame = nextFrame + Self.period
        }
        return sent
    }

    package static func frame(_ tag: Tag, as style: Style) -> [UInt8] {
        var values = [tag.version]
        for shift in [24, 16, 8, 0] { values.append(UInt8(tag.number >> UInt32(shift) & 0xFF)) }
        switch style {
        case .decimalLine:
            var rest = tag.number
            var digits: [UInt8] = []
            for _ in 0..<10 {
                digits.insert(0x30 + UInt8(rest % 10), at: 0)
                rest /= 10
            }
            return digits + [13, 10]
        case .rdm6300, .id12:
            var check: UInt8 = 0
            for value in values { check ^= value }
            let alphabet: [UInt8] = Array("0123456789ABCDEF".utf8)
            let body = (values + [check]).flatMap { [alphabet[Int($0 / 16)], alphabet[Int($0 % 16)]] }
            return [2] + body + (style == .id12 ? [13, 10, 3] : [3])
        }
    }
}
