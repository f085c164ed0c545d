// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSync
import Testing

struct PaymentFreshnessTests {
    private static let now: Int64 = 1_772_411_415_482

    private func call(_ serial: String, sent: Int64 = now, by sender: String = "p") throws -> PaymentCall {
        let text = #"{"sender":"\#(sender)","serial":"\#(serial)","sent_ms":\#(sent),"lane":"s"}"#
        return try PaymentCall(.quote, Array(text.utf8))
    }

    private func moment(_ quality: ClockQuality = .synchronised) -> Moment {
        Moment(uptime: Uptime(nanoseconds: 0), wall: WallTime(milliseconds: Self.now), quality: quality)
    }

    @Test func `five minutes either way are fresh, and no more`() throws {
        var freshness = PaymentFreshness()
        try freshness.admit(try call("1", sent: Self.now - 300_000), at: moment())
        try freshness.admit(try call("2", sent: Self.now + 300_000), at: moment())
        for sent in [Self.now - 300_001, Self.now + 300_001, 0, 4_102_444_800_000] {
            let stale = try call("3", sent: sent)
            let fault = #expect(throws: PaymentFault.self) { try freshness.admit(stale, at: moment()) }
            #expect(fault?.code == .tooOld)
        }
        // Refused, it has not asked.
        try freshness.admit(try call("3"), at: moment())
    }

    @Test func `a clock that we doubt accuses nobody of being late, only of asking twice`() throws {
        var freshness = PaymentFreshness()
        let old = try call("1", sent: 0)
        try freshness.admit(old, at: moment(.doubtful))
        let fault = #expect(throws: PaymentFault.self) { try freshness.admit(old, at: moment(.doubtful)) }
        #expect(fault?.code == .replayed)
    }

    @Test func `a serial asks once, of each sender`() throws {
        var freshness = PaymentFreshness()
        try freshness.admit(try call("1"), at: moment())
        try freshness.admit(try call("1", by: "q"), at: moment())
        let again = try call("1")
        let fault = #expect(throws: PaymentFault.self) { try freshness.admit(again, at: moment()) }
        #expect(fault?.code == .replayed)
    }

    @Test func `the newest 4096 are known, the older are not`() throws {
        var freshness = PaymentFreshness()
        for number in 0...PaymentFreshness.remembered {
            try freshness.admit(try call("\(number)"), at: moment())
        }
        for number in [1, 2048, PaymentFreshness.remembered] {
            let known = try call("\(number)")
            #expect(throws: PaymentFault.self) { try freshness.admit(known, at: moment()) }
        }
        try freshness.admit(try call("0"), at: moment())
    }
}
