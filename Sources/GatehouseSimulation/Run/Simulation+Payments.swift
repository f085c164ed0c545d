// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Drivers who pay, and those who do not.
extension Simulation {
    static let platform = Operator(channel: "payment", name: "platform")

    func planMoney() {
        guard estate.prices != nil else { return }
        agenda.plan(.dayEnds, at: now + .seconds(86_400))
        planCustomers()
        planProvider()
        if mix.has(.guardTakesMoney) { agenda.plan(.shift(isEnd: false), at: now + .seconds(120)) }
    }

    // MARK: Being asked

    /// A quote is known outside when it is durable.
    func quoted(_ record: Record) {
        guard record.kind == "chargeQuoted", let bill = bill(record), bill.lane != nil, bill.due > 0,
            !payments.isPaying.contains(bill.stay)
        else { return }
        payAtChangedLane(bill)
        if goesToDesk(bill) || leavesToProvider(bill) || lingers(bill) { return }
        if mix.has(.neverPays), purse.chance(1, in: 4) { return checkers.money.report.note(.neverPaid) }
        let isLate = mix.has(.paysLate) && purse.chance(1, in: 3)
        plan(bill, after: isLate ? lateness : purse.milliseconds(4000...45_000), isLate: isLate)
    }

    /// Minutes, or so long that the vehicle has left, in a month even weeks.
    private var lateness: Duration {
        guard options.offlineDays != nil, purse.chance(1, in: 3) else {
            return purse.milliseconds(90_000...900_000)
        }
        return .seconds(purse.below(20 * 86_400))
    }

    /// He has the lane's code before him and comes to pay when somebody else stands there already.
    private func lingers(_ bill: PaymentPlatform.Bill) -> Bool {
        guard mix.has(.paysLate), purse.chance(1, in: 6) else { return false }
        payments.isPaying.insert(bill.stay)
        var late = bill
        late.isByLane = true
        payments.lingering.append(late)
        return true
    }

    private func payAtChangedLane(_ bill: PaymentPlatform.Bill) {
        let index = payments.lingering.firstIndex { $0.lane == bill.lane && $0.stay != bill.stay }
        guard let index else { return }
        agenda.plan(
            .driverPays(payments.lingering.remove(at: index), isLate: true),
            at: now + purse.milliseconds(500...3000))
    }

    func plan(_ bill: PaymentPlatform.Bill, after delay: Duration, isLate: Bool = false) {
        payments.isPaying.insert(bill.stay)
        agenda.plan(.driverPays(bill, isLate: isLate), at: now + delay)
    }

    private func bill(_ record: Record) -> PaymentPlatform.Bill? {
        guard let fields = try? Fields(record.payload), let stay = fields.number("stay"),
            let charge = (try? fields.objectIfPresent("charge")) ?? nil
        else { return nil }
        return PaymentPlatform.Bill(
            stay: stay, quote: record.sequence.number, due: charge.number("due") ?? 0,
            lane: fields.text("lane"))
    }

    private func bill(at number: Int64) -> PaymentPlatform.Bill? { record(at: number).flatMap(bill) }

    private func stay(at number: Int64) -> Int64? {
        record(at: number).flatMap { try? Fields($0.payload) }?.number("stay")
    }

    private func record(at number: Int64) -> Record? {
        let index = Int(number) - 1
        guard disk.durable.indices.contains(index), disk.durable[index].record.sequence.number == number
        else { return nil }
        return disk.durable[index].record
    }

    /// Who wants to pay before he sets off asks by his plate.
    func driverAsks(_ number: Int) {
        guard cars[number].isInside, cars[number].state == .away else { return }
        ask(.quote(.plate(cars[number].plate)), by: Self.platform, .prepays)
    }

    // MARK: Paying

    func driverPays(_ bill: PaymentPlatform.Bill, isLate: Bool) {
        // Who has paid a guard meanwhile does not pay again.
        guard payments.isPaying.remove(bill.stay) != nil else { return }
        var notice = PaymentNotice(
            serial: payments.newSerial("p"), way: bill.lane == nil ? .prepaid : way, amount: Money(bill.due),
            paidAt: wall.milliseconds / 1000, quote: Sequence(bill.quote), stay: StayID(bill.stay))
        if mix.has(.paysInPart), bill.due > 1, purse.chance(1, in: 3) {
            notice.amount = Money(bill.due / 2)
        }
        address(&notice, bill, isLate: isLate)
        if mix.has(.paysWrongly), purse.chance(1, in: 4) { misdirect(&notice, bill) }
        pay(notice, for: bill.stay, by: Self.platform)
    }

