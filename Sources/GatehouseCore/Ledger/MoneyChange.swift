// SPDX-License-Identifier: Apache-2.0

/// What a record about money changes in the account book: the part of a fact that state is folded from, live and in
/// recovery alike. The rest of the record (lines of a charge, the text of a tariff) is for whoever reads it.
enum MoneyChange: Hashable, Sendable {
    case adopted(tariff: String, hash: String)
    case quoted(StayID, StayAccount.Quote)
    case settled(Settlement)
    case charged(Closing)
    case adjusted(AdjustedFact)
    case deferred(StayID, due: Money)
    case classified(ClassifiedFact)
    case disputed(StayID)
    case disputeSettled(DisputeEnd)
    case converted(StayID, at: Int64)
    case shiftOpened(by: Operator)
    case shiftClosed(ShiftCount)
    case refunded(Refund)
    case coupon(CouponFact)
    case storedGivenBack(StoredRefund)
    case corrected(LedgerCorrection)
    case collectionAsked(CollectionOrder)
    case collectionEnded(CollectionEnding)

    /// The end of a stay's account.
    struct Closing: Hashable, Sendable {
        var stay: StayID
        var plate: Plate?
        var household: Int64?
        var category: IncomeCategory
        var owed: Money
        /// From earlier stays, by their numbers.
        var collected: [Arrears]
        var postings: [Posting]
        var isDisputed = false
        var history: PlateHistory?
    }

    var postings: [Posting] {
        switch self {
        case .settled(let settlement): settlement.postings
        case .charged(let closing): closing.postings
        case .shiftClosed(let count): count.postings
        case .refunded(let refund): refund.postings
        case .storedGivenBack(let refund): refund.postings
        case .corrected(let correction): correction.postings
        case .disputeSettled(let end): end.postings
        case .adopted, .quoted, .adjusted, .deferred, .classified, .disputed, .converted, .shiftOpened,
            .coupon, .collectionAsked, .collectionEnded:
            []
        }
    }
}

extension MoneyFact {
    /// - Parameter record: the fact's own.
    func change(_ record: Sequence) -> MoneyChange {
        switch self {
        case .tariffAdopted(let edition): .adopted(tariff: edition.name, hash: edition.hash)
        case .quoted(let quote):
            .quoted(
                quote.stay,
                StayAccount.Quote(
                    record: record, lane: quote.lane, due: quote.due, computedAt: quote.computedAt,
                    validUntil: quote.validUntil, freeBy: Charge.freeBy(quote.priced.charge.flags),
                    arrears: quote.priced.charge.arrearsSum, coupons: quote.coupons,
                    entries: quote.entries))
        case .settled(let settlement): .settled(settlement)
        case .charged(let charge):
            .charged(
                MoneyChange.Closing(
                    stay: charge.stay, plate: charge.plate, household: charge.household,
                    category: charge.category, owed: charge.owed, collected: charge.collected,
                    postings: charge.postings, isDisputed: charge.isDisputed, history: charge.history))
        case .adjusted(let adjusted): .adjusted(adjusted)
        case .deferred(let stay, let due, _): .deferred(stay, due: due)
        case .classified(let fact): .classified(fact)
        case .disputed(let fact): .disputed(fact.stay)
        case .disputeSettled(let end): .disputeSettled(end)
        case .converted(let stay, let at, _): .converted(stay, at: at)
        case .shiftOpened(let by): .shiftOpened(by: by)
        case .shiftClosed(let count): .shiftClosed(count)
        case .refunded(let refund): .refunded(refund)
        case .coupon(let fact): .coupon(fact)
        case .storedGivenBack(let refund): .storedGivenBack(refund)
        case .corrected(let correction): .corrected(correction)
        case .collectionAsked(let order): .collectionAsked(order)
        case .collectionEnded(let ending): .collectionEnded(ending)
        }
    }
}

extension MoneyChange {
    init(kind: String, from fields: Fields, record: Sequence) throws(FieldError) {
        switch kind {
        case "tariffAdopted":
            self = .adopted(
                tariff: "\(try fields.string("tariff")) \(try fields.integer("version"))",
                hash: try fields.string("tariff_hash"))
        case "chargeQuoted":
            let charge = try fields.object("charge")
            let due = try charge.integerIfPresent("due")
            let flags = try charge.strings("flags").compactMap(Charge.Flag.init)
            self = .quoted(
                StayID(try fields.integer("stay")),
                StayAccount.Quote(
                    record: record, lane: try fields.stringIfPresent("lane"), due: Money(due ?? 0),
                    computedAt: try fields.integer("computed_s"),
                    validUntil: try fields.integer("valid_until_s"), freeBy: Charge.freeBy(flags),
                    arrears: try Self.arrears(of: charge), coupons: try fields.strings("coupons"),
                    entries: try fields.entryOptions()))
        case "paymentSettled": self = .settled(try Settlement(from: fields))
        case "stayCharged": self = .charged(try Closing(from: fields))
        case "chargeAdjusted": self = .adjusted(try AdjustedFact(from: fields))
        case "chargeDeferred":
            self = .deferred(
                StayID(try fields.integer("stay")), due: Money(try fields.integerIfPresent("due") ?? 0))
        case "chargeClassified": self = .classified(try ClassifiedFact(from: fields))
        case "chargeDisputed": self = .disputed(StayID(try fields.integer("stay")))
        case "disputeSettled": self = .disputeSettled(try DisputeEnd(from: fields))
        case "spaceConverted":
            self = .converted(StayID(try fields.integer("stay")), at: try fields.integer("at_s"))
        case "shiftOpened": self = .shiftOpened(by: try Operator(from: fields.object("by")))
        case "shiftClosed": self = .shiftClosed(try ShiftCount(from: fields))
        case "paymentRefunded": self = .refunded(try Refund(from: fields))
        case "storedGivenBack": self = .storedGivenBack(try StoredRefund(from: fields))
        case _ where CouponFact.kinds.contains(kind):
            self = .coupon(try CouponFact(kind: kind, from: fields))
        case "ledgerCorrected": self = .corrected(try LedgerCorrection(from: fields))
        case "collectionAsked": self = .collectionAsked(try CollectionOrder(from: fields))
        case "collectionEnded": self = .collectionEnded(try CollectionEnding(from: fields))
        default: throw .unknownKind(kind)
        }
    }
}

extension MoneyChange {
    private static func arrears(of charge: Fields) throws(FieldError) -> Money {
        var sum: Int64 = 0
        for line in try charge.objects("lines") where try line.string("code") == "ARREARS" {
            sum &+= try line.integer("amount")
        }
        return Money(sum)
    }
}

extension MoneyChange.Closing {
    init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        plate = try fields.stringIfPresent("plate").flatMap { Plate($0) }
        household = try fields.integerIfPresent("household")
        category = try fields.word("category", as: IncomeCategory.self)
        owed = Money(try fields.integer("owed"))
        collected = try fields.collected()
        postings = try fields.postings()
        isDisputed = try fields.bool("disputed")
        history = try fields.objectIfPresent("history").map(PlateHistory.init)
    }
}
