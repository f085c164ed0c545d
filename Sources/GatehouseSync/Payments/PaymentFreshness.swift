// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Keeps a question that somebody copied from being asked again. A price is asked now or not at all: its time must be
/// ours, and its serial new. Payments need neither: they come weeks late, and are taken once by their serial for as long
/// as the journal knows it.
package struct PaymentFreshness: Sendable {
    package static let tolerance: Duration = .seconds(300)
    /// Far more than a site is asked within twice the tolerance.
    package static let remembered = 4096

    private var known: Set<String> = []
    /// A ring, the oldest at `next` when it is full.
    private var inOrder: [String] = []
    private var next = 0

    package init() {}

    /// A clock that we doubt ourselves accuses nobody: then the serial alone decides.
    package mutating func admit(_ call: PaymentCall, at now: Moment) throws(PaymentFault) {
        if now.quality != .doubtful {
            let age = now.wall - call.sentAt
            guard age <= Self.tolerance, age >= .zero - Self.tolerance else {
                throw PaymentFault(
                    .tooOld, "sent_ms is more than 5 minutes from \(now.wall.milliseconds), our time")
            }
        }
        // A space cannot stand in either.
        let name = "\(call.sender) \(call.serial)"
        guard known.insert(name).inserted else {
            throw PaymentFault(.replayed, "serial \(call.serial) asked before: a question has one of its own")
        }
        guard inOrder.count == Self.remembered else { return inOrder.append(name) }
        known.remove(inOrder[next])
        inOrder[next] = name
        next = (next + 1) % Self.remembered
    }
}
