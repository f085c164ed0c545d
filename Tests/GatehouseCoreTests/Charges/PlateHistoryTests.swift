// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What earlier stays of a plate mean for its next.
struct PlateHistoryTests {
    private typealias Bench = ChargeBench

    private func bench(sharesCaps: Bool = false, _ rules: (inout TariffRules) -> Void) -> Bench {
        let edition = Bench.edition(rules)
        return Bench {
            $0.editions = [edition]
            $0.sharesCaps = sharesCaps
        }
    }

    /// Inside for so many minutes, and out; what it cost.
    private func visit(_ bench: inout Bench, minutes: Int) throws -> Int64 {
        let before = bench.count("stayCharged")
        let stay = try bench.enters()
        bench.bench.advance(.seconds(minutes * 60))
        bench.record([.closed(stay, .closed, bench.exit(), flags: [], nil)])
        #expect(bench.count("stayCharged") == before + 1)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
        return try #require(try bench.last("stayCharged").object("charge").number("fee"))
    }

    @Test func `a tariff that asks for nothing earlier remembers nobody`() throws {
        var bench = bench { _ in }
        #expect(try visit(&bench, minutes: 20) == 0)
        #expect(try visit(&bench, minutes: 20) == 0)
        #expect(bench.book.histories.count == 0)
        #expect(try bench.last("stayCharged").has("history") == false)
    }

    @Test func `free time of the day's first visit is not given twice, and again the next day`() throws {
        var bench = bench { $0.free?.scope = .firstOfDay }
        #expect(try visit(&bench, minutes: 20) == 0)
        bench.bench.advance(.seconds(600))
        #expect(try visit(&bench, minutes: 20) == 200)
        bench.bench.advance(.seconds(86_400))
        #expect(try visit(&bench, minutes: 20) == 0)
    }

    @Test func `free time that was lost by staying longer was not used`() throws {
        var bench = bench { $0.free?.scope = .firstOfDay }
        #expect(try visit(&bench, minutes: 40) == 400)
        bench.bench.advance(.seconds(600))
        #expect(try visit(&bench, minutes: 20) == 0)
    }

    @Test func `a discount once a day is given once`() throws {
        var bench = bench {
            $0.free = nil
            $0.discounts = [
                Discount(id: "half", when: VehicleMatch(), kind: .percent(50), isOnceADay: true)
            ]
        }
        #expect(try visit(&bench, minutes: 60) == 200)
        #expect(try bench.last("stayCharged").object("history").strings("discounts") == ["half"])
        bench.bench.advance(.seconds(600))
        #expect(try visit(&bench, minutes: 60) == 400)
    }

    @Test func `minutes once a day are given once`() throws {
        var bench = bench {
            $0.free = nil
            $0.discounts = [
                Discount(id: "2h", when: VehicleMatch(), kind: .minutes(120, .head), isOnceADay: true)
            ]
        }
        #expect(try visit(&bench, minutes: 60) == 0)
        bench.bench.advance(.seconds(600))
        #expect(try visit(&bench, minutes: 60) == 400)
    }

    @Test func `who comes back soon goes on with the stay before`() throws {
        var bench = bench { $0.reentryWithinMinutes = 30 }
        #expect(try visit(&bench, minutes: 95) == 800)
        bench.bench.advance(.seconds(600))
        // 95 + 10 + 10 minutes, four begun half hours: nothing more.
        #expect(try visit(&bench, minutes: 10) == 800)
        #expect(try bench.last("stayCharged").object("charge").strings("flags").contains("REENTRY_MERGED"))
        #expect(try bench.last("stayCharged").number("owed") == 0)
        bench.bench.advance(.seconds(600))
        // 125 and 30 more: two more begun half hours, above what was charged.
        _ = try visit(&bench, minutes: 30)
        #expect(try bench.last("stayCharged").number("owed") == 400)
        #expect(bench.balance("income.common.temp_parking") == -1_200)
        #expect(bench.book.isBalanced)
        bench.bench.advance(.seconds(3_600))
        #expect(try visit(&bench, minutes: 10) == 0)
    }

    @Test func `a cap holds for all visits of a day together where the site says so`() throws {
        for (isShared, second) in [(true, 200), (false, 800)] {
            var bench = bench(sharesCaps: isShared) {
                $0.cycle.kind = .naturalDay
                $0.cycle.cap = Money(1_000)
            }
            #expect(try visit(&bench, minutes: 95) == 800)
            bench.bench.advance(.seconds(600))
            #expect(try visit(&bench, minutes: 95) == Int64(second), "\(isShared)")
            bench.bench.advance(.seconds(86_400))
            #expect(try visit(&bench, minutes: 95) == 800)
        }
    }

