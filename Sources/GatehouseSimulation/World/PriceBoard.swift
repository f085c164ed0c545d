// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What hangs at the gate of an estate that charges. The gateway reads it as a tariff (`tariff`), the judges as a
/// resident would (`MoneyOracle`); neither reads what the other made of it.
struct PriceBoard: Hashable, Sendable {
    enum Rate: Hashable, Sendable {
        /// The first minutes at a price of their own, then so much for each begun unit.
        case units(first: First?, minutes: Int, price: Int64)
        /// Once in the hours or, without hours, once in the period.
        case visit(Int64)
        /// By the length of the stay in the period; the last row has no end.
        case rows([Row])
    }

    struct First: Hashable, Sendable {
        var minutes: Int
        var price: Int64
    }

    struct Row: Hashable, Sendable {
        var uptoMinutes: Int?
        var total: Int64
    }

    /// Minutes of the day; those that end before they begin run into the next day.
    struct Hours: Hashable, Sendable {
        var name: String
        var from: Int
        var to: Int
        var rate: Rate
        var cap: Int64?
    }

    struct Free: Hashable, Sendable {
        var minutes: Int
        /// Kept by whoever stays longer.
        var isKept = false
        /// "Less than" instead of "up to".
        var isBelow = false
        /// Once in each period, not once in each stay.
        var isOfPeriod = false
    }

    enum Period: Hashable, Sendable {
        case none
        /// 24 hours from the entry, again and again.
        case rolling
        /// From midnight to midnight.
        case naturalDay
    }

    /// What the time is that somebody who paid stays beyond the minutes that he has to leave.
    enum Overtime: Hashable, Sendable { case goesOn, newFromPayment, newFromGraceEnd }

    /// Of several coupons for one stay.
    enum Stacking: Hashable, CaseIterable {
        case all
        /// The one with which it costs least.
        case bestOne
        /// The largest of each kind.
        case onePerKind
    }

    var name: String
    var free: Free
    /// One rate at all times, or one for each of the hours.
    var rates: [Hours]
    var period: Period
    var periodCap: Int64?
    var graceMinutes = 15
    var overtime = Overtime.goesOn
    /// A begun minute of the stay does not count.
    var countsWholeMinutes = false
    /// For vehicles with green plates.
    var newEnergyMinutes = 0
    var newEnergyPercentOff: UInt8 = 0
    /// For whoever was not seen to come in; nil: a guard decides.
    var withoutEntry: Int64?
    /// To the nearest so many fen.
    var roundsTo: Int64 = 1
    var stacking = Stacking.all

    var hasHours: Bool { rates.count > 1 }

    /// All day; where only one rate is, its hours do not matter.
    static func always(_ rate: Rate) -> [Hours] { [Hours(name: "ALL", from: 0, to: 1440, rate: rate)] }

    /// Everything dearer by so many fen: the next version.
    func dearer(by more: Int64) -> PriceBoard {
        var board = self
        for index in board.rates.indices { board.rates[index].rate = rates[index].rate.dearer(by: more) }
        return board
    }
}

extension PriceBoard.Rate {
    func dearer(by more: Int64) -> PriceBoard.Rate {
        switch self {
        case .units(let first, let minutes, let price):
            .units(
                first: first.map { .init(minutes: $0.minutes, price: $0.price + more) }, minutes: minutes,
                price: price + more)
        case .visit(let price): .visit(price + more)
        case .rows(let rows): .rows(rows.map { .init(uptoMinutes: $0.uptoMinutes, total: $0.total + more) })
        }
    }
}

extension PriceBoard {
    /// One of each shape that a community meets.
    static let all: [PriceBoard] = [
        PriceBoard(
            name: "half-hours", free: Free(minutes: 30),
            rates: always(.units(first: nil, minutes: 30, price: 200)), period: .rolling, periodCap: 2000),
        PriceBoard(
            name: "first-hour", free: Free(minutes: 15, isKept: true),
            rates: always(.units(first: First(minutes: 60, price: 500), minutes: 30, price: 155)),
            period: .rolling, periodCap: 2400, countsWholeMinutes: true, newEnergyMinutes: 60,
            newEnergyPercentOff: 50, roundsTo: 10),
        PriceBoard(
            name: "day-and-night", free: Free(minutes: 20),
            rates: [
                Hours(
                    name: "DAY", from: 420, to: 1260, rate: .units(first: nil, minutes: 30, price: 150),
                    cap: 1000),
                Hours(name: "NIGHT", from: 1260, to: 420, rate: .visit(300)),
            ], period: .none, graceMinutes: 20, overtime: .newFromPayment),
        PriceBoard(
            name: "visit", free: Free(minutes: 10, isBelow: true), rates: always(.visit(500)),
            period: .naturalDay, overtime: .newFromGraceEnd, newEnergyPercentOff: 33, withoutEntry: 1000),
        PriceBoard(
            name: "natural-day", free: Free(minutes: 30, isOfPeriod: true),
            rates: always(.units(first: nil, minutes: 60, price: 300)), period: .naturalDay, periodCap: 1500
        ),
        PriceBoard(
            name: "table", free: Free(minutes: 15),
            rates: always(
                .rows([
                    Row(uptoMinutes: 60, total: 200), Row(uptoMinutes: 240, total: 500), Row(total: 1200),
                ])), period: .rolling, overtime: .newFromGraceEnd),
    ]
}

