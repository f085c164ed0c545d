// SPDX-License-Identifier: Apache-2.0

/// A charge read back from a record, for whoever explains, proves or publishes it. Years later too: what it does not
/// know is an error and never a guess.
extension Charge {
    package init(from fields: Fields) throws(FieldError) {
        status = try fields.word("status", as: Status.self)
        gross = try fields.amountIfAny("gross")
        fee = try fields.amountIfAny("fee")
        due = try fields.amountIfAny("due")
        flags = []
        for text in try fields.strings("flags") {
            guard let flag = Flag(rawValue: text) else { throw .unknownValue(key: "flags", value: text) }
            flags.append(flag)
        }
        lines = []
        for line in try fields.objects("lines") { lines.append(try ChargeLine(from: line)) }
    }
}

extension ChargeLine {
    package init(from fields: Fields) throws(FieldError) {
        let code = try fields.string("code")
        let amount = Money(try fields.integer("amount"))
        switch code {
        case "CHARGE":
            self = .units(
                UnitsLine(
                    band: try fields.string("band"),
                    span: TimeSpan(try fields.stamp("from"), try fields.stamp("to")),
                    units: try fields.integer("units"), price: Money(try fields.integer("price")),
                    amount: amount))
        case "SPECIAL": self = .special(id: try fields.string("id"), amount)
        case "FREE_MINUTES": self = .freeMinutes
        case "EXEMPT": self = .exempt(try fields.string("reason"))
        case "CAP_BAND":
            let key = try fields.string("key")
            let parts = key.split(separator: " ")
            guard parts.count > 1, let date = parts.last.flatMap({ CivilDate(text: String($0)) }) else {
                throw .unknownValue(key: "key", value: key)
            }
            self = .capBand(parts.dropLast().joined(separator: " "), date, amount)
        case "CAP_CYCLE": self = .capCycle(try fields.cycle("key"), amount)
        case "CAP_STAY": self = .capStay(amount)
        case "MINUTES_OFF": self = .minutesOff(try fields.int("minutes"), amount)
        case "DISCOUNT_PERCENT":
            self = .discountPercent(id: try fields.string("id"), try fields.percent(), amount)
        case "COUPON_PERCENT":
            self = .couponPercent(id: try fields.string("id"), try fields.percent(), amount)
        case "COUPON_AMOUNT": self = .couponAmount(id: try fields.string("id"), amount)
        case "COUPON_FULL": self = .couponFull(id: try fields.string("id"), amount)
        case "ROUNDING": self = .rounding(amount)
        case "NO_ENTRY_RECORD": self = .noEntryRecord(amount)
        case "PAID_EARLIER": self = .paidEarlier(amount)
        case "PREPAID": self = .prepaid(amount)
        case "ADJUST": self = .adjusted(reason: try fields.string("reason"), amount)
        case "ARREARS": self = .arrears(reference: try fields.string("ref"), amount)
        default: throw .unknownValue(key: "code", value: code)
        }
    }
}

extension Fields {
    fileprivate func amountIfAny(_ key: String) throws(FieldError) -> Money? {
        if case .null = value(key) { return nil }
        return try integerIfPresent(key).map { Money($0) }
    }

    fileprivate func stamp(_ key: String) throws(FieldError) -> Int64 {
        let text = try string(key)
        guard let stamp = LocalStamp(text) else { throw .unknownValue(key: key, value: text) }
        return stamp.instant(in: .utc)
    }

    fileprivate func percent() throws(FieldError) -> UInt8 {
        guard let percentage = UInt8(exactly: try integer("percent")), percentage <= 100 else {
            throw .wrongType(key: "percent")
        }
        return percentage
    }

    fileprivate func cycle(_ key: String) throws(FieldError) -> CycleName {
        let text = try string(key)
        if text == CycleName.whole.text { return .whole }
        if text.first == "c", let number = Int64(text.dropFirst()) { return .number(number) }
        guard let date = CivilDate(text: text) else { throw .unknownValue(key: key, value: text) }
        return .day(date)
    }
}
