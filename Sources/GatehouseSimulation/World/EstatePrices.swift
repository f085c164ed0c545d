// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// How an estate charges: its board, the one that hangs there from a midnight on, and what the plan says besides.
struct EstatePrices: Hashable, Sendable {
    var board: PriceBoard
    var next: PriceBoard
    /// From this midnight on, seconds since 1970.
    var changesAt: Int64
    /// Seconds east of UTC.
    var zoneOffset: Int
    var changesAtExit: Bool
    var convert: QuotaRule.Convert
    /// Debts of earlier stays are asked for with the next charge.
    var collects: Bool
    /// The last civil day of the permits of those who rent for a while, one after the other.
    var lastDays: [CivilDate]

    /// - Parameter days: of the run.
    init(seed: UInt64, days: Int) {
        var random = Random(seed: seed &* 0x9E6C_63D0_876A_9A47)
        board = random.pick(PriceBoard.all)
        next = board.dearer(by: 100)
        // Midnight or seven o'clock comes soon after the run begins.
        zoneOffset = random.pick([-3600, -3600, -7200, 18_000, 28_800])
        changesAtExit = random.chance(1, in: 2)
        convert = random.pick([.fromMoment, .fromMoment, .whole, .none])
        collects = random.chance(1, in: 3)
        let local = Simulation.wallOrigin.milliseconds / 1000 + Int64(zoneOffset)
        let today = CivilDate(daysSince1970: Int(local / 86_400))
        changesAt =
            Int64(today.daysSince1970 + max(1, days / 2)) * 86_400 - Int64(zoneOffset)
        lastDays = (0..<4).map { today.advanced(by: $0 * days / 4) }
    }

    var zone: ZoneRules {
        let sign = zoneOffset < 0 ? "-" : "+"
        return ZoneRules(name: "UTC\(sign)\(abs(zoneOffset) / 3600)", initialOffset: zoneOffset)
    }

    var plan: PricingPlan {
        let editions = [(board, Int64.min), (next, changesAt)].enumerated().map { index, one in
            let tariff = one.0.tariff(version: index + 1, zone: zone.name, convert: convert)
            return TariffEdition(
                from: one.1, tariff: tariff, zone: zone, text: tariff.id, hash: "\(index)")
        }
        var plan = PricingPlan(editions: editions)
        plan.versionRule = changesAtExit ? .atExit : .atEntry
        plan.arrears = collects ? .collect : .record
        return plan
    }
}
