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
        /// The part of what is due that is owed from earlier stays.
        package var arrears = Money.zero
        /// Those that it reckons with: kept for this stay.
        package var coupons: [String] = []
        /// Entries of other vehicles that may have been this one's, as they were when it was asked.
        package var entries: [EntryOption] = []

        /// Without what is owed from earlier stays.
        var dueOfStay: Money { Money(due.minorUnits &- arrears.minorUnits) }
    }

    package struct Payment: Hashable, Sendable {
        package var record: Sequence
        package var way: PaymentWay
        package var amount: Money
        /// Seconds since 1970.
        package var at: Int64
        /// nil: of a row that is older than this.
        package var serial: String?
    }

    /// Payments for so many earlier quotes still find their stay.
    static let quotesRemembered = 16

    package var quote: Quote?
    /// Records of quotes that others stand in place of, newest last.
    package var superseded: [Sequence] = []
    package var settlements: [Payment] = []
    package var adjustments: [Adjustment] = []
    /// A guard lets it go now and pay later: what was due for it then. Zero: of a row that did not keep it.
    package var deferred: Money?
    /// Since when its household has a space for it.
    package var convertedAt: Int64?
    /// What a person says that it is.
    package var classification: Classification?
    /// What it is asked is contested: it may go, and nobody is after it before that is settled.
    package var isDisputed = false

    package init() {}

    var paid: Money { settlements.reduce(.zero) { Money($0.minorUnits &+ $1.amount.minorUnits) } }

    /// What it was asked for, newest last.
    var quotes: [Sequence] { superseded + (quote.map { [$0.record] } ?? []) }

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

    /// What was asked lapses, also where the same is asked again.
    mutating func take(_ classification: Classification) {
        if let computedAt = quote?.computedAt { quote?.validUntil = computedAt }
        self.classification = classification
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
    /// Contested: it is not asked for and counts for nothing before a person settles it.
    package var isDisputed = false
    /// What it was asked for before it left: a payment that comes late may name no more than that.
    package var quotes: [Sequence] = []
}

extension StayAccount: Payload {
    package func write(to fields: inout FieldWriter) {
        if let quote { fields.put("quote", object: quote.write) }
        if !superseded.isEmpty { fields.put("superseded", integers: superseded.map(\.number)) }
        if !settlements.isEmpty { fields.put("payments", objects: settlements) { $0.write(to: &$1) } }
        if !adjustments.isEmpty { fields.put("adjustments", objects: adjustments) { $0.write(to: &$1) } }
        fields.put("deferred", ifTrue: deferred != nil)
        fields.put("deferred_due", ifPresent: deferred?.minorUnits)
        fields.put("converted_s", ifPresent: convertedAt)
        if let classification { fields.put("classified", object: classification.write) }
        fields.put("disputed", ifTrue: isDisputed)
    }

    package init(from fields: Fields) throws(FieldError) {
        quote = try fields.objectIfPresent("quote").map(Quote.init(from:))
        superseded = try fields.integers("superseded").map { Sequence($0) }
        for payment in try fields.objects("payments") { settlements.append(try Payment(from: payment)) }
        for change in try fields.objects("adjustments") { adjustments.append(try Adjustment(from: change)) }
        if try fields.bool("deferred") {
            deferred = Money(try fields.integerIfPresent("deferred_due") ?? 0)
        }
        convertedAt = try fields.integerIfPresent("converted_s")
        classification = try fields.objectIfPresent("classified").map(Classification.init)
        isDisputed = try fields.bool("disputed")
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
        fields.put("coupons", ifAny: coupons)
        if arrears != .zero { fields.put("arrears", arrears.minorUnits) }
        fields.put(entries)
    }

    package init(from fields: Fields) throws(FieldError) {
        record = Sequence(try fields.integer("record"))
        lane = try fields.stringIfPresent("lane")
        due = Money(try fields.integer("due"))
        computedAt = try fields.integer("computed_s")
        validUntil = try fields.integer("valid_until_s")
        freeBy = try fields.wordIfPresent("free_by", as: Charge.Flag.self)
        coupons = try fields.strings("coupons")
        arrears = Money(try fields.integerIfPresent("arrears") ?? 0)
        entries = try fields.entryOptions()
    }
}

extension StayAccount.Payment: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("record", record.number)
        fields.put("way", way.rawValue)
        fields.put("amount", amount.minorUnits)
        fields.put("at_s", at)
        fields.put("serial", ifPresent: serial)
    }

    package init(from fields: Fields) throws(FieldError) {
        record = Sequence(try fields.integer("record"))
        way = try fields.word("way", as: PaymentWay.self)
        amount = Money(try fields.integer("amount"))
        at = try fields.integer("at_s")
        serial = try fields.stringIfPresent("serial")
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
        fields.put("disputed", ifTrue: isDisputed)
        if !quotes.isEmpty { fields.put("quotes", integers: quotes.map(\.number)) }
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        plate = try fields.stringIfPresent("plate").flatMap { Plate($0) }
        household = try fields.integerIfPresent("household")
        category = try fields.word("category", as: IncomeCategory.self)
        amount = Money(try fields.integer("amount"))
        since = try fields.wallTime("since_ms")
        isDisputed = try fields.bool("disputed")
        quotes = try fields.integers("quotes").map { Sequence($0) }
    }
}
