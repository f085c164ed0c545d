// SPDX-License-Identifier: Apache-2.0

/// What a stay costs while its vehicle is here.
extension Site {
    var billing: StayBilling? {
        plan.pricing.map {
            StayBilling(
                plan: $0, directory: directory, stays: memory.stays, accounts: memory.money,
                clock: memory.clock)
        }
    }

    /// What the rules are told about the money of the stays that a vehicle may be.
    func payments(
        for stays: [AccessSituation.OpenStay], of request: AccessRequest, at now: Moment
    ) -> Table<StayID, AccessSituation.Payment> {
        var result = Table<StayID, AccessSituation.Payment>()
        guard let billing else { return result }
        for open in stays {
            guard let stay = memory.stays.stay(open.id) else { continue }
            let sight = memory.stays.sight(of: stay, leavingAs: request.read?.reading)
            result[open.id] = payment(
                of: stay, billing, at: now.wall, memory.clock.stamp(now.quality), seen: sight,
                waitingAt: request.lane)
        }
        return result
    }

    /// Without a price nobody is kept: whatever the reason, it is not the driver's.
    func payment(
        of stay: Stay, _ billing: StayBilling, at now: WallTime, _ stamp: ClockStamp? = nil,
        seen sight: ExitSight = ExitSight(), waitingAt lane: LaneID? = nil
    ) -> AccessSituation.Payment {
        guard case .success(let priced) = billing.price(stay, at: now.second, stamp, seen: sight),
            let due = priced.charge.due, let fee = priced.charge.fee
        else { return .none }
        if fee > .zero, let lane, isLetOut(stay.id, elsewhereThan: lane) { return .usedElsewhere }
        // Debts of earlier stays never keep anybody (architecture §14).
        let debts = priced.charge.arrearsSum
        let own = Money(due.minorUnits &- debts.minorUnits)
        if own > .zero {
            let account = memory.money.account(of: stay.id)
            if account.isDisputed || mayPayLater(stay, account, due: due, own: own) { return .later }
            return mayGoUnpaid(stay.id, isMisread: sight.isMisread, at: now) ? .trusted : .due
        }
        if fee == .zero, let lane, plan.zeroFee(at: lane) == .confirm { return .freeToConfirm }
        // A waiver or a coupon that covers it all is no payment, and nobody is told "paid" for it.
        return fee == .zero || memory.money.account(of: stay.id).paid == .zero ? .free : .settled
    }

    /// A guard said so. That counts for what was due then, and beyond that up to the site's limit: whoever stays on for
    /// days owes what nobody has let him owe.
    private func mayPayLater(_ stay: Stay, _ account: StayAccount, due: Money, own: Money) -> Bool {
        guard let pricing = plan.pricing, let deferred = account.deferred else { return false }
        return due <= deferred || owed(in: stay, own) <= pricing.laterLimit
    }

    /// What a vehicle would owe in all if it went now: a limit for each time would be none.
    /// - Parameter own: due for this stay alone.
    func owed(in stay: Stay, _ own: Money) -> Money {
        let before = stay.plate.map { memory.money.arrears(of: $0) } ?? []
        return Money(before.reduce(own.minorUnits) { $0.addingSaturated($1.amount.minorUnits) })
    }

    private func isLetOut(_ stay: StayID, elsewhereThan lane: LaneID) -> Bool {
        lanes.indices.contains { index in
            index != lane.index
                && lanes[index].grants.contains { $0.direction == .out && $0.decision?.stay == stay }
        }
    }

    /// Puts on record what a vehicle that waits at an exit is asked for, unless the same was just asked.
    /// - Parameter lane: where it waits; nil: asked for from afar.
    mutating func quote(_ id: StayID, at lane: LaneID?, _ out: inout Effects) {
        guard let billing, let pricing = plan.pricing, let stay = memory.stays.stay(id) else { return }
        let (sight, stamp) = (sight(of: stay, at: lane), memory.clock.stamp(out.now.quality))
        guard case .success(let priced) = billing.price(stay, at: out.now.wall.second, stamp, seen: sight),
            priced.charge.due != nil
        else { return }
        if let lane { out.effects.append(.startTimer(.quote(lane), at: out.now.uptime + Self.quoteWatch)) }
        let now = out.now.wall.second
        let name = lane.map { plan.name(of: $0) }
        let old = memory.money.account(of: id).quote
        if let old, old.lane == name, old.due == priced.charge.due, now < old.validUntil,
            now >= old.computedAt, old.coupons == priced.charge.coupons.map(\.coupon),
            // Whoever comes back to a lane that has asked another meanwhile is asked anew.
            name.map({ memory.money.laneQuotes.last(at: $0) == id }) ?? true
        {
            return
        }
        let validUntil = QuoteLife.validUntil(now, longest: pricing.quoteLife.inMilliseconds / 1000) {
            second in
            (try? billing.price(stay, at: second, stamp, seen: sight).get())?.charge.due
        }
        record(
            .money(
                .quoted(
                    QuoteFact(
                        stay: id, lane: name, priced: priced, computedAt: now, validUntil: validUntil,
                        supersedes: old?.record, entries: billing.entries(of: stay, seen: sight)))), &out)
    }

