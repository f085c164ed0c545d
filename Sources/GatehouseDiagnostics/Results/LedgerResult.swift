// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `charge show`: a quote as the journal keeps it.
package struct QuoteResult: ResultValue {
    package var record: Int64
    /// The record's payload: stay, tariff, times, charge with its lines.
    package var quote: Fields
    /// Beside it: what a provider was asked for, and has not settled.
    package var collection: CollectionLine?

    package init(record: Int64, quote: Fields, collection: CollectionLine? = nil) {
        self.collection = collection
        self.record = record
        self.quote = quote
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("record", record)
        fields.put("quote", json: FieldWriter.json(.object(quote.members)))
        if let collection { fields.put("collection", object: collection.write) }
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            record: try fields.integer("record"), quote: try fields.object("quote"),
            collection: try fields.objectIfPresent("collection").map(CollectionLine.init(from:)))
    }
}

/// `ledger balances`: every account, who has the drawer, and what vehicles that left still owe.
package struct LedgerResult: ResultValue {
    package struct Line: Hashable, Sendable {
        package var account: String
        /// Debits positive, minor units.
        package var balance: Int64
    }

    package struct Debt: Hashable, Sendable {
        package var stay: Int64
        package var plate: String?
        package var amount: Int64
        package var since: WallTime
        /// Nobody is asked for it before that is settled.
        package var isDisputed = false
    }

    package var lines: [Line]
    package var shift: String?
    package var debts: [Debt]

    package init(_ book: AccountBook) {
        lines = book.balances.inOrder.map { Line(account: $0.key.name, balance: $0.value.minorUnits) }
        shift = book.shift?.by.name
        debts = book.debts.inOrder.map { stay, debt in
            Debt(
                stay: stay.number, plate: debt.plate?.text, amount: debt.amount.minorUnits, since: debt.since,
                isDisputed: debt.isDisputed)
        }
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("accounts", objects: lines) {
            $1.put("account", $0.account)
            $1.put("balance", $0.balance)
        }
        fields.put("shift", ifPresent: shift)
        fields.put("debts", objects: debts) {
            $1.put("stay", $0.stay)
            $1.put("plate", ifPresent: $0.plate)
            $1.put("amount", $0.amount)
            $1.put("since", time: $0.since)
            $1.put("disputed", ifTrue: $0.isDisputed)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        lines = []
        for line in try fields.objects("accounts") {
            lines.append(Line(account: try line.string("account"), balance: try line.integer("balance")))
        }
        shift = try fields.stringIfPresent("shift")
        debts = []
        for debt in try fields.objects("debts") {
            debts.append(
                Debt(
                    stay: try debt.integer("stay"), plate: try debt.stringIfPresent("plate"),
                    amount: try debt.integer("amount"), since: try debt.time("since"),
                    isDisputed: try debt.bool("disputed")))
        }
    }
}
