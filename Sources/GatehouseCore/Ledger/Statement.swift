// SPDX-License-Identifier: Apache-2.0

/// The owners' common income of a month (公共收益, Civil Code article 282; `tariffs.md` §11): what came in, what was let
/// off and why, what was left owing. No plate, no household, no name, and no text that a person typed: of a reason only
/// its code. A sum of records and of nothing else, so whoever has the export gets the same bytes (`docs/statement.py`).
package struct Statement: Hashable, Sendable {
    /// How often, and how much.
    struct Tally: Hashable, Sendable {
        var count: Int64 = 0
        var amount: Int64 = 0

        mutating func add(_ more: Int64) {
            count = count.addingSaturated(1)
            amount = amount.addingSaturated(more)
        }
    }

    private struct Charged: Hashable, Sendable {
        let record: Int64
        let currency: String
    }

    package static let kinds = [
        "paymentSettled", "stayCharged", "chargeAdjusted", "chargeClassified", "disputeSettled",
        "shiftClosed", "paymentRefunded",
        "ledgerCorrected", "couponConsumed", Statement.opening,
    ]
    static let opening = LaneNoteKind.manualOpen.rawValue

    package let month: CivilMonth
    package let zone: ZoneRules
    /// Of a month without stays. Records of stays have always said theirs, those of tariffs have not.
    private let usualCurrency: String
    /// The month's last stay that has a price.
    private var charged: Charged?
    var records: Int64 = 0
    var first: Int64 = 0
    var last: Int64 = 0
    /// Records whose content is gone or says something else than it should.
    var unreadable: Int64 = 0
    /// By account, without the word in front.
    var income: Table<String, Int64> = Table()
    var reductions: Table<String, Int64> = Table()
    /// Of finished stays.
    var tariffs: Table<String, Tally> = Table()
    var classes: Table<String, Tally> = Table()
    var outcomes: Table<String, Int64> = Table()
    /// By the code of the reason.
    var releases: Table<String, Int64> = Table()
    /// What they took off, by the merchants that bear it.
    var coupons: Table<String, Tally> = Table()
    /// Those that the site itself bears.
    var ownCoupons = Tally()
    var manualOpenings: Int64 = 0
    var arrearsOpened = Tally()
    var arrearsCollected = Tally()
    var arrearsCorrected = Tally()
    var refunds = Tally()
    var corrections = Tally()
    var cashDifferences = Tally()

    package init(month: CivilMonth, zone: ZoneRules, currency: String = PricingPlan.usualCurrency) {
        self.month = month
        self.zone = zone
        usualCurrency = Self.plain(currency)
    }

    package var currency: String { charged?.currency ?? usualCurrency }

    /// - Parameter payload: of the tariff that was adopted last, which says the zone, and the currency of a month without
    ///   stays; nil: there is none.
    package init(month: CivilMonth, ofTariffRecord payload: [UInt8]?) {
        let currency = payload.flatMap { try? Fields($0) }?.text("currency")
        self.init(
            month: month, zone: ZoneRules(ofTariffRecord: payload),
            currency: currency ?? PricingPlan.usualCurrency)
    }

    /// Any record may come, in any order; those of another month or kind change nothing. One that cannot be read is
    /// counted and leaves the sums alone.
    /// - Parameter payload: nil when it was deleted.
    package mutating func take(
        _ kind: String, _ payload: Fields?, record: Sequence, at wall: WallTime
    ) {
        guard Self.kinds.contains(kind), month.contains(zone.civil(wall).date) else { return }
        records = records.addingSaturated(1)
        first = records == 1 ? record.number : min(first, record.number)
        last = max(last, record.number)
        if kind == Self.opening {
            manualOpenings = manualOpenings.addingSaturated(1)
            return
        }
        do throws(FieldError) {
            guard let payload else { throw .missing(key: "payload") }
            var copy = self
            try copy.fold(kind, payload, record: record.number)
            self = copy
        } catch {
            unreadable = unreadable.addingSaturated(1)
        }
    }

    private mutating func fold(
        _ kind: String, _ payload: Fields, record: Int64
    ) throws(FieldError) {
        let sums = try book(payload.postings())
        switch kind {
        case "stayCharged": try charge(payload, record: record, income: sums.income)
        case "paymentSettled":
            guard try payload.string("use") == SettlementUse.arrearsWord else { return }
            let rest = try payload.integerIfPresent("rest") ?? 0
            arrearsCollected.add(try payload.integer("amount").addingSaturated(rest.negatedSaturated))
        case "chargeAdjusted":
            let reason = Self.code(try payload.string("reason"))
            guard try payload.integerIfPresent("fee_is") == 0 else { return }
            releases[reason, default: 0] = (releases[reason] ?? 0).addingSaturated(1)
        case "chargeClassified":
            guard let why = try payload.stringIfPresent("exempt") else { return }
            let reason = Self.code(why)
            releases[reason, default: 0] = (releases[reason] ?? 0).addingSaturated(1)
        case "disputeSettled":
            if sums.arrears != 0 { arrearsCorrected.add(sums.arrears) }
        case "shiftClosed": cashDifferences.add(try payload.integer("difference"))
        case "paymentRefunded": refunds.add(try payload.integer("amount"))
        case "couponConsumed":
            let used = try payload.integer("used")
            if let merchant = try payload.stringIfPresent("merchant") {
                coupons[Self.plain(merchant), default: Tally()].add(used)
            } else {
                ownCoupons.add(used)
            }
        case "ledgerCorrected":
            corrections.add(sums.income)
            if sums.arrears != 0 { arrearsCorrected.add(sums.arrears) }
        default: break
        }
    }

    private mutating func charge(
        _ payload: Fields, record: Int64, income: Int64
    ) throws(FieldError) {
        if let currency = try payload.stringIfPresent("currency"), record > charged?.record ?? .min {
            charged = Charged(record: record, currency: Self.plain(currency))
        }
        let outcome = try payload.word("outcome", as: StayCharge.Outcome.self).rawValue
        outcomes[outcome, default: 0] = (outcomes[outcome] ?? 0).addingSaturated(1)
        let owed = try payload.integer("owed")
        if owed != 0 { arrearsOpened.add(owed) }
        for line in try payload.objects("collected") { arrearsCollected.add(try line.integer("amount")) }
        if let tariff = try payload.stringIfPresent("tariff") {
            tariffs[Self.plain("\(tariff) \(try payload.integer("version"))"), default: Tally()].add(income)
        }
        if let kind = try payload.stringIfPresent("class") {
            classes[Self.plain(kind), default: Tally()].add(income)
        }
    }

    /// What a record's postings say of income and of the debts of vehicles that left. Income is a credit and shown as
    /// what came in.
    private mutating func book(_ postings: [Posting]) -> (income: Int64, arrears: Int64) {
        var sums: (income: Int64, arrears: Int64) = (0, 0)
        for posting in postings {
            let (account, amount) = (posting.account, posting.amount.minorUnits)
            if let category = account.rest(after: "income.") {
                let key = Self.plain(category)
                income[key] = (income[key] ?? 0).addingSaturated(amount.negatedSaturated)
                sums.income = sums.income.addingSaturated(amount.negatedSaturated)
            } else if let kind = account.rest(after: "reductions.") {
                let key = Self.code(kind)
                reductions[key] = (reductions[key] ?? 0).addingSaturated(amount)
            } else if account == .arrears {
                sums.arrears = sums.arrears.addingSaturated(amount)
            }
        }
        return sums
    }

    /// Of `OTHER: a white van` the first word: what a person typed may name somebody.
    private static func code(_ reason: String) -> String { plain(OperatorReason.code(of: reason)) }

    /// A word in a table of ours: nothing that would look like another column or line.
    private static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isHarmless = scalar.value >= 0x20 && scalar != "|" && !(0x7F...0x9F).contains(scalar.value)
            result.append(isHarmless ? scalar : "_")
        }
        return String(result)
    }
}

extension SettlementUse {
    fileprivate static let arrearsWord = SettlementUse.arrears(StayID(0), rest: .zero).word
}

extension Int64 {
    fileprivate var negatedSaturated: Int64 { self == .min ? .max : -self }
}