extension PriceBoard {
    /// Cheap for hours, and without an end for whoever stays for days.
    static let ofGuests = PriceBoard(
        name: "guests", free: Free(minutes: 10),
        rates: always(.units(first: nil, minutes: 60, price: 150)), period: .none)
    static let ofStaff = PriceBoard(
        name: "staff", free: Free(minutes: 5), rates: always(.visit(400)), period: .naturalDay,
        overtime: .newFromPayment)
}

// MARK: As the gateway reads it

extension PriceBoard {
    func tariff(version: Int, zone: String, convert: QuotaRule.Convert) -> Tariff {
        var rules = TariffRules()
        rules.clock = countsWholeMinutes ? .elapsedFloor : .second
        var minutes = FreeMinutes(minutes: free.minutes)
        minutes.isDeducted = free.isKept
        minutes.boundary = free.isBelow ? .exclusive : .inclusive
        minutes.scope = free.isOfPeriod ? .cycle : .stay
        rules.free = minutes
        rules.pricing = pricing
        switch period {
        case .none: break
        case .rolling: rules.cycle.kind = .rolling
        case .naturalDay: rules.cycle.kind = .naturalDay
        }
        rules.cycle.cap = periodCap.map { Money($0) }
        rules.multipliers["large"] = Fraction(3, over: 2)
        rules.discounts = discounts
        rules.noEntry = withoutEntry.map { .fixed(Money($0)) } ?? .manual
        rules.rounding.to = roundsTo
        rules.rounding.mode = .halfUp
        var grace = PayGrace(minutes: graceMinutes)
        switch overtime {
        case .goesOn: break
        case .newFromPayment: grace.overtime = .newFromPayment
        case .newFromGraceEnd: grace.overtime = .newFromGraceEnd
        }
        rules.payGrace = grace
        rules.quota.convert = convert
        switch stacking {
        case .all: rules.coupons.stack = .all
        case .bestOne: rules.coupons.stack = .bestOne
        case .onePerKind: rules.coupons.stack = .onePerKind
        }
        return Tariff(id: name, version: version, currency: "CNY", zone: zone, rules: rules)
    }

    private var pricing: Pricing {
        guard hasHours else { return .one(rates.first.map { form($0.rate) } ?? .free) }
        return .bands(
            rates.compactMap { hours in
                DaySpan(fromMinute: hours.from, toMinute: hours.to).map {
                    Band(
                        name: hours.name, span: $0, rate: form(hours.rate), cap: hours.cap.map { Money($0) })
                }
            })
    }

    private func form(_ rate: Rate) -> GatehouseCore.Rate {
        switch rate {
        case .units(let first, let minutes, let price):
            let further = Step(unitMinutes: minutes, price: Money(price))
            let begin = first.map {
                Step(uptoMinutes: $0.minutes, unitMinutes: $0.minutes, price: Money($0.price))
            }
            return .steps(StepRate(steps: [begin, further].compactMap { $0 }))
        case .visit(let price): return .visit(Money(price), per: hasHours ? .band : .cycle)
        case .rows(let rows):
            return .table(rows.map { TableRow(uptoMinutes: $0.uptoMinutes, total: Money($0.total)) })
        }
    }

    private var discounts: [Discount] {
        var match = VehicleMatch()
        match.energy = .newEnergy
        var result: [Discount] = []
        if newEnergyMinutes > 0 {
            result.append(Discount(id: "nev-head", when: match, kind: .minutes(newEnergyMinutes, .head)))
        }
        if newEnergyPercentOff > 0 {
            result.append(Discount(id: "nev-part", when: match, kind: .percent(newEnergyPercentOff)))
        }
        return result
    }
}
