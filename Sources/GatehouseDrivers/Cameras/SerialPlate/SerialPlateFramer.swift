// SPDX-License-Identifier: Apache-2.0

package import GatehouseWire

/// Cuts a stream of bytes into the texts of frames. 02, 03, 0A and 0D are never part of a Chinese character, in GBK
/// as in UTF-8, so frames are found before anything is decoded. Noise outside of frames is skipped.
package struct SerialPlateFramer: Hashable, Sendable {
    /// A plate with colour, confidence and a time is a third of this; what is longer is noise.
    package static let limit = 128

    private let framing: SerialPlateSettings.Framing
    private var text: [UInt8] = []
    private var state = State.outside
    /// Bytes since the beginning.
    private var position = 0

    private enum State: Hashable { case outside, inside, check }
    private enum Mark {
        static let start: UInt8 = 0x02
        static let end: UInt8 = 0x03
    }

    package init(_ framing: SerialPlateSettings.Framing) {
        self.framing = framing
        reset()
    }

    /// Bytes of a frame that has not ended.
    package var isWithin: Bool { framing == .line ? !text.isEmpty : state != .outside }

    /// What came of a frame so far is forgotten.
    package mutating func reset() {
        text = []
        state = framing == .line ? .inside : .outside
    }

    package mutating func receive(_ bytes: some Sequence<UInt8>) -> [Result<[UInt8], WireError>] {
        bytes.compactMap { byte in
            defer { position &+= 1 }
            return framing == .line ? line(byte) : framed(byte)
        }
    }

    private mutating func line(_ byte: UInt8) -> Result<[UInt8], WireError>? {
        guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { return keep(byte) }
        defer { reset() }
        guard state == .inside else { return nil }
        return text.isEmpty ? nil : .success(text)
    }

    private mutating func framed(_ byte: UInt8) -> Result<[UInt8], WireError>? {
        if state == .check {
            defer { reset() }
            let expected = text.reduce(Mark.end, ^)
            guard byte == expected else {
                return .failure(
                    WireError(
                        expected: "the check byte \(describe(expected))", found: describe(byte),
                        offset: position))
            }
            return .success(text)
        }
        if byte == Mark.start {
            reset()
            state = .inside
            return nil
        }
        guard state == .inside else { return nil }
        guard byte == Mark.end else { return keep(byte) }
        if framing == .stxETXCheck {
            state = .check
            return nil
        }
        defer { reset() }
        return .success(text)
    }

    /// Too much is said once; the rest of it is outside.
    private mutating func keep(_ byte: UInt8) -> Result<[UInt8], WireError>? {
        guard state == .inside else { return nil }
        text.append(byte)
        guard text.count > Self.limit else { return nil }
        reset()
        state = .outside
        return .failure(
            WireError(
                expected: "the end of a frame within \(Self.limit) bytes", found: "more", offset: position))
    }
}
