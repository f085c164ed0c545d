// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import GatehouseCore
package import GatehouseEngine
package import GatehouseProof

/// The projections at one record, stored with their hash: where a verification can start folding when the
/// payloads before it are gone. Made daily and before deletions. It holds what the projections hold, persons included: after a
/// person's data is deleted, the seals made before are gone when seven newer ones are there.
package struct Seal: Hashable, Sendable {
    package var sequence: Sequence
    package var wall: WallTime
    package var hash: Digest
    /// Size of its canonical bytes, see `SealBytes`.
    package var size: Int64
}

/// Stored in parts, so that no transaction grows with the number of permits; a seal counts once its row in
/// `seal` is there, which is written last.
enum SealRows {
    static let partSize = 64 * 1_024
    /// Seals kept: the newest can be damaged, and a week shows a slow mistake.
    static let kept = 7

    static func read(_ row: Row) throws -> Seal {
        guard let sequence = row.value(0) as Int64?, let wall = row.value(1) as Int64?,
            let hash = (row.value(2) as Data?).flatMap({ Digest($0) }), let size = row.value(3) as Int64?
        else { throw StoreFault.corrupt("a seal is not readable") }
        return Seal(
            sequence: Sequence(sequence), wall: WallTime(milliseconds: wall), hash: hash, size: size)
    }

    static func parts(of bytes: [UInt8]) -> [Data] {
        stride(from: 0, to: bytes.count, by: partSize).map {
            Data(bytes[$0..<min($0 + partSize, bytes.count)])
        }
    }

    static func insertPart(_ part: Data, _ number: Int, of sequence: Sequence, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO seal_part (seq, part, bytes) VALUES (?, ?, ?)",
            arguments: [sequence.number, number, part])
    }

    /// Makes the seal valid and drops those that are too many, with parts that belong to none.
    static func complete(_ seal: Seal, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO seal (seq, wall, hash, bytes) VALUES (?, ?, ?, ?)",
            arguments: [
                seal.sequence.number, seal.wall.milliseconds, Data(seal.hash.bytes), seal.size,
            ])
        try db.execute(
            sql: """
                DELETE FROM seal WHERE seq NOT IN (SELECT seq FROM seal ORDER BY seq DESC LIMIT \(kept));
                DELETE FROM seal_part WHERE seq NOT IN (SELECT seq FROM seal);
                """)
    }
}

extension Journal {
    /// Seals the projections as they are now. Reads on the upkeep thread in one transaction, writes in
    /// bounded ones between the commits. A seal of the same record that exists already is returned.
    @discardableResult
    package func seal(at wall: WallTime) async throws(StoreFault) -> Seal {
        let made = try await upkeep.run { [reader] () throws(StoreFault) in try reader.makeSeal(at: wall) }
        guard let (seal, bytes) = made else { return try await newestSeal(or: wall) }
        for (number, part) in SealRows.parts(of: bytes).enumerated() {
            try await write { db in try SealRows.insertPart(part, number, of: seal.sequence, db) }
        }
        try await write { db in try SealRows.complete(seal, db) }
        return seal
    }

    private func newestSeal(or wall: WallTime) async throws(StoreFault) -> Seal {
        let seals = try await read { reader throws(StoreFault) in try reader.seals() }
        guard let newest = seals.first else { throw .corrupt("the seal just found is gone") }
        return newest
    }
}

extension JournalReader {
    /// Newest first.
    package func seals() throws(StoreFault) -> [Seal] {
        try classifying {
            try queue.read { db in
                try Row.fetchAll(db, sql: "SELECT seq, wall, hash, bytes FROM seal ORDER BY seq DESC").map {
                    try SealRows.read($0)
                }
            }
        }
    }

    /// nil when the newest seal is of the newest record.
    func makeSeal(at wall: WallTime) throws(StoreFault) -> (Seal, [UInt8])? {
        let state = try classifying {
            try queue.read { db in
                let last = Sequence(try JournalWriter.chainEnd(db)?.sequence ?? 0)
                let newest = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM seal")
                return newest == last.number ? nil : (last, try ProjectionRow.fetchAll(db))
            }
        }
        guard let (last, rows) = state else { return nil }
        let bytes = SealBytes.encode(rows, at: last)
        return (Seal(sequence: last, wall: wall, hash: Digest(of: bytes), size: Int64(bytes.count)), bytes)
    }

    /// The rows a seal holds; nil when it does not check.
    func rows(of seal: Seal) throws(StoreFault) -> [ProjectionRow]? {
        let bytes = try classifying {
            try queue.read { db in
                try Data.fetchAll(
                    db, sql: "SELECT bytes FROM seal_part WHERE seq = ? ORDER BY part",
                    arguments: [seal.sequence.number]
                ).reduce(into: [UInt8]()) { $0 += $1 }
            }
        }
        guard Digest(of: bytes) == seal.hash, let (sequence, rows) = SealBytes.decode(bytes),
            sequence == seal.sequence
        else { return nil }
        return rows
    }
}
