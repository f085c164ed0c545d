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
        var best = bill(facts, by: board)
        guard facts.coupons.count < given.count else { return best }
        var savings: [String: Int64] = [:]
        for coupon in given where coupon.kind == .period {
            var free = facts
            free.billed = facts.billed.flatMap { Self.outside(coupon, $0) }
            let less = bill(free, by: board)
            guard let saved = saved((free, board, less), over: (facts, board, best)) else { continue }
            savings[coupon.id] = saved
            (facts, best) = (free, less)
        }
        let others = others(given, facts, board, best)
        if let other = others.best, (other.bill.owed, other.bill.fee) < (best.owed, best.fee) {
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
        _ given: [Coupon], _ facts: Facts, _ board: PriceBoard, _ own: Bill
    ) -> (best: Other?, leavesOut: Bool) {
        let held = facts.coupons.filter { $0.holds(at: facts.exit) }
        guard !held.contains(where: { $0.kind == .full }) else { return (nil, false) }
        var found: [Other] = []
        for coupon in given where coupon.holds(at: facts.exit) {
            guard case .tariff(let name) = coupon.kind,
                var other = prices.others.first(where: { $0.name == name })
            else { continue }
            // How many may stand together says the site's board.
            other.stacking = board.stacking
            var mine = facts
            // Where one coupon is all that a stay may have, this is it.
            if board.stacking == .bestOne { mine.coupons = [] }
            let less = bill(mine, by: other)
            guard let saved = saved((mine, other, less), over: (facts, board, own)) else { continue }
            found.append(Other(bill: less, coupon: coupon.id, saving: saved))
        }
        let best = found.min {
            ($0.bill.owed, $0.bill.fee, $0.coupon) < ($1.bill.owed, $1.bill.fee, $1.coupon)
        }
        let isOneTooMany = board.stacking == .bestOne && !held.isEmpty && !found.isEmpty
        return (best, found.count > 1 || isOneTooMany)
    }

    private typealias Way = (facts: Facts, board: PriceBoard, bill: Bill)

    /// The difference up to when it was paid for, where that was enough, and that of a new stay which began then; nil: none,
    /// or nobody can say.
    private func saved(_ one: Way, over other: Way) -> Int64? {
        guard !one.facts.isWithoutEntry || one.board.withoutEntry != nil else { return nil }
        let until = one.bill.paidUntil ?? one.facts.exit
        let (less, more) = (bare(one.facts, one.board, until), bare(other.facts, other.board, until))
        var all = max(0, more - less)
        if one.bill.hasNewStay, other.bill.hasNewStay { all += max(0, other.bill.owed - one.bill.owed) }
        // What was paid is enough with it and not without it.
        if one.bill.paidUntil != nil, other.bill.paidUntil == nil {
            all = min(all, max(0, other.bill.fee - one.bill.fee))
        }
        return all > 0 ? all : nil
    }

    /// Without what comes off a price, without payments and without what people changed.
    private func bare(_ facts: Facts, _ board: PriceBoard, _ until: Int64) -> Int64 {
        var bare = facts
        (bare.coupons, bare.payments, bare.changes) = ([], [], [])
        bare.exit = until
        bare.billed = facts.billed.map { $0.clamped(to: Int64.min..<max(until, facts.entry)) }.filter {
            !$0.isEmpty
        }
        return bill(bare, by: board).owed
    }

    private static func outside(_ coupon: Coupon, _ part: Range<Int64>) -> [Range<Int64>] {
        let from = max(part.lowerBound, min(coupon.from ?? .min, part.upperBound))
        let to = max(from, min(coupon.to ?? .max, part.upperBound))
        return [part.lowerBound..<from, to..<part.upperBound].filter { !$0.isEmpty }
    }
}
