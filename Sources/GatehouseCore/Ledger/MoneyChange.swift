// SPDX-License-Identifier: Apache-2.0

/// What a record about money changes in the account book: the part of a fact that state is folded from, live and in
/// recovery alike. The rest of the record (lines of a charge, the text of a tariff) is for whoever reads it.
enum MoneyChange: Hashable, Sendable {
    case adopted(tariff: String, hash: String)
    case quoted(StayID, StayAccount.Quote)
    case settled(Settlement)
    case charged(Closing)
    case adjusted(AdjustedFact)
    case deferred(StayID)
    case converted(StayID, at: Int64)
    case shiftOpened(by: Operator)
    case shiftClosed(ShiftCount)
    case refunded(Refund)
    case corrected(LedgerCorrection)

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
    }

    var postings: [Posting] {
        switch self {
        case .settled(let settlement): settlement.postings
        case .charged(let closing): closing.postings
        case .shiftClosed(let count): count.postings
        case .refunded(let refund): refund.postings
        case .corrected(let correction): correction.postings
        case .adopted, .quoted, .adjusted, .deferred, .converted, .shiftOpened: []
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
                    validUntil: quote.validUntil, freeBy: Charge.freeBy(quote.priced.charge.flags)))
        case .settled(let settlement): .settled(settlement)
        case .charged(let charge):
            .charged(
                MoneyChange.Closing(
                    stay: charge.stay, plate: charge.plate, household: charge.household,
                    category: charge.category, owed: charge.owed, collected: charge.collected,
                    postings: charge.postings))
        case .adjusted(let adjusted): .adjusted(adjusted)
        case .deferred(let stay, _, _): .deferred(stay)
        case .converted(let stay, let at, _): .converted(stay, at: at)
        case .shiftOpened(let by): .shiftOpened(by: by)
        case .shiftClosed(let count): .shiftClosed(count)
        case .refunded(let refund): .refunded(refund)
        case .corrected(let correction): .corrected(correction)
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
                    validUntil: try fields.integer("valid_until_s"), freeBy: Charge.freeBy(flags)))
        case "paymentSettled": self = .settled(try Settlement(from: fields))
        case "stayCharged": self = .charged(try Closing(from: fields))
        case "chargeAdjusted": self = .adjusted(try AdjustedFact(from: fields))
        case "chargeDeferred": self = .deferred(StayID(try fields.integer("stay")))
        case "spaceConverted":
            self = .converted(StayID(try fields.integer("stay")), at: try fields.integer("at_s"))
        case "shiftOpened": self = .shiftOpened(by: try Operator(from: fields.object("by")))
        case "shiftClosed": self = .shiftClosed(try ShiftCount(from: fields))
        case "paymentRefunded": self = .refunded(try Refund(from: fields))
        case "ledgerCorrected": self = .corrected(try LedgerCorrection(from: fields))
        default: throw .unknownKind(kind)
        }
    }
}

extension MoneyChange.Closing {
    init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        plate = try fields.stringIfPresent("plate").flatMap { Plate($0) }
        household = try fields.integerIfPresent("household")
        category = try fields.word("category", as: IncomeCategory.self)
        owed = Money(try fields.integer("owed"))
        collected = []
        for line in try fields.objects("collected") {
            collected.append(
                Arrears(reference: try line.string("stay"), amount: Money(try line.integer("amount"))))
        }
        postings = try fields.postings()
    }
}
