// SPDX-License-Identifier: Apache-2.0

/// Balances that pay at the exit by themselves (储值, `tariffs.md` §10.2). They are kept here, so that it works without
/// anybody.
extension Site {
    // MARK: At the exit

    /// Takes what a vehicle that waits is asked for out of its balance, in the step that asks for it.
    /// - Returns: something was taken.
    mutating func settleFromBalance(
        _ id: StayID, _ decision: Decision, at lane: LaneID, _ out: inout Effects
    ) -> Bool {
        let account = memory.money.account(of: id)
        guard let rule = plan.pricing?.storedValue, let stay = memory.stays.stay(id),
            let quote = account.quote,
            quote.lane == plan.name(of: lane), out.now.wall.second < quote.validUntil,
            // Whoever is not let go for another reason is not to pay for it; whom a person has to look at may be another.
            decision.verdict == .grant || decision.reason == .paymentDue, decision.isOfPlateForCertain,
            account.deferred == nil || decision.reason == .paymentDue, !account.isDisputed
        else { return false }
        let own = quote.dueOfStay
        guard own > .zero else { return false }
        let holders = holders(of: stay)
        let there = holders.reduce(Int64(0)) {
            $0.addingSaturated(memory.money.stored.balance(of: $1).minorUnits)
        }
        guard there > 0 else { return false }
        // With too little for what is owed from earlier stays too, this one is paid alone.
        var wanted = there >= quote.due.minorUnits ? quote.due : own
        if there < own.minorUnits {
            switch rule.short {
            case .treatAsTemporary: return false
            case .refuse:
                out.effects.append(.callGuard(lane, "balance_short"))
                return false
            case .drainThenRest: wanted = Money(there)
            }
        }
        for holder in holders where wanted > .zero {
            let part = min(wanted, memory.money.stored.balance(of: holder))
            guard part > .zero else { continue }
            draw(part, from: holder, for: id, quote.record, &out)
            wanted = Money(wanted.minorUnits &- part.minorUnits)
        }
        reviewCollections(&out)
        return true
    }

    /// The vehicle's own balance is used up before its household's.
    private func holders(of stay: Stay) -> [StoredHolder] {
        [stay.plate.map { .plate($0) }, stay.holder.household.map { .household($0) }].compactMap { $0 }
    }

    private mutating func draw(
        _ amount: Money, from holder: StoredHolder, for stay: StayID, _ quote: Sequence, _ out: inout Effects
    ) {
        let left = Money(memory.money.stored.balance(of: holder).minorUnits &- amount.minorUnits)
        let notice = PaymentNotice(
            serial: Self.ownSerials + String(nextSequence.number), way: .storedValue, amount: amount,
            quote: quote, stay: stay)
        let settlement = Settlement(
            notice: notice, at: out.now.wall.second, use: .stay(stay), by: Self.itself, drawnFrom: holder,
            balance: left)
        record(.money(.settled(settlement)), &out)
    }

    /// What these are numbered with; nobody else's payments are.
    package static let ownSerials = "stored-"
    private static let itself = Operator(channel: "gateway", name: "stored value")

    // MARK: At the desk

    mutating func topUp(
        _ holder: StoredHolder, _ notice: PaymentNotice, _ by: Operator, _ reply: ReplyID,
        _ out: inout Effects
    ) {
        guard plan.pricing?.storedValue != nil else {
            return refuse(
                reply, "refused", "this site keeps no balances: site.yaml has no charging.stored_value", &out)
        }
        if case .household(let id) = holder, directory.household(id) == nil {
            return refuse(reply, "not_found", "no household \(id)", &out)
        }
        guard notice.way != .storedValue else {
            return refuse(reply, "refused", "a balance is not filled from a balance", &out)
        }
        guard let accepted = accepted(notice, reply, &out) else { return }
        let before = memory.money.stored.balance(of: holder)
        guard before.minorUnits.addingSaturated(notice.amount.minorUnits) <= Self.largestPayment.minorUnits
        else {
            return refuse(
                reply, "refused",
                "a balance is at most \(words(Self.largestPayment)), and holds \(words(before))", &out)
        }
        let settlement = Settlement(
            notice: notice, at: accepted.at, use: .stored(holder), by: by, shift: accepted.shift,
            balance: Money(before.minorUnits &+ notice.amount.minorUnits))
        let sequence = record(.money(.settled(settlement)), &out)
        for index in lanes.indices {
            guard let waiting = lanes[index].waitingStay, let stay = memory.stays.stay(waiting),
                holders(of: stay).contains(holder)
            else { continue }
            reconsider(waiting, &out)
        }
        done(reply, saying: sequence, &out)
    }

    mutating func giveBack(
        _ holder: StoredHolder, _ amount: Money?, _ way: PaymentWay, _ reason: String, _ by: Operator,
        _ reply: ReplyID, _ out: inout Effects
    ) {
        let there = memory.money.stored.balance(of: holder)
        let wanted = amount ?? there
        guard wanted > .zero, wanted <= there else {
            return refuse(
                reply, "refused", "\(words(wanted)) of a balance of \(words(there))", &out)
        }
        guard way != .storedValue else {
            return refuse(reply, "refused", "a balance is not given back into a balance", &out)
        }
        guard way != .cash || memory.money.shift != nil else {
            return refuse(reply, "refused", Self.noShift, &out)
        }
        let sequence = record(
            .money(
                .storedGivenBack(
                    StoredRefund(
                        holder: holder, amount: wanted, way: way, reason: reason, by: by,
                        shift: way == .cash ? memory.money.shift?.record : nil,
                        balance: Money(there.minorUnits &- wanted.minorUnits)))), &out)
        done(reply, saying: sequence, &out)
    }
}
