// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseEngine

extension StoreFault {
    /// What an answer of SQLite means for the site: which fault, and so which advice.
    init(_ error: any Error) {
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
        default:
            self = .failed("\(words) (SQLite \(error.extendedResultCode.rawValue))")
        }
    }

    /// The same trouble, whatever its words: a fault is reported once until it changes its kind.
    func isSameKind(as other: StoreFault) -> Bool {
        switch (self, other) {
        case (.diskFull, .diskFull), (.readOnly, .readOnly), (.corrupt, .corrupt), (.failed, .failed),
            (.stalled, .stalled):
            true
        default: false
        }
    }
}

/// Runs `work`, turning whatever it throws into the store's own error.
func classifying<Value>(_ work: () throws -> Value) throws(StoreFault) -> Value {
    do { return try work() } catch { throw StoreFault(error) }
}
