// SPDX-License-Identifier: Apache-2.0

/// Coupons that change what is priced instead of taking something off (`tariffs.md` §5, 9).
extension MoneyOracle {
    /// Time that is free for a while first, then the tariff that costs least, then what comes off a price by that tariff. A
    /// coupon that makes no difference is not used.
    func bill(_ facts: Facts) -> Bill {
        var facts = facts
        let given = facts.coupons
        facts.coupons = given.filter(\.kind.comesOffPrice)
        let board = board(for: facts)
        guard facts.coupons.count < given.count, var bare = bare(facts, by: board) else {
            return bill(facts, by: board)
        }
        var savings: [String: Int64] = [:]
        for coupon in given where coupon.kind == .period {
            var free = facts
            free.billed = facts.billed.flatMap { Self.outside(coupon, $0) }
            guard let less = self.bare(free, by: board), less < bare else { continue }
            savings[coupon.id] = bare - less
            (facts, bare) = (free, less)
        }
        var best = bill(facts, by: board)
        let others = others(given, facts, bare, board)
        if let other = others.best, (other.bill.fee, other.bill.owed) < (best.fee, best.owed) {
            best = other.bill
            savings[other.coupon] = other.saving
        }
        best.savings.merge(savings) { $1 }
        best.leavesOut = best.leavesOut || others.leavesOut
        return best
    }

    private struct Other {
        var bill: Bill
        var coupon: String
        var saving: Int64
    }

    /// What it would cost under the tariffs of coupons; beside one that makes all of it free nothing else is used.
    private func others(
        _ given: [Coupon], _ facts: Facts, _ bare: Int64, _ board: PriceBoard
    ) -> (best: Other?, leavesOut: Bool) {
        let held = facts.coupons.filter { $0.holds(at: facts.exit) }
        guard !held.contains(where: { $0.kind == .full }) else { return (nil, false) }
        var found: [Other] = []
        for coupon in given where coupon.holds(at: facts.exit) {
            guard case .tariff(let name) = coupon.kind,
                let other = prices.others.first(where: { $0.name == name }),
                let less = self.bare(facts, by: other), less < bare
            else { continue }
            var mine = facts
            // Where one coupon is all that a stay may have, this is it.
            if board.stacking == .bestOne { mine.coupons = [] }
            found.append(Other(bill: bill(mine, by: other), coupon: coupon.id, saving: bare - less))
        }
        let best = found.min {
            ($0.bill.fee, $0.bill.owed, $0.coupon) < ($1.bill.fee, $1.bill.owed, $1.coupon)
        }
        let isOneTooMany = board.stacking == .bestOne && !held.isEmpty && !found.isEmpty
        return (best, found.count > 1 || isOneTooMany)
    }

    /// Without what comes off a price and without payments; nil: nobody can say.
    private func bare(_ facts: Facts, by board: PriceBoard) -> Int64? {
        guard !facts.isWithoutEntry || board.withoutEntry != nil else { return nil }
        var bare = facts
        (bare.coupons, bare.payments) = ([], [])
        return bill(bare, by: board).fee
    }

    private static func outside(_ coupon: Coupon, _ part: Range<Int64>) -> [Range<Int64>] {
        let from = max(part.lowerBound, min(coupon.from ?? .min, part.upperBound))
        let to = max(from, min(coupon.to ?? .max, part.upperBound))
        return [part.lowerBound..<from, to..<part.upperBound].filter { !$0.isEmpty }
    }
}
