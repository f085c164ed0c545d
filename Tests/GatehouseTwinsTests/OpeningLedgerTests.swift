// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseTwins
import Testing

/// The demonstration's summary must be able to fail.
struct OpeningLedgerTests {
    private func at(_ milliseconds: Int64) -> Uptime { Uptime(nanoseconds: milliseconds * 1_000_000) }

    private func command(_ number: Int64, at milliseconds: Int64) -> String {
        """
        {"seq":\(number),"kind":"barrierCommanded","at":"","wall_ms":1,"clock":"synchronised",\
        "uptime_us":\(milliseconds * 1000),"data":{"lane":"north","output":"open","action":"pulse"}}
        """
    }

    private func ledger(
        edges: [Int64], _ commands: [(Int64, Int64)], others: String = "", killedAt: [Int64] = []
    ) -> OpeningLedger {
        let lines = TwinRecord.read(commands.map { command($0.0, at: $0.1) }.joined(separator: "\n"))
        return OpeningLedger(
            edges: edges.map { at($0) }, commands: lines, records: lines + TwinRecord.read(others),
            killedAt: killedAt.map { at($0) })
    }

    @Test func `each closing finds the command before it`() {
        let ledger = ledger(edges: [1020, 9015], [(17, 1000), (30, 9000)])
        #expect(ledger.matched == 2 && ledger.unrecorded.isEmpty && ledger.unexplained.isEmpty)
    }

    @Test func `a closing without a record is told`() {
        #expect(ledger(edges: [1020, 5000], [(17, 1000)]).unrecorded == [at(5000)])
        #expect(ledger(edges: [900], [(17, 1000)]).unrecorded == [at(900)], "it came before its command")
    }

    @Test func `one command explains one closing only`() {
        #expect(ledger(edges: [1020, 1600], [(17, 1000)]).unrecorded == [at(1600)])
    }

    @Test func `a command that the relay never saw is told unless something explains it`() {
        #expect(ledger(edges: [], [(17, 1000)]).unexplained == [17])
        #expect(ledger(edges: [], [(17, 1000)], killedAt: [1100]).excused.map(\.why) == ["killed"])
        #expect(ledger(edges: [], [(17, 1000)], killedAt: [900]).unexplained == [17])
        let expired = """
            {"seq":18,"kind":"commandPerformed","at":"","wall_ms":1,"clock":"synchronised","uptime_us":4000000,\
            "data":{"command":17,"outcome":"expired"}}
            """
        #expect(ledger(edges: [], [(17, 1000)], others: expired).excused.map(\.why) == ["expired"])
    }
}
