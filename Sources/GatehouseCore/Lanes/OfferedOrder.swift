// SPDX-License-Identifier: Apache-2.0

/// What a guard can order of a lane as it is now: for pages that offer no button which would be refused. The
/// words are those of the orders.
package enum OfferedOrder: String, Hashable, Sendable, CaseIterable {
    case confirm, refuse, open, close, emergency
}
