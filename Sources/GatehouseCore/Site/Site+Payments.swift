// SPDX-License-Identifier: Apache-2.0

/// What is done with money, and by whom it was paid.
extension Site {
    static let largestPayment = Money(100_000_000)
    /// Of a correction, which may be of a month: far from where sums end.
    static let largestPosting = Money(1_000_000_000_000)
    static let noShift = "no shift is open: `gatehouse shift open` opens the drawer"

    mutating func money(_ order: MoneyOrder, _ by: Operator, _ reply: ReplyID, _ out: inout Effects) {
        guard plan.pricing != nil || order.endsWhatWas else {
            return refuse(reply, "refused", "this site charges nothing: site.yaml has no charging", &out)
        }
        heard(from: by)
        switch order {
        case .take(let notice): take(notice, by, reply, &out)
        case .quote(let target):
            guard let stay = stay(target) else { return refuseTarget(target, reply, &out) }
            quote(stay, at: lane(of: stay), &out)
            guard let quote = memory.money.account(of: stay).quote else {
                return refuse(reply, "refused", "stay \(stay.number) has no price: a person decides", &out)
            }
            done(reply, saying: quote.record, &out)
        case .adjust(let target, let adjustment): adjust(target, adjustment, by, reply, &out)
        case .later(let target): later(target, by, reply, &out)
        case .classify(let target, let classification, let reason):
            classify(target, classification, reason, by, reply, &out)
        case .dispute(let target, let reason): dispute(target, reason, by, reply, &out)
        case .settleDispute(let stay, let letOff, let reason):
            settleDispute(stay, letOff, reason, by, reply, &out)
        case .collect(let target, let way): collect(target, way, reply, &out)
        case .heard(let answer): hear(answer, by, reply, &out)
        case .openShift:
            if let shift = memory.money.shift {
                return refuse(
                    reply, "refused", "\(shift.by.name) has the drawer since record \(shift.record.number)",
                    &out)
            }
            record(.money(.shiftOpened(by: by)), &out)
            done(reply, &out)
        case .closeShift(let counted, let note): closeShift(counted, note, by, reply, &out)
        case .refund(let serial, let amount, let way, let reason):
            refund(serial, amount, way, reason, by, reply, &out)
        case .grantCoupon(let order): grant(order, by, reply, &out)
        case .revokeCoupon(let coupon, let reason): revoke(coupon, reason, by, reply, &out)
        case .topUp(let holder, let notice): topUp(holder, notice, by, reply, &out)
        case .giveBackStored(let holder, let amount, let way, let reason):
            giveBack(holder, amount, way, reason, by, reply, &out)
        case .correct(let record, let postings, let reason):
            guard postings.isBalanced, !postings.isEmpty else {
                return refuse(reply, "refused", "the lines of a booking add up to nothing", &out)
            }
            let largest = Self.largestPosting.minorUnits
            guard postings.allSatisfy({ (-largest...largest).contains($0.amount.minorUnits) }) else {
                return refuse(
                    reply, "refused", "a line of a booking is at most \(words(Self.largestPosting))", &out)
            }
            let merchants = plan.pricing?.coupons.merchants ?? Table()
            for account in postings.map(\.account) {
                // What stands in the books by an older slip is put right too.
                guard account.isKnown(merchants) || memory.money.balance(account) != .zero else {
                    return refuse(
                        reply, "refused",
                        "no account \(account.name): there are \(LedgerAccount.known)", &out)
                }
                guard let how = account.changedBy else { continue }
                return refuse(
                    reply, "refused",
                    "\(account.name) is the sum of single debts, payments or balances: \(how)", &out)
            }
            guard record < nextSequence else {
                return refuse(reply, "not_found", "no record \(record.number)", &out)
            }
            self.record(
                .money(
                    .corrected(
                        LedgerCorrection(corrects: record, reason: reason, by: by, postings: postings))), &out
            )
            done(reply, &out)
        }
    }

    // MARK: Payments

    /// Taken once by its serial, durable before it is answered, credited to somebody whatever became of the stay
    /// (`tariffs.md` §10.3).
    private mutating func take(
        _ notice: PaymentNotice, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let (paidAt, shift) = accepted(notice, reply, &out) else { return }
        var notice = withoutOrderOfAnother(notice)
        let use = use(of: notice, by)
        // What a guard took in his hand is not what a provider was asked for: its order ends as those do whose stay was
        // paid by other means.
        if notice.way == .cash { notice.order = nil }
        var settlement = Settlement(notice: notice, at: paidAt, use: use, by: by, shift: shift)
        payOtherDebts(&settlement)
        let sequence = record(.money(.settled(settlement)), &out)
        if case .stay(let stay) = use { reconsider(stay, &out) } else { reviewCollections(&out) }
        done(reply, saying: sequence, &out)
    }

    /// When it counts as paid, and whose drawer it is in; nil: it was answered.
    func accepted(
        _ notice: PaymentNotice, _ reply: ReplyID, _ out: inout Effects
    ) -> (at: Int64, shift: Sequence?)? {
        func no(_ code: String, _ why: String) -> (at: Int64, shift: Sequence?)? {
            refuse(reply, code, why, &out)
            return nil
        }
        guard notice.amount > .zero, notice.amount <= Self.largestPayment else {
            return no("refused", "an amount is \(paymentRange), not \(words(notice.amount))")
        }
        guard !notice.serial.hasPrefix(Self.ownSerials) else {
            return no("refused", "serials that begin with \(Self.ownSerials) are the gateway's own")
        }
        if let taken = memory.money.taken(notice.serial) {
            guard taken.amount == notice.amount else {
                return no(
                    "conflict",
                    "serial \(notice.serial) was taken over \(taken.amount.minorUnits), not "
                        + "\(notice.amount.minorUnits): record \(taken.record.number)")
            }
            out.effects.append(.answer(reply, .done(taken.record), after: taken.record))
            return nil
        }
        let now = out.now.wall.second
        let paidAt = min(notice.paidAt ?? now, now)
        guard now.subtractingSaturated(paidAt) <= AccountBook.oldestNotice.inMilliseconds / 1000 else {
            return no("too_old", "paid more than 62 days ago: a person books it with ledger correct")
        }
        guard notice.way != .cash || memory.money.shift != nil else { return no("refused", Self.noShift) }
        return (paidAt, notice.way == .cash ? memory.money.shift?.record : nil)
    }

