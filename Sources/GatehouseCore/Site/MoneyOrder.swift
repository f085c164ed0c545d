// SPDX-License-Identifier: Apache-2.0

/// What is done with money, by whoever may.
package enum MoneyOrder: Hashable, Sendable {
    case take(PaymentNotice)
    /// What a vehicle has to pay: its stay, or whoever stands at a lane.
    case quote(PaymentTarget)
    /// Let it go for less, with a reason that is counted.
    case adjust(PaymentTarget, Adjustment)
    /// Let it go now and pay later, up to the site's limit for one vehicle.
    case later(PaymentTarget)
    /// A vehicle is of another kind than its plate says.
    case classify(PaymentTarget, Classification, reason: String)
    /// What it is asked, or was, is contested: it may go, and nobody is after the debt before it is settled.
    case dispute(PaymentTarget, reason: String)
    /// What is owed stands with `letOff` zero; else so much of it is let off; nil: all.
    case settleDispute(StayID, letOff: Money?, reason: String)
    /// Have a provider asked for it, or how an order stands that is open.
    case collect(PaymentTarget, PaymentWay)
    case heard(CollectionAnswer)
    case openShift
    case closeShift(counted: Money, note: String?)
    /// Of one payment, by its serial. `amount` nil: all that is left of it, and if nothing is, what was done before stands
    /// as the answer. `way` nil: as it came.
    case refund(serial: String, amount: Money?, way: PaymentWay?, reason: String)
    case grantCoupon(CouponOrder)
    /// By its id, before it was used.
    case revokeCoupon(String, reason: String)
    /// Into a balance. The notice is a payment like any other, and taken once by its serial.
    case topUp(StoredHolder, PaymentNotice)
    /// What is left of a balance, or a part of it.
    case giveBackStored(StoredHolder, Money?, way: PaymentWay, reason: String)
    case correct(Sequence, [Posting], reason: String)
}

package enum PaymentTarget: Hashable, Sendable {
    case stay(StayID)
    case lane(String)
    case plate(Plate)
}
