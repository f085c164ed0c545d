// SPDX-License-Identifier: Apache-2.0

extension MoneyFact {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .tariffAdopted(let edition): edition.write(to: &fields)
        case .quoted(let quote): quote.write(to: &fields)
        case .settled(let settlement): settlement.write(to: &fields)
        case .charged(let charge): charge.write(to: &fields)
        case .adjusted(let adjusted): adjusted.write(to: &fields)
        case .deferred(let stay, let due, let by):
            fields.put("stay", stay.number)
            fields.put("due", due.minorUnits)
            by.write(to: &fields)
        case .classified(let fact): fact.write(to: &fields)
        case .disputed(let fact): fact.write(to: &fields)
        case .disputeSettled(let end): end.write(to: &fields)
        case .converted(let stay, let at, let left):
            fields.put("stay", stay.number)
            fields.put("at_s", at)
            fields.put("left", left.number)
        case .shiftOpened(let by): by.write(to: &fields)
        case .shiftClosed(let count): count.write(to: &fields)
        case .refunded(let refund): refund.write(to: &fields)
        case .coupon(let fact): fact.write(to: &fields)
        case .storedGivenBack(let refund): refund.write(to: &fields)
        case .corrected(let correction): correction.write(to: &fields)
        case .collectionAsked(let order): order.write(to: &fields)
        case .collectionEnded(let ending): ending.write(to: &fields)
        }
    }
}

extension TariffEdition {
    /// With the text of the file and the zone's offsets as they were known: a bill is recomputed from these alone.
    func write(to fields: inout FieldWriter) {
        fields.put("tariff", tariff.id)
        fields.put("version", tariff.version)
        fields.put("from_s", from)
        fields.put("tariff_hash", hash)
        fields.put("currency", tariff.currency)
        fields.put("text", text)
        fields.put("zone", object: zone.write)
    }
}

extension ZoneRules {
    func write(to fields: inout FieldWriter) {
        fields.put("name", name)
        fields.put("initial_offset_s", initialOffset)
        // Instant and offset by turns: a zone has up to some hundred changes.
        fields.put("transitions", integers: transitions.flatMap { [$0.at, Int64($0.offset)] })
    }
}

extension Adjustment: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
        switch change {
        case .by(let amount): fields.put("by_amount", amount.minorUnits)
        case .feeIs(let amount): fields.put("fee_is", amount.minorUnits)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        reason = try fields.string("reason")
        if let fee = try fields.integerIfPresent("fee_is") {
            change = .feeIs(Money(fee))
        } else {
            change = .by(Money(try fields.integer("by_amount")))
        }
    }
}

extension AdjustedFact: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        adjustment.write(to: &fields)
        by.write(to: &fields)
        fields.put("day", day.text)
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        adjustment = try Adjustment(from: fields)
        by = try Operator(from: fields.object("by"))
        guard let day = try fields.dateIfPresent("day") else { throw .missing(key: "day") }
        self.day = day
    }
}

extension ShiftCount: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("shift", shift.number)
        fields.put("expected", expected.minorUnits)
        fields.put("counted", counted.minorUnits)
        fields.put("difference", counted.minorUnits &- expected.minorUnits)
        by.write(to: &fields)
        fields.put("note", ifPresent: note)
        fields.put(postings: postings)
    }

    package init(from fields: Fields) throws(FieldError) {
        shift = Sequence(try fields.integer("shift"))
        expected = Money(try fields.integer("expected"))
        counted = Money(try fields.integer("counted"))
        by = try Operator(from: fields.object("by"))
        note = try fields.stringIfPresent("note")
    }
}

extension Refund: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("serial", serial)
        fields.put("settlement", settlement.number)
        fields.put("stay", ifPresent: stay?.number)
        fields.put("amount", amount.minorUnits)
        fields.put("from", from.name)
        fields.put("way", way.rawValue)
        if let holder { fields.put("holder", object: holder.write) }
        fields.put("reason", reason)
        by.write(to: &fields)
        fields.put(postings: postings)
    }

    package init(from fields: Fields) throws(FieldError) {
        serial = try fields.string("serial")
        settlement = Sequence(try fields.integer("settlement"))
        stay = try fields.integerIfPresent("stay").map(StayID.init)
        amount = Money(try fields.integer("amount"))
        from = LedgerAccount(name: try fields.string("from"))
        way = try fields.word("way", as: PaymentWay.self)
        holder = try fields.objectIfPresent("holder").map(StoredHolder.init(from:))
        reason = try fields.string("reason")
        by = try Operator(from: fields.object("by"))
    }
}

extension LedgerCorrection: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("corrects", corrects.number)
        fields.put("reason", reason)
        by.write(to: &fields)
        fields.put(postings: postings)
    }

    package init(from fields: Fields) throws(FieldError) {
        corrects = Sequence(try fields.integer("corrects"))
        reason = try fields.string("reason")
        by = try Operator(from: fields.object("by"))
        postings = try fields.postings()
    }
}
