// SPDX-License-Identifier: Apache-2.0

/// What a stay costs by the board at the gate: second by second, with nothing of the engine's.
struct MoneyOracle: Sendable {
    /// What is known of a stay. Instants are seconds since 1970.
    struct Facts {
        var entry: Int64
        var exit: Int64
        /// First seen at the exit.
        var isWithoutEntry = false
        var isLarge = false
        var isNewEnergy = false
        /// When nothing covers it, in order.
        var billed: [Range<Int64>] = []
        var payments: [(at: Int64, amount: Int64)] = []
        var changes: [Change] = []
        /// That it may be reckoned with, in the order in which they were given.
        var coupons: [Coupon] = []

        init(entry: Int64, exit: Int64) {
            self.entry = entry
            self.exit = exit
            if exit > entry { billed = [entry..<exit] }
        }
    }

    /// By a person.
    enum Change: Hashable { case by(Int64), to(Int64) }

    struct Coupon: Hashable {
        enum Kind: Hashable {
            case minutes(Int64), amount(Int64), percent(Int64), full
            /// Priced by another board, of this name.
            case tariff(String)
            /// Free as long as it holds.
            case period
        }

        var id: String
        var kind: Kind
        /// Seconds since 1970, half open; nil: without an end.
        var from: Int64?
        var to: Int64?

        func holds(at second: Int64) -> Bool { (from ?? .min) <= second && second < (to ?? .max) }
    }

    struct Bill: Hashable {
        var fee: Int64
        /// Nothing of earlier stays.
        var owed: Int64
        /// What each coupon took off, by its number; nothing of those that saved nothing.
        var savings: [String: Int64] = [:]
        /// It says that there are coupons which do not go together with those.
        var leavesOut = false
        /// The last payment, which was enough for the time before it.
        var paidUntil: Int64?
        /// Some of it is for a stay that began after that.
        var hasNewStay = false
    }

    /// A stretch of time priced.
    fileprivate struct Price {
        var fee: Int64 = 0
        var savings: [String: Int64] = [:]
        var leavesOut = false
    }

    let prices: EstatePrices

    /// The one that hangs there, by the site's rule for vehicles that were inside when it changed.
    func board(for facts: Facts) -> PriceBoard {
        let at = prices.changesAtExit || facts.isWithoutEntry ? facts.exit : facts.entry
        return at >= prices.changesAt ? prices.next : prices.board
    }

    /// By one board, with coupons that take something off.
    func bill(_ facts: Facts, by board: PriceBoard) -> Bill {
        if facts.isWithoutEntry {
            let paid = facts.payments.reduce(0) { $0 + $1.amount }
            return settle(Price(fee: board.withoutEntry ?? 0), paid: paid, most: nil, facts.changes)
        }
        // A clock that stepped back: a person decides, nothing is asked.
        guard facts.exit >= facts.entry else { return settle(Price(), paid: 0, most: nil, facts.changes) }
        let reader = BoardReader(board: board, zoneOffset: Int64(prices.zoneOffset), facts: facts)
        let paid = facts.payments.reduce(0) { $0 + $1.amount }
        let whole = reader.price(facts.entry, facts.exit, isFirst: true)
        guard let last = facts.payments.map(\.at).max() else {
            return settle(whole, paid: 0, most: nil, facts.changes)
        }
        let covered = reader.price(
            facts.entry, max(facts.entry, min(last, facts.exit)), isFirst: true)
        let graceEnd = last + Int64(reader.board.graceMinutes) * 60
        guard paid >= covered.fee else { return settle(whole, paid: paid, most: nil, facts.changes) }
        let paidUntil = max(facts.entry, min(last, facts.exit))
        if facts.exit <= graceEnd {
            var bill = settle(covered, paid: paid, most: nil, facts.changes)
            bill.paidUntil = paidUntil
            return bill
        }
        let start: Int64
        switch reader.board.overtime {
        case .goesOn: return settle(whole, paid: paid, most: nil, facts.changes)
        case .newFromPayment: start = last
        case .newFromGraceEnd: start = graceEnd
        }
        let more = reader.price(start, facts.exit, isFirst: false)
        // What was paid too much then is given back, and pays for no new stay.
        var bill = settle(
            Price(fee: covered.fee + more.fee, savings: covered.savings), paid: paid, most: covered.fee,
            facts.changes)
        (bill.paidUntil, bill.hasNewStay) = (paidUntil, true)
        return bill
    }

