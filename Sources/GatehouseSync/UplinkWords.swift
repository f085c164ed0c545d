// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the broker said of one record.
package enum PublishAnswer: Hashable, Sendable {
    case accepted
    case noSubscribers
    /// This record and no other: too large, not valid.
    case refusedAlone(String)
    case refused(String)
}

package enum UplinkFault: String, Hashable, Comparable, Sendable {
    /// Nothing was confirmed for a minute.
    case lost = "link_lost"
    case refused = "upstream_refuses"
    case noSubscribers = "no_subscribers"
    /// Nobody was ever reached there.
    case address = "broker_not_reached"
    case certificate = "certificate_refused"
    /// User name and password, or the right to connect.
    case login = "login_refused"

    /// What must be right to connect, in the order in which it shows.
    static let ofConnecting: [UplinkFault] = [.address, .certificate, .login]

    package static func < (a: UplinkFault, b: UplinkFault) -> Bool { a.rawValue < b.rawValue }
}

package struct UplinkStatus: Hashable, Sendable {
    package var isUp: Bool
    /// Confirmed upstream without a gap.
    package var acknowledged: Sequence
    package var durable: Sequence
    package var underWay: Int
    /// Why it is not up, or what is wrong though it is.
    package var trouble: String?
}