    private var way: PaymentWay {
        purse.pick([.staticCode, .staticCode, .dynamicCode, .scannedCode, .plateBound, .etc, .prepaid])
    }

    /// By the quote, or as the code at the lane or the plate has it.
    private func address(_ notice: inout PaymentNotice, _ bill: PaymentPlatform.Bill, isLate: Bool) {
        switch bill.isByLane ? 1 : purse.below(isLate ? 3 : 6) {
        case 0: notice.stay = nil
        case 1:
            guard let lane = bill.lane else { return }
            (notice.quote, notice.stay, notice.lane) = (nil, nil, lane)
        // The page knows which quote it was, and by now another may stand there.
        case 2 where isLate: (notice.stay, notice.lane) = (nil, bill.lane)
        case 2:
            guard let plate = checkers.money.plate(of: bill.stay).flatMap({ Plate($0) }) else { return }
            (notice.quote, notice.stay, notice.plate) = (nil, nil, plate)
        default: break
        }
    }

    /// Another one's quote, plate, nobody's stay, or another amount.
    private func misdirect(_ notice: inout PaymentNotice, _ bill: PaymentPlatform.Bill) {
        switch purse.below(5) {
        case 0: (notice.quote, notice.stay) = (Sequence(max(1, bill.quote - 40)), nil)
        case 1: (notice.quote, notice.stay) = (nil, StayID(bill.quote + 1_000_000))
        case 2: notice.amount = Money(max(1, bill.due - 100))
        case 3: notice.amount = Money(bill.due + 300)
        default:
            let other = cars[purse.below(cars.count)].plate
            (notice.quote, notice.stay, notice.lane, notice.plate) = (nil, nil, nil, other)
        }
    }

    func pay(
        _ notice: PaymentNotice, for stay: Int64, by whom: Operator, into holder: StoredHolder? = nil
    ) {
        let serial = notice.serial
        say("pays", "stay \(stay), \(notice.amount.minorUnits) by \(serial)")
        checkers.money.paid(notice, for: stay == 0 ? nil : stay)
        let one = PaymentPlatform.Outstanding(notice: notice, by: whom, holder: holder)
        payments.outstanding[serial] = one
        if mix.has(.cutWhilePaying), !isQuietTail, purse.chance(1, in: 8 * options.pace) {
            agenda.plan(.powerFails, at: now + purse.milliseconds(1...15))
        }
        guard whom == Self.platform else { return tell(serial) }
        if mix.has(.cancelsPayment), purse.chance(1, in: 4) {
            if purse.chance(1, in: 3) {
                // What was sent second comes first.
                cancel(serial)
                return agenda.plan(.platformTells(serial), at: now + purse.milliseconds(500...15_000))
            }
            agenda.plan(.platformCancels(serial), at: now + purse.milliseconds(300...40_000))
        }
        tell(serial)
        if mix.has(.paysTwice), purse.chance(1, in: 3) {
            checkers.money.report.note(.twice)
            // Also long after it was confirmed.
            payments.repeated[serial] = one
            agenda.plan(.platformTells(serial), at: now + purse.milliseconds(1...400))
            agenda.plan(.platformTells(serial), at: now + purse.milliseconds(60_000...1_800_000))
        }
    }

    /// Once, and again every twenty seconds until it is confirmed.
    func tell(_ serial: String) {
        if let one = payments.outstanding[serial] {
            agenda.plan(.platformTells(serial), at: now + .seconds(20))
            ask(one.order, by: one.by, .takes(serial))
        } else if let again = payments.repeated[serial] {
            ask(again.order, by: Self.platform, .takes(serial))
        }
    }

    // MARK: Taking back

    /// Until it is done, or the money is used up.
    func cancel(_ serial: String) {
        let times = payments.cancelling[serial, default: 0]
        guard times < 40, !payments.cancelled.contains(serial) else { return }
        if times == 0 { say("takes", "back \(serial)") }
        checkers.money.cancelled.insert(serial)
        payments.cancelling[serial] = times + 1
        agenda.plan(.platformCancels(serial), at: now + .seconds(20))
        ask(
            .refund(serial: serial, amount: nil, way: nil, reason: "cancelled by the provider"),
            by: Self.platform, .cancels(serial))
    }

