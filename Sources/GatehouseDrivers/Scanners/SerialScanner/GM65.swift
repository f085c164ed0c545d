// SPDX-License-Identifier: Apache-2.0

/// The commands of GM65, GM66 and GM67 modules that we use (`readers.md` §4.2): whether it is there. Its settings are
/// the installer's, by the codes of its manual: they are lost without power unless saved, and we would not know.
package enum GM65 {
    /// `7E 00`, type, length, address, data, CRC-16 (polynomial 1021, from 0, high byte first) from the type on.
    package static let heartbeat: [UInt8] = [0x7E, 0x00, 0x0A, 0x01, 0x00, 0x00, 0x00, 0x30, 0x1A]
    package static let alive: [UInt8] = [0x03, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31]
    /// To any write: of somebody else's tool.
    package static let written: [UInt8] = [0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31]
}

/// Takes a module's answers out of the text that they may arrive in the middle of. No code has a byte of their first ones,
/// so an answer is known from its beginning; what only began like one goes on as what it is, noise.
struct GM65Filter: Hashable, Sendable {
    private var begun: [UInt8] = []

    enum Piece: Hashable, Sendable {
        case byte(UInt8)
        case alive
    }

    mutating func drop() { begun = [] }

    mutating func receive(_ byte: UInt8) -> [Piece] {
        begun.append(byte)
        if begun == GM65.alive || begun == GM65.written {
            defer { begun = [] }
            return begun == GM65.alive ? [.alive] : []
        }
        if GM65.alive.starts(with: begun) || GM65.written.starts(with: begun) { return [] }
        let first = begun.removeFirst()
        let rest = begun
        begun = []
        return [.byte(first)] + rest.flatMap { receive($0) }
    }
}
