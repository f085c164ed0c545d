// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S7: every charge equals a slow independent oracle, every record's bookings add up to nothing, every payment counts
/// once and for whom it was meant, what was taken and confirmed is in the journal, nobody gets back more than he paid,
/// deposits are what unfinished stays hold and the account of arrears is what vehicles left owing.
/// S9, its part: nobody is kept for money of which nothing is owed.
struct MoneyChecker {
    let oracle: MoneyOracle?
    var rights: RightsOnRecord
    var stays: [Int64: StayMoney] = [:]
    var balances: [String: Int64] = [:]
    var statements: StatementOracle
    var coupons = CouponsOnRecord()
    var stored = BalancesOnRecord()
    /// Stays that orders are for, by the orders' records.
    var orders: [Int64: Int64] = [:]

    /// What drivers truly paid, by serial: the notice, and the stay that it was meant for.
    var truth: [String: (notice: PaymentNotice, meant: Int64?)] = [:]
    /// Serials that somebody has cancelled.
    var cancelled: Set<String> = []
    var takings: [String: Taking] = [:]
    /// By the quote's record.
    var quotes: [Int64: Int64] = [:]
    /// What vehicles left owing, by their stays, and in all.
    var debts: [Int64: Int64] = [:]
    /// By what plate each left that owes.
    var debtors: [Int64: String] = [:]
    var debtSum: Int64 = 0
    /// Paid for unfinished stays.
    var held: Int64 = 0
    /// Who truly put something into whose balance, by serial, and what was given back out of them.
    var topUps: [String: String] = [:]
    var givenBack: Int64 = 0
    /// Paid too much for a finished stay, and not given back yet.
    var excess: [Int64: Int64] = [:]
    var closed: [Int64: Int64] = [:]
    /// When the exits that belong to no stay yet were recognised, by their records.
    var unmatchedExits: [Int64: Int64] = [:]
    /// The household's car whose turn it is, since a record before this one.
    var converts: Int64?
    var hasLostFacts = false
    var report = MoneyReport()

    /// A payment in the books.
    struct Taking {
        var record: Int64
        var amount: Int64
        var use: String
        var stay: Int64?
        /// Beyond a debt that it paid.
        var rest: Int64
        var given: Int64 = 0
        /// Out of a balance: no new money.
        var isDrawn = false
        /// Of the balance that it was put into.
        var holder: String?
    }

    init(_ prices: EstatePrices?, zone: ZoneRules) {
        oracle = prices.map(MoneyOracle.init)
        rights = RightsOnRecord(zoneOffset: prices?.zoneOffset ?? 0)
        statements = StatementOracle(zone: zone)
    }

    mutating func paid(_ notice: PaymentNotice, for meant: Int64?) {
        truth[notice.serial] = (notice, meant)
    }

    /// The process said that it has it; the record must be there by then, and for ever.
    func confirmed(_ serial: String, _ record: Int64) -> (String, String)? {
        guard takings[serial]?.record != record else { return nil }
        return (
            "S7",
            "payment \(serial) was confirmed as record \(record) and is \(takings[serial]?.record ?? 0)"
        )
    }

    mutating func durable(_ record: Record) -> (String, String)? {
        guard oracle != nil, let fields = try? Fields(record.payload) else { return nil }
        let number = record.sequence.number
        let second = record.at.wall.milliseconds / 1000
        statements.durable(record, fields)
        let isOfCoupon = record.kind == "couponConsumed" || record.kind == "couponReleased"
        if !coupons.due.isEmpty, !isOfCoupon, !hasLostFacts {
            return (
                "S7", "before record \(number) a stay ended, and its coupons are neither used up nor free"
            )
        }
        if let waiting = converts, record.kind != "spaceConverted", !isOfCoupon {
            converts = nil
            if !hasLostFacts {
                return ("S7", "a space became free before \(number), stay \(waiting) got none")
            }
        }
        switch record.kind {
        case "stayOpened", "stayImported":
            stays[number] = StayMoney(opened: fields)
            return comes(number)
        case "stayMarked": mark(fields)
        case "stayClosed": left(fields)
        case "stayCorrected", "stayClaimed": return correct(fields)
        case "unmatchedExit": unmatchedExits[number] = fields.number("recognised_at").map { $0 / 1000 }
        case "stayMatched":
            let exit = fields.number("exit").flatMap { unmatchedExits[$0] }
            if let id = fields.number("stay"), let exit { stays[id]?.instants.insert(exit) }
        case "accessHeld": return kept(number, fields, at: second)
        case "accessGranted", "accessDenied": return decided(record, fields, at: second)
        case "storeUnavailable": hasLostFacts = true
        case _ where DirectoryChange.kinds.contains(record.kind):
            rights.durable(record.kind, fields, at: second)
        case _ where MoneyFact.kinds.contains(record.kind):
            report.records += 1
            return judge(record, fields, at: second) ?? book(record, fields) ?? balanced(number)
        default: break
        }
        return nil
    }

    // MARK: Stays

    /// By the right of a guest, perhaps.
    private mutating func comes(_ id: Int64) -> (String, String)? {
        let wrong = rights.guests.note(id, stays[id])
        return hasLostFacts ? nil : wrong
    }

    private mutating func decided(_ record: Record, _ fields: Fields, at second: Int64) -> (String, String)? {
        if record.kind == "accessGranted" {
            granted(fields)
            if rights.guests.isOnceTooOften(fields, at: second) { report.note(.guestOnceTooOften) }
        }
        return hasLostFacts ? nil : rights.guests.judge(record.sequence.number, fields, at: second)
    }

