// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics
import Testing

@Suite struct LedgerKeyTextTests {
    private func result(_ changes: LedgerKeyFact.Change...) throws -> LedgerKeyResult {
        let rows = changes.enumerated().map { index, change in
            let fact = LedgerKeyFact(
                change, key: "key\(index)",
                statement: change == .begun ? nil : "\(change.rawValue) \(index)\n\n— signature\n")
            return ProjectionRow(
                ProjectionKey(.ledgerKey, String(index + 1)),
                FieldWriter.object {
                    $0.put("change", change.rawValue)
                    fact.write(to: &$0)
                })
        }
        return LedgerKeyResult(
            origin: "site", key: "key\(changes.count - 1)", keys: try LedgerKeys(rows: rows))
    }

    @Test func `the file of rotations has no words about a lost key in it`() throws {
        let kept = try result(.begun, .rotated, .lost, .rotated)
        #expect(kept.statements.count == 3)
        #expect(
            LedgerKeyText.statements(kept)
                == "ledgerKeyRotated 1\n\n— signature\n\nledgerKeyRotated 3\n\n— signature")
        #expect(LedgerKeyText.keys(kept) == "key3\nkey2\n# lost, until record 3: key1\nkey0")
    }

    /// The key before was never on record.
    @Test func `a ledger that begins with a loss has no rotation`() throws {
        #expect(LedgerKeyText.statements(try result(.lost)) == "")
        #expect(
            LedgerKeyText.statements(try result(.lost, .rotated)) == "ledgerKeyRotated 1\n\n— signature")
    }

    @Test func `after a change the statement to publish is shown, whatever it says`() throws {
        #expect(LedgerKeyText.changed(try result(.begun, .lost)).contains("ledgerKeyLost 1\n\n— signature"))
    }
}
