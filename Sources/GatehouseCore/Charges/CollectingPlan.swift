// SPDX-License-Identifier: Apache-2.0

/// `charging.collect`: what the gateway asks providers to take by itself (docs/payment-channel.md).
package struct CollectingPlan: Hashable, Sendable {
    /// Those that an order can be made for. The ones that need nobody's hand are tried in this order.
    package static let possibleWays: [PaymentWay] = [.etc, .plateBound, .scannedCode]

    package var ways: [PaymentWay]
    /// The provider's own: what it has not answered by then is unknown, asked for again and then reversed.
    package var timeout: Duration = .seconds(45)
    /// So long without a result, and a guard is offered to let go with a debt, to take other means, or to ask again.
    package var unknownWait: Duration = .seconds(20)

    package init(ways: [PaymentWay]) { self.ways = ways }

    /// Nobody has to show anything for them.
    var automaticWays: [PaymentWay] { ways.filter { $0 != .scannedCode } }
}

/// What an exit does with what is due while nobody can be asked for it (`tariffs.md` §10.4). Cash, `later` and
/// `exit_pending_max` work in each.
package enum OfflineRule: String, Hashable, Sendable, CaseIterable {
    /// Only what is surely paid opens.
    case strict
    /// A vehicle goes and owes, up to the limit.
    case trustLimit = "trust_limit"
    /// It goes and owes.
    case open
}
