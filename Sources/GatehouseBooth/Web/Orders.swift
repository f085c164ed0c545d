// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// A form to the request that it stands for. What is wrong in it is said before the daemon is asked.
enum Orders {
    struct Mistake: Error, Hashable, Sendable {
        var term: Term
    }

    static func lane(_ form: Form) throws(Mistake) -> DiagnosticRequest {
        let words = form["action"].split(separator: " ")
        guard let word = words.first, let offered = OfferedOrder(rawValue: String(word)),
            let action = LaneRequest.Action(rawValue: offered.rawValue)
        else { throw Mistake(term: Term("没有这个操作", "no such order")) }
        let way = words.count > 1 ? TravelDirection(rawValue: String(words[1])) : nil
        let note = form["note"]
        return .lane(
            name: form["lane"],
            LaneRequest(
                action: action, way: way, reason: try reason(form).rawValue, note: note.isEmpty ? nil : note))
    }

    static func stay(_ form: Form) throws(Mistake) -> DiagnosticRequest {
        let why = try reason(form).text(note: form["note"])
        let stay = try number(form, "stay")
        switch form["action"] {
        case "correct": return .stay(.correct(stay, plate: try plate(form), reason: why))
        case "claim": return .stay(.claim(stay, plate: try plate(form), reason: why))
        case "close": return .stay(.close(stay, reason: why))
        case "match": return .stay(.match(stay, with: try number(form, "with"), reason: why))
        default: throw Mistake(term: Term("没有这个操作", "no such repair"))
        }
    }

    static func recount(_ form: Form) throws(Mistake) -> DiagnosticRequest {
        let cars = try number(form, "cars")
        guard (0...1_000_000).contains(cars) else {
            throw Mistake(term: Term("车数为 0 到 1000000", "cars: 0 to 1000000"))
        }
        return .recount(
            area: form["area"], cars: Int(cars), reason: try reason(form).text(note: form["note"]))
    }

    static func money(_ form: Form) throws(Mistake) -> DiagnosticRequest {
        switch form["action"] {
        case "cash":
            return .money(
                .take(
                    PaymentNotice(
                        serial: PaymentNotice.newSerial, way: .cash, amount: try amount(form),
                        quote: Sequence(try number(form, "quote")))))
        case "release":
            let why = try reason(form).text(note: form["note"])
            return .money(
                .adjust(
                    .stay(StayID(try number(form, "stay"))), Adjustment(reason: why, change: .feeIs(.zero))))
        case "classify":
            let energy = form["energy"].isEmpty ? nil : VehicleEnergy(rawValue: form["energy"])
            return .money(
                .classify(
                    .stay(StayID(try number(form, "stay"))),
                    Classification(vehicleClass: try vehicleClass(form), energy: energy),
                    reason: try reason(form).text(note: form["note"])))
        case "coupon":
            let minutes = try number(form, "minutes")
            guard (1...10_080).contains(minutes) else {
                throw Mistake(term: Term("减免 1 到 10080 分钟", "minutes: 1 to 10080"))
            }
            let merchant = form["merchant"]
            return .money(
                .grantCoupon(
                    CouponOrder(
                        kind: .minutes(Int(minutes)), merchant: merchant.isEmpty ? nil : merchant,
                        target: .stay(StayID(try number(form, "stay"))))))
        case "dispute":
            return .money(
                .dispute(
                    .stay(StayID(try number(form, "stay"))),
                    reason: try reason(form).text(note: form["note"])))
        case "later": return .money(.later(.stay(StayID(try number(form, "stay")))))
        case "collect":
            guard let way = PaymentWay(rawValue: form["way"]) else {
                throw Mistake(term: Term("没有这种支付方式", "no such way to pay"))
            }
            return .money(.collect(.stay(StayID(try number(form, "stay"))), way))
        case "open_shift": return .money(.openShift)
        case "close_shift":
            let note = form["note"]
            guard note.utf8.count <= 600 else { throw Mistake(term: Term("说明太长", "the note is too long")) }
            return .money(.closeShift(counted: try amount(form), note: note.isEmpty ? nil : note))
        default: throw Mistake(term: Term("没有这个操作", "no such order"))
        }
    }

    private static func vehicleClass(_ form: Form) throws(Mistake) -> String {
        let name = form["class"]
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x5F: true
            default: false
            }
        }
        guard (1...32).contains(name.utf8.count), isName else {
            throw Mistake(term: Term("车型有误", "no such class"))
        }
        return name
    }

    /// `8`, `8.5` or `8.00`.
    private static func amount(_ form: Form) throws(Mistake) -> Money {
        guard let amount = Money(decimal: form["amount"]) else {
            throw Mistake(term: Term("金额有误，例如 8.00", "an amount is written as 8.00"))
        }
        return amount
    }

    private static func reason(_ form: Form) throws(Mistake) -> OperatorReason {
        guard let reason = OperatorReason(rawValue: form["reason"]) else {
            throw Mistake(term: Term("请选择原因", "choose a reason"))
        }
        let note = form["note"]
        guard reason != .other || !note.isEmpty else {
            throw Mistake(term: Term("其他原因须填说明", "other: say what"))
        }
        guard note.utf8.count <= 600 else { throw Mistake(term: Term("说明太长", "the note is too long")) }
        return reason
    }

    private static func number(_ form: Form, _ name: String) throws(Mistake) -> Int64 {
        guard let number = Int64(form[name]) else {
            throw Mistake(term: Term("数字有误", "\(name) is no number"))
        }
        return number
    }

    private static func plate(_ form: Form) throws(Mistake) -> String {
        let text = form["plate"]
        guard let plate = PlateGrammar.parse(text, color: .unknown, declared: .unknown).plate else {
            throw Mistake(term: Term("车牌有误：\(text)", "that is no plate"))
        }
        return plate.text
    }
}
