// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What is still to be paid after a payment, from the books alone: while a quote is good, each payment since lessens what
/// it asked for, and by nothing else does that change.
package enum PaymentBalance {
    /// nil: the quote has lapsed or there was none; the next one says.
    package static func remaining(
        for stay: StayID, isOpen: Bool, in book: borrowing AccountBook, at now: WallTime
    ) -> Money? {
        guard isOpen else { return book.debts[stay]?.amount ?? .zero }
        let account = book.account(of: stay)
        guard let quote = account.quote, now.milliseconds / 1000 < quote.validUntil
        else { return nil }
        let paid = account.settlements.filter { $0.record > quote.record }
            .reduce(Int64(0)) { $0.plusSaturated($1.amount.minorUnits) }
        return Money(max(0, quote.due.minorUnits.plusSaturated(0 &- paid)))
    }
}

extension Int64 {
    fileprivate func plusSaturated(_ other: Int64) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? (other < 0 ? .min : .max) : sum
    }
}
