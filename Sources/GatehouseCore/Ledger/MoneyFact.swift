// SPDX-License-Identifier: Apache-2.0

/// What happened in money, for the journal: the only way the account book changes. A correction is a new fact; nothing
/// that stands is ever edited.
package enum MoneyFact: Hashable, Sendable {
    /// A tariff came into the plan. Its text and its zone stay for as long as the journal does.
    case tariffAdopted(TariffEdition)
    case quoted(QuoteFact)
    case settled(Settlement)
    case charged(StayCharge)
    case adjusted(AdjustedFact)
    /// A person lets it go now and pay later, with this much to pay.
    case deferred(StayID, due: Money, by: Operator)
    /// A guard says what kind of vehicle it is.
    case classified(ClassifiedFact)
    case disputed(DisputeFact)
    case disputeSettled(DisputeEnd)
    /// A household's space became free: from then on this car of it is no temporary one (§6.2).
    case converted(StayID, at: Int64, left: StayID)
    case shiftOpened(by: Operator)
    case shiftClosed(ShiftCount)
    case refunded(Refund)
    case coupon(CouponFact)
    /// What was left of a holder's balance was given back, or a part of it.
    case storedGivenBack(StoredRefund)
    case corrected(LedgerCorrection)
    /// A provider is asked to take money; nobody is asked before this is durable.
    case collectionAsked(CollectionOrder)
    case collectionEnded(CollectionEnding)
}

/// A person changed what a stay costs, for a reason that has a limit per day.
package struct AdjustedFact: Hashable, Sendable {
    package var stay: StayID
    package var adjustment: Adjustment
    package var by: Operator
    /// Of the site.
    package var day: CivilDate
}

/// A guard's drawer at the end of a shift.
package struct ShiftCount: Hashable, Sendable {
    package var shift: Sequence
    /// What the books say.
    package var expected: Money
    package var counted: Money
    package var by: Operator
    package var note: String?

    package var postings: [Posting] {
        let difference = Money(counted.minorUnits &- expected.minorUnits)
        return .moving(difference, from: .cashDifference, to: .cash)
            + .moving(counted, from: .cash, to: .cashHandedOver)
    }
}

/// Money given back, of one payment (`tariffs.md` §10.6).
package struct Refund: Hashable, Sendable {
    /// The payment's, and its record.
    package var serial: String
    package var settlement: Sequence
    /// The open stay whose account it leaves; nil: it was in none.
    package var stay: StayID?
    package var amount: Money
    package var from: LedgerAccount
    package var way: PaymentWay
    package var reason: String
    package var by: Operator
    /// Whose balance it came from and goes back to.
    package var holder: StoredHolder?

    package var postings: [Posting] { .moving(amount, from: .place(of: way, holder), to: from) }
}

/// A booking by hand that puts an earlier one right.
package struct LedgerCorrection: Hashable, Sendable {
    package var corrects: Sequence
    package var reason: String
    package var by: Operator
    package var postings: [Posting]
}

extension MoneyFact {
    package static let kinds = ownKinds + CouponFact.kinds

    private static let ownKinds = [
        "tariffAdopted", "chargeQuoted", "paymentSettled", "stayCharged", "chargeAdjusted", "chargeDeferred",
        "chargeClassified", "chargeDisputed", "disputeSettled", "spaceConverted",
        "shiftOpened", "shiftClosed", "paymentRefunded", "ledgerCorrected",
        "collectionAsked", "collectionEnded", "storedGivenBack",
    ]

    package var kind: String {
        switch self {
        case .tariffAdopted: "tariffAdopted"
        case .quoted: "chargeQuoted"
        case .settled: "paymentSettled"
        case .charged: "stayCharged"
        case .adjusted: "chargeAdjusted"
        case .deferred: "chargeDeferred"
        case .classified: "chargeClassified"
        case .disputed: "chargeDisputed"
        case .disputeSettled: "disputeSettled"
        case .converted: "spaceConverted"
        case .shiftOpened: "shiftOpened"
        case .shiftClosed: "shiftClosed"
        case .refunded: "paymentRefunded"
        case .coupon(let fact): fact.kind
        case .storedGivenBack: "storedGivenBack"
        case .corrected: "ledgerCorrected"
        case .collectionAsked: "collectionAsked"
        case .collectionEnded: "collectionEnded"
        }
    }

    /// Money that somebody said was paid is not waited for; the end of a stay rides with its passage.
    var patience: Duration {
        switch self {
        case .charged, .converted, .quoted: .seconds(1)
        case .coupon(let fact): fact.patience
        case .tariffAdopted, .settled, .adjusted, .deferred, .classified, .disputed, .disputeSettled,
            .shiftOpened, .shiftClosed, .refunded,
            .storedGivenBack, .corrected, .collectionAsked, .collectionEnded:
            .zero
        }
    }
}
