// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What quotes and charges say beside their price: golden texts, read back, and records of earlier versions.
struct ChargeRecordTests {
    private typealias Bench = ChargeBench

    @Test func `a quote keeps the entries that it reckoned with, and one of an earlier version has none`()
        throws
    {
        let entry = EntryOption(
            stay: StayID(7), at: WallTime(milliseconds: 1_500), clock: ClockStamp(moved: 3))
        var quote = StayAccount.Quote(
            record: Sequence(9), lane: "south", due: Money(400), computedAt: 1, validUntil: 2)
        let plain = #"{"record":9,"lane":"south","due":400,"computed_s":1,"valid_until_s":2"#
        #expect(try StayAccount.Quote(from: Fields(Array("\(plain)}".utf8))) == quote)
        quote.entries = [entry]
        let written = FieldWriter.object(quote.write)
        #expect(
            String(decoding: written, as: UTF8.self)
                == plain + #","entries":[{"stay":7,"at_ms":1500,"clock":{"moved_ms":3}}]}"#)
        #expect(try StayAccount.Quote(from: Fields(written)) == quote)
    }

    @Test func `an account and a debt keep what a person said of them`() throws {
        var account = StayAccount()
        account.classification = Classification(vehicleClass: "large", by: "li")
        account.isDisputed = true
        let written = FieldWriter.object(account.write)
        #expect(
            String(decoding: written, as: UTF8.self)
                == #"{"classified":{"class":"large","said_by":"li"},"disputed":true}"#)
        #expect(try StayAccount(from: Fields(written)) == account)
        let debt = OpenDebt(
            stay: StayID(7), plate: nil, household: nil, category: .temporaryParking, amount: Money(800),
            since: WallTime(milliseconds: 5), isDisputed: true)
        let text =
            #"{"stay":7,"category":"common.temp_parking","amount":800,"since_ms":5,"disputed":true}"#
        #expect(String(decoding: FieldWriter.object(debt.write), as: UTF8.self) == text)
        #expect(try OpenDebt(from: Fields(Array(text.utf8))) == debt)
        let old = text.replacing(#","disputed":true"#, with: "")
        #expect(try OpenDebt(from: Fields(Array(old.utf8))).isDisputed == false)
    }

    @Test func `the end of a stay of an earlier version remembers nothing of its plate`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(800)
        bench.leaves()
        let fields = try bench.last("stayCharged")
        for key in ["doubt", "disputed", "history", "asked_at_exit"] { #expect(!fields.has(key), "\(key)") }
        let change = try MoneyChange(kind: "stayCharged", from: fields, record: Sequence(1))
        guard case .charged(let closing) = change else { return #expect(Bool(false), "another change") }
        #expect(closing.history == nil && !closing.isDisputed)
    }
}
