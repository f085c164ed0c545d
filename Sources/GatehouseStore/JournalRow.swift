// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof

/// A row of `journal` with everything that is hashed.
struct JournalRow: Sendable {
    var record: StoredRecord
    var salt: [UInt8]?
    var payloadHash: Digest
    var hash: Digest

    static let columns = """
        j.seq, j.kind, j.format, j.wall, j.uptime, b.id, j.clock_quality, j.payload, j.salt,
        j.payload_hash, j.hash
        """
    static let source = "journal j LEFT JOIN boot b ON b.number = j.boot"

    /// Reads by position, in the order of `columns`. Throws `.corrupt` for values that we never write.
    init(_ row: Row) throws {
        let sequence: Int64 = row.value(0) ?? 0
        guard let kind = row.value(1) as String?, let format = row.value(2) as Int?,
            let wall = row.value(3) as Int64?,
            let uptime = row.value(4) as Int64?, let boot = row.value(5) as String?,
            let code = row.value(6) as Int64?, let quality = ClockQuality(code: code),
            let payloadHash = (row.value(9) as Data?).flatMap({ Digest($0) }),
            let hash = (row.value(10) as Data?).flatMap({ Digest($0) })
        else { throw StoreFault.corrupt("record \(sequence) is not readable as a record") }
        record = StoredRecord(
            sequence: Sequence(sequence), kind: kind, format: format,
            at: Moment(
                uptime: Uptime(nanoseconds: uptime), wall: WallTime(milliseconds: wall), quality: quality),
            boot: boot, payload: (row.value(7) as Data?).map { Array($0) })
        salt = (row.value(8) as Data?).map { Array($0) }
        self.payloadHash = payloadHash
        self.hash = hash
    }

    /// What the hash must be after `previous`.
    func expectedHash(after previous: Digest) -> Digest {
        RecordHash.chain(
            previous: previous, header: RecordHash.header(of: record), payload: payloadHash)
    }

    /// Whether payload and salt are those hashed; true when both are deleted.
    var payloadMatches: Bool {
        switch (record.payload, salt) {
        case (.some(let payload), .some(let salt)):
            RecordHash.payload(salt: salt, payload: payload) == payloadHash
        case (nil, nil): true
        default: false
        }
    }
}

extension Row {
    /// nil for NULL and for what is not a `Value`: a damaged file may hold anything, and GRDB's own
    /// subscripts trap on it.
    func value<Value: DatabaseValueConvertible>(_ index: Int) -> Value? {
        Value.fromDatabaseValue(self[index] as DatabaseValue)
    }
}

/// GRDB has a class of that name.
typealias Record = GatehouseCore.Record

extension ProjectionRow {
    /// Reads `tbl, key, value`.
    static func read(_ row: Row) throws -> ProjectionRow {
        guard let name = row.value(0) as String?, let table = ProjectionTable(rawValue: name),
            let key = (row.value(1) as Data?).flatMap({ String(validating: $0, as: UTF8.self) }),
            let value = row.value(2) as Data?
        else { throw StoreFault.corrupt("a projection row is not readable") }
        return ProjectionRow(ProjectionKey(table, key), Array(value))
    }

    static let query = "SELECT tbl, key, value FROM projection ORDER BY tbl, key"

    /// In the order of their keys as texts.
    static func fetchAll(_ db: Database, of table: ProjectionTable) throws -> [ProjectionRow] {
        let sql = "SELECT tbl, key, value FROM projection WHERE tbl = ? ORDER BY key"
        return try Row.fetchAll(db, sql: sql, arguments: [table.rawValue]).map(read)
    }

    static func fetchAll(_ db: Database) throws -> [ProjectionRow] {
        var rows: [ProjectionRow] = []
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: query))
        while let row = try cursor.next() { rows.append(try read(row)) }
        return rows
    }
}
