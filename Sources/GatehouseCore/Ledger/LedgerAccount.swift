// SPDX-License-Identifier: Apache-2.0

/// An account of the site's books. Debits are positive: what the site has or is owed grows with them, what it owes or
/// has earned grows with credits.
package struct LedgerAccount: Hashable, Comparable, Sendable {
    /// `income.common.temp_parking`: stable, and the upstream contract.
    package let name: String

    /// Of a name that came from outside; any name is an account.
    package init(name: String) { self.name = name }

    package static func < (a: LedgerAccount, b: LedgerAccount) -> Bool { a.name < b.name }

    // MARK: What the site has or is owed

    /// In the guard's drawer, by shift.
    package static let cash = LedgerAccount(name: "assets.cash")
    /// Counted and handed over at the end of a shift.
    package static let cashHandedOver = LedgerAccount(name: "assets.cash_handed_over")
    /// Said to be paid and not yet settled by whoever took it.
    package static func clearing(_ way: PaymentWay) -> LedgerAccount {
        LedgerAccount(name: "assets.clearing.\(way.rawValue)")
    }
    /// Where money of a way is: the drawer, a holder's balance, or on its way here.
    package static func place(of way: PaymentWay, _ holder: StoredHolder?) -> LedgerAccount {
        if way == .cash { return .cash }
        return way == .storedValue && holder != nil ? .stored : .clearing(way)
    }
    /// Owed by a merchant for coupons that were used.
    package static func merchant(_ name: String) -> LedgerAccount {
        LedgerAccount(name: "assets.merchant.\(name)")
    }
    /// Owed by vehicles that left.
    package static let arrears = LedgerAccount(name: "assets.arrears")

    // MARK: What the site owes

    /// Paid for stays that are not finished.
    package static let deposits = LedgerAccount(name: "liabilities.deposits")
    /// Paid too much; given back by a person, never silently.
    package static let refundable = LedgerAccount(name: "liabilities.refundable")
    /// Put in beforehand and not spent yet, of all holders together; whose it is stands in a table of its own.
    package static let stored = LedgerAccount(name: "liabilities.stored")
    /// Money whose stay is not known.
    package static let unmatched = LedgerAccount(name: "liabilities.unmatched")

    /// What changes it besides payments: it is the sum of a table, stay by stay or holder by holder, which a booking by hand
    /// would not change. nil: it has none.
    var changedBy: String? {
        switch self {
        case .arrears: "charge dispute and charge settle let off a debt, a payment for its stay collects it"
        case .deposits: "a payment for a stay adds to it, ledger refund gives back"
        case .stored: "stored top-up adds to it, stored refund gives back"
        default: nil
        }
    }

    // MARK: What the site earned, and what it let off

    package static func income(_ category: IncomeCategory) -> LedgerAccount {
        LedgerAccount(name: "income.\(category.rawValue)")
    }
    package static func reduction(_ kind: Reduction) -> LedgerAccount {
        LedgerAccount(name: "reductions.\(kind.rawValue)")
    }
    /// By a person, with a reason that a report names.
    package static func waiver(_ reason: String) -> LedgerAccount {
        LedgerAccount(name: "reductions.adjust.waiver.\(reason)")
    }
    package static let rounding = LedgerAccount(name: "reductions.rounding")
    /// The drawer held more or less than the books say.
    package static let cashDifference = LedgerAccount(name: "differences.cash")

    package enum Reduction: String, Hashable, Sendable, CaseIterable { case minutes, percent, coupons }

    // MARK: The chart

    private static let single: [LedgerAccount] =
        [
            .cash, .cashHandedOver, .arrears, .deposits, .refundable, .stored, .unmatched, .rounding,
            .cashDifference,
        ] + PaymentWay.allCases.map { .clearing($0) } + IncomeCategory.allCases.map { .income($0) }
        + Reduction.allCases.map { .reduction($0) }

    /// Whether something of a site with these merchants is booked there: another name is a slip of whoever typed it.
    func isKnown(_ merchants: Table<String, String>) -> Bool {
        if let merchant = rest(after: Self.merchant("").name) { return merchants[merchant] != nil }
        if let reason = rest(after: Self.waiver("").name) {
            return OperatorReason(rawValue: OperatorReason.code(of: reason)) != nil
        }
        return Self.single.contains(self)
    }

    /// Besides those of the merchants and reasons, of which there is one for each.
    static var known: String {
        let families = [
            "\(merchant("").name)… of charging.coupons.merchants",
            "\(waiver("").name)… of the code of a reason",
        ]
        return (single.map(\.name).sorted() + families).joined(separator: ", ")
    }

    /// nil: the name begins otherwise.
    func rest(after prefix: String) -> String? {
        // By scalars: a combining mark after the point would make another character of it.
        let scalars = name.unicodeScalars
        guard scalars.starts(with: prefix.unicodeScalars) else { return nil }
        return String(scalars.dropFirst(prefix.unicodeScalars.count))
    }
}

/// One line of a booking: debit positive, credit negative. The lines of a record add up to nothing.
package struct Posting: Hashable, Sendable {
    package var account: LedgerAccount
    package var amount: Money

    package init(_ account: LedgerAccount, _ amount: Money) {
        self.account = account
        self.amount = amount
    }
}

extension [Posting] {
    /// Money that changes its place.
    static func moving(_ amount: Money, from credit: LedgerAccount, to debit: LedgerAccount) -> [Posting] {
        amount == .zero ? [] : [Posting(debit, amount), Posting(credit, Money(0 &- amount.minorUnits))]
    }

    /// Whether they add up to nothing.
    package var isBalanced: Bool {
        var sum: Int64 = 0
        for posting in self {
            let (next, overflow) = sum.addingReportingOverflow(posting.amount.minorUnits)
            guard !overflow else { return false }
            sum = next
        }
        return sum == 0
    }
}

extension FieldWriter {
    mutating func put(postings: [Posting]) {
        guard !postings.isEmpty else { return }
        put("postings", objects: postings) { posting, fields in
            fields.put("account", posting.account.name)
            fields.put("amount", posting.amount.minorUnits)
        }
    }
}

extension Fields {
    package func postings() throws(FieldError) -> [Posting] {
        var result: [Posting] = []
        for line in try objects("postings") {
            result.append(
                Posting(
                    LedgerAccount(name: try line.string("account")), Money(try line.integer("amount"))))
        }
        return result
    }
}
