// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What holds for any stay under tariffs that nobody thought of (`tariffs.md` §4.5); the worked tariffs are in
/// `PricingPropertyTests`, the amounts themselves the oracle's.
@Suite struct ChargeInvariantTests {
    private static let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)
    /// 2026-05-04, a Monday, 00:00 there: two weeks without a holiday in any calendar here.
    private static let monday: Int64 = 1_777_824_000

    /// SplitMix64: the same tariffs in every run.
    private struct Dice {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
        }

        mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }
        mutating func chance(_ parts: Int) -> Bool { below(parts) == 0 }
        mutating func price(_ limit: Int) -> Money { Money(Int64(below(limit))) }

        mutating func steps() -> Rate {
            var steps: [Step] = []
            if chance(2) {
                let unit = one(of: [15, 30, 60])
                steps.append(Step(uptoMinutes: 60, unitMinutes: unit, price: price(800)))
            }
            steps.append(Step(unitMinutes: one(of: [7, 30, 45, 60]), price: price(400)))
            return .steps(StepRate(steps: steps))
        }

        mutating func rate() -> Rate {
            switch below(6) {
            case 0: .free
            case 1: .visit(price(2000), per: .band)
            default: steps()
            }
        }

        /// Of rules under which a later exit never costs less and a cap can be told from outside.
        mutating func rules() -> TariffRules {
            var rules = TariffRules()
            if chance(2) {
                let cuts = (below(720), 720 + below(719))
                rules.pricing = .bands(
                    [("DAY", cuts.0, cuts.1), ("NIGHT", cuts.1, cuts.0)].compactMap { name, from, to in
                        DaySpan(fromMinute: from, toMinute: to).map {
                            Band(name: name, span: $0, rate: rate(), cap: chance(2) ? price(1500) : nil)
                        }
                    })
                rules.stepsAnchor = one(of: [.stay, .band])
            } else {
                rules.pricing = .one(steps())
            }
            if chance(2) {
                rules.cycle.kind = one(of: [.rolling, .naturalDay])
                rules.cycle.cap = price(3000)
                if chance(2) { rules.stepsAnchor = .cycle }
            }
            if chance(3) { rules.stayCap = price(6000) }
            if chance(3) { rules.free = FreeMinutes(minutes: below(90)) }
            rules.rounding.to = one(of: [1, 10, 50, 100])
            return rules
        }
    }

    private static let seeds = UInt64(1)...60

    private static func tariff(_ seed: UInt64) -> (Tariff, Dice) {
        var dice = Dice(state: seed)
        let rules = dice.rules()
        let tariff = Tariff(
            id: "t\(seed)", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        return (tariff, dice)
    }

    private static func price(_ tariff: Tariff, _ entry: Int64, _ exit: Int64) throws -> Charge {
        try tariff.price(StayFacts(entry: entry, exit: exit), in: zone)
    }

    private static func bytes(_ charge: Charge) -> [UInt8] {
        FieldWriter.object { charge.write(to: &$0, in: zone) }
    }

    @Test(arguments: seeds)
    func `P1 later exits, P5 lines, P6 bounds, P8 the same bytes`(_ seed: UInt64) throws {
        let made = Self.tariff(seed)
        let tariff = made.0
        var dice = made.1
        for _ in 0..<6 {
            let entry = Self.monday + Int64(dice.below(3 * 86_400))
            var last = Money.zero
            var exit = entry
            for _ in 0..<24 {
                exit += Int64(dice.below(9 * 3600))
                let charge = try Self.price(tariff, entry, exit)
                let (fee, gross) = (try #require(charge.fee), try #require(charge.gross))
                #expect(fee >= last, "P1: \(exit - entry) s from \(entry)")
                last = fee
                #expect(charge.lines.reduce(Int64(0)) { $0 + $1.amount.minorUnits } == charge.due?.minorUnits)
                #expect(fee >= .zero && fee <= gross, "P6: rounded down")
                #expect(fee.minorUnits % tariff.rules.rounding.to == 0)
                let again = try Self.price(tariff, entry, exit)
                #expect(Self.bytes(again) == Self.bytes(charge))
            }
        }
    }

    /// What a stay is charged within a band of one day, or a cycle, is what it costs more by going on from the begin of
    /// it to its end: units belong to where they start, and all of them do so before the edge.
    @Test(arguments: seeds) func `P4 no band, cycle or stay costs more than its cap`(_ seed: UInt64) throws {
        var (tariff, dice) = Self.tariff(seed)
        tariff.rules.free = nil
        let rules = tariff.rules
        for _ in 0..<6 {
            let entry = Self.monday + Int64(dice.below(86_400))
            let end = entry + Int64(dice.below(6 * 86_400))
            func gross(until exit: Int64) throws -> Int64 {
                guard exit > entry else { return 0 }
                return try #require(try Self.price(tariff, entry, min(exit, end)).gross).minorUnits
            }
            if let cap = rules.stayCap { #expect(try gross(until: end) <= cap.minorUnits) }
            if let cap = rules.cycle.cap, rules.cycle.kind != .none {
                let first = rules.cycle.kind == .rolling ? entry : Self.monday
                for start in stride(from: first, to: end, by: 86_400) {
                    #expect(try gross(until: start + 86_400) - gross(until: start) <= cap.minorUnits)
                }
            }
            guard case .bands(let bands) = rules.pricing else { continue }
            for band in bands {
                guard let cap = band.cap else { continue }
                for day in stride(from: Self.monday - 86_400, to: end, by: 86_400) {
                    let from = day + Int64(band.span.fromMinute) * 60
                    let to = day + Int64(band.span.endMinute) * 60
                    #expect(
                        try gross(until: to) - gross(until: from) <= cap.minorUnits,
                        "\(band.name) of \(day), stay from \(entry)")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func `P7 a stay of other days of the same type costs the same`(_ seed: UInt64) throws {
        let made = Self.tariff(seed)
        let tariff = made.0
        var dice = made.1
        for _ in 0..<10 {
            let entry = Self.monday + Int64(dice.below(86_400))
            let exit = entry + Int64(dice.below(2 * 86_400))
            let (today, tomorrow) = (
                try Self.price(tariff, entry, exit), try Self.price(tariff, entry + 86_400, exit + 86_400)
            )
            #expect(today.fee == tomorrow.fee && today.gross == tomorrow.gross)
        }
    }

    /// P2 says what nobody may rely on: here it comes about.
    @Test func `P2 entering later may cost more`() throws {
        var rules = TariffRules()
        var early = Special(id: "early", price: Money(600))
        early.entryBy = 9 * 60
        rules.specials = [early]
        rules.pricing = .one(.steps(StepRate(steps: [Step(unitMinutes: 60, price: Money(200))])))
        let tariff = Tariff(id: "e", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        let exit = Self.monday + 18 * 3600
        let before = try Self.price(tariff, Self.monday + 9 * 3600, exit).fee
        let after = try Self.price(tariff, Self.monday + 9 * 3600 + 1, exit).fee
        #expect(before == Money(600) && after == Money(1800))
    }
}
