// SPDX-License-Identifier: Apache-2.0

/// A charge as far as a display and a voice say it.
package struct ShownCharge: Hashable, Sendable {
    /// Why nothing is due, where the driver is told.
    package enum Zero: Hashable, Sendable {
        case freeMinutes, exempt, paidBefore, permitGrace
        /// A person let it go for nothing.
        case waived
        case coupon
    }

    /// What is still to be paid, `debts` among it.
    package var due: Money
    package var currency: String
    /// Parked for so long.
    package var minutes: Int
    package var zero: Zero?
    /// What came for this stay before.
    package var paid: Money
    /// Of earlier stays, where the site asks for them together with this one.
    package var debts: Money
    /// How an order stands that a provider has for it; nil: none.
    package var collection: CollectionState?

    package init(
        due: Money, currency: String, minutes: Int, zero: Zero? = nil, paid: Money = .zero,
        debts: Money = .zero, collection: CollectionState? = nil
    ) {
        self.collection = collection
        self.due = due
        self.currency = currency
        self.minutes = minutes
        self.zero = zero
        self.paid = paid
        self.debts = debts
    }

    /// Of this stay alone: for nothing else is anybody asked to wait.
    package var dueOfStay: Money { max(.zero, Money(due.minorUnits &- debts.minorUnits)) }
}

package struct ShownAmount: Hashable, Sendable {
    package var amount: Money
    package var currency: String

    package init(_ amount: Money, currency: String) {
        self.amount = amount
        self.currency = currency
    }
}

/// A way to pay that works at a lane now, as short as a line of a board wants it.
package enum PaymentHint: Hashable, Sendable, CaseIterable {
    /// A code stands on this board.
    case scan
    /// The lane's scanner reads the driver's code.
    case showCode
    /// In the platform's app or by a code that hangs there.
    case phone
    /// A guard has the drawer open.
    case cash
    /// None of these: whoever answers the bell lets it go now and pay later.
    case ring

    var words: BilingualText {
        switch self {
        case .scan: BilingualText("扫码", "scan")
        case .showCode: BilingualText("付款码", "show code")
        case .phone: BilingualText("手机付", "phone")
        case .cash: BilingualText("现金", "cash")
        case .ring: BilingualText("请按铃", "ring")
        }
    }
}

/// A household's car that comes in as one too many (`tariffs.md` §6.2).
package enum QuotaNotice: Hashable, Sendable {
    case temporary
    /// It will be charged as one.
    case charged

    var words: [String] {
        switch self {
        case .temporary: ["车位已用完", "按临停入场"]
        case .charged: ["车位已用完", "按临停计费"]
        }
    }

    var english: [String] {
        switch self {
        case .temporary: ["Your spaces are taken"]
        case .charged: ["Your spaces are taken", "charged as a visitor"]
        }
    }
}