    /// The platform sends another amount under a number that is taken.
    func contradict(_ serial: String) {
        guard let notice = checkers.money.truth[serial]?.notice else { return }
        var other = notice
        other.amount = Money(notice.amount.minorUnits + 100)
        ask(.take(other), by: Self.platform, .contradicts(serial))
    }

    // MARK: Answers

    func ask(_ order: MoneyOrder, by whom: Operator, _ question: PaymentPlatform.Question) {
        guard let mine = gateway else { return asksInVain(question) }
        let reply = mine.newReply()
        payments.awaited[reply.number] = question
        mine.inbox.offer(.site(.operation(.money(order), by: whom, reply: reply)))
    }

    /// Whether the answer was one about money.
    func moneyAnswered(_ reply: ReplyID, _ answer: Answer) -> Bool {
        guard let question = payments.awaited.removeValue(forKey: reply.number) else { return false }
        switch (question, answer) {
        case (.takes(let serial), .done(let record)): taken(serial, record.number)
        case (.takes(let serial), .refused(let code, let message)): refused(serial, code, message)
        case (.cancels(let serial), .done): payments.cancelled.insert(serial)
        case (.cancels(let serial), .refused(let code, _)) where code != "not_found":
            // What a finished stay has used is a person's matter.
            payments.cancelled.insert(serial)
            checkers.money.report.note(.cancelledAfterUse)
        case (.cancels(let serial), .refused):
            if payments.outstanding[serial] != nil {
                checkers.money.report.note(.cancelledBeforeItCame)
            } else {
                payments.cancelled.insert(serial)
            }
        case (.contradicts, .refused(let code, _)) where code == "conflict":
            checkers.money.report.note(.otherAmountSameSerial)
        case (.contradicts(let serial), .done(let record)):
            checkers.report("S7", "\(serial) counts again over more: record \(record.number)", at: now)
        case (.prepays, .done(let record)):
            guard let bill = bill(at: record.number), bill.due > 0, !payments.isPaying.contains(bill.stay)
            else { break }
            var prepaid = bill
            prepaid.lane = nil
            plan(prepaid, after: purse.milliseconds(5000...60_000))
        case (.cash, .done(let record)):
            if let bill = bill(at: record.number) { handOver(bill) }
        case (.disputes, .done(let record)):
            if let stay = stay(at: record.number) { payments.disputed.append(stay) }
        case (.opensShift, _), (.closesShift, _): shiftAnswered(question, answer)
        case (.grants(let id), _): granted(id, answer, toOther: false)
        case (.grantsToOther(let id), _): granted(id, answer, toOther: true)
        case (.collects(let number), _): guardIsAnswered(number, answer)
        case (.hears(let order), .refused(let code, let message)) where code == "not_found":
            checkers.report("M3", "order \(order) is not known to whoever asked: \(message)", at: now)
        default: break
        }
        return true
    }

    private func taken(_ serial: String, _ record: Int64) {
        let one = payments.outstanding.removeValue(forKey: serial)
        if one?.wasCut == true { checkers.money.report.note(.acrossPowerCut) }
        if let before = payments.confirmed[serial], before != record {
            checkers.report("S7", "payment \(serial) is record \(before), and is now \(record)", at: now)
        }
        payments.confirmed[serial] = record
        checkers.report(checkers.money.confirmed(serial, record), at: now)
        if one != nil, mix.has(.paysWrongly), purse.chance(1, in: 4) {
            agenda.plan(.platformContradicts(serial), at: now + purse.milliseconds(500...90_000))
        }
    }

    /// A clock that lies makes payments old, and without a shift there is no drawer; everything else is taken.
    private func refused(_ serial: String, _ code: String, _ message: String) {
        guard let one = payments.outstanding.removeValue(forKey: serial) else { return }
        if one.notice.way == .cash, code == "refused" {
            payments.drawer -= one.notice.amount.minorUnits
        } else if code != "too_old" {
            checkers.report("S7", "a payment is refused: \(message)", at: now)
        }
    }
}
