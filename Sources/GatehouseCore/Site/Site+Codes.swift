// SPDX-License-Identifier: Apache-2.0

/// Codes that a phone reads off a lane's display. One is shown only while somebody would hear that it was paid, and only
/// for what is asked now: with the quote it goes.
extension Site {
    /// The code that belongs beside a text; nil: none. While a provider has an order for the same, whoever paid by this code
    /// as well would wait for his money back.
    func code(at lane: LaneID, showing text: LaneText) -> String? {
        guard isPaidByPhone(at: lane, text), text.charge?.collection == nil, !isPhonePaymentDown else {
            return nil
        }
        return quotedCode(at: lane, showing: text) ?? plan.paymentCodes[lane]
    }

    /// Whoever would pay by phone has to be told that it does not work now.
    func isPhonePaymentDown(at lane: LaneID, showing text: LaneText) -> Bool {
        isPaidByPhone(at: lane, text) && isPhonePaymentDown
    }

    /// The text asks for money, or nobody knows for how much, and the lane has a code for that. An entry takes no money.
    private func isPaidByPhone(at lane: LaneID, _ text: LaneText) -> Bool {
        switch text.key {
        case .pay: plan.paymentCodes[lane] != nil || plan.pricing?.dynamicCode != nil
        case .noPlate:
            plan.paymentCodes[lane] != nil && lanes.indices.contains(lane.index)
                && lanes[lane.index].heading == .out
        default: false
        }
    }

    /// No platform can tell us of a payment. Where there is no channel at all somebody else sees the money.
    var isPhonePaymentDown: Bool { plan.pricing?.channel != nil && isChannelDown }

    private func quotedCode(at lane: LaneID, showing text: LaneText) -> String? {
        guard let template = plan.pricing?.dynamicCode, let (stay, quote) = quote(at: lane, showing: text),
            quote.due > .zero
        else { return nil }
        return template.filled { place in
            switch place {
            case .quote: "\(quote.record.number)"
            case .stay: "\(stay.id.number)"
            case .due: "\(quote.due.minorUnits)"
            case .site: plan.id
            case .lane: plan.name(of: lane)
            }
        }
    }
}
