// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

extension MoneyOrder {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .take(let notice):
            fields.put("action", "take")
            notice.write(to: &fields)
        case .quote(let target):
            fields.put("action", "quote")
            target.write(to: &fields)
        case .adjust(let target, let adjustment):
            fields.put("action", "adjust")
            target.write(to: &fields)
            adjustment.write(to: &fields)
        case .later(let target):
            fields.put("action", "later")
            target.write(to: &fields)
        case .collect(let target, let way):
            fields.put("action", "collect")
            target.write(to: &fields)
            fields.put("way", way.rawValue)
        case .heard(let answer):
            fields.put("action", "heard")
            fields.put("order", answer.order.number)
            fields.put("state", answer.state.rawValue)
            fields.put("reason", ifPresent: answer.reason)
        case .classify(let target, let classification, let reason):
            fields.put("action", "classify")
            target.write(to: &fields)
            classification.write(to: &fields)
            fields.put("reason", reason)
        case .dispute(let target, let reason):
            fields.put("action", "dispute")
            target.write(to: &fields)
            fields.put("reason", reason)
        case .settleDispute(let stay, let letOff, let reason):
            fields.put("action", "settle_dispute")
            fields.put("stay", stay.number)
            fields.put("let_off", ifPresent: letOff?.minorUnits)
            fields.put("reason", reason)
        case .openShift: fields.put("action", "open_shift")
        case .closeShift(let counted, let note):
            fields.put("action", "close_shift")
            fields.put("counted", counted.minorUnits)
            fields.put("note", ifPresent: note)
        case .refund(let serial, let amount, let way, let reason):
            fields.put("action", "refund")
            fields.put("serial", serial)
            fields.put("amount", ifPresent: amount?.minorUnits)
            fields.put("way", ifPresent: way?.rawValue)
            fields.put("reason", reason)
        case .grantCoupon(let order):
            fields.put("action", "grant_coupon")
            order.write(to: &fields)
        case .revokeCoupon(let coupon, let reason):
            fields.put("action", "revoke_coupon")
            fields.put("coupon", coupon)
            fields.put("reason", reason)
        case .topUp(let holder, let notice):
            fields.put("action", "top_up")
            fields.put("holder", object: holder.write)
            notice.write(to: &fields)
        case .giveBackStored(let holder, let amount, let way, let reason):
            fields.put("action", "give_back_stored")
            fields.put("holder", object: holder.write)
            fields.put("amount", ifPresent: amount?.minorUnits)
            fields.put("way", way.rawValue)
            fields.put("reason", reason)
        case .correct(let record, let postings, let reason):
            fields.put("action", "correct")
            fields.put("record", record.number)
            fields.put("reason", reason)
            fields.put("postings", objects: postings) {
                $1.put("account", $0.account.name)
                $1.put("amount", $0.amount.minorUnits)
            }
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "take": self = .take(try PaymentNotice(from: fields))
        case "quote": self = .quote(try PaymentTarget(from: fields))
        case "adjust": self = .adjust(try PaymentTarget(from: fields), try Adjustment(from: fields))
        case "later": self = .later(try PaymentTarget(from: fields))
        case "collect":
            self = .collect(try PaymentTarget(from: fields), try fields.word("way", as: PaymentWay.self))
        case "heard":
            self = .heard(
                CollectionAnswer(
                    order: Sequence(try fields.integer("order")),
                    state: try fields.word("state", as: CollectionAnswer.State.self),
                    reason: try fields.stringIfPresent("reason")))
        case "classify":
            self = .classify(
                try PaymentTarget(from: fields), try Classification(from: fields),
                reason: try fields.string("reason"))
        case "dispute":
            self = .dispute(try PaymentTarget(from: fields), reason: try fields.string("reason"))
        case "settle_dispute":
            self = .settleDispute(
                StayID(try fields.integer("stay")),
                letOff: try fields.integerIfPresent("let_off").map { Money($0) },
                reason: try fields.string("reason"))
        case "open_shift": self = .openShift
        case "close_shift":
            self = .closeShift(
                counted: Money(try fields.integer("counted")), note: try fields.stringIfPresent("note"))
        case "refund":
            self = .refund(
                serial: try fields.string("serial"),
                amount: try fields.integerIfPresent("amount").map { Money($0) },
                way: try fields.wordIfPresent("way", as: PaymentWay.self),
                reason: try fields.string("reason"))
        case "grant_coupon": self = .grantCoupon(try CouponOrder(from: fields))
        case "revoke_coupon":
            self = .revokeCoupon(try fields.string("coupon"), reason: try fields.string("reason"))
        case "top_up":
            self = .topUp(
                try StoredHolder(from: fields.object("holder")), try PaymentNotice(from: fields))
        case "give_back_stored":
            self = .giveBackStored(
                try StoredHolder(from: fields.object("holder")),
                try fields.integerIfPresent("amount").map { Money($0) },
                way: try fields.word("way", as: PaymentWay.self), reason: try fields.string("reason"))
        case "correct":
            self = .correct(
                Sequence(try fields.integer("record")), try fields.postings(),
                reason: try fields.string("reason"))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}