    /// By what was read where it stands.
    private func sight(of stay: Stay, at lane: LaneID?) -> ExitSight {
        guard let lane, lanes.indices.contains(lane.index) else { return ExitSight() }
        return memory.stays.sight(of: stay, leavingAs: lanes[lane.index].askedReading)
    }

    /// A quote lapses, and whatever may have come between a payment and the arm heals, within three seconds.
    private static let quoteWatch: Duration = .seconds(2)

    mutating func quoteAgain(at lane: LaneID, _ out: inout Effects) {
        guard lanes.indices.contains(lane.index), let id = lanes[lane.index].waitingStay,
            let billing, let stay = memory.stays.stay(id)
        else { return }
        let quote = memory.money.account(of: id).quote
        let now = out.now.wall.second
        // One that a clock which was set back has yet to make is as good as none.
        let hasLapsed = quote.map { now >= $0.validUntil || now < $0.computedAt } ?? true
        let payment = payment(
            of: stay, billing, at: out.now.wall, memory.clock.stamp(out.now.quality),
            seen: sight(of: stay, at: lane), waitingAt: lane)
        let mayGo = ![.due, .freeToConfirm, .usedElsewhere].contains(payment)
        // A lane that is busy with another vehicle hears nothing now: the watch goes on until nobody waits.
        out.effects.append(.startTimer(.quote(lane), at: out.now.uptime + Self.quoteWatch))
        // Whoever waits for another arm or for an oncoming vehicle hears of them when the way is free.
        let reason = lanes[lane.index].waitingReason
        guard reason != .interlockWait, reason != .opposingUse else { return }
        if hasLapsed || mayGo || (payment == .due) != (reason == .paymentDue) {
            drive(lane, .reconsider(.payment), &out)
        }
    }

    // MARK: Tariffs

    /// Every tariff in the plan is on record with its text before anything is priced by it. A version whose text changed is
    /// no version of ours: it is said loudly, and bills keep the hash of what they were reckoned with.
    mutating func adoptTariffs(_ out: inout Effects) {
        for edition in plan.pricing.map({ $0.editions + $0.coupons.tariffs }) ?? [] {
            let known = memory.money.tariffs[edition.name]
            let row = FaultRow(
                subject: "tariff \(edition.name)", code: "tariff_edited", severity: .critical,
                detail:
                    "this version was in force with another text (\(known?.prefix(12) ?? "")): a change is a new version",
                since: out.now.wall)
            let isEdited = known != nil && known != edition.hash
            if isEdited != (memory.faults[row.key] != nil) {
                record(isEdited ? .faultRaised(row) : .faultCleared(row), &out)
            }
            if known == nil { record(.money(.tariffAdopted(edition)), &out) }
        }
    }
}

extension Charge {
    /// Debts of earlier stays among what is due.
    var arrearsSum: Money {
        var sum: Int64 = 0
        for case .arrears(_, let amount) in lines { sum &+= amount.minorUnits }
        return Money(sum)
    }

    /// The stays that those are of.
    var arrearsStays: [StayID] {
        lines.compactMap { line in
            guard case .arrears(let reference, _) = line else { return nil }
            return Int64(reference).map { StayID($0) }
        }
    }
}

extension AccountBook {
    /// Earlier debts that were asked for together with a stay's charge, as far as `rest` reaches; it is less by them then.
    func collected(from rest: inout Money, _ earlier: [StayID]) -> [Arrears] {
        var result: [Arrears] = []
        for stay in earlier where rest > .zero {
            guard let debt = debts[stay] else { continue }
            let amount = min(debt.amount, rest)
            rest = Money(rest.minorUnits &- amount.minorUnits)
            result.append(Arrears(reference: String(stay.number), amount: amount))
        }
        return result
    }
}

extension WallTime {
    /// Whole seconds since 1970: what is below is dropped (`tariffs.md` §1, 2).
    var second: Int64 { milliseconds.floorDivided(by: 1000) }
}
