// SPDX-License-Identifier: Apache-2.0

/// What becomes of coupons (`tariffs.md` §5, 8 and 9). A reservation is no fact of its own: a quote names the coupons
/// that it reckons with, and the next quote of the stay stands in its place.
package enum CouponFact: Hashable, Sendable {
    case granted(CouponGrant)
    /// By a person, before it was used.
    case revoked(String, reason: String, by: Operator)
    /// Used up by a stay: what a merchant is billed by.
    case consumed(CouponConsumption)
    /// A stay that it was kept for ended without it: it can be used again.
    case released(String, StayID)

    package static let kinds = ["couponGranted", "couponRevoked", "couponConsumed", "couponReleased"]

    package var kind: String {
        switch self {
        case .granted: "couponGranted"
        case .revoked: "couponRevoked"
        case .consumed: "couponConsumed"
        case .released: "couponReleased"
        }
    }

    var patience: Duration {
        switch self {
        case .granted, .revoked: .zero
        // They ride with the end of their stay.
        case .consumed, .released: .seconds(1)
        }
    }
}

/// A coupon, who bears it, and for whom it is.
package struct CouponGrant: Hashable, Sendable {
    package var coupon: Coupon
    /// By its word in the site file; nil: the site itself bears it.
    package var merchant: String?
    /// For this stay, and when that ends without it for its plate. Else for the plate's next one.
    package var stay: StayID?
    package var plate: Plate?
    package var by: Operator

    package init(
        coupon: Coupon, merchant: String? = nil, stay: StayID? = nil, plate: Plate? = nil, by: Operator
    ) {
        self.coupon = coupon
        self.merchant = merchant
        self.stay = stay
        self.plate = plate
        self.by = by
    }
}

/// What a coupon took off a finished stay, and who bears that.
package struct CouponUse: Hashable, Sendable {
    package var coupon: String
    /// With the face value.
    package var kind: Coupon.Kind
    package var merchant: String?
    package var used: Money

    package init(coupon: String, kind: Coupon.Kind, merchant: String? = nil, used: Money) {
        self.coupon = coupon
        self.kind = kind
        self.merchant = merchant
        self.used = used
    }
}

/// A line of a merchant's bill.
package struct CouponConsumption: Hashable, Sendable {
    package var use: CouponUse
    package var stay: StayID
    /// With the payment that it was used for, or at the exit: seconds since 1970.
    package var at: Int64
    /// The record of the stay's end, whose bookings hold the money.
    package var charge: Sequence

    package init(use: CouponUse, stay: StayID, at: Int64, charge: Sequence) {
        self.use = use
        self.stay = stay
        self.at = at
        self.charge = charge
    }
}

// MARK: Payloads

extension Coupon.Kind: Payload {
    package var word: String {
        switch self {
        case .minutes: "minutes"
        case .amount: "amount"
        case .percent: "percent"
        case .full: "full"
        case .tariff: "tariff"
        case .period: "period"
        }
    }

    /// The face value; nil of one that has none.
    package var value: Int64? {
        switch self {
        case .minutes(let minutes): Int64(minutes)
        case .amount(let amount): amount.minorUnits
        case .percent(let percentage): Int64(percentage)
        case .full, .tariff, .period: nil
        }
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("kind", word)
        fields.put("value", ifPresent: value)
        if case .tariff(let id) = self { fields.put("of_tariff", id) }
    }

    package init(from fields: Fields) throws(FieldError) {
        switch try fields.string("kind") {
        case "minutes": self = .minutes(try fields.int("value"))
        case "amount": self = .amount(Money(try fields.integer("value")))
        case "percent":
            let value = try fields.integer("value")
            guard let percentage = UInt8(exactly: value), percentage <= 100 else {
                throw .unknownValue(key: "value", value: "\(value)")
            }
            self = .percent(percentage)
        case "full": self = .full
        case "tariff": self = .tariff(try fields.string("of_tariff"))
        case "period": self = .period
        case let other: throw .unknownValue(key: "kind", value: other)
        }
    }
}

extension Coupon: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("coupon", id)
        kind.write(to: &fields)
        fields.put("valid_from_s", ifPresent: validFrom)
        fields.put("valid_to_s", ifPresent: validTo)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            id: try fields.string("coupon"), kind: try Kind(from: fields),
            validFrom: try fields.integerIfPresent("valid_from_s"),
            validTo: try fields.integerIfPresent("valid_to_s"))
    }
}

extension CouponGrant: Payload {
    package func write(to fields: inout FieldWriter) {
        coupon.write(to: &fields)
        fields.put("merchant", ifPresent: merchant)
        fields.put("stay", ifPresent: stay?.number)
        fields.put("plate", ifPresent: plate?.text)
        by.write(to: &fields)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            coupon: try Coupon(from: fields), merchant: try fields.stringIfPresent("merchant"),
            stay: try fields.integerIfPresent("stay").map(StayID.init),
            plate: try fields.stringIfPresent("plate").flatMap { Plate($0) },
            by: try Operator(from: fields.object("by")))
    }
}

extension CouponUse: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("coupon", coupon)
        kind.write(to: &fields)
        fields.put("merchant", ifPresent: merchant)
        fields.put("used", used.minorUnits)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            coupon: try fields.string("coupon"), kind: try Coupon.Kind(from: fields),
            merchant: try fields.stringIfPresent("merchant"), used: Money(try fields.integer("used")))
    }
}

extension CouponFact {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .granted(let grant): grant.write(to: &fields)
        case .revoked(let coupon, let reason, let by):
            fields.put("coupon", coupon)
            fields.put("reason", reason)
            by.write(to: &fields)
        case .consumed(let consumption):
            consumption.use.write(to: &fields)
            fields.put("stay", consumption.stay.number)
            fields.put("at_s", consumption.at)
            fields.put("charge_record", consumption.charge.number)
        case .released(let coupon, let stay):
            fields.put("coupon", coupon)
            fields.put("stay", stay.number)
        }
    }

    init(kind: String, from fields: Fields) throws(FieldError) {
        switch kind {
        case "couponGranted": self = .granted(try CouponGrant(from: fields))
        case "couponRevoked":
            self = .revoked(
                try fields.string("coupon"), reason: try fields.string("reason"),
                by: try Operator(from: fields.object("by")))
        case "couponConsumed":
            self = .consumed(
                CouponConsumption(
                    use: try CouponUse(from: fields), stay: StayID(try fields.integer("stay")),
                    at: try fields.integer("at_s"), charge: Sequence(try fields.integer("charge_record"))))
        case "couponReleased":
            self = .released(try fields.string("coupon"), StayID(try fields.integer("stay")))
        default: throw .unknownKind(kind)
        }
    }
}
