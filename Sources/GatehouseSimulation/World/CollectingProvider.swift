// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Whoever takes money by the gateway's orders: each one once by its number, however often it is asked for. What it
/// refused or gave back it never carries out; but a bank behind it may debit what it thought was void.
struct CollectingProvider {
    enum State: Hashable {
        /// The user confirms on the phone.
        case pending
        case paid, refused, reversed
    }

    struct Order {
        var order: CollectionOrder
        var state: State
        /// The payment was told, under this serial.
        var serial: String?
    }

    /// By their numbers.
    var orders: [Int64: Order] = [:]
    /// Nobody fetches orders from the site's listener.
    var isAway = false
}