    private func settle(_ price: Price, paid: Int64, most: Int64?, _ changes: [Change]) -> Bill {
        var asked = price.fee
        for change in changes {
            switch change {
            case .by(let amount): asked = max(0, asked + amount)
            case .to(let amount): asked = amount
            }
        }
        return Bill(
            fee: price.fee, owed: asked - min(paid, asked, most ?? asked), savings: price.savings,
            leavesOut: price.leavesOut)
    }
}

/// One board, read for one stay.
private struct BoardReader {
    let board: PriceBoard
    let zoneOffset: Int64
    let facts: MoneyOracle.Facts

    /// A stay from one instant to another. `isFirst`: it has the free minutes, and coupons.
    func price(_ from: Int64, _ to: Int64, isFirst: Bool) -> MoneyOracle.Price {
        let end = board.countsWholeMinutes ? from + (to - from) / 60 * 60 : to
        guard end > from else { return MoneyOracle.Price() }
        var parts = facts.billed.map { $0.clamped(to: from..<end) }.filter { !$0.isEmpty }
        var given: Int64 = 0
        if isFirst { (parts, given) = withoutFree(parts, anchor: from) }
        guard !parts.isEmpty else { return MoneyOracle.Price() }
        let time = Time(parts: parts, given: given, anchor: from, whole: walk(parts, anchor: from))
        let choice = CouponChoice(
            held: isFirst ? facts.coupons.filter { $0.holds(at: end) } : [], stacking: board.stacking)
        let used = choice.used { price(time, with: [$0]).fee }
        var result = price(time, with: used)
        result.leavesOut = choice.isFlagged(using: used)
        return result
    }

    /// What is paid for.
    private struct Time {
        var parts: [Range<Int64>]
        /// Seconds that are free and off already.
        var given: Int64
        var anchor: Int64
        /// What it costs without reductions.
        var whole: Int64
    }

    private func price(_ time: Time, with coupons: [MoneyOracle.Coupon]) -> MoneyOracle.Price {
        var price = MoneyOracle.Price()
        price.fee = takeMinutes(coupons, off: time, &price.savings)
        if facts.isNewEnergy { price.fee = (price.fee * (100 - Int64(board.newEnergyPercentOff)) + 50) / 100 }
        take(coupons, off: &price)
        price.fee = rounded(price.fee)
        price.savings = price.savings.filter { $0.value > 0 }
        return price
    }

    /// Those of new energy and those of coupons after them, from the front.
    private func takeMinutes(
        _ coupons: [MoneyOracle.Coupon], off time: Time, _ savings: inout [String: Int64]
    ) -> Int64 {
        // Minutes that are free already are not given twice.
        let own = facts.isNewEnergy ? max(0, Int64(board.newEnergyMinutes) * 60 - time.given) : 0
        func fee(without seconds: Int64) -> Int64 {
            guard seconds > 0 else { return time.whole }
            return min(time.whole, walk(Self.withoutFirst(seconds, of: time.parts), anchor: time.anchor))
        }
        let minutes = coupons.compactMap { coupon -> (String, Int64)? in
            if case .minutes(let its) = coupon.kind { (coupon.id, its) } else { nil }
        }
        let sum = minutes.reduce(0) { $0 + $1.1 }
        let rest = fee(without: own + sum * 60)
        guard let first = minutes.first else { return rest }
        // Shared by their minutes; what that leaves is the first one's.
        let saved = max(0, fee(without: own) - rest)
        for (id, its) in minutes { savings[id] = saved * its / sum }
        savings[first.0, default: 0] += saved - savings.values.reduce(0, +)
        return rest
    }

    /// Percentages before amounts; no change is given.
    private func take(_ coupons: [MoneyOracle.Coupon], off price: inout MoneyOracle.Price) {
        for takesAmounts in [false, true] {
            for coupon in coupons {
                let before = price.fee
                switch coupon.kind {
                case .percent(let part) where !takesAmounts:
                    price.fee = (price.fee * (100 - part) + 50) / 100
                case .full where !takesAmounts: price.fee = 0
                case .amount(let amount) where takesAmounts: price.fee -= min(amount, price.fee)
                default: continue
                }
                price.savings[coupon.id] = before - price.fee
            }
        }
    }

    private func rounded(_ fee: Int64) -> Int64 {
        (fee + board.roundsTo / 2) / board.roundsTo * board.roundsTo
    }

    private func withoutFree(_ parts: [Range<Int64>], anchor: Int64) -> ([Range<Int64>], given: Int64) {
        let free = Int64(board.free.minutes) * 60
        var pieces = parts
        if board.free.isOfPeriod {
            pieces = []
            for part in parts { cut(part, anchor: anchor, into: &pieces) }
        }
        var given: Int64 = 0
        var kept: [Range<Int64>] = []
        for piece in pieces {
            let length = piece.upperBound - piece.lowerBound
            if board.free.isBelow ? length < free : length <= free { continue }
            if board.free.isKept { given = free }
            kept.append(board.free.isKept ? piece.lowerBound + free..<piece.upperBound : piece)
        }
        return (kept, given)
    }

