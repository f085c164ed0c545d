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

    @Test func `an account keeps what was due when it was let go to pay later`() throws {
        var account = StayAccount()
        account.deferred = Money(800)
        let written = FieldWriter.object(account.write)
        #expect(String(decoding: written, as: UTF8.self) == #"{"deferred":true,"deferred_due":800}"#)
        #expect(try StayAccount(from: Fields(written)) == account)
        let old = try Fields(Array(#"{"stay":7,"by":{"channel":"c","name":"n"}}"#.utf8))
        let change = try MoneyChange(kind: "chargeDeferred", from: old, record: Sequence(1))
        #expect(change == .deferred(StayID(7), due: .zero))
    }

    @Test func `a payment says which other debts it paid off, and one of an earlier version paid none`()
        throws
    {
        let notice = PaymentNotice(serial: "s", way: .prepaid, amount: Money(900), quote: Sequence(41))
        var paid = Settlement(
            notice: notice, at: 9, use: .arrears(StayID(7), rest: Money(50)),
            by: Operator(channel: "c", name: "n"))
        paid.collected = [Arrears(reference: "3", amount: Money(200))]
        let text = String(decoding: FieldWriter.object(paid.write), as: UTF8.self)
        let collected = #""collected":[{"stay":"3","amount":200}],"#
        #expect(text.contains(#""use":"arrears","stay":7,"rest":50,"# + collected))
        #expect(paid.postings.isBalanced)
        #expect(paid.paidDebts.map(\.amount.minorUnits) == [650, 200])
        #expect(try Settlement(from: Fields(Array(text.utf8))).collected == paid.collected)
        let old = text.replacing(collected, with: "")
        #expect(try Settlement(from: Fields(Array(old.utf8))).paidDebts.map(\.amount.minorUnits) == [850])
    }

    @Test func `a lane's row says whom it asked, since when and for what`() throws {
        var quotes = LaneQuotes()
        var quote = StayAccount.Quote(
            record: Sequence(9), lane: "south", due: Money(400), computedAt: 5, validUntil: 20)
        _ = quotes.take(quote, of: StayID(7))
        (quote.due, quote.computedAt) = (Money(600), 9)
        let change = try #require(quotes.take(quote, of: StayID(7)).first)
        let row = try #require(change.value)
        #expect(change.row == ProjectionKey(.laneQuote, "south"))
        #expect(
            String(decoding: row, as: UTF8.self) == #"{"asked":[{"stay":7,"since_s":5,"due":[400,600]}]}"#)
        var again = LaneQuotes()
        try again.take("south", Fields(row))
        #expect(again == quotes)
        for number in 8...20 { _ = quotes.take(quote, of: StayID(Int64(number))) }
        #expect(quotes.stay(askedAt: "south", for: Money(600), by: nil) == StayID(20))
        #expect(quotes.stay(askedAt: "south", for: Money(400), by: nil) == nil, "it is long gone")
        quote.lane = nil
        #expect(quotes.take(quote, of: StayID(21)).isEmpty)
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
