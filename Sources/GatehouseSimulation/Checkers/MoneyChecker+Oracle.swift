// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What a question or a charge says of coupons.
struct SaidOfCoupons {
    var used: Set<String>
    /// What each of them took off; nil: it does not say.
    var savings: [String: Int64]?
    /// There are others, which do not go together with those.
    var leavesOut: Bool

    init(names: [String], _ charge: Fields) {
        used = Set(names)
        leavesOut = ((try? charge.strings("flags")) ?? []).contains("COUPON_NOT_STACKABLE")
    }

    init(uses: [Fields], _ charge: Fields) {
        let savings = uses.map { ($0.text("coupon") ?? "", $0.number("used") ?? 0) }
        self.init(names: savings.map(\.0), charge)
        self.savings = Dictionary(savings) { $0 + $1 }
    }

    func agrees(with bill: MoneyOracle.Bill) -> Bool {
        savings.map { $0 == bill.savings } ?? (used == Set(bill.savings.keys))
    }
}

/// What the board says of the stays on record.
extension MoneyChecker {
    /// What the oracle says of an unfinished stay; several where nobody can know what the gateway knows yet.
    /// - Parameter entry: nil: as recorded.
    func bills(
        _ id: Int64, from entry: Int64? = nil, exit: Int64, at second: Int64
    ) -> [MoneyOracle.Bill]? {
        guard let oracle, var stay = stays[id] else { return nil }
        stay.entry = entry ?? stay.entry
        var facts = MoneyOracle.Facts(entry: stay.entry, exit: exit)
        facts.isWithoutEntry = stay.isAtExit
        facts.isLarge = stay.isLarge
        facts.isNewEnergy = stay.isNewEnergy
        facts.payments = stay.payments.map { ($0.at, $0.amount) }
        facts.changes = stay.changes
        facts.coupons = coupons.choice(for: id, stay)
        // A guest's pass or minutes off, not both.
        if rights.isGuest(stay, until: exit) {
            facts.coupons.removeAll { if case .minutes = $0.kind { true } else { false } }
        }
        return rights.billed(stay, until: exit, at: second, convert: oracle.prices.convert).map {
            facts.billed = $0
            return oracle.bill(facts)
        }
    }

    /// The times that a record prices: those that are on record, and of several that may be meant those that cost least.
    func judge(
        _ times: PricedTimes, _ id: Int64, fee: Int64?, owed: Int64, _ coupons: SaidOfCoupons,
        at second: Int64
    ) -> String? {
        guard let stay = stays[id] else { return nil }
        let recorded = times.options[0]
        guard stay.isAtExit || recorded.entry == stay.entry else {
            return "is billed from \(recorded.entry) and came in at \(stay.entry)"
        }
        guard stay.instants.isEmpty || stay.instants.contains(recorded.exit) else {
            return "is billed to \(recorded.exit), when nobody saw or asked it"
        }
        let chosen = times.chosen
        guard let bills = bills(id, from: chosen.entry, exit: chosen.exit, at: second) else { return nil }
        guard bills.contains(where: { $0.owed == owed && (fee == nil || $0.fee == fee) }) else {
            return "costs \(fee ?? owed), \(owed) to be paid; the oracle \(bills[0].fee), \(bills[0].owed)"
        }
        guard bills.contains(where: coupons.agrees) else {
            let mine = bills[0].savings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let its = coupons.used.sorted().map { "\($0) \(coupons.savings?[$0].map { "\($0)" } ?? "")" }
            return "uses coupons \(its), the oracle \(mine)"
        }
        guard bills.contains(where: { $0.leavesOut == coupons.leavesOut }) else {
            return coupons.leavesOut
                ? "leaves out a coupon, of which there is none" : "leaves out a coupon without a word"
        }
        // Of one that ended before it began a person decides.
        guard bills.count == 1, recorded.exit >= recorded.entry else { return nil }
        for other in times.options {
            guard let its = self.bills(id, from: other.entry, exit: other.exit, at: second)?.first,
                (its.fee, its.owed) < (bills[0].fee, bills[0].owed)
            else { continue }
            return "is billed \(bills[0].fee) where \(its.fee) may be right"
        }
        return nil
    }

    /// Whoever waits may go: nothing is owed by any reading of what is known, or no more than a guard lets it pay later.
    func mayGo(_ id: Int64, at second: Int64) -> Bool {
        guard let stay = stays[id], !stay.isInDoubt else { return false }
        let later = max(0, stay.deferred ?? 0)
        return stay.isDisputed
            || bills(id, exit: second, at: second).map { $0.allSatisfy { $0.owed <= later } } ?? false
    }

    func plate(of stay: Int64) -> String? { stays[stay]?.plate }
}