extension CouponOrder {
    func write(to fields: inout FieldWriter) {
        if !id.isEmpty { fields.put("coupon", id) }
        kind.write(to: &fields)
        fields.put("valid_from_s", ifPresent: validFrom)
        fields.put("valid_to_s", ifPresent: validTo)
        fields.put("merchant", ifPresent: merchant)
        target.write(to: &fields)
    }

    init(from fields: Fields) throws(FieldError) {
        self.init(
            id: try fields.stringIfPresent("coupon") ?? "", kind: try Coupon.Kind(from: fields),
            validFrom: try fields.integerIfPresent("valid_from_s"),
            validTo: try fields.integerIfPresent("valid_to_s"),
            merchant: try fields.stringIfPresent("merchant"), target: try PaymentTarget(from: fields))
    }
}

extension PaymentTarget {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .stay(let stay): fields.put("stay", stay.number)
        case .lane(let lane): fields.put("lane", lane)
        case .plate(let plate): fields.put("plate", plate.text)
        }
    }

    init(from fields: Fields) throws(FieldError) {
        if let stay = try fields.integerIfPresent("stay") {
            self = .stay(StayID(stay))
        } else if let lane = try fields.stringIfPresent("lane") {
            self = .lane(lane)
        } else {
            let text = try fields.string("plate")
            guard let plate = Plate(text) else { throw .unknownValue(key: "plate", value: text) }
            self = .plate(plate)
        }
    }
}

extension PaymentNotice {
    func write(to fields: inout FieldWriter) {
        fields.put("serial", serial)
        fields.put("way", way.rawValue)
        fields.put("amount", amount.minorUnits)
        fields.put("paid_s", ifPresent: paidAt)
        fields.put("quote", ifPresent: quote?.number)
        fields.put("stay", ifPresent: stay?.number)
        fields.put("lane", ifPresent: lane)
        fields.put("plate", ifPresent: plate?.text)
    }

    /// A serial of 1 to 128 bytes, an amount above nothing: what else is wrong is the gateway's to say.
    init(from fields: Fields) throws(FieldError) {
        let text = try fields.stringIfPresent("plate")
        let plate = text.flatMap { Plate($0) }
        if let text, plate == nil { throw .unknownValue(key: "plate", value: text) }
        self.init(
            serial: try fields.string("serial"), way: try fields.word("way", as: PaymentWay.self),
            amount: Money(try fields.integer("amount")), paidAt: try fields.integerIfPresent("paid_s"),
            quote: try fields.integerIfPresent("quote").map(Sequence.init),
            stay: try fields.integerIfPresent("stay").map(StayID.init),
            lane: try fields.stringIfPresent("lane"), plate: plate)
        guard (1...Self.longestSerial).contains(serial.utf8.count) else { throw .wrongType(key: "serial") }
    }

    package static let longestSerial = 128
    /// In place of a serial: the gateway gives it one.
    package static let newSerial = "new"
}
