// SPDX-License-Identifier: Apache-2.0

/// How money came (`tariffs.md` §10.2).
package enum PaymentWay: String, Hashable, Sendable, CaseIterable {
    /// In the app, or by a code inside the park, before the exit.
    case prepaid
    /// The lane's one code; the page asks which vehicle stands there.
    case staticCode = "static_qr"
    /// A code on the lane's display, with the amount in it.
    case dynamicCode = "dynamic_qr"
    /// The driver shows a code to the lane's scanner.
    case scannedCode = "scanned_code"
    /// Debited by the plate, agreed on beforehand.
    case plateBound = "plate_bound"
    case etc
    case cash
    case storedValue = "stored_value"
}

/// Somebody says that money came.
package struct PaymentNotice: Hashable, Sendable {
    /// Whoever sent it numbers it; it is taken once (§10.3).
    package var serial: String
    package var way: PaymentWay
    package var amount: Money
    /// When it was paid, seconds since 1970, by whoever took it; nil: now.
    package var paidAt: Int64?
    /// What it is for: the quote that was shown, the stay, or whoever stands at a lane. The first that is said counts.
    package var quote: Sequence?
    package var stay: StayID?
    package var lane: String?
    package var plate: Plate?
    /// The collection order that it answers; stands before all of these.
    package var order: Sequence?
    /// Repeats `CollectionOrder.askedAt`. Compared when the payment is taken and not kept.
    package var orderAskedAt: WallTime?

    package init(
        serial: String, way: PaymentWay, amount: Money, paidAt: Int64? = nil, quote: Sequence? = nil,
        stay: StayID? = nil, lane: String? = nil, plate: Plate? = nil, order: Sequence? = nil,
        orderAskedAt: WallTime? = nil
    ) {
        self.order = order
        self.orderAskedAt = orderAskedAt
        self.serial = serial
        self.way = way
        self.amount = amount
        self.paidAt = paidAt
        self.quote = quote
        self.stay = stay
        self.lane = lane
        self.plate = plate
    }
}

/// What a payment was booked to.
package enum SettlementUse: Hashable, Sendable {
    /// An open stay.
    case stay(StayID)
    /// What is owed for a stay that is over; `rest`: beyond that, to be given back.
    case arrears(StayID, rest: Money)
    /// A stay that is over and owes nothing: to be given back (§10.6).
    case refundable(StayID)
    /// Put into a balance, to be spent later.
    case stored(StoredHolder)
    /// Nobody knows for what.
    case unmatched

    package var word: String {
        switch self {
        case .stay: "stay"
        case .arrears: "arrears"
        case .refundable: "refundable"
        case .stored: "stored"
        case .unmatched: "unmatched"
        }
    }

    package var stay: StayID? {
        switch self {
        case .stay(let id), .arrears(let id, _), .refundable(let id): id
        case .stored, .unmatched: nil
        }
    }
}

/// Money that came, as the journal keeps it.
package struct Settlement: Hashable, Sendable {
    package var notice: PaymentNotice
    /// When it counts as paid, seconds since 1970.
    package var at: Int64
    package var use: SettlementUse
    /// Of what paid a debt: other debts of the plate that the same quote asked for, paid off with it.
    package var collected: [Arrears] = []
    /// Who took it or told it.
    package var by: Operator
    /// The guard's, for cash.
    package var shift: Sequence?
    /// Whose balance it was paid out of.
    package var drawnFrom: StoredHolder?
    /// Of the balance that it changed, after it.
    package var balance: Money?

    package init(
        notice: PaymentNotice, at: Int64, use: SettlementUse, by: Operator, shift: Sequence? = nil,
        drawnFrom: StoredHolder? = nil, balance: Money? = nil
    ) {
        self.drawnFrom = drawnFrom
        self.balance = balance
        self.notice = notice
        self.at = at
        self.use = use
        self.by = by
        self.shift = shift
    }

    /// Every debt that it pays off; the last one may be paid in part.
    var paidDebts: [Arrears] {
        guard case .arrears(let stay, let rest) = use else { return [] }
        let others = collected.reduce(Int64(0)) { $0 &+ $1.amount.minorUnits }
        let own = Money(notice.amount.minorUnits &- rest.minorUnits &- others)
        return [Arrears(reference: String(stay.number), amount: own)] + collected
    }

    /// Where the money is now, and whose it is.
    package var postings: [Posting] {
        let place = LedgerAccount.place(of: notice.way, drawnFrom)
        switch use {
        case .stay: return .moving(notice.amount, from: .deposits, to: place)
        case .arrears(_, let rest):
            let owed = Money(notice.amount.minorUnits &- rest.minorUnits)
            return .moving(owed, from: .arrears, to: place) + .moving(rest, from: .refundable, to: place)
        case .refundable: return .moving(notice.amount, from: .refundable, to: place)
        case .stored: return .moving(notice.amount, from: .stored, to: place)
        case .unmatched: return .moving(notice.amount, from: .unmatched, to: place)
        }
    }
}

