// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `coupon list`: those that can still be used, oldest first.
package struct CouponListResult: ResultValue {
    package struct Line: ResultValue {
        package var grant: CouponGrant
        package var record: Int64
        package var reservedFor: Int64?
        package var isPaid: Bool
        /// The merchant's name, for people.
        package var merchantName: String?

        package init(_ held: CouponBook.Held, merchantName: String?) {
            grant = held.grant
            record = held.record.number
            reservedFor = held.reservedFor?.number
            isPaid = held.paidAt != nil
            self.merchantName = merchantName
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("record", record)
            grant.write(to: &fields)
            fields.put("merchant_name", ifPresent: merchantName)
            fields.put("reserved_for", ifPresent: reservedFor)
            fields.put("used_with_payment", ifTrue: isPaid)
        }

        package init(from fields: Fields) throws(FieldError) {
            record = try fields.integer("record")
            grant = try CouponGrant(from: fields)
            merchantName = try fields.stringIfPresent("merchant_name")
            reservedFor = try fields.integerIfPresent("reserved_for")
            isPaid = try fields.bool("used_with_payment")
        }
    }

    package var coupons: [Line]

    package init(_ book: CouponBook, merchants: Table<String, String>) {
        coupons = book.held.inOrder.map(\.value).sorted { $0.record < $1.record }.map { held in
            Line(held, merchantName: held.grant.merchant.flatMap { merchants[$0] })
        }
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("coupons", objects: coupons) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        coupons = try fields.values("coupons", as: Line.self)
    }
}

/// `stored show`: balances that pay at the exit by themselves.
package struct StoredResult: ResultValue {
    package struct Line: ResultValue {
        package var holder: StoredHolder
        /// A household's.
        package var name: String?
        /// Minor units.
        package var balance: Int64

        package init(holder: StoredHolder, name: String?, balance: Int64) {
            self.holder = holder
            self.name = name
            self.balance = balance
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("holder", object: holder.write)
            fields.put("name", ifPresent: name)
            fields.put("balance", balance)
        }

        package init(from fields: Fields) throws(FieldError) {
            holder = try StoredHolder(from: fields.object("holder"))
            name = try fields.stringIfPresent("name")
            balance = try fields.integer("balance")
        }
    }

    package var balances: [Line]

    /// - Parameter holder: nil: all.
    package init(_ book: StoredValueBook, of holder: StoredHolder?, _ directory: Directory) {
        let wanted = holder.map { [($0, book.balance(of: $0))] }
        balances = (wanted ?? book.balances.inOrder.map { ($0.key, $0.value) }).map { holder, balance in
            var name: String?
            if case .household(let id) = holder { name = directory.household(id)?.name }
            return Line(holder: holder, name: name, balance: balance.minorUnits)
        }
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("balances", objects: balances) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        balances = try fields.values("balances", as: Line.self)
    }
}
