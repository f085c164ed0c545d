// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a guard says about a vehicle's kind, and charges that somebody contests.
struct DisputeTests {
    private typealias Bench = ChargeBench

    private static let plate = Bench.plate.plate

    // MARK: The class

    private func bench(_ change: (inout PricingPlan) -> Void = { _ in }) -> Bench {
        Bench { plan in
            plan.editions = [
                Bench.edition { $0.multipliers["large"] = Fraction(2) }
            ]
            change(&plan)
        }
    }

    @Test func `a class that a guard corrects is priced anew, and the bill says who decided`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        let said = Classification(vehicleClass: "large")
        #expect(
            !Bench.isRefused(bench.money(.classify(.lane("south"), said, reason: "READ_ERROR"), by: "li")))
        let quote = try bench.last("chargeQuoted")
        #expect(try quote.object("charge").number("due") == 1_600)
        #expect(quote.text("class") == "large" && quote.text("class_by") == "person li")
        #expect(quote.has("supersedes"))
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
        _ = bench.pays(1_600)
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").text("class_by") == "person li")
    }

    @Test func `the same amount is asked anew too: the class on it is another`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        let before = bench.count("chargeQuoted")
        bench.money(.classify(.lane("south"), Classification(energy: .newEnergy), reason: "READ_ERROR"))
        #expect(bench.count("chargeQuoted") == before + 1)
        #expect(try bench.last("chargeQuoted").text("energy") == "nev")
    }

    @Test func `an exemption opens, and has the daily limit of its reason`() throws {
        var bench = bench { $0.releaseLimits["ambulance"] = 1 }
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        let said = Classification(exemption: "ambulance")
        #expect(!Bench.isRefused(bench.money(.classify(.lane("south"), said, reason: "EMERGENCY"))))
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").text("exempt") == "ambulance")
        let other = PlateGrammar.parse("沪B12345", color: .blue)
        let stay = try bench.inside(other, minutes: 95)
        #expect(Bench.isRefused(bench.money(.classify(.stay(stay), said, reason: "EMERGENCY"))))
    }

    @Test func `a class that no tariff knows, and nothing at all, are refused`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        let lorry = Classification(vehicleClass: "lorry")
        guard case .refused(_, let why) = bench.money(.classify(.stay(stay), lorry, reason: "TEST")) else {
            return #expect(Bool(false), "taken")
        }
        #expect(why.contains("large"))
        #expect(Bench.isRefused(bench.money(.classify(.stay(stay), Classification(), reason: "TEST"))))
        #expect(bench.count("chargeClassified") == 0)
    }

    // MARK: Disputes

    @Test func `a vehicle whose charge is disputed goes, and nobody is after its debt`() throws {
        var bench = Bench {
            $0.arrears = .collect
            $0.laterLimit = Money(800)
        }
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(!Bench.isRefused(bench.money(.dispute(.lane("south"), reason: "DISPUTE"))))
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").text("outcome") == "owed")
        #expect(try bench.last("stayCharged").flag("disputed"))
        #expect(bench.book.debts[stay]?.isDisputed == true)
        #expect(bench.balance("assets.arrears") == 800)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
        // Neither asked for at the next exit nor counted against what it may owe.
        #expect(bench.book.arrears(of: try #require(Self.plate)).isEmpty)
        bench.bench.advance(.seconds(3_600))
        _ = try bench.inside(minutes: 50)
        bench.arrives()
        #expect(try bench.quotedDue() == 400)
        #expect(!Bench.isRefused(bench.money(.later(.lane("south")))))
    }

    @Test func `it ends with what was owed let off, in part or not at all`() throws {
        for (letOff, left) in [(Money?.none, Int64(0)), (Money(300), 500), (.zero, 800)] {
            var bench = Bench()
            let stay = try bench.inside(minutes: 95)
            bench.arrives()
            bench.money(.dispute(.stay(stay), reason: "DISPUTE"))
            bench.leaves()
            let tooMuch = MoneyOrder.settleDispute(stay, letOff: Money(801), reason: "GOODWILL")
            #expect(Bench.isRefused(bench.money(tooMuch)))
            let end = MoneyOrder.settleDispute(stay, letOff: letOff, reason: "GOODWILL")
            #expect(!Bench.isRefused(bench.money(end)))
            #expect(bench.balance("assets.arrears") == left)
            #expect(bench.balance("reductions.adjust.waiver.GOODWILL") == 800 - left)
            let rest = bench.book.arrears(of: try #require(Self.plate)).map(\.amount.minorUnits)
            #expect(rest == (left == 0 ? [] : [left]))
            #expect(bench.book.isBalanced)
            #expect(Bench.isRefused(bench.money(end)), "twice")
            for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
        }
    }

    @Test func `a debt of a vehicle that is gone can be disputed, a stay that owes nothing cannot`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.record([.closed(stay, .closed, bench.exit(), flags: [], nil)])
        let plate = try #require(Self.plate)
        #expect(bench.book.arrears(of: plate).count == 1)
        #expect(!Bench.isRefused(bench.money(.dispute(.plate(plate), reason: "DISPUTE"))))
        #expect(bench.book.arrears(of: plate).isEmpty)
        #expect(Bench.isRefused(bench.money(.dispute(.stay(stay), reason: "DISPUTE"))), "twice")
        #expect(Bench.isRefused(bench.money(.dispute(.stay(StayID(999)), reason: "DISPUTE"))))
        // Whoever pays it all the same has paid it.
        _ = bench.pays(800, lane: nil, stay: stay)
        #expect(bench.book.debts.isEmpty && bench.balance("assets.arrears") == 0)
    }

    @Test func `a dispute that is settled before the exit is over`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(.dispute(.stay(stay), reason: "DISPUTE"))
        bench.money(.settleDispute(stay, letOff: .zero, reason: "DISPUTE"))
        bench.arrives()
        #expect(!bench.isOpened)
    }

    // MARK: What is on record

    private static let li = Operator(channel: "socket", name: "li")

    @Test func `the records' keys are a contract`() throws {
        let day = try #require(CivilDate(year: 2026, month: 5, day: 6))
        let by = #""by":{"channel":"socket","name":"li"}"#
        let goldens: [(MoneyFact, String, String)] = [
            (
                .classified(
                    ClassifiedFact(
                        stay: StayID(7),
                        classification: Classification(
                            vehicleClass: "large", energy: .newEnergy, exemption: "ambulance", by: "li"),
                        reason: "READ_ERROR", by: Self.li, day: day)),
                "chargeClassified",
                #"{"stay":7,"class":"large","energy":"nev","exempt":"ambulance","said_by":"li","#
                    + #""reason":"READ_ERROR",\#(by),"day":"2026-05-06"}"#
            ),
            (
                .disputed(DisputeFact(stay: StayID(7), reason: "DISPUTE", by: Self.li)), "chargeDisputed",
                #"{"stay":7,"reason":"DISPUTE",\#(by)}"#
            ),
            (
                .disputeSettled(
                    DisputeEnd(stay: StayID(7), letOff: Money(300), reason: "GOODWILL", by: Self.li)),
                "disputeSettled",
                #"{"stay":7,"let_off":300,"reason":"GOODWILL",\#(by),"postings":["#
                    + #"{"account":"reductions.adjust.waiver.GOODWILL","amount":300},"#
                    + #"{"account":"assets.arrears","amount":-300}]}"#
            ),
        ]
        for (fact, kind, text) in goldens {
            #expect(fact.kind == kind && MoneyFact.kinds.contains(kind))
            let payload = Fact.money(fact).payload(inDrill: false)
            #expect(String(decoding: payload, as: UTF8.self) == text)
            let read = try MoneyChange(kind: kind, from: Fields(payload), record: Sequence(9))
            #expect(read == fact.change(Sequence(9)))
        }
    }
}
