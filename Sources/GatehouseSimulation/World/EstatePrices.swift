// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// How an estate charges: its board, the one that hangs there from a midnight on, and what the plan says besides.
struct EstatePrices: Hashable, Sendable {
    var board: PriceBoard
    var next: PriceBoard
    /// That coupons may put in their place.
    var others: [PriceBoard] = []
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
    /// What a provider is asked for; none: nothing.
    var orderWays: [PaymentWay] = []
    /// Providers come to a listener of the site's own too, and not by the uplink's broker alone.
    var hasListener = true
    var offline = OfflineRule.strict
    /// Those that bear coupons; none: nobody gives any.
    var merchants: [String] = []
    /// nil: no balances.
    var storedShort: StoredValuePlan.Short?
    /// Residents give their guests passes.
    var hasGuests = false

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
        orderWays = random.pick([
            [], [.etc], [.scannedCode], [.plateBound, .scannedCode], [.etc, .plateBound, .scannedCode],
            [.etc, .plateBound, .scannedCode],
        ])
        hasListener = random.chance(1, in: 2)
        offline = random.pick([.strict, .strict, .trustLimit, .open])
        merchants = random.chance(3, in: 4) ? ["gym", "tea-house"] : []
        storedShort = random.pick([nil, .refuse, .treatAsTemporary, .drainThenRest])
        hasGuests = random.chance(3, in: 4)
        board.stacking = random.pick(PriceBoard.Stacking.allCases)
        next.stacking = random.chance(1, in: 4) ? random.pick(PriceBoard.Stacking.allCases) : board.stacking
        others = [.ofGuests, .ofStaff]
        for index in others.indices { others[index].stacking = random.pick(PriceBoard.Stacking.allCases) }
        guard days > 2 else { return }
        // Weeks without a link have everything in them.
        (hasListener, hasGuests) = (true, true)
        orderWays = CollectingPlan.possibleWays
        merchants = ["gym", "tea-house"]
        storedShort = storedShort ?? .drainThenRest
        (board.stacking, next.stacking) = (.bestOne, .onePerKind)
    }

    var zone: ZoneRules {
        let sign = zoneOffset < 0 ? "-" : "+"
        return ZoneRules(name: "UTC\(sign)\(abs(zoneOffset) / 3600)", initialOffset: zoneOffset)
    }

    var plan: PricingPlan {
        var plan = PricingPlan(
            editions: [edition(of: board, 1, from: .min), edition(of: next, 2, from: changesAt)])
        plan.versionRule = changesAtExit ? .atExit : .atEntry
        plan.arrears = collects ? .collect : .record
        plan.channel = PaymentChannelPlan(
            key: "payment-key", http: hasListener ? "127.0.0.1:8443" : nil, usesBroker: true)
        plan.collecting = orderWays.isEmpty ? nil : CollectingPlan(ways: orderWays)
        plan.offline = offline
        plan.offlineTrustLimit = Self.trust
        for name in merchants { plan.coupons.merchants[name] = name }
        plan.coupons.tariffs = others.map { edition(of: $0, 1, from: .min) }
        plan.storedValue = storedShort.map { short in
            var stored = StoredValuePlan()
            stored.short = short
            return stored
        }
        return plan
    }

    private func edition(of board: PriceBoard, _ version: Int, from: Int64) -> TariffEdition {
        let tariff = board.tariff(version: version, zone: zone.name, convert: convert)
        return TariffEdition(
            from: from, tariff: tariff, zone: zone, text: tariff.id, hash: "\(version) of \(board.name)")
    }

    /// What a vehicle may owe that goes because nobody can be asked.
    static let trust = Money(3000)

    /// Whoever has an agreement is debited by the plate, or has a tag.
    static func hasAgreement(_ plate: String, _ way: PaymentWay) -> Bool {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in (plate + way.rawValue).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (hash >> 20) % 2 == 0
    }
}
