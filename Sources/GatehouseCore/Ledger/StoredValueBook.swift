// SPDX-License-Identifier: Apache-2.0

/// Whose balance it is: a household's, for all its cars, or one plate's.
package enum StoredHolder: Hashable, Comparable, Sendable {
    case household(Int64)
    case plate(Plate)

    /// Of a row; never shown.
    var key: String {
        switch self {
        case .household(let id): "household \(id)"
        case .plate(let plate): "plate \(plate.text)"
        }
    }

    package static func < (a: StoredHolder, b: StoredHolder) -> Bool {
        switch (a, b) {
        case (.household(let a), .household(let b)): a < b
        case (.plate(let a), .plate(let b)): a < b
        case (.household, .plate): true
        case (.plate, .household): false
        }
    }
}

/// Money that was put in beforehand (储值), by holder. All of it together is `liabilities.stored`.
package struct StoredValueBook: Equatable, Sendable {
    /// Those with something in them.
    package private(set) var balances: Table<StoredHolder, Money> = Table()

    package init() {}

    package func balance(of holder: StoredHolder) -> Money { balances[holder] ?? .zero }

    mutating func add(_ amount: Money, to holder: StoredHolder) -> ProjectionChange {
        let sum = Money(balance(of: holder).minorUnits.addingSaturated(amount.minorUnits))
        let row = ProjectionKey(.stored, holder.key)
        guard sum != .zero else {
            balances.remove(holder)
            return ProjectionChange(row, nil)
        }
        balances[holder] = sum
        return ProjectionChange(
            row,
            FieldWriter.object { fields in
                holder.write(to: &fields)
                fields.put("balance", sum.minorUnits)
            })
    }

    /// Of its own table.
    init(rows: [ProjectionRow]) throws(FieldError) {
        for row in rows where row.key.table == .stored {
            let fields = try Fields(row.value)
            balances[try StoredHolder(from: fields)] = Money(try fields.integer("balance"))
        }
    }
}

/// What was left of a balance, or a part of it, goes back to whoever put it in.
package struct StoredRefund: Hashable, Sendable {
    package var holder: StoredHolder
    package var amount: Money
    package var way: PaymentWay
    package var reason: String
    package var by: Operator
    /// The guard's, for cash.
    package var shift: Sequence?
    /// After it.
    package var balance: Money

    package var postings: [Posting] { .moving(amount, from: .place(of: way, nil), to: .stored) }
}

// MARK: Payloads

extension StoredHolder: Payload {
    package func write(to fields: inout FieldWriter) {
        switch self {
        case .household(let id): fields.put("household", id)
        case .plate(let plate): fields.put("plate", plate.text)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        if let id = try fields.integerIfPresent("household") {
            self = .household(id)
        } else {
            let text = try fields.string("plate")
            guard let plate = Plate(text) else { throw .unknownValue(key: "plate", value: text) }
            self = .plate(plate)
        }
    }
}

extension StoredRefund: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("holder", object: holder.write)
        fields.put("amount", amount.minorUnits)
        fields.put("way", way.rawValue)
        fields.put("balance", balance.minorUnits)
        fields.put("reason", reason)
        by.write(to: &fields)
        fields.put("shift", ifPresent: shift?.number)
        fields.put(postings: postings)
    }

    package init(from fields: Fields) throws(FieldError) {
        holder = try StoredHolder(from: fields.object("holder"))
        amount = Money(try fields.integer("amount"))
        way = try fields.word("way", as: PaymentWay.self)
        balance = Money(try fields.integer("balance"))
        reason = try fields.string("reason")
        by = try Operator(from: fields.object("by"))
        shift = try fields.integerIfPresent("shift").map(Sequence.init)
    }
}
