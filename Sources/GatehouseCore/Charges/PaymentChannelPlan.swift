// SPDX-License-Identifier: Apache-2.0

/// `charging.channel`: by what a payment platform asks and pays (docs/payment-channel.md). nil in the plan: by nothing.
package struct PaymentChannelPlan: Hashable, Sendable {
    /// The credential that signs every call.
    package var key: String
    /// `address:port` of the listener; nil: none.
    package var http: String?
    /// The broker of the uplink carries calls too.
    package var usesBroker: Bool

    package init(key: String, http: String? = nil, usesBroker: Bool = false) {
        self.key = key
        self.http = http
        self.usesBroker = usesBroker
    }
}

/// Faults of the channel, by which the core knows whom it cannot ask.
package enum PaymentChannelFault: String, Hashable, Sendable, CaseIterable {
    /// Nothing can be signed or checked.
    case noKey = "no_payment_key"
    /// The listener is not bound.
    case cannotListen = "cannot_listen"
    /// The broker lets nobody call us.
    case callsRefused = "calls_refused"
    /// Nobody fetches the orders that the listener has.
    case nobodyFetches = "nobody_fetches"
    /// The broker refuses our orders, or nobody listens for them.
    case ordersNotTaken = "orders_not_taken"
}
