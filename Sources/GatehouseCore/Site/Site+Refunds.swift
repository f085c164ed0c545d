// SPDX-License-Identifier: Apache-2.0

/// Money that goes back (`tariffs.md` §10.6): of one payment, what is left of it and not used up.
extension Site {
    mutating func refund(
        _ serial: String, _ amount: Money?, _ way: PaymentWay?, _ reason: String, _ by: Operator,
        _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let taken = memory.money.taken(serial) else {
            return refuse(reply, "not_found", "no payment \(serial) was taken here", &out)
        }
        if amount == nil, taken.left == .zero, let before = taken.givenBy {
            return out.effects.append(.answer(reply, .done(before), after: before))
        }
        let back = way ?? taken.way
        guard back != .cash || memory.money.shift != nil else {
            return refuse(reply, "refused", Self.noShift, &out)
        }
        guard back != .storedValue || taken.way == .storedValue else {
            return refuse(
                reply, "refused", "payment \(serial) came out of no balance: give it back and top one up",
                &out)
        }
        let (source, stay, held) = memory.money.place(of: taken)
        let most = min(taken.left, held)
        let wanted = amount ?? taken.left
        guard wanted > .zero, wanted <= most else {
            return refuse(
                reply, "refused",
                "\(words(wanted)) of \(words(max(.zero, most))) that can be given back of payment \(serial)",
                &out)
        }
        record(
            .money(
                .refunded(
                    Refund(
                        serial: serial, settlement: taken.record, stay: stay, amount: wanted, from: source,
                        way: back, reason: reason, by: by,
                        holder: back == .storedValue ? taken.drawnFrom : nil))), &out)
        if let stay { reconsider(stay, &out) }
        done(reply, saying: out.firstRecord, &out)
    }
}

extension AccountBook.Taken {
    /// Not given back yet.
    var left: Money { Money(amount.minorUnits &- given.minorUnits) }
}

extension AccountBook {
    /// Where a payment's money is now, the open stay that has it, and how much can be taken from there. What a stay or an
    /// earlier debt has used up is nobody's to give back.
    func place(of taken: Taken) -> (account: LedgerAccount, stay: StayID?, held: Money) {
        // Credits are negative.
        func held(_ account: LedgerAccount) -> Money { Money(0 &- balance(account).minorUnits) }
        switch taken.use {
        case .unmatched: return (.unmatched, nil, held(.unmatched))
        case .stored(let holder): return (.stored, nil, stored.balance(of: holder))
        case .refundable: return (.refundable, nil, held(.refundable))
        case .arrears(_, let rest):
            let left = Money(max(0, rest.minorUnits &- taken.given.minorUnits))
            return (.refundable, nil, min(left, held(.refundable)))
        case .stay(let stay):
            let payment = account(of: stay).settlements.first { $0.record == taken.record }
            if let payment { return (.deposits, stay, payment.amount) }
            return (.refundable, nil, min(taken.unspent ?? held(.refundable), held(.refundable)))
        }
    }
}