    private mutating func mark(_ fields: Fields) {
        guard let id = fields.number("stay"), let state = fields.text("state") else { return }
        stays[id]?.state = state
        stays[id]?.hasExit = fields.has("exit")
        if state == Stay.State.suspectedLeft.rawValue { report.note(.tailgated) }
        if state == Stay.State.review.rawValue { report.note(.leftInFire) }
    }

    private mutating func left(_ fields: Fields) {
        guard let id = fields.number("stay") else { return }
        let exit = (try? fields.objectIfPresent("exit")) ?? nil
        if let seen = exit?.number("recognised_at") { stays[id]?.instants.insert(seen / 1000) }
        switch fields.text("state") {
        case Stay.State.releasedByHand.rawValue: report.note(.openedByHand)
        case Stay.State.missedExit.rawValue: report.note(.missedExit)
        case Stay.State.cancelled.rawValue: _ = rights.guests.note(id, nil)
        default: break
        }
    }

    private mutating func correct(_ fields: Fields) -> (String, String)? {
        guard let id = fields.number("stay"), stays[id] != nil else { return nil }
        let reading = (try? fields.objectIfPresent("reading")) ?? nil
        stays[id]?.plate = reading?.text("plate")
        coupons.moved(id, to: reading?.text("plate"))
        stays[id]?.isLarge = reading?.text("color") == "yellow"
        stays[id]?.isNewEnergy = reading?.text("color") == "green"
        stays[id]?.household = fields.number("household")
        stays[id]?.holder = fields.text("class") ?? ""
        stays[id]?.permit = fields.number("permit")
        return comes(id)
    }

    private mutating func granted(_ fields: Fields) {
        if fields.text("reason") == ReasonCode.offlinePolicy.rawValue { report.note(.leftTrusted) }
        guard fields.text("reason") == ReasonCode.debtRelease.rawValue, let id = fields.number("stay"),
            let stay = stays[id], stay.deferred == nil, !stay.isDisputed
        else { return }
        report.note(.letOutAtDeadline)
    }

    /// Held for money: then there is something to be paid at this very second.
    private mutating func kept(_ number: Int64, _ fields: Fields, at second: Int64) -> (String, String)? {
        guard fields.text("reason") == ReasonCode.paymentDue.rawValue, fields.text("direction") == "out",
            let id = fields.number("stay"), mayGo(id, at: second)
        else { return nil }
        return ("S9", "record \(number) keeps stay \(id) for money, of which nothing is owed")
    }

    // MARK: Books

    private mutating func book(_ record: Record, _ fields: Fields) -> (String, String)? {
        let number = record.sequence.number
        guard let postings = try? fields.postings() else { return ("S7", "record \(number) cannot be read") }
        var sum: Int64 = 0
        for posting in postings {
            sum += posting.amount.minorUnits
            balances[posting.account.name, default: 0] += posting.amount.minorUnits
        }
        guard sum == 0 else { return ("S7", "the bookings of record \(number) add up to \(sum)") }
        for posting in postings {
            let key = ProjectionKey(.balance, posting.account.name)
            let row = record.changes.last { $0.row == key }?.value.flatMap { try? Fields($0) }
            guard row?.number("balance") == balances[posting.account.name] else {
                return ("S7", "the row of \(posting.account.name) at record \(number) is not its sum")
            }
        }
        return nil
    }

    /// What two accounts hold against what is kept here stay by stay.
    private func balanced(_ number: Int64) -> (String, String)? {
        let deposits = -balances["liabilities.deposits", default: 0]
        guard deposits == held else {
            return ("S7", "at record \(number) deposits are \(deposits), unfinished stays have paid \(held)")
        }
        let put = -balances["liabilities.stored", default: 0]
        guard put == stored.sum else {
            return ("S7", "at record \(number) \(put) is stored, holders have \(stored.sum)")
        }
        let arrears = balances["assets.arrears", default: 0]
        guard arrears == debtSum else {
            return ("S7", "at record \(number) arrears are \(arrears), vehicles left owing \(debtSum)")
        }
        return nil
    }

    /// At the end of a day: what came in is in some place, and all accounts together hold nothing.
    mutating func dayEnds() -> (String, String)? {
        guard oracle != nil else { return nil }
        let all = balances.values.reduce(0, +)
        guard all == 0 else { return ("S7", "the books add up to \(all)") }
        let places = balances.filter {
            $0.key.hasPrefix("assets.clearing.") || $0.key.hasPrefix("assets.cash")
                || $0.key == "differences.cash"
        }.values.reduce(0, +)
        let kept = takings.values.reduce(0) { $0 + ($1.isDrawn ? 0 : $1.amount - $1.given) } - givenBack
        guard places == kept else { return ("S7", "\(kept) came in and stayed, the accounts hold \(places)") }
        let owed = debts.values.reduce(0, +)
        guard owed == debtSum else { return ("S7", "debts are \(owed), counted one by one \(debtSum)") }
        report.days += 1
        return nil
    }

    /// At the end of a run: nothing that was confirmed is missing, and each month's statement is what the records say.
    mutating func finish(confirmed: [String: Int64], _ records: some Swift.Sequence<Record>) -> (
        String, String
    )? {
        for (serial, record) in confirmed.sorted(by: { $0.key < $1.key }) {
            if let lost = self.confirmed(serial, record) { return lost }
        }
        return dayEnds() ?? (oracle == nil ? nil : statements.finish(records))
    }
}
