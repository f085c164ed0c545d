// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One record of money against what drivers and guards truly did.
extension MoneyChecker {
    mutating func judge(_ record: Record, _ fields: Fields, at second: Int64) -> (String, String)? {
        let number = record.sequence.number
        switch record.kind {
        case "chargeQuoted": return quoted(number, fields)
        case "paymentSettled": return settled(record, fields, at: second)
        case "stayCharged": return charged(record, fields, at: second)
        case "chargeAdjusted": adjusted(fields)
        case "chargeDeferred":
            if let id = fields.number("stay"), let stay = stays[id] {
                stays[id]?.deferred = (fields.number("due") ?? 0) - stay.arrearsAsked
            }
            report.note(.paysLater)
        case "chargeClassified": classified(fields)
        case "chargeDisputed":
            if let id = fields.number("stay") { stays[id]?.isDisputed = true }
            report.note(.disputed)
        case "disputeSettled": return disputeSettled(number, fields)
        case "spaceConverted": return converted(number, fields, at: second)
        case "paymentRefunded": return refunded(record, fields)
        case "shiftClosed": return shiftClosed(number, fields)
        case "storedGivenBack", "couponGranted", "couponRevoked", "couponConsumed", "couponReleased":
            return gift(record, fields)
        case "collectionAsked", "collectionEnded": return collection(record, fields, at: second)
        default: break
        }
        return nil
    }

    // MARK: What is asked

    private mutating func quoted(_ number: Int64, _ fields: Fields) -> (String, String)? {
        guard let id = fields.number("stay"), let at = fields.number("computed_s") else { return nil }
        quotes[number] = id
        stays[id]?.instants.insert(at)
        stays[id]?.quotes[number] = fields.number("valid_until_s") ?? at
        let used = (try? fields.strings("coupons")) ?? []
        if let wrong = coupons.reserve(used, for: id) { return ("S7", "record \(number) \(wrong)") }
        guard let charge = (try? fields.objectIfPresent("charge")) ?? nil, !fields.has("exempt") else {
            return nil
        }
        guard let times = PricedTimes(fields) else { return ("S7", "record \(number) cannot be read") }
        stays[id]?.isInDoubt = times.options.count > 1
        var arrears: Int64 = 0
        for line in (try? charge.objects("lines")) ?? [] where line.text("code") == "ARREARS" {
            arrears += line.number("amount") ?? 0
        }
        stays[id]?.arrearsAsked = arrears
        let due = (charge.number("due") ?? 0) - arrears
        let said = SaidOfCoupons(names: used, charge)
        return judge(times, id, fee: nil, owed: due, said, at: at).map {
            ("S7", "stay \(id), asked by record \(number), \($0)")
        }
    }

    private mutating func adjusted(_ fields: Fields) {
        guard let id = fields.number("stay") else { return }
        if let fee = fields.number("fee_is") {
            stays[id]?.changes.append(.to(fee))
            if fee == 0 { report.note(.released) }
        } else if let amount = fields.number("by_amount") {
            stays[id]?.changes.append(.by(amount))
        }
    }

    /// A guard says what it is.
    private mutating func classified(_ fields: Fields) {
        guard let id = fields.number("stay") else { return }
        if let name = fields.text("class") { stays[id]?.isLarge = name == "large" }
        if let energy = fields.text("energy") { stays[id]?.isNewEnergy = energy == "nev" }
        report.note(.classCorrected)
    }

    private mutating func disputeSettled(_ number: Int64, _ fields: Fields) -> (String, String)? {
        guard let id = fields.number("stay"), let off = fields.number("let_off") else { return nil }
        stays[id]?.isDisputed = false
        report.note(.disputeSettled)
        guard off >= 0, off <= debts[id, default: 0] else {
            return ("S7", "record \(number) lets off \(off) of the \(debts[id, default: 0]) of stay \(id)")
        }
        reduce(debtOf: id, by: off)
        return nil
    }

    // MARK: What comes

