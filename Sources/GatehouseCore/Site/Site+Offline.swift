// SPDX-License-Identifier: Apache-2.0

/// What an exit does with what is due while nobody can be asked for it (`tariffs.md` §10.4). Nobody is kept longer by any
/// of this than he would be without.
extension Site {
    /// No way leads to a provider now: the link is down, the listener is not bound, nobody fetches orders there.
    var isChannelDown: Bool {
        guard let channel = plan.pricing?.channel, !has(.noKey) else { return true }
        let isHTTPUp = channel.http != nil && !has(.cannotListen) && !has(.nobodyFetches)
        let isBrokerUp = channel.usesBroker && !isLinkDown && !has(.callsRefused)
        return !isHTTPUp && !isBrokerUp
    }

    private func has(_ fault: PaymentChannelFault) -> Bool {
        memory.faults["\(SiteService.paymentChannel.rawValue)/\(fault.rawValue)"] != nil
    }

    /// Something came over the channel: whoever was silent is there again.
    mutating func heard(from by: Operator) {
        if by.channel == Operator.paymentChannel { isProviderSilent = false }
    }

    /// It goes and owes, by what the site has decided for times when nobody answers.
    func mayGoUnpaid(_ stay: StayID, isMisread: Bool, at now: WallTime) -> Bool {
        guard let pricing = plan.pricing, pricing.channel != nil, isChannelDown || isProviderSilent else {
            return false
        }
        switch pricing.offline {
        case .open: return true
        case .trustLimit: return isWithinTrust(stay, at: now)
        case .strict:
            let isDebited = pricing.collecting?.ways.contains(.plateBound) ?? false
            return isDebited && !isMisread && isBound(stay) && isWithinTrust(stay, at: now)
                && !memory.money.collections.hasFailed(.plateBound, for: stay)
        }
    }

    /// Its provider debited the plate before: then a debit later is as good as one now, up to the limit.
    func isBound(_ stay: StayID) -> Bool {
        memory.stays.stay(stay)?.plate.map(memory.money.collections.isBound) ?? false
    }

    func isWithinTrust(_ id: StayID, at now: WallTime) -> Bool {
        guard let limit = plan.pricing?.offlineTrustLimit, let billing, let stay = memory.stays.stay(id),
            case .success(let priced) = billing.price(stay, at: now.second), let due = priced.charge.due
        else { return false }
        return owed(in: stay, Money(due.minorUnits &- priced.charge.arrearsSum.minorUnits)) <= limit
    }
}

extension Operator {
    /// Of whoever speaks over the payment channel.
    package static let paymentChannel = "payment"
}
