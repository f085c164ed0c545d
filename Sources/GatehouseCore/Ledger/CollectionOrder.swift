// SPDX-License-Identifier: Apache-2.0

/// The gateway asks a provider to take the money of an open quote (`tariffs.md` §10.2): by a code that the driver showed,
/// by the plate, or by the ETC reader on site. The number of its record is the order's number; a journal that was restored
/// or begun anew gives a number again, so whoever carries the order out knows it by `askedAt` too.
package struct CollectionOrder: Hashable, Sendable {
    package var stay: StayID
    package var quote: Sequence
    /// Where the vehicle waits.
    package var lane: String?
    package var way: PaymentWay
    package var amount: Money
    package var currency: String
    /// When it was made, which says whose number it is; nil: of a record that did not keep it.
    package var askedAt: WallTime?
    package var plate: Plate?
    /// What may be said of the code (`PaymentCode.mark`); the code itself stands nowhere.
    package var mark: String?
    /// Until then the provider may take its time; what it has not answered by then is unknown.
    package var until: WallTime
    /// The arm opens first, the money is asked for when somebody can be asked (先出后扣).
    package var isDeferred = false

    package init(
        stay: StayID, quote: Sequence, lane: String?, way: PaymentWay, amount: Money, currency: String,
        askedAt: WallTime? = nil, plate: Plate? = nil, mark: String? = nil, until: WallTime,
        isDeferred: Bool = false
    ) {
        self.stay = stay
        self.quote = quote
        self.lane = lane
        self.way = way
        self.amount = amount
        self.currency = currency
        self.askedAt = askedAt
        self.plate = plate
        self.mark = mark
        self.until = until
        self.isDeferred = isDeferred
    }
}

/// What a provider says of an order; that it is paid is told by a payment which names it.
package struct CollectionAnswer: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// The user confirms on the phone.
        case pending
        /// No money was taken and none will be.
        case refused
        /// It is void: money that was taken went back.
        case reversed
    }

    package var order: Sequence
    /// Repeats `CollectionOrder.askedAt`; nil: whoever says it trusts the number alone.
    package var askedAt: WallTime?
    package var state: State
    package var reason: String?

    package init(order: Sequence, askedAt: WallTime? = nil, state: State, reason: String? = nil) {
        self.order = order
        self.askedAt = askedAt
        self.state = state
        self.reason = reason
    }
}

/// An order that ended without money.
package struct CollectionEnding: Hashable, Sendable {
    package var order: Sequence
    package var stay: StayID
    package var way: PaymentWay
    package var outcome: Outcome
    package var reason: String?
    package var by: Operator

    package enum Outcome: String, Hashable, Sendable, CaseIterable { case refused, reversed, paid }
}

/// One thing that a provider is asked for. Asked twice it is the same order, which is carried out once.
package struct CollectionRequest: Hashable, Sendable {
    package enum Action: String, Hashable, Sendable, CaseIterable {
        case ask
        /// How does it stand? Whoever does not know the order answers `refused` and never carries it out.
        case query
        case reverse
    }

    package var number: Sequence
    package var action: Action
    package var order: CollectionOrder
    /// With the first asking by a code, and never again.
    package var code: PaymentCode?

    package init(
        number: Sequence, action: Action, order: CollectionOrder, code: PaymentCode? = nil
    ) {
        self.number = number
        self.action = action
        self.order = order
        self.code = code
    }
}

/// How an open order stands, for whoever waits for it.
package enum CollectionState: String, Hashable, Sendable, CaseIterable {
    case asked
    case confirming
    /// Never a failure: the money may have been taken.
    case unknown
    case reversing
}

/// An open order as it is shown.
package struct OpenCollection: Hashable, Sendable {
    package var number: Sequence
    package var order: CollectionOrder
    package var state: CollectionState

    package init(number: Sequence, order: CollectionOrder, state: CollectionState) {
        self.number = number
        self.order = order
        self.state = state
    }
}

extension CollectionOrder {
    /// false: what was said is of an order of another journal, which happened to get the same number.
    func isMeant(by said: WallTime?) -> Bool {
        guard let said, let askedAt else { return true }
        return said == askedAt
    }
}

extension CollectionOrder: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("quote", quote.number)
        fields.put("lane", ifPresent: lane)
        fields.put("way", way.rawValue)
        fields.put("amount", amount.minorUnits)
        fields.put("currency", currency)
        fields.put("asked_ms", ifPresent: askedAt?.milliseconds)
        fields.put("plate", ifPresent: plate?.text)
        fields.put("code", ifPresent: mark)
        fields.put("until_ms", until.milliseconds)
        fields.put("deferred", ifTrue: isDeferred)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            stay: StayID(try fields.integer("stay")), quote: Sequence(try fields.integer("quote")),
            lane: try fields.stringIfPresent("lane"), way: try fields.word("way", as: PaymentWay.self),
            amount: Money(try fields.integer("amount")), currency: try fields.string("currency"),
            askedAt: try fields.wallTimeIfPresent("asked_ms"),
            plate: try fields.stringIfPresent("plate").flatMap { Plate($0) },
            mark: try fields.stringIfPresent("code"), until: try fields.wallTime("until_ms"),
            isDeferred: try fields.bool("deferred"))
    }
}

extension CollectionEnding: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("order", order.number)
        fields.put("stay", stay.number)
        fields.put("way", way.rawValue)
        fields.put("outcome", outcome.rawValue)
        fields.put("reason", ifPresent: reason)
        by.write(to: &fields)
    }

    package init(from fields: Fields) throws(FieldError) {
        order = Sequence(try fields.integer("order"))
        stay = StayID(try fields.integer("stay"))
        way = try fields.word("way", as: PaymentWay.self)
        outcome = try fields.word("outcome", as: Outcome.self)
        reason = try fields.stringIfPresent("reason")
        by = try Operator(from: fields.object("by"))
    }
}
