// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Records of what merchants, residents and the site itself take off or put in, and of orders to providers.
extension MoneyChecker {
    mutating func gift(_ record: Record, _ fields: Fields) -> (String, String)? {
        let number = record.sequence.number
        let wrong: String?
        switch record.kind {
        case "couponGranted":
            report.note(fields.has("stay") ? .couponForStay : .couponForPlate)
            wrong = coupons.granted(number, fields)
        case "couponRevoked":
            report.note(.couponRevoked)
            wrong = coupons.revoked(number, fields, at: record.at.wall.milliseconds / 1000)
        case "couponConsumed":
            report.note(fields.has("merchant") ? .couponUsed : .couponOfSite)
            wrong = coupons.consumed(number, fields)
        case "couponReleased":
            report.note(.couponReleased)
            wrong = coupons.released(number, fields, isSure: !hasLostFacts)
        default:
            let holder = BalancesOnRecord.holder((try? fields.objectIfPresent("holder")) ?? nil)
            givenBack += fields.number("amount") ?? 0
            report.note(.balanceGivenBack)
            wrong = stored.change(holder, by: -(fields.number("amount") ?? 0), record)
        }
        return wrong.map { ("S7", $0) }
    }

    /// Several of one stay.
    func scenesOfCoupons(_ fields: Fields, _ charge: Fields) -> [MoneyScene] {
        let uses = (try? fields.objects("coupons")) ?? []
        guard let prices = oracle?.prices, !uses.isEmpty else { return [] }
        var scenes: [MoneyScene] = uses.count > 1 ? [.couponsTogether] : []
        if fields.has("free_by") { scenes.append(.couponFreeForWhile) }
        guard !fields.has("tariff_by") else { return scenes + [.couponOfOtherTariff] }
        let board = fields.number("version") == 2 ? prices.next : prices.board
        if SaidOfCoupons(uses: uses, charge).leavesOut {
            scenes.append(board.stacking == .bestOne ? .couponBestOfAll : .couponLargestOfKind)
        }
        return scenes
    }

    // MARK: Balances

    mutating func toppedUp(_ record: Record, _ fields: Fields, _ amount: Int64) -> (String, String)? {
        let holder = BalancesOnRecord.holder((try? fields.objectIfPresent("holder")) ?? nil)
        guard let serial = fields.text("serial"), topUps[serial] == holder else {
            return ("S7", "record \(record.sequence.number) puts into another's balance")
        }
        takings[serial]?.holder = holder
        report.note(.toppedUp)
        return stored.change(holder, by: amount, record).map { ("S7", $0) }
    }

    /// Out of a balance, for what its vehicle was asked, in the step that asked it.
    mutating func drawn(
        _ record: Record, _ fields: Fields, _ serial: String, _ amount: Int64
    ) -> (String, String)? {
        let number = record.sequence.number
        let holder = BalancesOnRecord.holder((try? fields.objectIfPresent("drawn_from")) ?? nil)
        guard let id = fields.number("stay"), let stay = stays[id], let holder,
            [stay.plate.map { "plate \($0)" }, stay.household.map { "household \($0)" }].contains(holder)
        else { return ("S7", "record \(number) draws \(amount) for nobody of \(holder ?? "")") }
        takings[serial] = Taking(
            record: number, amount: amount, use: "stay", stay: id, rest: 0, isDrawn: true, holder: holder)
        report.paid["stored_value", default: 0] += amount
        report.note(.paidFromBalance)
        let wrong = credit(id, amount, serial, number, fields)
        return wrong ?? stored.change(holder, by: -amount, record).map { ("S7", $0) }
    }

    // MARK: Orders

    mutating func collection(_ record: Record, _ fields: Fields, at second: Int64) -> (String, String)? {
        guard record.kind == "collectionAsked" else {
            report.note(fields.text("outcome") == "refused" ? .orderRefused : .orderReversed)
            return nil
        }
        let number = record.sequence.number
        orders[number] = fields.number("stay")
        switch fields.text("way") {
        case "etc": report.note(.orderByTag)
        case "plate_bound": report.note(fields.flag("deferred") ? .orderAfterLeaving : .orderByPlate)
        default: report.note(.orderByCode)
        }
        guard let id = fields.number("stay"), let stay = stays[id],
            let owed = bills(id, exit: second, at: second)?.map(\.owed).max()
        else { return nil }
        let others = fields.flag("deferred") ? 0 : stay.arrearsAsked
        let amount = (fields.number("amount") ?? 0) - others
        guard amount > owed else { return nil }
        return ("M3", "record \(number) asks for \(amount) of stay \(id), which owes \(owed)")
    }

    /// How money of an order or of a balance came.
    mutating func note(_ paid: (notice: PaymentNotice, meant: Int64?), _ use: String, _ id: Int64?) {
        guard paid.notice.order != nil else { return }
        report.note(use == "stay" ? .orderPaid : .orderPaidTooLate)
    }
}
