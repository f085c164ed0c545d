// SPDX-License-Identifier: Apache-2.0

/// A unit of time that costs something, before caps.
struct ChargedUnit {
    var name: String
    /// The day on which its band starts.
    var date: CivilDate
    var bandCap: Money?
    var cycle: CycleName
    var span: TimeSpan
    var price: Money
}

/// Adds units up in time order, trimmed by the caps of band, cycle and stay one after the other (§4.3). A unit belongs to
/// the band and the cycle in which it starts.
struct ChargeTally {
    private(set) var gross = Money.zero
    private var units: [UnitsLine] = []
    /// Of the line under way.
    private var lineOf: (name: String, date: CivilDate, cycle: CycleName)?
    private var bands: [(name: String, date: CivilDate, left: Money, trimmed: Money)] = []
    private var cycles: [(name: CycleName, left: Money, trimmed: Money)] = []
    private let cycleCap: Money?
    private let carry: (cycle: CycleName, charged: Money)?
    private var stayLeft: Money?
    private var stayTrimmed = Money.zero

    init(_ rules: TariffRules, carry: (cycle: CycleName, charged: Money)?) {
        cycleCap = rules.cycle.cap
        stayLeft = rules.stayCap
        self.carry = carry
    }

    mutating func add(_ unit: ChargedUnit) throws(MoneyOverflow) {
        try note(unit)
        var rest = unit.price
        if let cap = unit.bandCap {
            let index = band(unit, cap)
            let kept = min(rest, bands[index].left)
            try bands[index].trimmed += rest - kept
            try bands[index].left -= kept
            rest = kept
        }
        if let cycleCap {
            let index = try cycle(unit.cycle, cycleCap)
            let kept = min(rest, cycles[index].left)
            try cycles[index].trimmed += rest - kept
            try cycles[index].left -= kept
            rest = kept
        }
        if let left = stayLeft {
            let kept = min(rest, left)
            try stayTrimmed += rest - kept
            stayLeft = try left - kept
            rest = kept
        }
        try gross += rest
    }

    /// Equal neighbours are one line.
    private mutating func note(_ unit: ChargedUnit) throws(MoneyOverflow) {
        if let last = units.indices.last, let lineOf, units[last].price == unit.price,
            units[last].span.end == unit.span.start, lineOf.name == unit.name, lineOf.date == unit.date,
            lineOf.cycle == unit.cycle
        {
            units[last].span.end = unit.span.end
            units[last].units += 1
            try units[last].amount += unit.price
        } else {
            units.append(
                UnitsLine(
                    band: unit.name, span: unit.span, units: 1, price: unit.price, amount: unit.price))
            lineOf = (unit.name, unit.date, unit.cycle)
        }
    }

    /// Only the newest one of a name can still grow.
    private mutating func band(_ unit: ChargedUnit, _ cap: Money) -> Int {
        if let index = bands.lastIndex(where: { $0.name == unit.name }), bands[index].date == unit.date {
            return index
        }
        bands.append((unit.name, unit.date, cap, .zero))
        return bands.count - 1
    }

    private mutating func cycle(_ name: CycleName, _ cap: Money) throws(MoneyOverflow) -> Int {
        if let last = cycles.indices.last, cycles[last].name == name { return last }
        let charged = carry.map { $0.cycle == name ? $0.charged : .zero } ?? .zero
        cycles.append((name, try max(.zero, cap - charged), .zero))
        return cycles.count - 1
    }

    var lines: [ChargeLine] {
        get throws(MoneyOverflow) {
            var lines: [ChargeLine] = units.map { .units($0) }
            for band in bands where band.trimmed > .zero {
                lines.append(.capBand(band.name, band.date, try -band.trimmed))
            }
            for cycle in cycles where cycle.trimmed > .zero {
                lines.append(.capCycle(cycle.name, try -cycle.trimmed))
            }
            if stayTrimmed > .zero { lines.append(.capStay(try -stayTrimmed)) }
            return lines
        }
    }
}
