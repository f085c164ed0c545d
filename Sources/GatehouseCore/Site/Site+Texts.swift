// SPDX-License-Identifier: Apache-2.0

/// What lanes show, with what only the site knows: free places, and whether upstream hears.
extension Site {
    mutating func show(_ text: LaneText, at lane: LaneID, _ out: inout Effects) {
        var text = text
        text.free = freePlaces(at: lane, showing: text)
        text.isOffline = isOffline(at: lane, text)
        text.charge = charge(at: lane, showing: text)
        text.code = code(at: lane, showing: text)
        text.ways = ways(at: lane, showing: text)
        text.debts = debts(showing: text)
        if text.quota != nil { text.quota = quotaNotice }
        texts[lane.index] = text
        out.effects.append(.show(lane, text))
    }

    /// A number on a board that stood there before the last passage is wrong, and so are an amount and a code that another
    /// quote has superseded.
    mutating func refreshTexts(_ out: inout Effects) {
        for lane in routes.shownLanes {
            let text = texts[lane.index]
            let isOld =
                text.free != freePlaces(at: lane, showing: text)
                || text.isOffline != isOffline(at: lane, text)
                || text.code != code(at: lane, showing: text)
                || text.key == .pay && text.charge != charge(at: lane, showing: text)
                || text.ways != ways(at: lane, showing: text)
            if isOld { show(text, at: lane, &out) }
        }
    }

    private func isOffline(at lane: LaneID, _ text: LaneText) -> Bool {
        text.key == .idle
            ? isLinkDown && plan.uplink?.showsOffline == true : isPhonePaymentDown(at: lane, showing: text)
    }

    /// Of the vehicle whose plate is shown.
    private func charge(at lane: LaneID, showing text: LaneText) -> ShownCharge? {
        guard [.pay, .paid, .goodbye, .wait].contains(text.key), !text.isByHand,
            let (stay, quote) = quote(at: lane, showing: text),
            let edition = plan.pricing?.edition(entry: stay.opening.passedAt.second, exit: quote.computedAt)
        else { return nil }
        let seconds = quote.computedAt - stay.opening.passedAt.second
        let account = memory.money.account(of: stay.id)
        return ShownCharge(
            due: quote.due, currency: edition.tariff.currency, minutes: Int(clamping: max(0, seconds) / 60),
            zero: account.zero, paid: account.paid, debts: quote.arrears,
            collection: openCollection(of: stay.id)?.state)
    }

    /// What the vehicle whose plate is shown was last asked for at this lane.
    func quote(at lane: LaneID, showing text: LaneText) -> (stay: Stay, quote: StayAccount.Quote)? {
        guard let plate = text.plate, let stay = memory.stays.stay(of: plate),
            let quote = memory.money.account(of: stay.id).quote, quote.lane == plan.name(of: lane)
        else { return nil }
        return (stay, quote)
    }

    /// What works at this lane in this moment, as far as the gateway knows; never empty where somebody has to pay.
    private func ways(at lane: LaneID, showing text: LaneText) -> [PaymentHint] {
        guard text.key == .pay, let pricing = plan.pricing else { return [] }
        let hearsPayments = pricing.channel != nil && !isPhonePaymentDown
        let scanner = plan.scanners.first { $0.lane == lane && !isFaulted($0.device) }
        let ways: [(PaymentHint, Bool)] = [
            (.scan, text.code != nil), (.showCode, hearsPayments && scanner != nil),
            (.phone, hearsPayments && text.code == nil), (.cash, memory.money.shift != nil),
        ]
        let open = ways.filter(\.1).map(\.0)
        return open.isEmpty ? [.ring] : open
    }

    /// Said where somebody comes or goes; at the line the charge has what is asked for together with it.
    private func debts(showing text: LaneText) -> ShownAmount? {
        guard [.welcome, .paid, .goodbye].contains(text.key), let plate = text.plate,
            let currency = plan.pricing?.editions.last?.tariff.currency
        else { return nil }
        let sum = memory.money.arrears(of: plate).reduce(Int64(0)) {
            $0.addingSaturated($1.amount.minorUnits)
        }
        return sum > 0 ? ShownAmount(Money(sum), currency: currency) : nil
    }

    /// Where the exit judges by who is inside then, nobody can say at the entry that it will cost something.
    private var quotaNotice: QuotaNotice {
        let rule = plan.pricing?.editions.last?.tariff.rules.quota ?? QuotaRule()
        return plan.pricing != nil && rule.decide == .atEntry ? .charged : .temporary
    }

    /// Nil where nobody reads it, and in areas that are not counted.
    private func freePlaces(at lane: LaneID, showing text: LaneText) -> Int? {
        guard text.key == .idle, routes.shownLanes.contains(lane) else { return nil }
        let area = plan.areas[plan.lanes[lane.index].area.index]
        return area.capacity.map { memory.stays.count(of: area.name).free(of: $0) }
    }
}

extension StayAccount {
    /// Why nothing is due, if nothing is.
    fileprivate var zero: ShownCharge.Zero? {
        guard let quote, quote.due <= quote.arrears else { return nil }
        switch quote.freeBy {
        case .freeMinutes: return .freeMinutes
        case .exempt: return .exempt
        case .withinPayGrace: return .paidBefore
        case .permitInGrace: return .permitGrace
        default: break
        }
        guard paid == .zero else { return nil }
        if !adjustments.isEmpty { return .waived }
        return quote.coupons.isEmpty ? nil : .coupon
    }
}
