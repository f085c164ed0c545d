// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof

/// Follows the ledger's keys through its records: each is introduced by the one before, or says that that one was lost,
/// and no checkpoint is signed by a key that no record before it names.
struct LedgerKeyCheck {
    /// Those whose signature means something here; none in a journal from before keys were on record.
    private var keys: [NoteKey] = []

    /// Whether the record may stand where it does.
    mutating func take(_ record: StoredRecord) -> Bool {
        guard let payload = record.payload, let fields = try? Fields(payload),
            let fact = try? LedgerKeyFact(kind: record.kind, from: fields), let key = try? NoteKey(fact.key)
        else { return false }
        let statement = Array((fact.statement ?? "").utf8)
        switch fact.change {
        case .begun:
            guard keys.isEmpty else { return false }
            keys = [key]
        case .rotated:
            guard let last = keys.last,
                (try? KeyRotation(note: statement, trusting: last))?.new == key
            else { return false }
            keys.append(key)
        case .lost:
            // Whoever finds the lost one can sign nothing with it any more that would be taken for the ledger's.
            guard (try? KeyLoss(note: statement))?.new == key else { return false }
            keys = [key]
        }
        return true
    }

    func allows(_ checkpoint: StoredCheckpoint) -> Bool {
        keys.isEmpty || (try? Checkpoint(note: checkpoint.note, keys: keys)) != nil
    }
}