extension Settlement: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("serial", notice.serial)
        fields.put("way", notice.way.rawValue)
        fields.put("amount", notice.amount.minorUnits)
        fields.put("at_s", at)
        fields.put("quote", ifPresent: notice.quote?.number)
        fields.put("lane", ifPresent: notice.lane)
        fields.put("plate", ifPresent: notice.plate?.text)
        fields.put("order", ifPresent: notice.order?.number)
        use.write(to: &fields)
        fields.put(collected: collected)
        if let drawnFrom { fields.put("drawn_from", object: drawnFrom.write) }
        fields.put("balance", ifPresent: balance?.minorUnits)
        by.write(to: &fields)
        fields.put("shift", ifPresent: shift?.number)
        fields.put(postings: postings)
    }

    package init(from fields: Fields) throws(FieldError) {
        let stay = try fields.integerIfPresent("stay").map(StayID.init)
        notice = PaymentNotice(
            serial: try fields.string("serial"), way: try fields.word("way", as: PaymentWay.self),
            amount: Money(try fields.integer("amount")),
            quote: try fields.integerIfPresent("quote").map(Sequence.init), stay: stay,
            lane: try fields.stringIfPresent("lane"),
            plate: try fields.stringIfPresent("plate").flatMap { Plate($0) },
            order: try fields.integerIfPresent("order").map(Sequence.init))
        at = try fields.integer("at_s")
        use = try SettlementUse(from: fields)
        collected = try fields.collected()
        by = try Operator(from: fields.object("by"))
        shift = try fields.integerIfPresent("shift").map(Sequence.init)
        drawnFrom = try fields.objectIfPresent("drawn_from").map(StoredHolder.init(from:))
        balance = try fields.integerIfPresent("balance").map { Money($0) }
    }
}

extension SettlementUse: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("use", word)
        fields.put("stay", ifPresent: stay?.number)
        if case .arrears(_, let rest) = self, rest != .zero { fields.put("rest", rest.minorUnits) }
        if case .stored(let holder) = self { fields.put("holder", object: holder.write) }
    }

    package init(from fields: Fields) throws(FieldError) {
        let stay = try fields.integerIfPresent("stay").map(StayID.init)
        let word = try fields.string("use")
        switch (word, stay) {
        case ("stay", let stay?): self = .stay(stay)
        case ("arrears", let stay?):
            self = .arrears(stay, rest: Money(try fields.integerIfPresent("rest") ?? 0))
        case ("refundable", let stay?): self = .refundable(stay)
        case ("stored", _): self = .stored(try StoredHolder(from: fields.object("holder")))
        case ("unmatched", _): self = .unmatched
        default: throw .unknownValue(key: "use", value: word)
        }
    }
}

extension FieldWriter {
    /// Debts of earlier stays that were paid off together with something else.
    package mutating func put(collected debts: [Arrears]) {
        guard !debts.isEmpty else { return }
        put("collected", objects: debts) { debt, fields in
            fields.put("stay", debt.reference)
            fields.put("amount", debt.amount.minorUnits)
        }
    }
}

extension Fields {
    func collected() throws(FieldError) -> [Arrears] {
        var result: [Arrears] = []
        for line in try objects("collected") {
            result.append(
                Arrears(reference: try line.string("stay"), amount: Money(try line.integer("amount"))))
        }
        return result
    }
}
