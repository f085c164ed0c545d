// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

/// The keys of a ledger, for people and as the file that `gatehouse ledger verify --key` takes.
package enum LedgerKeyText {
    /// The one in force first. What a lost key signed is worth nothing, so it is there as a comment only.
    package static func keys(_ result: LedgerKeyResult) -> String {
        let earlier = result.earlier.reversed().map { one in
            one.isLost ? "# lost, until record \(one.until): \(one.key)" : one.key
        }
        return ([result.key] + earlier).joined(separator: "\n")
    }

    /// The file that `gatehouse ledger verify --rotation` takes; empty when there was no rotation. Words about a lost key
    /// lead nowhere, and are no part of it.
    package static func statements(_ result: LedgerKeyResult) -> String {
        // Every change but the first key's beginning has one.
        let changes = zip(result.earlier.reversed(), result.statements.reversed())
        return changes.filter { !$0.0.isLost }.map { trimmed($0.1) }.reversed().joined(separator: "\n\n")
    }

    /// After a change: what is to be done now.
    package static func changed(_ result: LedgerKeyResult) -> String {
        var lines = [
            "the ledger has a new key, by record \(result.record ?? 0):", result.key, "",
            "Publish it where the old one was, with this statement:", "",
            result.statements.last.map(trimmed) ?? "",
        ]
        if let file = result.file, result.isCredentialOutdated {
            lines += [
                "",
                "The credential ledger-key holds the old key and is not used any more; the new one is in \(file).",
                "To have it as a credential again: systemd-creds encrypt --name=ledger-key \(file) "
                    + "/etc/credstore.encrypted/ledger-key, restart the daemon, then delete \(file).",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// Whoever prints a text ends its last line.
    private static func trimmed(_ note: String) -> String {
        note.last == "\n" ? String(note.dropLast()) : note
    }
}
