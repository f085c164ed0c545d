// SPDX-License-Identifier: Apache-2.0

/// Prices past stays under a proposed tariff, one after the other: what a community wants to see before it votes.
///
/// People are taken to drive as they did. The result holds sums and at most a few stays by number, so that years fit into
/// the memory of a gateway and no plate is in it.
package struct Rehearsal: Sendable {
    package let tariff: Tariff
    package let zone: ZoneRules
    package private(set) var result: RehearsalResult

    package init(_ tariff: Tariff, in zone: ZoneRules) {
        self.tariff = tariff
        self.zone = zone
        result = RehearsalResult(
            tariff: tariff.id, version: tariff.version, currency: tariff.currency)
    }

    package static func of(
        _ stays: some Swift.Sequence<RehearsedStay>, under tariff: Tariff, in zone: ZoneRules
    ) -> RehearsalResult {
        var rehearsal = Rehearsal(tariff, in: zone)
        for stay in stays { rehearsal.take(stay) }
        return rehearsal.result
    }

    package mutating func take(_ stay: RehearsedStay) {
        guard let entry = stay.facts.entry else { return leaveOut(.noEntry) }
        do throws(PricingFault) {
            let charge = try tariff.price(stay.facts, in: zone)
            guard charge.status != .review, let fee = charge.fee else { return leaveOut(.needsPerson) }
            let local = zone.civil(WallTime(milliseconds: entry * 1000))
            result.add(stay, costing: fee, enteredAtHour: local.secondOfDay / 3600)
        } catch {
            leaveOut(.noPrice)
        }
    }

    /// - Parameter count: below zero for what turned out to belong to a stay after all.
    package mutating func leaveOut(_ gap: RehearsalGap, count: Int = 1) {
        result.leftOut[gap, default: 0] += count
    }

    package mutating func noteUnreadable() { result.unreadableRecords += 1 }
}
