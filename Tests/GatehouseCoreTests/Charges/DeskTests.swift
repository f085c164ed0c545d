// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What people at the desk do about money.
struct DeskTests {
    private typealias Bench = ChargeBench

    @Test func `cash needs an open drawer, and one drawer has one guard`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        guard case .refused(_, let why) = bench.pays(800, way: .cash) else {
            return #expect(Bool(false), "taken")
        }
        #expect(why.contains("shift open"))
        bench.money(.openShift, by: "li")
        guard case .refused(_, let taken) = bench.money(.openShift) else {
            return #expect(Bool(false), "two")
        }
        #expect(taken.contains("li"))
        _ = bench.pays(800, way: .cash)
        #expect(bench.isOpened)
        #expect(try bench.last("paymentSettled").number("shift") != nil)
    }

    @Test func `a release has a reason, and a reason may have its daily limit`() throws {
        var bench = Bench { $0.releaseLimits["GOODWILL"] = 1 }
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        let free = Adjustment(reason: "GOODWILL", change: .feeIs(.zero))
        guard case .done = bench.money(.adjust(.lane("south"), free)) else {
            return #expect(Bool(false), "refused")
        }
        #expect(bench.isOpened)
        bench.leaves()
        #expect(bench.balance("reductions.adjust.waiver.GOODWILL") == 800)
        #expect(bench.balance("income.common.temp_parking") == -800)
        _ = try bench.inside(PlateGrammar.parse("沪B12345", color: .blue), minutes: 95)
        let second = bench.money(.adjust(.plate(try #require(Plate("沪B12345"))), free))
        guard case .refused(_, let why) = second else { return #expect(Bool(false), "no limit") }
        #expect(why.contains("limit is 1"))
        // Whatever is noted with it.
        let noted = Adjustment(reason: "GOODWILL: an old friend", change: .feeIs(.zero))
        let third = bench.money(.adjust(.plate(try #require(Plate("沪B12345"))), noted))
        #expect(Bench.isRefused(third))
        // Tomorrow is another day.
        bench.bench.advance(.seconds(86_400))
        guard case .done = bench.money(.adjust(.plate(try #require(Plate("沪B12345"))), free)) else {
            return #expect(Bool(false), "still limited")
        }
    }

    @Test func `a guard may let a vehicle pay later, up to the limit of what it owes in all`() throws {
        var bench = Bench { $0.laterLimit = Money(1200) }
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        guard case .done = bench.money(.later(.lane("south"))) else { return #expect(Bool(false), "refused") }
        #expect(bench.isOpened)
        #expect(try bench.last("accessGranted").text("reason") == "DEBT_RELEASE")
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        bench.leaves()
        #expect(bench.book.debts[stay]?.amount == Money(800))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        guard case .refused(_, let why) = bench.money(.later(.lane("south"))) else {
            return #expect(Bool(false), "no limit")
        }
        #expect(why == "it would owe CNY 16.00, the limit is CNY 12.00")
    }

    @Test func `a correction is a booking of its own, and one that does not add up is none`() throws {
        var bench = Bench()
        let lines = [Posting(.refundable, Money(100)), Posting(.unmatched, Money(-100))]
        guard case .done = bench.money(.correct(Sequence(1), lines, reason: "BOOKED_WRONGLY")) else {
            return #expect(Bool(false), "refused")
        }
        #expect(bench.balance("liabilities.refundable") == 100)
        guard
            case .refused = bench.money(.correct(Sequence(1), [Posting(.refundable, Money(1))], reason: "X"))
        else {
            return #expect(Bool(false), "unbalanced")
        }
        guard case .refused = bench.money(.correct(Sequence(9999), lines, reason: "X")) else {
            return #expect(Bool(false), "of nothing")
        }
    }

    @Test(arguments: [LedgerAccount.arrears, .deposits, .stored])
    func `what is kept stay by stay or holder by holder no booking by hand changes`(
        _ account: LedgerAccount
    ) throws {
        var bench = Bench()
        let lines = [Posting(account, Money(100)), Posting(.unmatched, Money(-100))]
        guard case .refused(_, let why) = bench.money(.correct(Sequence(1), lines, reason: "TEST")) else {
            return #expect(Bool(false), "booked")
        }
        #expect(why.contains(account.name))
        #expect(bench.balance(account.name) == 0 && bench.count("ledgerCorrected") == 0)
    }

    @Test func `no booking by hand makes an account`() throws {
        var bench = Bench { $0.coupons.merchants["tea"] = "茶馆" }
        for account in [
            "foo", "income", "income.common", "assets.clearing.bank", "assets.merchant.",
            "assets.merchant.tae", "reductions.adjust.waiver.", "reductions.adjust.waiver.GOODWIL",
        ] {
            let lines = [
                Posting(LedgerAccount(name: account), Money(100)), Posting(.unmatched, Money(-100)),
            ]
            guard case .refused(_, let why) = bench.money(.correct(Sequence(1), lines, reason: "TEST"))
            else { return #expect(Bool(false), "\(account)") }
            #expect(
                why.contains("no account \(account): there are") && why.contains("assets.cash, ")
                    && why.contains("assets.merchant.…"))
        }
        #expect(bench.count("ledgerCorrected") == 0)
        // The accounts of charges have the note in their name.
        for account in [
            LedgerAccount.merchant("tea"), .waiver("GOODWILL"), .waiver("OTHER: a post"), .clearing(.etc),
            .rounding,
        ] {
            let lines = [Posting(account, Money(100)), Posting(.income(.temporaryParking), Money(-100))]
            #expect(!Bench.isRefused(bench.money(.correct(Sequence(1), lines, reason: "TEST"))))
        }
    }

    @Test(arguments: ["foo", "assets.merchant.tae", "reductions.adjust.waiver.GOODWIL"])
    func `what an older slip has made of an account is put right by hand`(_ account: String) throws {
        var bench = Bench()
        let foo = LedgerAccount(name: account)
        let slip = LedgerCorrection(
            corrects: Sequence(1), reason: "TEST", by: SiteBench.wang,
            postings: [Posting(foo, Money(100)), Posting(.unmatched, Money(-100))])
        let payload = FieldWriter.object { MoneyFact.corrected(slip).write(to: &$0) }
        _ = try bench.bench.site.memory.fold(
            StoredRecord(
                sequence: Sequence(1), kind: "ledgerCorrected", format: 1, at: bench.bench.now, boot: "b",
                payload: payload))
        let back = [Posting(.unmatched, Money(100)), Posting(foo, Money(-100))]
        #expect(!Bench.isRefused(bench.money(.correct(Sequence(1), back, reason: "TEST"))))
        #expect(bench.balance(account) == 0)
        #expect(Bench.isRefused(bench.money(.correct(Sequence(1), back, reason: "TEST"))))
    }

    @Test func `what is asked of a lane that is none says that it is none`() {
        var bench = Bench()
        guard case .refused(let code, let why) = bench.money(.quote(.lane("nosuch"))),
            case .refused(_, let nobody) = bench.money(.quote(.lane("south")))
        else { return #expect(Bool(false), "answered") }
        #expect(code == "not_found" && why == "no lane nosuch in the plan that is in force")
        #expect(nobody == "nobody with a stay waits at lane south")
    }

    @Test func `a fee is not changed to what nobody can pay or be given`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        let impossible: [Adjustment.Change] = [
            .feeIs(Money(-1)), .feeIs(Money(.max)), .by(Money(.min)), .by(Money(.max)),
        ]
        for change in impossible {
            let answer = bench.money(.adjust(.lane("south"), Adjustment(reason: "GOODWILL", change: change)))
            #expect(Bench.isRefused(answer), "\(change)")
        }
        #expect(bench.count("chargeAdjusted") == 0 && !bench.isOpened)
    }

    @Test func `cash comes back out of an open drawer, and into a balance only what came out of it`() throws {
        var bench = Bench()
        _ = bench.pays(500, serial: "x", lane: nil)
        let back = { (way: PaymentWay) in
            MoneyOrder.refund(serial: "x", amount: Money(100), way: way, reason: "OVERPAID")
        }
        #expect(Bench.isRefused(bench.money(back(.cash))))
        #expect(Bench.isRefused(bench.money(back(.storedValue))))
        #expect(bench.count("paymentRefunded") == 0)
        bench.money(.openShift)
        bench.money(back(.cash))
        #expect(bench.balance("assets.cash") == -100 && bench.balance("liabilities.unmatched") == -400)
    }

    @Test func `a correction that a sum could not hold is none`() throws {
        var bench = Bench()
        let lines = [Posting(.refundable, Money(.max)), Posting(.unmatched, Money(0 - .max))]
        #expect(Bench.isRefused(bench.money(.correct(Sequence(1), lines, reason: "TEST"))))
        #expect(bench.balance("liabilities.refundable") == 0)
    }

    /// In milliseconds the second is now, but for what 64 bits cannot hold of it.
    private static let longAgo: [Int64] = [
        .min, 1_778_025_600 - 2_305_843_009_213_693_952, 1_778_025_600 - 5_443_200,
    ]

    @Test(arguments: longAgo)
    func `money that was paid too long ago is a person's matter, however long`(_ paidAt: Int64) throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        let notice = PaymentNotice(
            serial: "old", way: .staticCode, amount: Money(800), paidAt: paidAt, stay: stay)
        guard case .refused("too_old", _) = bench.money(.take(notice)) else {
            return #expect(Bool(false), "taken")
        }
    }

    @Test func `a site that charges nothing says so`() {
        var bench = SiteBench(
            SitePlan.bench(LanePlan(name: "s", kind: .exit, area: AreaID(0), closing: .guard)))
        bench.send(.operation(.money(.openShift), by: SiteBench.wang, reply: ReplyID(1)))
        guard case .refused(_, let why) = bench.answers.last else { return #expect(Bool(false), "answered") }
        #expect(why.contains("charging"))
    }

    @Test func `a tariff is on record with its text before anything is priced by it, and never edited`()
        throws
    {
        var bench = Bench()
        let adopted = try bench.last("tariffAdopted")
        #expect(adopted.text("text") == "text")
        #expect(try adopted.object("zone").text("name") == "Asia/Shanghai")
        var edited = PricingPlan(editions: [Bench.edition(text: "other")])
        bench.bench.reload(Bench.plan(edited))
        #expect(bench.bench.site.memory.faults.inOrder.map(\.value.code) == ["tariff_edited"])
        edited.editions = [Bench.edition(2, text: "other")]
        bench.bench.reload(Bench.plan(edited))
        #expect(bench.count("tariffAdopted") == 2)
    }
}
