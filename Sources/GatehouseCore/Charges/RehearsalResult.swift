// SPDX-License-Identifier: Apache-2.0

/// Who would have paid more, less or the same under a proposed tariff, and the income of both.
package struct RehearsalResult: Hashable, Sendable {
    /// So many of the largest rises and falls are named.
    package static let mostNamed = 10

    package var tariff: String
    package var version: Int
    package var currency: String
    /// Of the stays that were priced, those that nothing was charged for before: their old amount is 0.
    package var uncharged = 0
    package var all = RehearsalSums()
    package var ofClass = Table<String, RehearsalSums>()
    package var ofHolder = Table<HolderKind, RehearsalSums>()
    /// 24 of them, by the hour of the entry on the site's clock.
    package var ofHour = [RehearsalSums](repeating: RehearsalSums(), count: 24)
    package var spread = RehearsalSpread()
    /// The largest first, of equal ones the earlier stay.
    package var rises: [RehearsalChange] = []
    package var falls: [RehearsalChange] = []
    package var leftOut = Table<RehearsalGap, Int>()
    /// Records about stays, permits and money whose payload is deleted or damaged.
    package var unreadableRecords = 0

    package init(tariff: String, version: Int, currency: String) {
        self.tariff = tariff
        self.version = version
        self.currency = currency
    }

    mutating func add(_ stay: RehearsedStay, costing fee: Money, enteredAtHour hour: Int) {
        let change = RehearsalChange(stay: stay.id, before: stay.oldFee ?? .zero, after: fee)
        if stay.oldFee == nil { uncharged += 1 }
        all.add(change)
        ofClass[stay.facts.vehicle.vehicleClass, default: RehearsalSums()].add(change)
        ofHolder[stay.holder, default: RehearsalSums()].add(change)
        if ofHour.indices.contains(hour) { ofHour[hour].add(change) }
        spread.add(change)
        if change.after > change.before { Self.name(change, in: &rises) }
        if change.after < change.before { Self.name(change, in: &falls) }
    }

    private static func name(_ change: RehearsalChange, in list: inout [RehearsalChange]) {
        let place = list.firstIndex { change.isNamedBefore($0) } ?? list.count
        guard place < mostNamed else { return }
        list.insert(change, at: place)
        if list.count > mostNamed { list.removeLast() }
    }
}

/// One stay under both tariffs.
package struct RehearsalChange: Hashable, Sendable {
    package var stay: StayID
    package var before: Money
    package var after: Money

    package init(stay: StayID, before: Money, after: Money) {
        self.stay = stay
        self.before = before
        self.after = after
    }

    /// How much it differs, either way.
    package var size: Money {
        Money(Int64(clamping: (after.minorUnits &- before.minorUnits).magnitude))
    }

    func isNamedBefore(_ other: RehearsalChange) -> Bool {
        size == other.size ? stay < other.stay : size > other.size
    }
}

package struct RehearsalSums: Hashable, Sendable {
    /// Stays that differ one way, and by how much in all.
    package struct Side: Hashable, Sendable {
        package var stays = 0
        package var amount = Money.zero

        package init(stays: Int = 0, amount: Money = .zero) {
            self.stays = stays
            self.amount = amount
        }

        mutating func add(_ size: Money) {
            stays += 1
            amount = amount.addingSaturated(size)
        }
    }

    package var more = Side()
    package var less = Side()
    package var same = 0
    package var before = Money.zero
    package var after = Money.zero

    package init() {}

    package var stays: Int { more.stays + less.stays + same }

    mutating func add(_ change: RehearsalChange) {
        before = before.addingSaturated(change.before)
        after = after.addingSaturated(change.after)
        if change.after > change.before {
            more.add(change.size)
        } else if change.after < change.before {
            less.add(change.size)
        } else {
            same += 1
        }
    }
}

/// How many stays differ by how much.
package struct RehearsalSpread: Hashable, Sendable {
    /// Inclusive: 1, 5, 10 and 50 yuan.
    package static let bounds = [100, 500, 1_000, 5_000].map { Money($0) }

    package struct Row: Hashable, Sendable {
        /// nil: without end.
        package var upTo: Money?
        package var more = 0
        package var less = 0
    }

    package private(set) var rows: [Row]

    package init() { rows = Self.bounds.map { Row(upTo: $0) } + [Row()] }

    mutating func add(_ change: RehearsalChange) {
        guard change.size > .zero else { return }
        let place = Self.bounds.firstIndex { change.size <= $0 } ?? Self.bounds.count
        if change.after > change.before { rows[place].more += 1 } else { rows[place].less += 1 }
    }
}

extension Money {
    /// A sum for people to compare; no bill hangs on it.
    fileprivate func addingSaturated(_ other: Money) -> Money {
        Money(minorUnits.addingSaturated(other.minorUnits))
    }
}
