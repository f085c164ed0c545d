// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A board with relays and inputs that speaks Modbus RTU as a slave: the vendor's behaviour as
/// `relays.md` §1 and §2.1 show it by examples. It shares no code with the driver, so that a mistake there
/// is not repeated here. Bytes in, bytes out, with the instant when they come out.
package struct RelayBoardModel: Sendable {
    package struct Edge: Hashable, Sendable {
        /// 1 is what the maker prints as 1.
        package var relay: Int
        package var isClosed: Bool
        package var at: Uptime
    }

    package struct Reply: Hashable, Sendable {
        package var bytes: [UInt8]
        package var at: Uptime

        package init(bytes: [UInt8], at: Uptime) {
            self.bytes = bytes
            self.at = at
        }
    }

    /// What is wrong with the board or its line; all off on a healthy one.
    package struct Faults: Hashable, Sendable {
        /// Requests are lost on the way to the board.
        package var isDeaf = false
        /// Requests are carried out, replies are lost.
        package var isMute = false
        package var corruptsReplies = false
        /// The adapter returns what it is given.
        package var echoes = false
        /// `00` and `FF` of an idle line without bias stand before each reply.
        package var isNoisy = false
        /// These relays stay closed whatever is written.
        package var welded: Set<Int> = []
        /// Inputs whose wire says this whatever is connected: cut, or shorted.
        package var stuck: [Int: Bool] = [:]

        package init() {}
    }

    package var faults = Faults()
    package var replyDelay: Duration = .milliseconds(10)
    /// Whether current flows, first input first.
    package var inputs: [Bool]
    package private(set) var edges: [Edge] = []
    package let address: UInt8

    private var closed: [Bool]
    /// When the board opens a flashing relay by itself.
    private var flashEnds: [Uptime?]
    private var received: [UInt8] = []
    private var lastByte = Uptime.zero
    private var clock = Uptime.zero

    package init(address: UInt8 = 1, relays: Int = 8, inputs: Int = 8) {
        self.address = address
        self.inputs = Array(repeating: false, count: inputs)
        closed = Array(repeating: false, count: relays)
        flashEnds = Array(repeating: nil, count: relays)
    }

    /// Whether the contact of this relay is closed, welding included.
    package func isClosed(_ relay: Int) -> Bool {
        closed.indices.contains(relay - 1) && closed[relay - 1]
    }

    /// Wires a limit, a loop or a button: whether current flows through this input (1 is the first).
    package mutating func setInput(_ input: Int, _ flows: Bool) {
        guard inputs.indices.contains(input - 1) else { return }
        inputs[input - 1] = flows
    }

    /// The next instant at which something happens by itself.
    package var nextChange: Uptime? { flashEnds.compactMap { $0 }.min() }

    package mutating func advance(to now: Uptime) {
        clock = max(clock, now)
        for index in closed.indices {
            guard let end = flashEnds[index], end <= now else { continue }
            set(index, false, at: end)
        }
    }

    /// Supply lost and back: every relay opens.
    package mutating func restart(at now: Uptime) {
        advance(to: now)
        for index in closed.indices { set(index, false, at: now) }
        received = []
    }

    package mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [Reply] {
        advance(to: now)
        var replies = faults.echoes ? [Reply(bytes: bytes, at: now)] : []
        guard !faults.isDeaf else { return replies }
        if now - lastByte > .milliseconds(4) { received = [] }
        lastByte = now
        received += bytes
        while let request = takeRequest() {
            guard request[0] == address || request[0] == 0, var answer = carryOut(request, at: now),
                !faults.isMute
            else { continue }
            let crc = Self.checksum(answer)
            answer += [UInt8(crc & 0xFF), UInt8(crc >> 8)]
            if faults.corruptsReplies { answer[answer.count - 1] ^= 0x40 }
            if faults.isNoisy { answer = [0x00, 0xFF, 0x00] + answer }
            replies.append(Reply(bytes: answer, at: now + replyDelay))
        }
        return replies
    }

    /// A whole request with a good checksum, removed from what was received.
    private mutating func takeRequest() -> [UInt8]? {
        guard received.count >= 8 else { return nil }
        let length = received[1] == 0x0F ? 9 + Int(received[6]) : 8
        guard received.count >= length else { return nil }
        let request = Array(received[..<length])
        received.removeFirst(length)
        let crc = Self.checksum(Array(request[..<(length - 2)]))
        guard request[length - 2] == UInt8(crc & 0xFF), request[length - 1] == UInt8(crc >> 8) else {
            received = []
            return nil
        }
        return request
    }

    /// The answer without its checksum; nil: none.
    private mutating func carryOut(_ request: [UInt8], at now: Uptime) -> [UInt8]? {
        let head = [address, request[1]]
        let first = Int(request[2]) * 256 + Int(request[3])
        let count = Int(request[4]) * 256 + Int(request[5])
        switch request[1] {
        case 0x01:
            guard first + count <= closed.count, count > 0 else { return exception(request[1], 2) }
            return head + Self.bits(Array(closed[first..<first + count]))
        case 0x02:
            guard first + count <= inputs.count, count > 0 else { return exception(request[1], 2) }
            let seen = (first..<first + count).map { faults.stuck[$0 + 1] ?? inputs[$0] }
            return head + Self.bits(seen)
        case 0x03:
            guard first == 0x8000, count == 1 else { return exception(request[1], 2) }
            return head + [2, 0x00, 0xC8]
        case 0x05:
            guard writeCoil(first, value: count, at: now) else { return exception(request[1], 2) }
            return Array(request[..<6])
        case 0x0F:
            guard first + count <= closed.count, count > 0 else { return exception(request[1], 2) }
            for offset in 0..<count {
                set(first + offset, request[7 + offset / 8] >> UInt8(offset % 8) & 1 == 1, at: now)
            }
            return Array(request[..<6])
        default: return exception(request[1], 1)
        }
    }

    /// `FF00`, `0000`, `5500` at the relay's address or at `00FF` for all; a count of tenths of a second at
    /// `0200` and up.
    private mutating func writeCoil(_ coil: Int, value: Int, at now: Uptime) -> Bool {
        if coil >= 0x200, coil < 0x200 + closed.count, (1...0x7FFF).contains(value) {
            set(coil - 0x200, true, at: now)
            flashEnds[coil - 0x200] = now + .milliseconds(100 * value)
            return true
        }
        let relays = coil == 0xFF ? Array(closed.indices) : [coil]
        guard relays.allSatisfy({ closed.indices.contains($0) }) else { return false }
        for relay in relays {
            switch value {
            case 0xFF00: set(relay, true, at: now)
            case 0x0000: set(relay, false, at: now)
            case 0x5500: set(relay, !closed[relay], at: now)
            default: return false
            }
        }
        return true
    }

    private mutating func set(_ index: Int, _ isClosed: Bool, at now: Uptime) {
        flashEnds[index] = nil
        let isClosed = isClosed || faults.welded.contains(index + 1)
        guard closed[index] != isClosed else { return }
        closed[index] = isClosed
        edges.append(Edge(relay: index + 1, isClosed: isClosed, at: now))
    }

    private func exception(_ function: UInt8, _ code: UInt8) -> [UInt8] { [address, function | 0x80, code] }

    private static func bits(_ values: [Bool]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (values.count + 7) / 8)
        for (index, value) in values.enumerated() where value { bytes[index >> 3] += 1 << UInt8(index & 7) }
        return [UInt8(bytes.count)] + bytes
    }

    /// Bit by bit, as the standard describes it.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var register: UInt16 = 0xFFFF
        for byte in bytes {
            register ^= UInt16(byte)
            for _ in 0..<8 {
                let carry = register & 1
                register >>= 1
                if carry == 1 { register ^= 0xA001 }
            }
        }
        return register
    }
}
