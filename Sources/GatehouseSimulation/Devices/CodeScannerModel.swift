// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A scanner of payment codes on a serial line, as `readers.md` §4 describes scanners. It shares no code with the driver.
/// A phone that is held there is read again and again.
package struct CodeScannerModel: Sendable {
    package enum Style: Hashable, Sendable, CaseIterable {
        /// A code and CR LF.
        case line
        /// A GM65 as it leaves the factory: the code and nothing else.
        case gm65
    }

    private let style: Style
    /// While a phone is held there.
    package var period = Duration.seconds(1)
    /// Codes that it has read.
    package private(set) var reads = 0
    /// Nothing arrives and nothing is sent.
    package var isDead = false
    /// Heartbeats that it answered.
    package private(set) var heartbeats = 0
    private var code: [UInt8]?
    private var nextRead = Uptime.zero
    private var received: [UInt8] = []
    private var replies: [UInt8] = []

    package init(_ style: Style) { self.style = style }

    package mutating func hold(_ code: String, at now: Uptime) {
        self.code = Array(code.utf8)
        nextRead = max(now, nextRead)
    }

    package mutating func takeAway() { code = nil }

    package mutating func receive(_ bytes: [UInt8]) {
        guard style == .gm65, !isDead else { return }
        received += bytes
        while let start = received.firstIndex(of: 0x7E) {
            received.removeFirst(start)
            // 7E 00, type, length, two of address, data, two of check.
            guard received.count >= 4 else { return }
            let length = 6 + Int(received[3]) + 2
            guard received.count >= length else { return }
            let frame = Array(received[..<length])
            received.removeFirst(1)
            guard frame[1] == 0, Self.check(Array(frame[2..<(length - 2)])) == Array(frame[(length - 2)...])
            else { continue }
            received.removeFirst(length - 1)
            answer(frame)
        }
        received = []
    }

    /// What it has sent up to now.
    package mutating func bytes(until now: Uptime) -> [UInt8] {
        guard !isDead else { return [] }
        var sent = replies
        replies = []
        if let code, nextRead <= now {
            sent += code + (style == .line ? [13, 10] : [])
            nextRead = now + period
            reads += 1
        }
        return sent
    }

    private mutating func answer(_ frame: [UInt8]) {
        let kind: UInt8
        switch frame[2] {
        case 0x0A:
            heartbeats += 1
            kind = 3
        case 0x08, 0x09: kind = 2
        default: return
        }
        let body: [UInt8] = [0, 1, 0]
        replies += [kind, 0] + body + Self.check(body)
    }

    /// Polynomial 1021 from nothing, high byte first, bit by bit.
    package static func check(_ bytes: [UInt8]) -> [UInt8] {
        var register = 0
        for byte in bytes {
            for bit in stride(from: 7, through: 0, by: -1) {
                let carry = (register >> 15) ^ (Int(byte) >> bit & 1)
                register = register << 1 & 0xFFFF
                if carry == 1 { register ^= 0x1021 }
            }
        }
        return [UInt8(register >> 8), UInt8(register & 0xFF)]
    }
}
