// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// S7, and the part of S9 that is about money, can fail on each of their clauses.
@Suite struct MoneyCheckerTests {
    private var money: MoneyChecker
    private var sums: [String: Int64] = [:]
    private var last: Int64 = 0
    /// 2026-03-02T08:00Z; half hours at 2 yuan after one that is free.
    private static let entry: Int64 = 1_772_438_400

    init() throws {
        var prices = EstatePrices(seed: 1, days: 1)
        prices.board = PriceBoard.all[0]
        prices.next = prices.board.dearer(by: 100)
        prices.changesAt = Self.entry + 40 * 86_400
        prices.convert = .fromMoment
        money = MoneyChecker(prices, zone: .utc)
    }

    /// The next record, `minutes` after the entry, with rows that say what its lines add up to.
    private mutating func take(
        _ kind: String, minutes: Int64, _ lines: [(String, Int64)] = [], row: Int64 = 0,
        _ write: (inout FieldWriter) -> Void
    ) -> String? {
        last += 1
        var new = record(last, kind) { fields in
            write(&fields)
            guard !lines.isEmpty else { return }
            fields.put("postings", objects: lines) { line, fields in
                fields.put("account", line.0)
                fields.put("amount", line.1)
            }
        }
        new.at.wall = WallTime(milliseconds: (Self.entry + minutes * 60) * 1000)
        for (account, amount) in lines {
            sums[account, default: 0] += amount
            let balance = sums[account, default: 0] + row
            new.changes.append(
                ProjectionChange(
                    ProjectionKey(.balance, account), FieldWriter.object { $0.put("balance", balance) }))
        }
        if kind == "stayCharged", let fields = try? Fields(new.payload), let owed = fields.number("owed"),
            owed > 0, let stay = fields.number("stay")
        {
            new.changes.append(
                ProjectionChange(
                    ProjectionKey(.debt, String(stay)), FieldWriter.object { $0.put("amount", owed) }))
        }
        return money.durable(new)?.0
    }

    private mutating func opens(
        _ plate: String = "沪A00001", household: Int64? = nil, holder: String = "temporary"
    )
        -> Int64
    {
        let found = take("stayOpened", minutes: 0) {
            $0.put("plate", plate)
            $0.put("class", holder)
            $0.put("household", ifPresent: household)
            $0.put("passed_at", Self.entry * 1000)
        }
        #expect(found == nil)
        return last
    }

    private mutating func asks(_ stay: Int64, _ due: Int64, minutes: Int64) -> String? {
        let at = Self.entry + minutes * 60
        return take("chargeQuoted", minutes: minutes) {
            $0.put("stay", stay)
            $0.put("lane", "south")
            $0.put("entry_s", Self.entry)
            $0.put("exit_s", at)
            $0.put("computed_s", at)
            $0.put("valid_until_s", at + 300)
            $0.put("charge") { $0.put("due", due) }
        }
    }

    private mutating func pays(
        _ stay: Int64, _ amount: Int64, _ serial: String, minutes: Int64, truly: Int64? = nil,
        for meant: Int64? = nil, use: String = "stay", rest: Int64 = 0
    ) -> String? {
        money.paid(
            PaymentNotice(
                serial: serial, way: .staticCode, amount: Money(truly ?? amount), stay: StayID(meant ?? stay)),
            for: meant ?? stay)
        let from = use == "stay" ? "liabilities.deposits" : "assets.arrears"
        return take(
            "paymentSettled", minutes: minutes, [("assets.clearing.static_qr", amount), (from, -amount)]
        ) {
            $0.put("serial", serial)
            $0.put("way", "static_qr")
            $0.put("amount", amount)
            $0.put("at_s", Self.entry + minutes * 60)
            $0.put("use", use)
            $0.put("stay", stay)
            if rest > 0 { $0.put("rest", rest) }
        }
    }

