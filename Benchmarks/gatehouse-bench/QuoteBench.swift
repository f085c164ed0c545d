// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore

/// Quotes a second for a stay of a day and one of thirty, under that worked tariff which takes longest; beside them a
/// bare walk along the same minutes, which is what a price costs at least that asks each of them once. A B A B.
struct QuoteBench {
    private static let days = [1, 30]
    private static let rounds = 5
    private static let slice = Duration.milliseconds(150)
    /// 2026-05-06T07:41:17+08:00, a Wednesday.
    private static let entry: Int64 = 1_778_024_477
    private let cases: [TariffCasesFile.Case]

    init(examples: String) throws {
        let file = TariffCasesFile.load(path: examples)
        guard !file.issues.hasErrors, !file.cases.isEmpty else {
            throw BenchFailure(words: file.issues.map(\.text).joined(separator: "\n"))
        }
        cases = file.cases
    }

    func run() throws {
        let hardest = try hardest()
        var rates: [[Double]] = Self.days.map { _ in [] }
        var walks = rates
        for _ in 0..<Self.rounds {
            for (index, days) in Self.days.enumerated() {
                rates[index].append(try perSecond { try Self.quote(hardest, days: days) })
                walks[index].append(try perSecond { Self.walk(minutes: days * 1440) })
            }
        }
        for (index, days) in Self.days.enumerated() {
            let ratios = zip(rates[index], walks[index]).map { $0 / $1 }.sorted()
            let (rate, walk) = (rates[index].sorted(), walks[index].sorted())
            let lines = try Self.quote(hardest, days: days)
            GatehouseBench.say(
                "FIGURE case=\(hardest.id) days=\(days) lines=\(lines) quotes_s=\(Int(rate[rate.count / 2])) "
                    + "walks_s=\(Int(walk[walk.count / 2])) ratio=\(StepsBench.text(ratios[ratios.count / 2]))"
            )
        }
    }

    private func hardest() throws -> TariffCasesFile.Case {
        var slowest: (one: TariffCasesFile.Case, rate: Double)?
        for one in cases where try Self.quote(one, days: 30) > 0 {
            let clock = ContinuousClock.now
            for _ in 0..<5 { _ = try Self.quote(one, days: 30) }
            let rate = 5 / Double((ContinuousClock.now - clock).inNanoseconds)
            if rate < slowest?.rate ?? .infinity { slowest = (one, rate) }
        }
        guard let slowest else { throw BenchFailure(words: "no example prices a stay of thirty days") }
        return slowest.one
    }

    /// Lines of the bill; 0 when there is none.
    private static func quote(_ one: TariffCasesFile.Case, days: Int) throws -> Int {
        let facts = StayFacts(entry: entry, exit: entry + Int64(days) * 86_400 - 1234)
        let charge = try one.tariff.price(facts, in: one.zone)
        return charge.due == nil ? 0 : charge.lines.count
    }

    /// Two prices by the time of day and a cap a day.
    private static func walk(minutes: Int) -> Int {
        var (sum, today, minute) = (0, 0, Int(entry / 60 + 480) % 1440)
        for _ in 0..<minutes {
            today = min(today + (minute >= 420 && minute < 1260 ? 7 : 3), 4000)
            minute += 1
            if minute == 1440 {
                sum += today
                (today, minute) = (0, 0)
            }
        }
        return sum + today
    }

    private func perSecond(_ work: () throws -> Int) throws -> Double {
        var (count, sum) = (0, 0)
        let start = ContinuousClock.now
        repeat {
            for _ in 0..<4 { sum &+= try work() }
            count += 4
        } while ContinuousClock.now - start < Self.slice
        let seconds = Double((ContinuousClock.now - start).inNanoseconds) / 1e9
        guard sum >= 0 else { throw BenchFailure(words: "a price below nothing") }
        return Double(count) / seconds
    }
}