    private mutating func settled(_ record: Record, _ fields: Fields, at second: Int64) -> (String, String)? {
        let number = record.sequence.number
        let serial = fields.text("serial") ?? ""
        if let first = takings[serial] {
            return ("S7", "payment \(serial) is booked by record \(first.record) and again by \(number)")
        }
        let amount = fields.number("amount") ?? 0
        if serial.hasPrefix("stored-") { return drawn(record, fields, serial, amount) }
        guard let paid = truth[serial], paid.notice.amount.minorUnits == amount else {
            return ("S7", "record \(number) books \(amount) by \(serial), of which nobody paid that")
        }
        let use = fields.text("use") ?? ""
        let id = fields.number("stay")
        takings[serial] = Taking(
            record: number, amount: amount, use: use, stay: id, rest: fields.number("rest") ?? 0)
        report.paid[fields.text("way") ?? "", default: 0] += amount
        if let wrong = destination(number, paid.notice, use, id) { return wrong }
        note(paid, use, id, fields, at: second)
        switch (use, id) {
        case ("stay", let id?): return credit(id, amount, serial, number, fields)
        case ("stored", _): return toppedUp(record, fields, amount)
        case ("arrears", let id?):
            let debt = debts[id, default: 0]
            let others = ((try? fields.objects("collected")) ?? []).reduce(0) {
                $0 + ($1.number("amount") ?? 0)
            }
            let beyond = max(0, amount - debt) - others
            guard debt > 0, beyond >= 0, takings[serial]?.rest == beyond else {
                return ("S7", "record \(number) pays \(amount) for stay \(id), which owed \(debt)")
            }
            reduce(debtOf: id, by: min(amount, debt))
            return collected(number, fields)
        default: break
        }
        return nil
    }

    /// To an unfinished stay.
    mutating func credit(
        _ id: Int64, _ amount: Int64, _ serial: String, _ number: Int64, _ fields: Fields
    ) -> (String, String)? {
        guard stays[id] != nil else {
            return ("S7", "record \(number) books to stay \(id), which is over")
        }
        stays[id]?.payments.append(
            StayMoney.Payment(
                record: number, serial: serial, at: fields.number("at_s") ?? 0, amount: amount))
        coupons.paid(id)
        held += amount
        return nil
    }

    /// Money that names an order, a quote or a stay is nobody else's.
    private func destination(
        _ number: Int64, _ notice: PaymentNotice, _ use: String, _ id: Int64?
    ) -> (String, String)? {
        let ordered = notice.order.flatMap { orders[$0.number] }
        let named = ordered ?? notice.quote.flatMap { quotes[$0.number] } ?? notice.stay?.number
        guard let named else { return nil }
        guard ordered == nil || id == ordered else {
            return ("S7", "record \(number) forgets that \(notice.serial) was asked for stay \(named)")
        }
        // A quote goes with its stay: then it is the plate that the payment names.
        let isByPlate =
            ordered == nil && stays[named] == nil && debts[named] == nil && notice.plate != nil
            && id.flatMap { stays[$0]?.plate ?? debtors[$0] } == notice.plate?.text
        guard id == nil || id == named || isByPlate else {
            return ("S7", "record \(number) books to stay \(id ?? 0) what was paid for stay \(named)")
        }
        guard use != "unmatched" || stays[named] == nil || notice.stay == nil else {
            return ("S7", "record \(number) knows nobody for what was paid for stay \(named)")
        }
        return nil
    }

    private mutating func note(
        _ paid: (notice: PaymentNotice, meant: Int64?), _ use: String, _ id: Int64?, _ fields: Fields,
        at second: Int64
    ) {
        let notice = paid.notice
        guard notice.order == nil, use != "stored" else { return note(paid, use, id) }
        switch (notice.way, notice.quote, notice.lane, notice.plate) {
        case (.cash, _, _, _): report.note(.cash)
        case (.prepaid, _, _, _): report.note(.paidBeforeSettingOff)
        case (_, _?, _, _): report.note(.paidForQuote)
        case (_, nil, _?, _): report.note(.paidForLane)
        case (_, nil, nil, _?): report.note(.paidForPlate)
        default: break
        }
        if use == "unmatched" { report.note(.forNobody) }
        if use == "arrears" || use == "refundable" { report.note(.afterLeaving) }
        let isByLane = notice.quote == nil && notice.lane != nil
        if let id, let meant = paid.meant, id != meant || isByLane && closed[id] != nil {
            report.note(isByLane ? .laneChangedMeanwhile : .forOtherStay)
        }
        if let quote = notice.quote?.number, let id, let end = stays[id]?.quotes[quote], second >= end {
            report.note(.afterQuoteLapsed)
        }
        if let id, let end = closed[id], second - end > 7 * 86_400 { report.note(.weeksLater) }
    }

    /// Debts of earlier stays that were paid off with something else.
    private mutating func collected(_ number: Int64, _ fields: Fields) -> (String, String)? {
        for line in (try? fields.objects("collected")) ?? [] {
            guard let debtor = line.text("stay").flatMap({ Int64($0) }), let amount = line.number("amount"),
                amount <= debts[debtor, default: 0]
            else { return ("S7", "record \(number) collects a debt that nobody has") }
            reduce(debtOf: debtor, by: amount)
            report.note(.debtCollected)
        }
        return nil
    }

