// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S7, its part about coupons: only those that somebody gave, each for one stay, and whoever gave it bears what it took
/// off. Folded from records beside what merchants truly did.
struct CouponsOnRecord {
    private struct Held {
        var coupon: MoneyOracle.Coupon
        var merchant: String?
        var stay: Int64?
        var plate: String?
        var record: Int64
        /// By this stay's last question.
        var reservedFor: Int64?
        var isPaidWith = false
    }

    /// What merchants and the site truly gave, by its number.
    var given: [String: CouponOrder] = [:]
    private var held: [String: Held] = [:]
    private var spent: Set<String> = []
    /// By stay: those that its last question reckoned with.
    private var asked: [Int64: [String]] = [:]
    /// Of the stay that was just charged; their records follow at once.
    private(set) var due: [String: Fate] = [:]

    enum Fate: Hashable {
        /// With what it took off.
        case usedUp(Int64)
        case isFreeAgain
    }

    // MARK: What a stay may be reckoned with

    func choice(for id: Int64, _ stay: StayMoney) -> [MoneyOracle.Coupon] {
        let mine = held.values.filter { one in
            one.stay == id || one.stay == nil && one.plate != nil && one.plate == stay.plate
        }
        return mine.sorted { $0.record < $1.record }.compactMap { one in
            guard one.reservedFor == nil || one.reservedFor == id else { return nil }
            // Of those that came after the payment none is used; but time that is free is free.
            guard one.isPaidWith || stay.payments.isEmpty || one.coupon.kind == .period else { return nil }
            var coupon = one.coupon
            if one.isPaidWith { (coupon.from, coupon.to) = (nil, nil) }
            guard one.reservedFor != nil || coupon.to.map({ $0 > stay.entry }) ?? true else { return nil }
            return coupon
        }
    }

    // MARK: Records

    mutating func granted(_ number: Int64, _ fields: Fields) -> String? {
        guard let id = fields.text("coupon"), let kind = Self.kind(fields) else {
            return "record \(number) grants nothing that can be read"
        }
        let (from, to) = (fields.number("valid_from_s"), fields.number("valid_to_s"))
        guard let order = given[id], Self.kind(order.kind) == kind, order.merchant == fields.text("merchant"),
            order.validFrom == nil || order.validFrom == from, order.validTo == nil || order.validTo == to
        else { return "record \(number) grants coupon \(id), which nobody gave so" }
        guard held[id] == nil, !spent.contains(id) else { return "record \(number) grants \(id) again" }
        held[id] = Held(
            coupon: MoneyOracle.Coupon(id: id, kind: kind, from: from, to: to),
            merchant: order.merchant, stay: fields.number("stay"), plate: fields.text("plate"), record: number
        )
        return nil
    }

    mutating func revoked(_ number: Int64, _ fields: Fields, at second: Int64) -> String? {
        let id = fields.text("coupon") ?? ""
        guard let one = held[id] else { return "record \(number) revokes \(id)" }
        // Time that was free stays so: it ends.
        if one.coupon.kind == .period, one.coupon.from ?? .min < second {
            held[id]?.coupon.to = min(one.coupon.to ?? .max, second)
            return nil
        }
        held[id] = nil
        spent.insert(id)
        return nil
    }

    /// The plate of a stay is put right: what was given to it is its vehicle's.
    mutating func moved(_ stay: Int64, to plate: String?) {
        guard let plate else { return }
        for (id, one) in held where one.stay == stay { held[id]?.plate = plate }
    }

    /// A question keeps its coupons for its stay, and lets go of those before.
    mutating func reserve(_ names: [String], for stay: Int64) -> String? {
        for name in asked[stay] ?? [] where !names.contains(name) {
            if held[name]?.reservedFor == stay, held[name]?.isPaidWith == false {
                held[name]?.reservedFor = nil
            }
        }
        asked[stay] = names
        for name in names {
            guard let one = held[name] else { return "reckons with coupon \(name), which there is not" }
            guard one.reservedFor == nil || one.reservedFor == stay else {
                return "reckons with coupon \(name), which is stay \(one.reservedFor ?? 0)'s"
            }
            held[name]?.reservedFor = stay
        }
        return nil
    }