    private func cut(_ part: Range<Int64>, anchor: Int64, into pieces: inout [Range<Int64>]) {
        var start = part.lowerBound
        for second in part.dropFirst() where period(second, anchor) != period(second - 1, anchor) {
            pieces.append(start..<second)
            start = second
        }
        pieces.append(start..<part.upperBound)
    }

    private static func withoutFirst(_ seconds: Int64, of parts: [Range<Int64>]) -> [Range<Int64>] {
        var left = seconds
        var kept: [Range<Int64>] = []
        for part in parts {
            let off = min(left, part.upperBound - part.lowerBound)
            left -= off
            if part.lowerBound + off < part.upperBound {
                kept.append(part.lowerBound + off..<part.upperBound)
            }
        }
        return kept
    }

    // MARK: Second by second

    private struct Place: Hashable {
        var hours: Int
        /// On which the hours began.
        var day: Int64
        var period: Int64
    }

    private func walk(_ parts: [Range<Int64>], anchor: Int64) -> Int64 {
        var sum: Int64 = 0
        var visited: Set<Place> = []
        var ofHours: [Place: Int64] = [:]
        var ofPeriod: [Int64: Int64] = [:]
        for part in parts {
            var here: Place?
            // Until then something is paid for.
            var next = part.lowerBound
            for second in part {
                let place = place(second, anchor)
                if place != here { (here, next) = (place, second) }
                guard second >= next else { continue }
                let hours = board.rates[place.hours]
                var price: Int64 = 0
                (price, next) = unit(hours.rate, second, part, place, anchor)
                if case .visit = hours.rate, !visited.insert(visit(place)).inserted { price = 0 }
                price = large(price)
                if let cap = hours.cap {
                    var one = place
                    one.period = 0
                    price = min(price, large(cap) - ofHours[one, default: 0])
                    ofHours[one, default: 0] += price
                }
                if let cap = board.periodCap {
                    price = min(price, large(cap) - ofPeriod[place.period, default: 0])
                    ofPeriod[place.period, default: 0] += price
                }
                sum += price
            }
        }
        return sum
    }

    /// What begins at this second, and until when it lasts if no edge cuts it.
    private func unit(
        _ rate: PriceBoard.Rate, _ second: Int64, _ part: Range<Int64>, _ place: Place, _ anchor: Int64
    ) -> (price: Int64, next: Int64) {
        switch rate {
        case .units(let first, let minutes, let price):
            if let first, second - part.lowerBound < Int64(first.minutes) * 60 {
                return (first.price, part.lowerBound + Int64(first.minutes) * 60)
            }
            return (price, second + Int64(minutes) * 60)
        case .visit(let price): return (price, .max)
        case .rows(let rows):
            var end = second + 1
            while end < part.upperBound, period(end, anchor) == place.period { end += 1 }
            let row = rows.first { $0.uptoMinutes.map { end - second <= Int64($0) * 60 } ?? true }
            return (row?.total ?? 0, .max)
        }
    }

    /// Once for the hours of a day, or for the period.
    private func visit(_ place: Place) -> Place {
        board.hasHours
            ? Place(hours: place.hours, day: place.day, period: 0)
            : Place(hours: 0, day: 0, period: place.period)
    }

    private func place(_ second: Int64, _ anchor: Int64) -> Place {
        guard board.hasHours else { return Place(hours: 0, day: 0, period: period(second, anchor)) }
        let minute = Int((second + zoneOffset) % 86_400 / 60)
        let today = (second + zoneOffset) / 86_400
        for (index, hours) in board.rates.enumerated() {
            if hours.from < hours.to {
                guard hours.from <= minute, minute < hours.to else { continue }
                return Place(hours: index, day: today, period: period(second, anchor))
            }
            guard minute >= hours.from || minute < hours.to else { continue }
            let day = minute < hours.to ? today - 1 : today
            return Place(hours: index, day: day, period: period(second, anchor))
        }
        return Place(hours: 0, day: today, period: period(second, anchor))
    }

    private func period(_ second: Int64, _ anchor: Int64) -> Int64 {
        switch board.period {
        case .none: 0
        case .rolling: (second - anchor) / 86_400
        case .naturalDay: (second + zoneOffset) / 86_400
        }
    }

    /// Half as much again, to the nearest fen.
    private func large(_ amount: Int64) -> Int64 { facts.isLarge ? (amount * 3 + 1) / 2 : amount }
}
