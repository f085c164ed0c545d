// SPDX-License-Identifier: Apache-2.0

/// What a payment is for.
extension Site {
    /// By the order, the quote, the stay, the lane, the plate: the first that is said and known.
    func use(of notice: PaymentNotice, _ by: Operator) -> SettlementUse {
        let ordered = notice.order.flatMap { memory.money.collections[$0]?.order.stay }
        let named = ordered ?? notice.quote.flatMap { memory.money.stay(quoted: $0) } ?? notice.stay
        if let named { return use(for: named, notice.amount) }
        // Of a quote whose stay is over: whoever stands at the lane by now has not paid (`tariffs.md` §10.3).
        let isOfAnother = notice.quote.map { $0 < nextSequence } ?? false
        if let lane = notice.lane, !isOfAnother, let stay = stay(payingAt: lane, notice, by) {
            return use(for: stay, notice.amount)
        }
        if let plate = notice.plate {
            if let stay = stay(.plate(plate)) { return .stay(stay) }
            if let debt = memory.money.arrears(of: plate).first { return use(for: debt.stay, notice.amount) }
        }
        return .unmatched
    }

    /// A person sees who stands there. What a program tells was paid by whoever was asked that much there by then: lane,
    /// open quote and amount (`tariffs.md` §10.2).
    private func stay(payingAt lane: String, _ notice: PaymentNotice, _ by: Operator) -> StayID? {
        guard by.channel == Operator.paymentChannel else { return stay(.lane(lane)) }
        return memory.money.laneQuotes.stay(askedAt: lane, for: notice.amount, by: notice.paidAt)
    }

    /// What is beyond the debt of the stay whose quote it names pays the older ones that the quote asked for too.
    func payOtherDebts(_ settlement: inout Settlement) {
        let notice = settlement.notice
        let ordered = notice.order.flatMap { memory.money.collections[$0]?.order.quote }
        guard plan.pricing?.arrears == .collect, case .arrears(let stay, var rest) = settlement.use,
            let quote = ordered ?? notice.quote, memory.money.stay(quoted: quote) == stay,
            let plate = memory.money.debts[stay]?.plate
        else { return }
        let older = memory.money.arrears(of: plate).map(\.stay).filter {
            $0 < stay && memory.money.collections.open(of: $0) == nil
        }
        settlement.collected = memory.money.collected(from: &rest, older)
        settlement.use = .arrears(stay, rest: rest)
    }

    private func use(for stay: StayID, _ amount: Money) -> SettlementUse {
        if memory.stays.stay(stay) != nil { return .stay(stay) }
        if let debt = memory.money.debts[stay] {
            return .arrears(stay, rest: Money(max(0, amount.minorUnits &- debt.amount.minorUnits)))
        }
        return stay < nextSequence ? .refundable(stay) : .unmatched
    }
}
