// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// The judge of balances can fail on each of its clauses.
@Suite struct BalancesOnRecordTests {
    private var balances = BalancesOnRecord()
    private static let holder = "household 9001"

    /// - Parameter row: what the record remembers of it; nil: nothing is left to be remembered.
    private mutating func change(_ amount: Int64, row: Int64?, isWritten: Bool = true) -> String? {
        var new = record(5, "paymentSettled")
        let value = row.map { row in FieldWriter.object { $0.put("balance", row) } }
        if isWritten { new.changes = [ProjectionChange(ProjectionKey(.stored, Self.holder), value)] }
        return balances.change(Self.holder, by: amount, new)
    }

    @Test mutating func `what goes in comes out once, and never more`() {
        #expect(change(500, row: 500) == nil)
        #expect(change(-300, row: 200) == nil)
        #expect(balances.sum == 200)
        var over = self
        #expect(over.change(-300, row: -100) != nil)
        #expect(change(-200, row: nil) == nil)
        #expect(change(-1, row: nil) != nil)
    }

    @Test mutating func `what is remembered is what there is`() {
        var high = self
        #expect(high.change(500, row: 600) != nil)
        var silent = self
        #expect(silent.change(500, row: nil, isWritten: false) != nil)
        #expect(balances.change(nil, by: 500, record(5, "paymentSettled")) != nil)
    }
}
