// SPDX-License-Identifier: Apache-2.0

extension Tariff {
    /// As they hold for a class: its own where it has some, at its prices.
    func rules(of vehicleClass: String) throws(MoneyOverflow) -> TariffRules {
        try (rulesOfClass[vehicleClass] ?? rules).scaled(for: vehicleClass)
    }
}

/// Prices and caps of one class of vehicle: each rounded once, half up (§4, 3; §7).
extension TariffRules {
    func scaled(for vehicleClass: String) throws(MoneyOverflow) -> TariffRules {
        guard let ratio = multipliers[vehicleClass] else { return self }
        var rules = self
        switch pricing {
        case .one(let rate): rules.pricing = .one(try rate.scaled(by: ratio))
        case .bands(let bands):
            var scaled = bands
            for index in scaled.indices {
                scaled[index].rate = try bands[index].rate.scaled(by: ratio)
                scaled[index].cap = try bands[index].cap.scaled(by: ratio)
            }
            rules.pricing = .bands(scaled)
        }
        rules.cycle.cap = try cycle.cap.scaled(by: ratio)
        rules.stayCap = try stayCap.scaled(by: ratio)
        for index in specials.indices { rules.specials[index].price = try ratio.of(specials[index].price) }
        return rules
    }

    /// What a stay without an entry costs (§6.6); nil where a person decides.
    package var noEntryAmount: Money? {
        switch noEntry {
        case .manual: nil
        case .fixed(let fixed): fixed
        case .firstStep: firstPrice
        case .cycleCap: cycle.cap
        }
    }

    /// Of the first step, for a stay without an entry; nil where that depends on when it was.
    private var firstPrice: Money? {
        guard case .one(.steps(let rate)) = pricing else { return nil }
        return rate.steps.first?.price
    }
}

extension Rate {
    fileprivate func scaled(by ratio: Fraction) throws(MoneyOverflow) -> Rate {
        switch self {
        case .steps(var rate):
            for index in rate.steps.indices {
                rate.steps[index].price = try ratio.of(rate.steps[index].price)
            }
            return .steps(rate)
        case .visit(let price, let scope): return .visit(try ratio.of(price), per: scope)
        case .table(var rows):
            for index in rows.indices { rows[index].total = try ratio.of(rows[index].total) }
            return .table(rows)
        case .free: return .free
        }
    }
}

extension Money? {
    fileprivate func scaled(by ratio: Fraction) throws(MoneyOverflow) -> Money? {
        guard let self else { return nil }
        return try ratio.of(self)
    }
}
