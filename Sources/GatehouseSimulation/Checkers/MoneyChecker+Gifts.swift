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
            wrong = coupons.revoked(number, fields)
        case "couponConsumed":
            report.note(fields.has("merchant") ? .couponUsed : .couponOfSite)
            wrong = coupons.consumed(number, fields)
        case "couponReleased":
            report.note(.couponReleased)
            wrong = coupons.released(number, fields)
        default:
            let holder = BalancesOnRecord.holder((try? fields.objectIfPresent("holder")) ?? nil)
            givenBack += fields.number("amount") ?? 0
            report.note(.balanceGivenBack)
            wrong = stored.change(holder, by: -(fields.number("amount") ?? 0), record)
        }
        return wrong.map { ("S7", $0) }
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

    mutating func collection(_ record: Record, _ fields: Fields) {
        if record.kind == "collectionAsked" {
            orders[record.sequence.number] = fields.number("stay")
            switch fields.text("way") {
            case "etc": report.note(.orderByTag)
            case "plate_bound": report.note(fields.flag("deferred") ? .orderAfterLeaving : .orderByPlate)
            default: report.note(.orderByCode)
            }
        } else {
            report.note(fields.text("outcome") == "refused" ? .orderRefused : .orderReversed)
        }
    }

    /// How money of an order or of a balance came.
    mutating func note(_ paid: (notice: PaymentNotice, meant: Int64?), _ use: String, _ id: Int64?) {
        guard paid.notice.order != nil else { return }
        report.note(use == "stay" ? .orderPaid : .orderPaidTooLate)
    }
}
