// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import GatehouseCore
import GatehouseEngine
package import GatehouseProof

/// A checkpoint that was signed (c2sp.org/tlog-checkpoint). All are kept: whoever holds one may ask years later
/// whether today's ledger still begins with it.
package struct StoredCheckpoint: Hashable, Sendable {
    package var size: Int64
    package var wall: WallTime
    /// The signed note, its bytes.
    package var note: [UInt8]

    /// What it says, whoever signed it; nil when it says nothing.
    var statement: Checkpoint? {
        (try? SignedNote(parsing: note)).flatMap { try? Checkpoint(parsing: $0.text) }
    }

    /// The ledger's own.
    var signature: SignedNote.Signature? { (try? SignedNote(parsing: note))?.signatures.first }

    /// Whether this key signed it.
    package func isSigned(by key: NoteKey) -> Bool { (try? Checkpoint(note: note, keys: [key])) != nil }

    static let columns = "size, wall, note"

    init(size: Int64, wall: WallTime, note: [UInt8]) {
        self.size = size
        self.wall = wall
        self.note = note
    }

    init(_ row: Row) throws {
        guard let size = row.value(0) as Int64?, let wall = row.value(1) as Int64?,
            let note = row.value(2) as Data?
        else { throw StoreFault.corrupt("a checkpoint of the ledger is not readable") }
        self.init(size: size, wall: WallTime(milliseconds: wall), note: Array(note))
    }

    func insert(_ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO ledger_checkpoint (size, wall, note) VALUES (?, ?, ?)",
            arguments: [size, wall.milliseconds, Data(note)])
    }
}
