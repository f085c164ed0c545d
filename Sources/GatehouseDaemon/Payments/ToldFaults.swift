// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

/// What the site was told of the channel's faults last. A provider may call many times a second, and the inbox has no
/// bound: only what is news goes there.
struct ToldFaults: Sendable {
    private enum Told: Hashable, Sendable {
        case stands(detail: String)
        case over
    }

    /// Of one that is not here an earlier process may have left it standing: then even its end is news.
    private var told: [PaymentChannelFault: Told] = [:]

    /// Whether it is news.
    mutating func raise(_ fault: PaymentChannelFault, _ detail: String) -> Bool {
        told.updateValue(.stands(detail: detail), forKey: fault) != .stands(detail: detail)
    }

    mutating func clear(_ fault: PaymentChannelFault) -> Bool {
        told.updateValue(.over, forKey: fault) != .over
    }
}
