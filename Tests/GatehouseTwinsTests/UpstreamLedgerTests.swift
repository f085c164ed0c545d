// SPDX-License-Identifier: Apache-2.0

import GatehouseTwins
import Testing

/// The demonstration's summary must be able to fail.
struct UpstreamLedgerTests {
    private func event(_ number: Int64, lane: String = "north", type: String = "plateRead") -> String {
        #"{"specversion":"1.0","id":"demo/gate/\#(number)","type":"gatehouse.\#(type)","data":{"lane":"\#(lane)"}}"#
    }

    private func ledger(_ lines: [String], records count: Int64 = 3) -> UpstreamLedger {
        let records = (1...count).map {
            #"{"seq":\#($0),"kind":"plateRead","wall_ms":1,"uptime_us":1,"data":{"lane":"north"}}"#
        }
        return UpstreamLedger(
            lines, TwinRecord.read(records.joined(separator: "\n")), source: "demo/gate")
    }

    @Test func `every record once and in order agrees, and so does one that came again`() {
        let plain = ledger([event(1), event(2), event(3)])
        #expect(plain.agrees && plain.matched == 3 && plain.received == 3)
        let again = ledger([event(1), event(2), event(1), event(2), event(3)])
        #expect(again.agrees && again.matched == 3 && again.received == 5)
    }

    @Test func `a record that never arrived is told`() {
        #expect(ledger([event(1), event(3)]).missing == [2])
        #expect(ledger([]).missing == [1, 2, 3])
    }

    @Test func `a record that overtook another is told`() {
        let ledger = ledger([event(1), event(3), event(2)])
        #expect(ledger.outOfOrder == [2] && !ledger.agrees)
    }

    @Test func `another content is told, the first time or later`() {
        #expect(ledger([event(1), event(2, lane: "south"), event(3)]).altered == [2])
        #expect(ledger([event(1), event(2, type: "cardRead"), event(3)]).altered == [2])
        #expect(ledger([event(1), event(2), event(2, lane: "south"), event(3)]).altered == [2])
    }

    @Test func `what was recorded since is left out`() {
        #expect(ledger([event(1), event(2), event(3), event(4)]).agrees)
    }

    @Test func `what is no event of this gateway is told`() {
        #expect(ledger([event(1), event(2), event(3), "{"]).strange == ["{"])
        let other = #"{"id":"other/gate/2","type":"gatehouse.plateRead","data":{"lane":"north"}}"#
        #expect(ledger([event(1), other, event(3)]).missing == [2])
    }
}