    mutating func reduce(debtOf id: Int64, by amount: Int64) {
        debtSum -= amount
        let rest = debts[id, default: 0] - amount
        debts[id] = rest > 0 ? rest : nil
        if rest <= 0 { debtors[id] = nil }
    }

    // MARK: The end of a stay

    private mutating func charged(_ record: Record, _ fields: Fields, at second: Int64) -> (String, String)? {
        let number = record.sequence.number
        guard let id = fields.number("stay"), let owed = fields.number("owed") else {
            return ("S7", "record \(number) charges nobody")
        }
        guard closed[id] == nil else { return ("S7", "stay \(id) is charged again by \(number)") }
        guard let stay = stays[id] else { return ("S7", "record \(number) charges stay \(id), never opened") }
        let wrong = price(record, fields, id, owed, at: second)
        if let wrong = coupons.charged(number, id, fields) { return ("S7", wrong) }
        closed[id] = second
        held -= stay.paid
        excess[id] = fields.number("excess")
        stays[id] = nil
        if let wrong = collected(number, fields) { return wrong }
        if owed > 0 {
            debts[id] = owed
            debtors[id] = stay.plate
            debtSum += owed
        }
        tally(fields, stay, owed)
        let hadSpace = stay.holder == VehicleClass.permit.rawValue || stay.convertedAt != nil
        if stay.household != nil, hadSpace { converts = next(after: stay) }
        return wrong
    }

    /// The household's earliest car without a space.
    private func next(after left: StayMoney) -> Int64? {
        stays.filter {
            $0.value.household == left.household && $0.value.isTemporary && $0.value.isInside
                && $0.value.convertedAt == nil
        }.keys.min()
    }

    private func price(
        _ record: Record, _ fields: Fields, _ id: Int64, _ owed: Int64, at second: Int64
    ) -> (String, String)? {
        let number = record.sequence.number
        guard let charge = (try? fields.objectIfPresent("charge")) ?? nil else {
            let mayLack = [StayCharge.Outcome.unknown, .cancelled].map(\.rawValue)
            return mayLack.contains(fields.text("outcome") ?? "") || fields.has("asked_at_exit")
                ? nil : ("S7", "record \(number) ends stay \(id) without a price")
        }
        if let row = debtRow(record, id), row != owed {
            return ("S7", "record \(number) leaves \(owed) owed and remembers \(row)")
        }
        guard !fields.has("exempt") else { return nil }
        guard let times = PricedTimes(fields) else { return ("S7", "record \(number) cannot be read") }
        let uses = (try? fields.objects("coupons")) ?? []
        let said = SaidOfCoupons(uses: uses, charge)
        return judge(times, id, fee: charge.number("fee") ?? -1, owed: owed, said, at: second).map {
            ("S7", "stay \(id), charged by record \(number), \($0)")
        }
    }

    /// What is remembered of a debt; 0: nothing.
    private func debtRow(_ record: Record, _ id: Int64) -> Int64? {
        let key = ProjectionKey(.debt, String(id))
        guard let row = record.changes.last(where: { $0.row == key })?.value else { return 0 }
        return (try? Fields(row))?.number("amount")
    }

    private mutating func tally(_ fields: Fields, _ stay: StayMoney, _ owed: Int64) {
        report.stays += 1
        report.owed += owed
        if fields.text("outcome") == StayCharge.Outcome.escaped.rawValue { report.escaped += owed }
        guard let charge = (try? fields.objectIfPresent("charge")) ?? nil else { return }
        let fee = charge.number("fee") ?? 0
        report.charged += fee
        let flags = (try? charge.strings("flags")) ?? []
        for scene in scenesOfCoupons(fields, charge) { report.note(scene) }
        if flags.contains("PERMIT_EXPIRED_MID_STAY") { report.note(.permitExpired) }
        if stay.holder == VehicleClass.visitor.rawValue {
            report.note(fee > 0 ? .guestBeyondPass : .guest)
        }
        if fee > 0, stay.isLarge { report.note(.largeVehicle) }
        if fee > 0, stay.isNewEnergy { report.note(.newEnergy) }
        if fee > 0, fields.number("version") == 2 { report.note(.otherVersion) }
        if flags.contains("OVERTIME_AFTER_PAYMENT") || stay.paid > 0 && owed > 0 && stay.payments.count == 1 {
            report.note(.stayedBeyondGrace)
        }
        if stay.payments.count > 1 { report.note(.paidInPart) }
        if let more = fields.number("excess"), more > 0 { report.note(.paidTooMuch) }
    }
}