    @Test func `a rolling cap is shared from the first visit on, and no longer than its period`() throws {
        var bench = bench(sharesCaps: true) {
            $0.cycle.kind = .rolling
            $0.cycle.minutes = 240
            $0.cycle.cap = Money(1_000)
        }
        #expect(try visit(&bench, minutes: 95) == 800)
        bench.bench.advance(.seconds(600))
        #expect(try visit(&bench, minutes: 95) == 200)
        // 200 minutes after the first entry; four hours after it a new period begins.
        #expect(try bench.last("stayCharged").object("history").number("cap_charged") == 1_000)
        bench.bench.advance(.seconds(3_600))
        #expect(try visit(&bench, minutes: 95) == 800)
    }

    @Test func `a stay that goes on is rated as the one before was, and not twice under one cap`() throws {
        var bench = bench(sharesCaps: true) {
            $0.free?.scope = .firstOfDay
            $0.reentryWithinMinutes = 15
            $0.cycle.kind = .naturalDay
            $0.cycle.cap = Money(1_000)
        }
        #expect(try visit(&bench, minutes: 20) == 0)
        bench.bench.advance(.seconds(120))
        // 27 minutes in all: one stay within its free time.
        #expect(try visit(&bench, minutes: 5) == 0)
        bench.bench.advance(.seconds(3_600))
        #expect(try visit(&bench, minutes: 95) == 800)
        bench.bench.advance(.seconds(600))
        // 110 minutes in all, and the cap is not used up by their own first part.
        #expect(try visit(&bench, minutes: 5) == 800)
        bench.bench.advance(.seconds(3_600))
        #expect(try visit(&bench, minutes: 95) == 200)
    }

    @Test func `the rehearsal of the same tariff gives the same fees`() throws {
        let rules: (inout TariffRules) -> Void = {
            $0.free?.scope = .firstOfDay
            $0.reentryWithinMinutes = 15
            $0.cycle.kind = .naturalDay
            $0.cycle.cap = Money(1_000)
        }
        var bench = bench(sharesCaps: true, rules)
        for (minutes, pause) in [(20, 30), (95, 10), (5, 60), (95, 1_440), (20, 1)] {
            _ = try visit(&bench, minutes: minutes)
            bench.bench.advance(.seconds(pause * 60))
        }
        var fold = RehearsalFold(Bench.edition(rules).tariff, in: Bench.zone)
        for record in bench.bench.records where RehearsalFold.kinds.contains(record.kind) {
            fold.fold(StoredRecord(record))
        }
        let result = fold.finish()
        #expect(result.all.stays == 5 && result.all.same == 5)
        #expect(result.all.before > .zero)
    }

    @Test func `a history's keys are a contract`() throws {
        var history = PlateHistory(
            day: CivilDate(year: 2026, month: 5, day: 6) ?? CivilDate(daysSince1970: 0),
            previous: PreviousStay(entry: 1, exit: 2, charged: Money(300)), until: 4)
        history.isFreeUsed = true
        history.discounts = ["half"]
        history.told.isFreeUsed = true
        for (carry, keys) in [
            (CapCarry.day(history.day, charged: Money(5)), #""cap_day":"2026-05-06","cap_charged":5,"#),
            (.anchor(6, charged: Money(5)), #""cap_from_s":6,"cap_charged":5,"#),
        ] {
            history.carry = carry
            let written = FieldWriter.object(history.write)
            #expect(
                String(decoding: written, as: UTF8.self)
                    == #"{"day":"2026-05-06","free_used":true,"discounts":["half"],"# + keys
                    + #""entry_s":1,"exit_s":2,"charged":300,"told":{"free_used":true},"until_s":4}"#)
            #expect(try PlateHistory(from: Fields(written)) == history)
        }
    }

    // MARK: How many

    private func history(exit: Int64, until: Int64) -> PlateHistory {
        PlateHistory(
            day: CivilDate(daysSince1970: 0),
            previous: PreviousStay(entry: 0, exit: exit, charged: .zero), until: until)
    }

    private func plate(_ number: Int) throws -> Plate { try #require(Plate.temporaryCode(number)) }

    @Test func `beyond its limit those whose stay ended longest ago are forgotten`() throws {
        var histories = PlateHistories()
        for number in 0..<PlateHistories.most {
            _ = histories.take(history(exit: Int64(number), until: .max), of: try plate(number), at: 0)
        }
        let rows = histories.take(
            history(exit: Int64(PlateHistories.most), until: .max), of: try plate(PlateHistories.most), at: 0)
        #expect(histories.count == PlateHistories.most)
        let (first, second) = (try plate(0), try plate(1))
        #expect(histories[first] == nil && histories[second] != nil)
        #expect(rows.count == 2 && rows.last?.value == nil)
    }

    @Test func `who is not asked for any more is forgotten at the next charge`() throws {
        var histories = PlateHistories()
        _ = histories.take(history(exit: 10, until: 100), of: try plate(1), at: 10)
        _ = histories.take(history(exit: 20, until: 900), of: try plate(2), at: 100)
        #expect(histories.count == 2)
        _ = histories.take(history(exit: 30, until: 900), of: try plate(3), at: 101)
        let first = try plate(1)
        #expect(histories[first] == nil && histories.count == 2)
    }
}
