// SPDX-License-Identifier: Apache-2.0

import GatehouseTwins

/// What people settle: guards, merchants, and a driver who has nothing with him.
extension Payments {
    /// Into the balance of `withABalance`.
    static let topUp = Sale.Payment(way: "cash", fen: 2000)

    func withCash() throws -> Sale {
        headline("F", "现金", "cash into the drawer of a guard's shift")
        try till.order("shift", "open")
        let visit = try till.asks(Cast.withCash)
        let payment = Sale.Payment(way: "cash", fen: PaidExit.price)
        try till.order("charge", "cash", PaidExit.lane, yuan(payment.fen))
        return try till.leaves(visit, "\(payment) to the guard", "缴费成功", [payment])
    }

    /// Filled from the same drawer, which is then counted and handed over.
    func withABalance() throws -> Sale {
        headline("G", "储值车", "a balance that pays by itself; then the drawer is counted")
        try till.order("stored", "top-up", Cast.withABalance.bare, yuan(Self.topUp.fen))
        let visit = try till.comes(Cast.withABalance)
        let payment = Sale.Payment(way: "stored_value", fen: PaidExit.price)
        let sale = try till.leaves(visit, "\(payment) out of \(yuan(Self.topUp.fen))", "缴费成功", [payment])
        let counted = yuan(PaidExit.price + Self.topUp.fen)
        try till.order("shift", "close", counted)
        say("  ¥ the drawer is handed over with \(counted) · 交班")
        return sale
    }

    func ofTheTeaHouse() throws -> Sale {
        headline("H", "商户优惠券", "a coupon of the tea house, which bears it")
        let (plate, value) = (Cast.ofTheTeaHouse, yuan(PaidExit.price))
        try till.order("coupon", "grant", plate.bare, "--amount", value, "--merchant", PaidExit.merchant)
        let visit = try till.comes(plate)
        return try till.leaves(
            visit, "coupon \(value) of \(PaidExit.merchant)", "优惠券已抵扣", [], outcome: "free")
    }

    func withoutMoney() throws -> Sale {
        headline("I", "先离场后付费", "leave now and pay later: a debt, paid over HTTP from home")
        let visit = try till.asks(Cast.withoutMoney)
        try till.order("charge", "later", PaidExit.lane)
        let owing = try till.leaves(
            visit, "nothing: the guard lets it owe", "未缴\(yuan(PaidExit.price))元", [], outcome: "owed")
        try till.waitForCharge(owing.plate)
        let payment = try payDebt(of: owing.plate, "home-1")
        say("  ¥ \(owing.plate): \(payment) over HTTP for the debt · 补缴")
        return Sale(plate: owing.plate, price: owing.price, payments: [payment], outcome: owing.outcome)
    }

    func exempt() throws -> Sale {
        headline("J", "免费车辆", "an exempt vehicle, on a guard's word and with a reason")
        let plate = Cast.exempt
        let why = ["--exempt", "disabled-driver", "--reason", "OTHER", "--note", "badge seen"]
        try till.order(["charge", "class", plate.bare] + why)
        let visit = try till.comes(plate)
        return try till.leaves(
            visit, "nothing: disabled-driver", "免费车辆", price: 0, [], outcome: "free")
    }
}