    private mutating func charges(
        _ stay: Int64, fee: Int64, paid: Int64 = 0, owed: Int64 = 0, minutes: Int64, seen: Bool = true
    ) -> String? {
        let exit = Self.entry + minutes * 60
        if seen {
            _ = take("stayClosed", minutes: minutes) {
                $0.put("stay", stay)
                $0.put("state", "closed")
                $0.put("exit") {
                    $0.put("lane", "south")
                    $0.put("recognised_at", exit * 1000)
                }
            }
        }
        let lines = [
            ("income.common.temp_parking", -fee), ("liabilities.deposits", paid), ("assets.arrears", owed),
        ].filter { $0.1 != 0 }
        return take("stayCharged", minutes: minutes, lines) {
            $0.put("stay", stay)
            $0.put("outcome", owed > 0 ? "owed" : paid > 0 ? "paid" : "free")
            $0.put("entry_s", Self.entry)
            $0.put("exit_s", exit)
            $0.put("charge") { $0.put("fee", fee) }
            $0.put("owed", owed)
            $0.put("excess", 0)
        }
    }

    @Test mutating func `a right history is right`() {
        let stay = opens()
        #expect(asks(stay, 800, minutes: 95) == nil)
        #expect(pays(stay, 800, "p1", minutes: 96) == nil)
        #expect(charges(stay, fee: 800, paid: 800, minutes: 97) == nil)
        #expect(money.dayEnds() == nil)
        #expect(
            money.finish(confirmed: ["p1": 3], [])?.0 == "S7", "no record makes no statement of such a month")
    }

    @Test mutating func `a charge, a question and a debt that differ from the board are found`() {
        let stay = opens()
        #expect(asks(stay, 600, minutes: 95) == "S7")
        var dear = self
        #expect(dear.charges(stay, fee: 900, owed: 900, minutes: 95) == "S7")
        var generous = self
        #expect(generous.charges(stay, fee: 800, owed: 700, minutes: 95) == "S7")
        #expect(charges(stay, fee: 800, owed: 800, minutes: 95) == nil)
        #expect(charges(stay, fee: 800, owed: 800, minutes: 95) == "S7", "twice")
    }

    @Test mutating func `a stay is billed to an instant at which somebody saw or asked it`() {
        let stay = opens()
        #expect(asks(stay, 800, minutes: 95) == nil)
        #expect(charges(stay, fee: 600, owed: 600, minutes: 80, seen: false) == "S7")
    }

    @Test mutating func `of several times that may be meant the dear one is not billed`() {
        let stay = opens()
        _ = take("stayClosed", minutes: 95) {
            $0.put("stay", stay)
            $0.put("state", "closed")
            $0.put("exit") { $0.put("recognised_at", (Self.entry + 95 * 60) * 1000) }
        }
        let times = [(Self.entry, Self.entry + 95 * 60), (Self.entry + 1800, Self.entry + 95 * 60)]
        for (used, fee, found) in [(0, 800, "S7"), (1, 600, nil)] as [(Int, Int64, String?)] {
            var copy = self
            let wrong = copy.take(
                "stayCharged", minutes: 96,
                [("income.common.temp_parking", -fee), ("assets.arrears", fee)]
            ) {
                $0.put("stay", stay)
                $0.put("outcome", "owed")
                $0.put("entry_s", times[used].0)
                $0.put("exit_s", times[used].1)
                $0.put("charge") { $0.put("fee", fee) }
                $0.put("doubt") {
                    $0.put("used", used)
                    $0.put("options", objects: times) { time, fields in
                        fields.put("entry_s", time.0)
                        fields.put("exit_s", time.1)
                    }
                }
                $0.put("owed", fee)
                $0.put("excess", 0)
            }
            #expect(wrong == found, "\(used)")
        }
    }

    @Test mutating func `money is booked once, as it was paid, and to whom it was paid for`() {
        let (stay, other) = (opens(), opens("沪A00002"))
        var twice = self
        #expect(twice.pays(stay, 300, "p1", minutes: 40) == nil)
        #expect(twice.pays(stay, 300, "p1", minutes: 41) == "S7")
        var wrong = self
        #expect(wrong.pays(stay, 300, "p1", minutes: 40, truly: 200) == "S7")
        #expect(pays(other, 300, "p1", minutes: 40, for: stay) == "S7")
    }

    @Test mutating func `what was confirmed and is not there is found`() {
        let stay = opens()
        #expect(money.confirmed("p1", 7)?.0 == "S7")
        #expect(pays(stay, 300, "p1", minutes: 40) == nil)
        #expect(money.confirmed("p1", last) == nil)
        #expect(money.confirmed("p1", last + 1)?.0 == "S7")
    }

    @Test mutating func `nobody gets back more than he paid, or what a stay has used`() {
        func refund(_ checker: inout Self, _ amount: Int64, of stay: Int64?) -> String? {
            let source = stay == nil ? "liabilities.refundable" : "liabilities.deposits"
            return checker.take(
                "paymentRefunded", minutes: 60, [("assets.clearing.static_qr", -amount), (source, amount)]
            ) {
                $0.put("serial", "p1")
                $0.put("stay", ifPresent: stay)
                $0.put("amount", amount)
            }
        }
        let stay = opens()
        #expect(pays(stay, 400, "p1", minutes: 40) == nil)
        var unasked = self
        #expect(refund(&unasked, 400, of: stay) == "S7", "nobody cancelled it")
        money.cancelled.insert("p1")
        var twice = self
        #expect(refund(&twice, 400, of: stay) == nil)
        #expect(refund(&twice, 400, of: stay) == "S7")
        #expect(charges(stay, fee: 400, paid: 400, minutes: 50) == nil)
        #expect(refund(&self, 400, of: nil) == "S7", "the stay has used it")
    }

    @Test mutating func `a debt that is forgotten is found, and one that is paid is gone`() {
        let stay = opens()
        #expect(charges(stay, fee: 800, owed: 800, minutes: 95) == nil)
        var over = self
        #expect(over.pays(stay, 900, "p1", minutes: 99, use: "arrears") == "S7", "no rest")
        #expect(pays(stay, 800, "p1", minutes: 99, use: "arrears") == nil)
        #expect(pays(stay, 100, "p2", minutes: 99, use: "arrears") == "S7", "it owes nothing any more")
    }

    @Test
    mutating func `lines that do not add up, a row that is not its sum, and deposits of nobody are found`() {
        let stay = opens()
        var skew = self
        #expect(
            skew.take("ledgerCorrected", minutes: 1, [("a", 100), ("b", -90)]) { $0.put("reason", "x") }
                == "S7")
        var row = self
        #expect(
            row.take("ledgerCorrected", minutes: 1, [("a", 100), ("b", -100)], row: 1) {
                $0.put("reason", "x")
            } == "S7")
        #expect(pays(stay, 300, "p1", minutes: 40) == nil)
        #expect(
            take("ledgerCorrected", minutes: 41, [("liabilities.deposits", 10), ("x", -10)]) {
                $0.put("reason", "x")
            } == "S7")
    }

    @Test mutating func `nobody is kept for money of which nothing is owed`() {
        func held(_ checker: inout Self, minutes: Int64, _ stay: Int64) -> String? {
            checker.take("accessHeld", minutes: minutes) {
                $0.put("lane", "south")
                $0.put("direction", "out")
                $0.put("reason", ReasonCode.paymentDue.rawValue)
                $0.put("stay", stay)
            }
        }
        let stay = opens()
        #expect(held(&self, minutes: 30, stay) == "S9")
        #expect(held(&self, minutes: 31, stay) == nil)
        #expect(pays(stay, 400, "p1", minutes: 32) == nil)
        #expect(held(&self, minutes: 40, stay) == "S9")
        #expect(held(&self, minutes: 95, stay) == nil, "the time to leave is over")
        func defers(_ checker: inout Self, _ due: Int64) {
            _ = checker.take("chargeDeferred", minutes: 96) {
                $0.put("stay", stay)
                $0.put("due", due)
            }
        }
        defers(&self, 1)
        #expect(held(&self, minutes: 97, stay) == nil, "of what came since nobody let it owe")
        defers(&self, 10_000)
        #expect(held(&self, minutes: 97, stay) == "S9")
    }

    @Test
    mutating func
        `what a guard says that a vehicle is changes its price, and no more than a debt is let off`()
    {
        let stay = opens()
        let said = take("chargeClassified", minutes: 90) {
            $0.put("stay", stay)
            $0.put("class", "large")
        }
        #expect(said == nil)
        #expect(asks(stay, 800, minutes: 95) == "S7")
        #expect(charges(stay, fee: 1200, owed: 1200, minutes: 95) == nil)
        for (off, found) in [(1300, "S7"), (1200, nil)] as [(Int64, String?)] {
            var copy = self
            let lines = [("assets.arrears", -off), ("reductions.adjust.waiver.OTHER", off)]
            let wrong = copy.take("disputeSettled", minutes: 99, lines) {
                $0.put("stay", stay)
                $0.put("let_off", off)
            }
            #expect(wrong == found, "\(off)")
        }
    }

    @Test mutating func `a space that becomes free is the next car's of the household`() {
        func converts(_ checker: inout Self, _ stay: Int64) -> String? {
            checker.take("spaceConverted", minutes: 50) {
                $0.put("stay", stay)
                $0.put("at_s", Self.entry + 50 * 60)
            }
        }
        _ = take("householdSet", minutes: 0) {
            $0.put("id", 9)
            $0.put("spaces", 1)
        }
        for plate in ["沪A00001", "沪A00002"] {
            _ = take("permitSet", minutes: -600) { $0.put("plate", plate) }
        }
        let first = opens("沪A00001", household: 9, holder: "permit")
        let second = opens("沪A00002", household: 9)
        let other = opens("沪A00003")
        #expect(charges(first, fee: 0, minutes: 50) == nil)
        var wrong = self
        #expect(converts(&wrong, other) == "S7")
        var forgotten = self
        #expect(forgotten.asks(other, 400, minutes: 51) == "S7")
        #expect(converts(&self, second) == nil)
        // It pays up to then, and no second longer.
        #expect(charges(second, fee: 400, owed: 400, minutes: 300) == nil)
    }

    @Test mutating func `a guest's pass covers its time from the entry, also when it is called off`() {
        _ = take("permitSet", minutes: -600) {
            $0.put("id", 7)
            $0.put("plate", "沪A00001")
            $0.put("visit") {
                $0.put("from_ms", (Self.entry - 600) * 1000)
                $0.put("to_ms", (Self.entry + 86_400) * 1000)
                $0.put("minutes", 60)
            }
        }
        let stay = opens()
        _ = take("permitEnded", minutes: 10) {
            $0.put("id", 7)
            $0.put("plate", "沪A00001")
            $0.put("ended_at", (Self.entry + 600) * 1000)
            $0.put("visit") {
                $0.put("from_ms", (Self.entry - 600) * 1000)
                $0.put("to_ms", (Self.entry + 86_400) * 1000)
                $0.put("minutes", 60)
            }
        }
        // Thirty-five minutes beyond it are two half hours.
        #expect(asks(stay, 800, minutes: 95) == "S7")
        #expect(charges(stay, fee: 400, owed: 400, minutes: 95) == nil)
    }

    /// For two entries, known for an hour.
    private mutating func invites() {
        _ = take("permitSet", minutes: -60) {
            $0.put("id", 7)
            $0.put("plate", "沪A00001")
            $0.put("visit") {
                $0.put("from_ms", (Self.entry - 3600) * 1000)
                $0.put("to_ms", (Self.entry + 86_400) * 1000)
                $0.put("entries", 2)
            }
        }
    }

    private mutating func comes(_ holder: String = "visitor", permit: Int64? = 7) -> String? {
        take("stayOpened", minutes: 0) {
            $0.put("plate", "沪A00001")
            $0.put("class", holder)
            $0.put("permit", ifPresent: permit)
            $0.put("passed_at", Self.entry * 1000)
        }
    }

    private mutating func decides(_ reason: ReasonCode) -> String? {
        take(reason == .countExhausted ? "accessDenied" : "accessGranted", minutes: 0) {
            $0.put("direction", "in")
            $0.put("plate", "沪A00001")
            $0.put("permit", 7)
            $0.put("reason", reason.rawValue)
        }
    }

    @Test mutating func `a pass that counts gives as many entries as it says`() {
        invites()
        #expect(comes() == nil)
        let first = last
        // Another is left.
        #expect(decides(.visitorPass) == nil)
        #expect(decides(.temporaryVehicle) == "S9")
        #expect(decides(.countExhausted) == "S9")
        #expect(comes() == nil)
        #expect(decides(.visitorPass) == "S1")
        #expect(decides(.temporaryVehicle) == nil)
        #expect(decides(.countExhausted) == nil)
        #expect(money.report.scenes[.guestOnceTooOften] == 2)
        var once = self
        #expect(once.comes() == "S7")
        // The first never was.
        _ = take("stayClosed", minutes: 1) {
            $0.put("stay", first)
            $0.put("state", "cancelled")
        }
        #expect(decides(.temporaryVehicle) == "S9")
        #expect(comes() == nil)
    }

    @Test mutating func `and covers no stay that began without it`() {
        invites()
        #expect(comes() == nil)
        let guest = last
        #expect(comes("temporary", permit: nil) == nil)
        let stranger = last
        #expect(asks(guest, 400, minutes: 50) == "S7")
        #expect(charges(guest, fee: 0, minutes: 50) == nil)
        #expect(charges(stranger, fee: 400, owed: 400, minutes: 50) == nil)
    }

    @Test mutating func `money of an order is its stay's, and a draw is its vehicle's`() {
        let (stay, other) = (opens(), opens("沪A00002"))
        let order = last + 1
        _ = take("collectionAsked", minutes: 40) {
            $0.put("stay", stay)
            $0.put("way", "etc")
        }
        var astray = self
        astray.money.paid(
            PaymentNotice(serial: "o1", way: .etc, amount: Money(300), order: Sequence(order)), for: stay)
        let found = astray.take(
            "paymentSettled", minutes: 41,
            [("assets.clearing.etc", 300), ("liabilities.unmatched", -300)]
        ) {
            $0.put("serial", "o1")
            $0.put("way", "etc")
            $0.put("amount", 300)
            $0.put("use", "unmatched")
        }
        #expect(found == "S7")
        let drawn = take(
            "paymentSettled", minutes: 41,
            [("liabilities.stored", 300), ("liabilities.deposits", -300)]
        ) {
            $0.put("serial", "stored-9")
            $0.put("way", "stored_value")
            $0.put("amount", 300)
            $0.put("use", "stay")
            $0.put("stay", other)
            $0.put("drawn_from") { $0.put("plate", "沪A00001") }
        }
        #expect(drawn == "S7", "of another's balance, in which there is nothing")
    }

    @Test mutating func `a coupon that took something off is used up at once`() throws {
        let plate = try #require(Plate("沪A00001"))
        money.coupons.given["m1"] = CouponOrder(
            id: "m1", kind: .percent(50), merchant: "gym", target: .plate(plate))
        let stay = opens()
        let granted = take("couponGranted", minutes: 5) {
            $0.put("coupon", "m1")
            $0.put("kind", "percent")
            $0.put("value", 50)
            $0.put("merchant", "gym")
            $0.put("plate", "沪A00001")
        }
        #expect(granted == nil)
        let exit = Self.entry + 95 * 60
        _ = take("stayClosed", minutes: 95) {
            $0.put("stay", stay)
            $0.put("exit") { $0.put("recognised_at", exit * 1000) }
        }
        let charged = take(
            "stayCharged", minutes: 95,
            [
                ("income.common.temp_parking", -800), ("assets.merchant.gym", 400), ("assets.arrears", 400),
            ]
        ) {
            $0.put("stay", stay)
            $0.put("outcome", "owed")
            $0.put("entry_s", Self.entry)
            $0.put("exit_s", exit)
            $0.put("charge") { $0.put("fee", 400) }
            $0.put("owed", 400)
            $0.put("excess", 0)
            $0.put("coupons", objects: [400]) { used, line in
                line.put("coupon", "m1")
                line.put("merchant", "gym")
                line.put("used", used)
            }
        }
        #expect(charged == nil)
        var forgotten = self
        #expect(forgotten.take("shiftOpened", minutes: 96) { _ in } == "S7")
        let consumed = take("couponConsumed", minutes: 95) {
            $0.put("coupon", "m1")
            $0.put("used", 400)
        }
        #expect(consumed == nil)
    }

    @Test mutating func `a debt is collected once`() {
        func collects(_ checker: inout Self, _ amount: Int64, _ stay: Int64, minutes: Int64) -> String? {
            checker.take("collectionAsked", minutes: minutes) {
                $0.put("stay", stay)
                $0.put("way", "etc")
                $0.put("amount", amount)
            }
        }
        let stay = opens()
        #expect(asks(stay, 800, minutes: 95) == nil)
        #expect(collects(&self, 800, stay, minutes: 95) == nil)
        #expect(pays(stay, 300, "p1", minutes: 96) == nil)
        var again = self
        #expect(collects(&again, 800, stay, minutes: 97) == "M3", "some of it is paid")
        #expect(collects(&self, 500, stay, minutes: 97) == nil)
    }

    @Test mutating func `of several coupons the best one counts where the board says so`() throws {
        func quotes(
            _ checker: inout Self, _ stay: Int64, _ coupons: [String], _ due: Int64, says flags: [String]
        ) -> String? {
            let at = Self.entry + 95 * 60
            return checker.take("chargeQuoted", minutes: 95) {
                $0.put("stay", stay)
                $0.put("entry_s", Self.entry)
                $0.put("exit_s", at)
                $0.put("computed_s", at)
                $0.put("charge") {
                    $0.put("due", due)
                    $0.put("flags", ifAny: flags)
                }
                $0.put("coupons", ifAny: coupons)
            }
        }
        let plate = try #require(Plate("沪A00001"))
        var prices = EstatePrices(seed: 1, days: 1)
        prices.board = PriceBoard.all[0]
        prices.board.stacking = .bestOne
        prices.changesAt = Self.entry + 40 * 86_400
        money = MoneyChecker(prices, zone: .utc)
        let stay = opens()
        for (id, kind, word, value) in [
            ("m1", .percent(20), "percent", 20), ("m2", .amount(Money(500)), "amount", 500),
        ] as [(String, Coupon.Kind, String, Int64)] {
            money.coupons.given[id] = CouponOrder(id: id, kind: kind, target: .plate(plate))
            let granted = take("couponGranted", minutes: 5) {
                $0.put("coupon", id)
                $0.put("kind", word)
                $0.put("value", value)
                $0.put("plate", "沪A00001")
            }
            #expect(granted == nil)
        }
        let flags = ["COUPON_NOT_STACKABLE"]
        var first = self
        #expect(quotes(&first, stay, ["m1"], 640, says: flags) == "S7")
        var both = self
        #expect(quotes(&both, stay, ["m1", "m2"], 140, says: []) == "S7")
        var silent = self
        #expect(quotes(&silent, stay, ["m2"], 300, says: []) == "S7")
        #expect(quotes(&self, stay, ["m2"], 300, says: flags) == nil)
    }
}
