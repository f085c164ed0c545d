// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseEngine
import Glibc

extension StoreFault {
    /// What an answer of SQLite means for the site: which fault, and so which advice.
    /// - Parameter path: where it happened. SQLite says "disk I/O error" for a file system that turned read-only
    ///   and for one too full for its shared memory; the file system itself says which.
    init(_ error: any Error, at path: String? = nil) {
        if let fault = error as? StoreFault {
            self = fault
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed("\(error)")
            return
        }
        let words = error.message ?? "error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .corrupt(
                "\(words). Nothing was changed: keep the folder as it is for the investigation and restore "
                    + "the journal from a backup, or move the folder away to start a new one.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .failed("another program holds the database: \(words)")
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            self =
                path.flatMap(Self.condition(ofFileSystemAt:))
                ?? .failed("\(words) (SQLite \(error.extendedResultCode.rawValue))")
        default:
            self = .failed("\(words) (SQLite \(error.extendedResultCode.rawValue))")
        }
    }

    /// What keeps everybody from writing there; nil when nothing does.
    private static func condition(ofFileSystemAt path: String) -> StoreFault? {
        var found = statvfs()
        guard unsafe statvfs(path, &found) == 0 else { return nil }
        if found.f_flag & UInt(ST_RDONLY) != 0 { return .readOnly }
        return UInt64(found.f_bavail) * UInt64(found.f_frsize) < leastRoom ? .diskFull : nil
    }

    /// SQLite's shared memory grows by 32 KiB.
    private static let leastRoom: UInt64 = 65_536

    /// The same trouble, whatever its words: a fault is reported once until it changes its kind.
    func isSameKind(as other: StoreFault) -> Bool {
        switch (self, other) {
        case (.diskFull, .diskFull), (.readOnly, .readOnly), (.corrupt, .corrupt), (.failed, .failed),
            (.inUse, .inUse):
            true
        default: false
        }
    }
}

/// Runs `work`, turning whatever it throws into the store's own error.
func classifying<Value>(at path: String? = nil, _ work: () throws -> Value) throws(StoreFault) -> Value {
    do { return try work() } catch { throw StoreFault(error, at: path) }
}
