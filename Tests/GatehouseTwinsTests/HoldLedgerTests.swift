// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseTwins
import Testing

@testable import GatehouseSimulation

/// The demonstration's summary must be able to fail.
struct HoldLedgerTests {
    private func at(_ milliseconds: Int64) -> Uptime { Uptime(nanoseconds: milliseconds * 1_000_000) }

    private func ledger(
        _ changes: [(Int64, Bool)], _ commands: [(Int64, Int64, String)], cuts: [Int64] = [],
        killedAt: [Int64] = []
    ) -> HoldLedger {
        let lines = commands.map { number, milliseconds, action in
            """
            {"seq":\(number),"kind":"barrierCommanded","at":"","wall_ms":1,"clock":"synchronised",\
            "uptime_us":\(milliseconds * 1000),"data":{"lane":"north","output":"hold","action":"\(action)"}}
            """
        }
        let records = TwinRecord.read(lines.joined(separator: "\n"))
        return HoldLedger(
            edges: changes.map { RelayBoardModel.Edge(relay: 2, isClosed: $0.1, at: at($0.0)) },
            commands: records, records: records, killedAt: killedAt.map { at($0) }, cuts: cuts.map { at($0) })
    }

    @Test func `a hold that is repeated and ended agrees`() {
        let ledger = ledger(
            [(1020, true), (30_010, false)], [(1, 1000, "on"), (2, 21_000, "on"), (3, 30_000, "off")])
        #expect(ledger.matched == 2 && ledger.unrecorded == [] && ledger.unexplained == [])
    }

    @Test func `a relay that moves by nobody's word is told`() {
        #expect(ledger([(500, true)], [(1, 1000, "on")]).unrecorded == [at(500)])
        #expect(ledger([(1020, true), (9000, false)], [(1, 1000, "on")]).unrecorded == [at(9000)])
    }

    @Test func `a board without supply lets go, and its driver sets it anew`() {
        let ledger = ledger([(1020, true), (9000, false), (12_000, true)], [(1, 1000, "on")], cuts: [9000])
        #expect(ledger.matched == 3 && ledger.unrecorded == [])
    }

    @Test func `a command that the relay never followed is told, unless it was killed`() {
        #expect(ledger([], [(1, 1000, "on")]).unexplained == [1])
        #expect(ledger([(1020, true)], [(1, 1000, "on"), (2, 9000, "off")]).unexplained == [2])
        #expect(ledger([], [(1, 1000, "on")], killedAt: [1400]).unexplained == [])
    }
}
