// SPDX-License-Identifier: Apache-2.0

/// The money of one unfinished stay.
package struct StayAccount: Hashable, Sendable {
    /// What was asked last, as far as a payment and a display need it.
    package struct Quote: Hashable, Sendable {
        package var record: Sequence
        package var lane: String?
        package var due: Money
        /// Seconds since 1970.
        package var computedAt: Int64
        package var validUntil: Int64
        /// Why nothing is due, for whoever asks at the pole.
        package var freeBy: Charge.Flag?
    }

    package struct Payment: Hashable, Sendable {
        package var record: Sequence
        package var way: PaymentWay
        package var amount: Money
        /// Seconds since 1970.
        package var at: Int64
    }

    /// Payments for so many earlier quotes still find their stay.
    static let quotesRemembered = 16

    package var quote: Quote?
    /// Records of quotes that others stand in place of, newest last.
    package var superseded: [Sequence] = []
    package var settlements: [Payment] = []
    package var adjustments: [Adjustment] = []
    package var coupons: [Coupon] = []
    /// A guard lets it go now and pay later.
    package var isDeferred = false
    /// Since when its household has a space for it.
    package var convertedAt: Int64?

    package init() {}

    var paid: Money { settlements.reduce(.zero) { Money($0.minorUnits &+ $1.amount.minorUnits) } }

    func has(quote: Sequence) -> Bool { self.quote?.record == quote || superseded.contains(quote) }

    mutating func giveBack(_ refund: Refund) {
        guard let index = settlements.firstIndex(where: { $0.record == refund.settlement }) else { return }
        settlements[index].amount = Money(settlements[index].amount.minorUnits &- refund.amount.minorUnits)
        if settlements[index].amount <= .zero { settlements.remove(at: index) }
    }

    mutating func take(_ new: Quote) {
        if let old = quote?.record {
            superseded.append(old)
            if superseded.count > Self.quotesRemembered { superseded.removeFirst() }
        }
        quote = new
    }
}

/// What a vehicle left owing.
package struct OpenDebt: Hashable, Sendable {
    package var stay: StayID
    package var plate: Plate?
    package var household: Int64?
    package var category: IncomeCategory
    /// What is left of it.
    package var amount: Money
    package var since: WallTime
}

extension StayAccount: Payload {
    package func write(to fields: inout FieldWriter) {
        if let quote { fields.put("quote", object: quote.write) }
        if !superseded.isEmpty { fields.put("superseded", integers: superseded.map(\.number)) }
        if !settlements.isEmpty { fields.put("payments", objects: settlements) { $0.write(to: &$1) } }
        if !adjustments.isEmpty { fields.put("adjustments", objects: adjustments) { $0.write(to: &$1) } }
        fields.put("deferred", ifTrue: isDeferred)
        fields.put("converted_s", ifPresent: convertedAt)
    }

    package init(from fields: Fields) throws(FieldError) {
        quote = try fields.objectIfPresent("quote").map(Quote.init(from:))
        superseded = try fields.integers("superseded").map { Sequence($0) }
        for payment in try fields.objects("payments") { settlements.append(try Payment(from: payment)) }
        for change in try fields.objects("adjustments") { adjustments.append(try Adjustment(from: change)) }
        isDeferred = try fields.bool("deferred")
        convertedAt = try fields.integerIfPresent("converted_s")
    }
}

extension StayAccount.Quote: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("record", record.number)
        fields.put("lane", ifPresent: lane)
        fields.put("due", due.minorUnits)
        fields.put("computed_s", computedAt)
        fields.put("valid_until_s", validUntil)
        fields.put("free_by", ifPresent: freeBy?.rawValue)
    }

    package init(from fields: Fields) throws(FieldError) {
        record = Sequence(try fields.integer("record"))
        lane = try fields.stringIfPresent("lane")
        due = Money(try fields.integer("due"))
        computedAt = try fields.integer("computed_s")
        validUntil = try fields.integer("valid_until_s")
        freeBy = try fields.wordIfPresent("free_by", as: Charge.Flag.self)
    }
}

extension StayAccount.Payment: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("record", record.number)
        fields.put("way", way.rawValue)
        fields.put("amount", amount.minorUnits)
        fields.put("at_s", at)
    }

    package init(from fields: Fields) throws(FieldError) {
        record = Sequence(try fields.integer("record"))
        way = try fields.word("way", as: PaymentWay.self)
        amount = Money(try fields.integer("amount"))
        at = try fields.integer("at_s")
    }
}

extension OpenDebt: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("plate", ifPresent: plate?.text)
        fields.put("household", ifPresent: household)
        fields.put("category", category.rawValue)
        fields.put("amount", amount.minorUnits)
        fields.put("since_ms", since.milliseconds)
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        plate = try fields.stringIfPresent("plate").flatMap { Plate($0) }
        household = try fields.integerIfPresent("household")
        category = try fields.word("category", as: IncomeCategory.self)
        amount = Money(try fields.integer("amount"))
        since = try fields.wallTime("since_ms")
    }
}
