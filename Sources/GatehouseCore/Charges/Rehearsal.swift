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

    /// - Returns: what it costs now; nil: it is left out.
    @discardableResult
    package mutating func take(_ stay: RehearsedStay) -> Charge? {
        guard let entry = stay.facts.entry else {
            leaveOut(.noEntry)
            return nil
        }
        guard let charge = charge(stay) else {
            leaveOut(.noPrice)
            return nil
        }
        guard charge.status != .review, let fee = charge.fee else {
            leaveOut(.needsPerson)
            return nil
        }
        let local = zone.civil(WallTime(seconds: entry))
        result.add(stay, costing: fee, enteredAtHour: local.secondOfDay / 3600)
        return charge
    }

    /// What it costs, counted nowhere.
    func charge(_ stay: RehearsedStay) -> Charge? { try? tariff.price(stay.facts, in: zone) }

    /// - Parameter count: below zero for what turned out to belong to a stay after all.
    package mutating func leaveOut(_ gap: RehearsalGap, count: Int = 1) {
        result.leftOut[gap, default: 0] += count
    }

    package mutating func noteUnreadable() { result.unreadableRecords += 1 }
}
