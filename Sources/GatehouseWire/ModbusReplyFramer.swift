// SPDX-License-Identifier: Apache-2.0

/// Finds the reply to one request in what arrives after it. Frames are judged by length and checksum and
/// not by silence, because USB adapters batch bytes (`relays.md` §5.1); stray bytes of an idle line before
/// the reply are skipped.
package struct ModbusReplyFramer: Sendable {
    package let request: ModbusRequest
    package let sent: [UInt8]
    /// The adapter returns what we send. The proper reply to a coil write equals its request, so an echo
    /// taken for a reply would report relays that never moved: with this set, one exact copy counts as echo.
    package let stripsEcho: Bool
    /// A copy of the request came back before or without a reply. For every request whose reply cannot
    /// equal it this is certain, and the way to discover an echoing adapter.
    package private(set) var sawEcho = false
    private var buffer: [UInt8] = []

    /// No reply has more bytes than a frame may have; what exceeds that is noise.
    private static let bufferLimit = 512

    package init(_ request: ModbusRequest, to address: UInt8, stripsEcho: Bool) {
        self.request = request
        self.stripsEcho = stripsEcho
        sent = request.frame(to: address)
    }

    /// Bytes came, but no frame among them: a line in trouble rather than a device that is silent.
    package var hasUnframedBytes: Bool { !buffer.isEmpty }

    /// Whether an echo can be told from the reply.
    package var tellsEcho: Bool {
        guard case .writeCoil = request else { return true }
        return false
    }

    package mutating func receive(_ bytes: some Sequence<UInt8>) -> ModbusReply? {
        buffer += bytes
        if !sawEcho, stripsEcho || tellsEcho, let echo = firstRange(of: sent, in: buffer, from: 0) {
            buffer.removeSubrange(..<echo.upperBound)
            sawEcho = true
        }
        defer { if buffer.count > Self.bufferLimit { buffer.removeFirst(buffer.count - Self.bufferLimit) } }
        for start in buffer.indices {
            if let reply = reply(at: start) { return reply }
        }
        return nil
    }

    private func reply(at start: Int) -> ModbusReply? {
        let bytes = buffer[start...]
        guard bytes.count >= 5, bytes[start] == sent[0] else { return nil }
        if bytes[start + 1] == request.function | 0x80 {
            let frame = bytes.prefix(5)
            return ModbusCRC.isSealed(frame) ? .exception(frame[start + 2]) : nil
        }
        guard bytes[start + 1] == request.function, bytes.count >= request.replyLength else { return nil }
        let frame = bytes.prefix(request.replyLength)
        guard ModbusCRC.isSealed(frame) else { return nil }
        return request.reply(in: frame, sent: sent)
    }
}