    mutating func paid(_ stay: Int64) {
        for name in asked[stay] ?? [] where held[name]?.reservedFor == stay {
            guard held[name]?.coupon.kind != .period else { continue }
            held[name]?.isPaidWith = true
            held[name]?.stay = stay
        }
    }

    /// What took something off, or was used with a payment, is used up by records that follow at once, and its giver owes
    /// just that; whatever else was the stay's is free again.
    mutating func charged(_ number: Int64, _ stay: Int64, _ fields: Fields) -> String? {
        asked[stay] = nil
        var uses: [String: Int64] = [:]
        var owed: [String: Int64] = [:]
        for line in (try? fields.objects("coupons")) ?? [] {
            let name = line.text("coupon") ?? ""
            guard let one = held[name] else {
                let why = spent.contains(name) ? "is used up" : "there is not"
                return "record \(number) uses coupon \(name), which \(why)"
            }
            guard line.text("merchant") == one.merchant else { return "record \(number) has another bearer" }
            uses[name] = line.number("used") ?? 0
            owed[one.merchant.map { "assets.merchant.\($0)" } ?? "", default: 0] += line.number("used") ?? 0
        }
        due = [:]
        for (name, one) in held where one.stay == stay || one.reservedFor == stay {
            // Without a price the money goes back, and the coupon with it.
            due[name] = one.isPaidWith && fields.has("charge") ? .usedUp(0) : .isFreeAgain
        }
        for (name, used) in uses { due[name] = .usedUp(used) }
        for line in (try? fields.objects("postings")) ?? [] {
            guard let account = line.text("account"), account.hasPrefix("assets.merchant.") else { continue }
            guard owed.removeValue(forKey: account) == line.number("amount") else {
                return "record \(number) books \(line.number("amount") ?? 0) to \(account)"
            }
        }
        let missing = owed.filter { !$0.key.isEmpty && $0.value != 0 }.min { $0.key < $1.key }
        return missing.map { "record \(number) books nothing of \($0.value) to \($0.key)" }
    }

    mutating func consumed(_ number: Int64, _ fields: Fields) -> String? {
        let name = fields.text("coupon") ?? ""
        guard let one = held.removeValue(forKey: name) else {
            return "record \(number) uses up coupon \(name), which is used up"
        }
        // Free for a while is free again for the next stay.
        if one.coupon.kind == .period { free(one) } else { spent.insert(name) }
        guard case .usedUp(let used) = due.removeValue(forKey: name) else {
            return "record \(number) uses up coupon \(name), which no stay has used"
        }
        return used == fields.number("used") ? nil : "record \(number) uses another part of coupon \(name)"
    }

    /// - Parameter isSure: no record was lost that it may be the consequence of.
    mutating func released(_ number: Int64, _ fields: Fields, isSure: Bool = true) -> String? {
        let name = fields.text("coupon") ?? ""
        let fate = due.removeValue(forKey: name) ?? (isSure ? .usedUp(0) : .isFreeAgain)
        guard let one = held.removeValue(forKey: name), fate == .isFreeAgain else {
            return "record \(number) gives back coupon \(name), which was used"
        }
        free(one)
        return nil
    }

    /// For its plate; of a vehicle without one it is gone.
    private mutating func free(_ one: Held) {
        guard one.plate != nil else { return }
        var one = one
        (one.reservedFor, one.isPaidWith, one.stay) = (nil, false, nil)
        held[one.coupon.id] = one
    }

    // MARK: Face values

    private static func kind(_ fields: Fields) -> MoneyOracle.Coupon.Kind? {
        let value = fields.number("value") ?? 0
        switch fields.text("kind") {
        case "minutes": return .minutes(value)
        case "amount": return .amount(value)
        case "percent": return .percent(value)
        case "full": return .full
        case "tariff": return fields.text("of_tariff").map { .tariff($0) }
        case "period": return .period
        default: return nil
        }
    }

    private static func kind(_ kind: Coupon.Kind) -> MoneyOracle.Coupon.Kind {
        switch kind {
        case .minutes(let minutes): .minutes(Int64(minutes))
        case .amount(let amount): .amount(amount.minorUnits)
        case .percent(let part): .percent(Int64(part))
        case .full: .full
        case .tariff(let id): .tariff(id)
        case .period: .period
        }
    }
}
