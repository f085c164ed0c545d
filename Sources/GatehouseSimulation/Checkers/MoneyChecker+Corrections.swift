// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Records of money that goes back, of drawers that are counted, and of spaces that change their car.
extension MoneyChecker {
    // MARK: What is given back

    mutating func refunded(_ record: Record, _ fields: Fields) -> (String, String)? {
        let number = record.sequence.number
        let serial = fields.text("serial") ?? ""
        let amount = fields.number("amount") ?? 0
        guard var taking = takings[serial], cancelled.contains(serial) else {
            return ("S7", "record \(number) gives back \(serial), which nobody has cancelled")
        }
        taking.given += amount
        guard amount > 0, taking.given <= taking.amount else {
            return (
                "S7", "record \(number) makes \(taking.given) given back of \(taking.amount) by \(serial)"
            )
        }
        takings[serial] = taking
        report.givenBack += amount
        let isIntoBalance = taking.isDrawn
        if isIntoBalance || taking.use == "stored" {
            let holder = BalancesOnRecord.holder(try? fields.objectIfPresent("holder")) ?? taking.holder
            if let wrong = stored.change(holder, by: isIntoBalance ? amount : -amount, record) {
                return ("S7", wrong)
            }
            if !isIntoBalance { return nil }
        }
        if let id = fields.number("stay") {
            guard let index = stays[id]?.payments.firstIndex(where: { $0.serial == serial }) else {
                return ("S7", "record \(number) gives back of stay \(id), which has nothing of \(serial)")
            }
            report.note(.cancelledBeforeUse)
            held -= amount
            stays[id]?.payments[index].amount -= amount
            if stays[id]?.payments[index].amount == 0 { stays[id]?.payments.remove(at: index) }
            return nil
        }
        switch taking.use {
        case "arrears" where taking.given > taking.rest:
            return ("S7", "record \(number) gives back of \(serial) what paid a debt")
        case "stay":
            // Of a stay that is over: what it did not use, once.
            guard let id = taking.stay, excess[id, default: 0] >= amount else {
                return ("S7", "record \(number) gives back of \(serial) what its stay has used")
            }
            excess[id, default: 0] -= amount
        default: break
        }
        return nil
    }

    // MARK: Drawers and spaces

    mutating func shiftClosed(_ number: Int64, _ fields: Fields) -> (String, String)? {
        let cash = balances["assets.cash", default: 0]
        report.note(.shiftClosed)
        if fields.number("difference") != 0 { report.note(.countedWrong) }
        guard fields.number("expected") == cash else {
            return ("S7", "record \(number) expects \(fields.number("expected") ?? 0) in a drawer of \(cash)")
        }
        return nil
    }

    mutating func converted(_ number: Int64, _ fields: Fields, at second: Int64) -> (String, String)? {
        let id = fields.number("stay")
        let expected = converts
        converts = nil
        guard let id, id == expected, fields.number("at_s") == second else {
            return ("S7", "record \(number) gives stay \(id ?? 0) the space that is stay \(expected ?? 0)'s")
        }
        stays[id]?.convertedAt = second
        report.note(.spaceConverted)
        return nil
    }
}