    /// As the people at the desk write it.
    func words(_ amount: Money) -> String {
        MoneyWords(currency: plan.pricing?.currency ?? PricingPlan.usualCurrency).text(amount).english
    }

    var paymentRange: String { "\(words(Money(1))) to \(words(Self.largestPayment))" }

    // MARK: Targets

    func stay(_ target: PaymentTarget) -> StayID? {
        switch target {
        case .stay(let id): memory.stays.stay(id)?.id
        case .plate(let plate): memory.stays.stay(of: plate)?.id
        case .lane(let name):
            plan.lane(named: name).flatMap {
                lanes.indices.contains($0.index) ? lanes[$0.index].waitingStay : nil
            }
        }
    }

    /// Where it waits to be let out.
    func lane(of stay: StayID) -> LaneID? {
        lanes.firstIndex { $0.waitingStay == stay }.map { LaneID($0) }
    }

    mutating func refuseTarget(_ target: PaymentTarget, _ reply: ReplyID, _ out: inout Effects) {
        let what =
            switch target {
            case .stay(let id): "no unfinished stay \(id.number)"
            case .lane(let name) where plan.lane(named: name) == nil:
                "no lane \(name) in the plan that is in force"
            case .lane(let name): "nobody with a stay waits at lane \(name)"
            case .plate(let plate): "\(plate.text) is not inside"
            }
        refuse(reply, "not_found", what, &out)
    }

    /// Money came for it, or less is asked: whoever waits is judged again.
    mutating func reconsider(_ stay: StayID, _ out: inout Effects) {
        reviewCollections(&out)
        for index in lanes.indices where lanes[index].waitingStay == stay {
            drive(LaneID(index), .reconsider(.payment), &out)
        }
    }

    // MARK: People

    private mutating func adjust(
        _ target: PaymentTarget, _ adjustment: Adjustment, _ by: Operator, _ reply: ReplyID,
        _ out: inout Effects
    ) {
        guard let stay = stay(target) else { return refuseTarget(target, reply, &out) }
        guard adjustment.change.isPossible(upTo: Self.largestPayment) else {
            let limit = words(Self.largestPayment)
            return refuse(
                reply, "refused", "a fee is 0 to \(limit), and changed by no more than that", &out)
        }
        let day = plan.zone.civil(out.now.wall).date
        if let why = usedUp(adjustment.reason, on: day) { return refuse(reply, "refused", why, &out) }
        record(
            .money(.adjusted(AdjustedFact(stay: stay, adjustment: adjustment, by: by, day: day))), &out)
        reconsider(stay, &out)
        done(reply, saying: out.firstRecord, &out)
    }

    /// nil: this reason may be given once more on this day.
    func usedUp(_ text: String, on day: CivilDate) -> String? {
        let reason = OperatorReason.code(of: text)
        let given = memory.money.releases(for: reason, on: day)
        guard let limit = plan.pricing?.releaseLimits[reason], given >= limit else { return nil }
        return "\(reason) was given \(given) times today, its limit is \(limit)"
    }

    private mutating func later(
        _ target: PaymentTarget, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let stay = stay(target), let open = memory.stays.stay(stay) else {
            return refuseTarget(target, reply, &out)
        }
        quote(stay, at: lane(of: stay), &out)
        guard let pricing = plan.pricing, let quote = memory.money.account(of: stay).quote, quote.due > .zero
        else {
            return refuse(reply, "refused", "nothing is due for stay \(stay.number)", &out)
        }
        let owed = owed(in: open, quote.dueOfStay)
        guard owed <= pricing.laterLimit else {
            return refuse(
                reply, "refused", "it would owe \(words(owed)), the limit is \(words(pricing.laterLimit))",
                &out)
        }
        let sequence = record(.money(.deferred(stay, due: quote.due, by: by)), &out)
        reconsider(stay, &out)
        done(reply, saying: sequence, &out)
    }

    private mutating func closeShift(
        _ counted: Money, _ note: String?, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let shift = memory.money.shift else {
            return refuse(reply, "refused", "no shift is open", &out)
        }
        guard counted >= .zero, counted <= Self.largestPayment else {
            return refuse(
                reply, "refused",
                "a drawer holds 0 to \(words(Self.largestPayment)), not \(words(counted))", &out)
        }
        let expected = memory.money.balance(.cash)
        record(
            .money(
                .shiftClosed(
                    ShiftCount(shift: shift.record, expected: expected, counted: counted, by: by, note: note))
            ),
            &out)
        done(reply, &out)
    }
}

extension Adjustment.Change {
    /// Nobody is owed money for having parked, and no sum of it ends.
    fileprivate func isPossible(upTo limit: Money) -> Bool {
        switch self {
        case .by(let amount): (-limit.minorUnits...limit.minorUnits).contains(amount.minorUnits)
        case .feeIs(let amount): amount >= .zero && amount <= limit
        }
    }
}

extension MoneyOrder {
    /// Of money that the site has from the time when it charged.
    fileprivate var endsWhatWas: Bool {
        switch self {
        case .refund, .giveBackStored, .closeShift: true
        default: false
        }
    }
}
