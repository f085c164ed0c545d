// SPDX-License-Identifier: Apache-2.0

/// What a site charges and how it takes the money: `charging:` of `site.yaml` with the tariff files that it names.
/// nil in the plan: nobody pays here.
package struct PricingPlan: Hashable, Sendable {
    /// Which tariff holds for a vehicle that was inside when it changed (`tariffs.md` §6.5). A stay is never split.
    package enum VersionRule: String, Hashable, Sendable, CaseIterable {
        /// The board that the driver saw.
        case atEntry = "at_entry"
        case atExit = "at_exit"

        /// nil only where there are none.
        func edition(of editions: [TariffEdition], entry: Int64, exit: Int64) -> TariffEdition? {
            let at = self == .atEntry ? entry : exit
            return editions.last { $0.from <= at } ?? editions.first
        }
    }

    /// What becomes of what is owed from earlier stays. Nobody is kept for it either way (architecture §14).
    package enum ArrearsRule: String, Hashable, Sendable, CaseIterable {
        /// Kept in the books and told.
        case record
        /// Added to what is due at the next exit.
        case collect
    }

    /// A vehicle that owes nothing: the arm opens at once, or a guard looks at it first (`tariffs.md` §2, 34).
    package enum ZeroFee: String, Hashable, Sendable, CaseIterable { case auto, confirm }

    /// By rising `from`; never empty.
    package var editions: [TariffEdition]
    package var versionRule = VersionRule.atEntry
    /// A quote is good for at most this long (§10.1).
    package var quoteLife: Duration = .seconds(300)
    /// The first that fits decides; after them the colours of §3.1.
    package var classes: [ClassRule] = []
    /// Whose income a temporary vehicle's charge is (§11).
    package var category = IncomeCategory.temporaryParking
    package var arrears = ArrearsRule.record
    /// Of the lanes that say nothing themselves.
    package var zeroFee = ZeroFee.auto
    /// A cap holds for all visits of a plate in its period together (§6.3).
    package var sharesCaps = false
    /// What a vehicle may owe in all when a guard lets it pay later.
    package var laterLimit = Money(10_000)
    /// So many releases a day for one reason; reasons that are not named have no limit (§2, 32).
    package var releaseLimits: Table<String, Int> = Table()
    /// Operator and telephone, for receipts.
    package var contact: String?
    /// A code with amount and order inside, drawn on displays that can.
    package var dynamicCode: CodeTemplate?
    package var coupons = CouponPlan()
    /// nil: no balances are taken.
    package var storedValue: StoredValuePlan?
    /// How a payment platform reaches the site.
    package var channel: PaymentChannelPlan?
    /// What the gateway asks providers for by itself; nil: nothing.
    package var collecting: CollectingPlan?
    package var offline = OfflineRule.strict
    /// What a vehicle may owe in all when it goes because nobody can be asked; nil: by no limit.
    package var offlineTrustLimit: Money?

    package init(editions: [TariffEdition]) { self.editions = editions }

    /// Of the books, and of every tariff of the site.
    package var currency: String { editions.first?.tariff.currency ?? Self.usualCurrency }
    /// Where nothing says another.
    package static let usualCurrency = "CNY"

    /// Sets the hashes of the editions' texts, which only the shell can make.
    package mutating func nameTexts(_ hash: (String) -> String) {
        for index in editions.indices { editions[index].hash = hash(editions[index].text) }
        for index in coupons.tariffs.indices {
            coupons.tariffs[index].hash = hash(coupons.tariffs[index].text)
        }
    }

    /// nil only of a plan without editions, which is refused when it is read.
    package func edition(entry: Int64?, exit: Int64) -> TariffEdition? {
        versionRule.edition(of: editions, entry: entry ?? exit, exit: exit)
    }
}

/// One version of a tariff with everything that a bill is recomputed from years later: its text, and the offsets of
/// its time zone as they were known.
package struct TariffEdition: Hashable, Sendable {
    /// From this instant on, seconds since 1970.
    package var from: Int64
    package var tariff: Tariff
    package var zone: ZoneRules
    /// The file as it was read.
    package var text: String
    /// SHA-256 of the text, lower-case hexadecimal.
    package var hash: String

    package init(from: Int64, tariff: Tariff, zone: ZoneRules, text: String, hash: String) {
        self.from = from
        self.tariff = tariff
        self.zone = zone
        self.text = text
        self.hash = hash
    }

    /// `site-a 7`.
    package var name: String { "\(tariff.id) \(tariff.version)" }
}

/// Whose money it is (`tariffs.md` §11): what belongs to the owners is kept apart from what does not.
package enum IncomeCategory: String, Hashable, Sendable, CaseIterable {
    case temporaryParking = "common.temp_parking"
    case commonPermit = "common.permit"
    case garageLease = "garage.lease"
    case garageService = "garage.service"
}
