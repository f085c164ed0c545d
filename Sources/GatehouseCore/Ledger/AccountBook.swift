// SPDX-License-Identifier: Apache-2.0

/// The money that is not settled yet and the balances of all accounts, folded from money facts and nothing else.
package struct AccountBook: Equatable, Sendable {
    /// The serial of a payment that was taken.
    package struct Taken: Hashable, Sendable {
        package var record: Sequence
        package var amount: Money
        package var way: PaymentWay
        package var at: WallTime
        package var use: SettlementUse
        /// Given back of it, and by which record last.
        package var given = Money.zero
        package var givenBy: Sequence?
        /// Paid out of this one's balance.
        package var drawnFrom: StoredHolder?
        /// What its finished stay left of it; nil: the stay goes on, or the payment is older than this.
        package var unspent: Money?
    }

    package struct Shift: Hashable, Sendable {
        package var record: Sequence
        package var by: Operator
    }

    /// So many serials are remembered; a notice that comes again later than that would count again, and is therefore
    /// refused by its age (`oldestNotice`).
    package static let serialsRemembered = 65_536
    package static let oldestNotice: Duration = .seconds(62 * 86_400)

    private(set) var accounts: Table<StayID, StayAccount> = Table()
    package private(set) var debts: Table<StayID, OpenDebt> = Table()
    private var debtsOfPlate: Table<Plate, [StayID]> = Table()
    /// Of unfinished stays, and of those that left owing.
    private var quotes: Table<Sequence, StayID> = Table()
    package private(set) var balances: Table<LedgerAccount, Money> = Table()
    private var serials: Table<String, Taken> = Table()
    /// Oldest first.
    private var serialsInOrder: [String] = []
    /// Hash by name and version: a version is never edited.
    package private(set) var tariffs: Table<String, String> = Table()
    package private(set) var shift: Shift?
    package private(set) var coupons = CouponBook()
    package private(set) var stored = StoredValueBook()
    /// Of this civil day, by reason, for their daily limits.
    private var releases: Table<String, Int> = Table()
    private var releasesOn: CivilDate?
    package private(set) var collections = CollectionBook()
    package private(set) var histories = PlateHistories()
    private(set) var laneQuotes = LaneQuotes()

    package init() {}

    // MARK: Questions

    package func account(of stay: StayID) -> StayAccount { accounts[stay] ?? StayAccount() }

    func hasAccount(of stay: StayID) -> Bool { accounts[stay] != nil }

    package func taken(_ serial: String) -> Taken? { serials[serial] }

    package func balance(_ account: LedgerAccount) -> Money { balances[account] ?? .zero }

    /// Of one plate, oldest first, but for what is disputed: nobody is asked for that before it is settled.
    package func arrears(of plate: Plate) -> [OpenDebt] {
        (debtsOfPlate[plate] ?? []).compactMap { debts[$0] }.filter { !$0.isDisputed }
    }

    /// The stay that was quoted so, while it is unfinished or owes.
    func stay(quoted record: Sequence) -> StayID? { quotes[record] }

    /// Checked after every record in simulation: what all accounts hold adds up to nothing.
    package var isBalanced: Bool { balances.inOrder.map { Posting($0.key, $0.value) }.isBalanced }

    /// How often a reason was given on a day, whatever was noted with it; nothing is known of any day but the last.
    package func releases(for reason: String, on day: CivilDate) -> Int {
        guard releasesOn == day else { return 0 }
        return releases.inOrder.reduce(0) { sum, given in
            OperatorReason.code(of: given.key) == reason ? sum + given.value : sum
        }
    }

    // MARK: The fold

    mutating func apply(
        _ change: MoneyChange, _ record: Sequence, at now: WallTime
    ) -> [ProjectionChange] {
        var rows = post(change.postings)
        switch change {
        case .adopted(let tariff, let hash):
            tariffs[tariff] = hash
            rows.append(Self.row(.tariff, tariff) { $0.put("hash", hash) })
        case .quoted(let stay, let quote):
            rows += coupons.reserve(quote.coupons, for: stay, before: account(of: stay).quote?.coupons ?? [])
            rows += laneQuotes.take(quote, of: stay)
            rows.append(update(stay) { $0.take(quote) })
        case .settled(let settlement): rows += take(settlement, record, at: now)
        case .charged(let closing): rows += close(closing, at: now)
        case .adjusted(let adjusted):
            rows.append(update(adjusted.stay) { $0.adjustments.append(adjusted.adjustment) })
            rows.append(count(adjusted.adjustment.reason, on: adjusted.day))
        case .deferred(let stay, let due): rows.append(update(stay) { $0.deferred = due })
        case .classified(let change):
            rows.append(update(change.stay) { $0.take(change.classification) })
            if let reason = change.classification.exemption { rows.append(count(reason, on: change.day)) }
        case .disputed(let stay): rows.append(dispute(stay))
        case .disputeSettled(let end): rows += settle(end)
        case .converted(let stay, let at): rows.append(update(stay) { $0.convertedAt = at })
        case .shiftOpened(let by): rows.append(set(shift: Shift(record: record, by: by)))
        case .shiftClosed: rows.append(set(shift: nil))
        case .refunded(let refund): rows += giveBack(refund, record)
        case .coupon(let fact): rows += coupons.apply(fact, record, at: now)
        case .storedGivenBack(let refund):
            rows.append(stored.add(Money(0 &- refund.amount.minorUnits), to: refund.holder))
        case .corrected: break
        case .collectionAsked(let order): rows += collections.ask(order, record)
        case .collectionEnded(let ending):
            rows += collections.end(ending.order, ending.outcome, record)
        }
        return rows
    }

    private mutating func post(_ postings: [Posting]) -> [ProjectionChange] {
        postings.map { posting in
            let sum = balance(posting.account).minorUnits.addingSaturated(posting.amount.minorUnits)
            balances[posting.account] = Money(sum)
            return Self.row(.balance, posting.account.name) { $0.put("balance", sum) }
        }
    }

    private mutating func update(
        _ stay: StayID, _ change: (inout StayAccount) -> Void
    ) -> ProjectionChange {
        var account = account(of: stay)
        let before = account.quotes
        change(&account)
        if account.quotes != before { note(account.quotes, of: stay, before: before) }
        accounts[stay] = account
        return Self.row(.account, String(stay.number), account.write)
    }

    private mutating func note(_ now: [Sequence], of stay: StayID, before: [Sequence] = []) {
        for quote in before { quotes.remove(quote) }
        for quote in now { quotes[quote] = stay }
    }

    private mutating func take(
        _ settlement: Settlement, _ record: Sequence, at now: WallTime
    ) -> [ProjectionChange] {
        let notice = settlement.notice
        let taken = Taken(
            record: record, amount: notice.amount, way: notice.way, at: now, use: settlement.use,
            drawnFrom: settlement.drawnFrom)
        serials[notice.serial] = taken
        serialsInOrder.append(notice.serial)
        var rows = [Self.row(.serial, notice.serial, taken.write)]
        if serialsInOrder.count > Self.serialsRemembered {
            let oldest = serialsInOrder.removeFirst()
            serials.remove(oldest)
            rows.append(ProjectionChange(ProjectionKey(.serial, oldest), nil))
        }
        switch settlement.use {
        case .stay(let stay):
            let payment = StayAccount.Payment(
                record: record, way: notice.way, amount: notice.amount, at: settlement.at,
                serial: notice.serial)
            rows += coupons.pay(account(of: stay).quote?.coupons ?? [], of: stay, at: settlement.at)
            rows.append(update(stay) { $0.settlements.append(payment) })
        case .arrears: rows += reduceDebts(settlement.paidDebts)
        case .stored(let holder): rows.append(stored.add(notice.amount, to: holder))
        case .refundable, .unmatched: break
        }
        if let holder = settlement.drawnFrom {
            rows.append(stored.add(Money(0 &- notice.amount.minorUnits), to: holder))
        }
        if let order = notice.order { rows += collections.end(order, .paid, record) }
        return rows
    }

    private mutating func giveBack(_ refund: Refund, _ record: Sequence) -> [ProjectionChange] {
        var rows: [ProjectionChange] = []
        if var taken = serials[refund.serial] {
            taken.given = Money(taken.given.minorUnits &+ refund.amount.minorUnits)
            taken.givenBy = record
            taken.unspent = taken.unspent.map { Money(max(0, $0.minorUnits &- refund.amount.minorUnits)) }
            serials[refund.serial] = taken
            rows.append(Self.row(.serial, refund.serial, taken.write))
        }
        if let stay = refund.stay { rows.append(update(stay) { $0.giveBack(refund) }) }
        if case .stored(let holder)? = serials[refund.serial]?.use {
            rows.append(stored.add(Money(0 &- refund.amount.minorUnits), to: holder))
        }
        if let holder = refund.holder { rows.append(stored.add(refund.amount, to: holder)) }
        return rows
    }

    private mutating func close(
        _ closing: MoneyChange.Closing, at now: WallTime
    ) -> [ProjectionChange] {
        let account = account(of: closing.stay)
        let spent = spend(account, closing)
        accounts.remove(closing.stay)
        note([], of: closing.stay, before: account.quotes)
        var rows = spent + [ProjectionChange(ProjectionKey(.account, String(closing.stay.number)), nil)]
        if let plate = closing.plate, let history = closing.history {
            rows += histories.take(history, of: plate, at: now.second)
        }
        rows += reduceDebts(closing.collected)
        guard closing.owed > .zero else { return rows }
        let debt = OpenDebt(
            stay: closing.stay, plate: closing.plate, household: closing.household,
            category: closing.category, amount: closing.owed, since: now, isDisputed: closing.isDisputed,
            quotes: account.quotes)
        put(debt)
        rows.append(Self.row(.debt, String(debt.stay.number), debt.write))
        return rows
    }

    /// Of the payments of a finished stay only what it left can still be given back: the newest first.
    private mutating func spend(
        _ account: StayAccount, _ closing: MoneyChange.Closing
    ) -> [ProjectionChange] {
        var left: Int64 = 0
        for posting in closing.postings where posting.account == .refundable {
            left = left &- posting.amount.minorUnits
        }
        var rows: [ProjectionChange] = []
        for payment in account.settlements.reversed() {
            guard let serial = payment.serial, var taken = serials[serial] else { continue }
            let unspent = max(0, min(payment.amount.minorUnits, left))
            left = left &- unspent
            taken.unspent = Money(unspent)
            serials[serial] = taken
            rows.append(Self.row(.serial, serial, taken.write))
        }
        return rows
    }

    private mutating func dispute(_ stay: StayID) -> ProjectionChange {
        guard var debt = debts[stay] else { return update(stay) { $0.isDisputed = true } }
        debt.isDisputed = true
        put(debt)
        return Self.row(.debt, String(stay.number), debt.write)
    }

    private mutating func settle(_ end: DisputeEnd) -> [ProjectionChange] {
        guard var debt = debts[end.stay] else { return [update(end.stay) { $0.isDisputed = false }] }
        debt.isDisputed = false
        put(debt)
        let rows = reduceDebt(end.stay, by: end.letOff)
        return rows.isEmpty ? [Self.row(.debt, String(end.stay.number), debt.write)] : rows
    }

    private mutating func put(_ debt: OpenDebt) {
        debts[debt.stay] = debt
        note(debt.quotes, of: debt.stay)
        guard let plate = debt.plate else { return }
        let others = (debtsOfPlate[plate] ?? []).filter { $0 != debt.stay }
        debtsOfPlate[plate] = (others + [debt.stay]).sorted()
    }

    private mutating func reduceDebts(_ paid: [Arrears]) -> [ProjectionChange] {
        paid.flatMap { line in
            Int64(line.reference).map { reduceDebt(StayID($0), by: line.amount) } ?? []
        }
    }

    private mutating func reduceDebt(_ stay: StayID, by amount: Money) -> [ProjectionChange] {
        guard var debt = debts[stay] else { return [] }
        debt.amount = Money(debt.amount.minorUnits &- amount.minorUnits)
        if debt.amount > .zero {
            put(debt)
            return [Self.row(.debt, String(stay.number), debt.write)]
        }
        debts.remove(stay)
        note([], of: stay, before: debt.quotes)
        if let plate = debt.plate {
            let rest = (debtsOfPlate[plate] ?? []).filter { $0 != stay }
            if rest.isEmpty { debtsOfPlate.remove(plate) } else { debtsOfPlate[plate] = rest }
        }
        return [ProjectionChange(ProjectionKey(.debt, String(stay.number)), nil)]
    }

    private mutating func count(_ reason: String, on day: CivilDate) -> ProjectionChange {
        if releasesOn != day {
            releases = Table()
            releasesOn = day
        }
        releases[reason, default: 0] += 1
        return Self.row(.site, Self.releasesKey) { fields in
            fields.put("day", day.text)
            fields.put("counts", objects: releases.inOrder) { line, fields in
                fields.put("reason", line.key)
                fields.put("count", line.value)
            }
        }
    }

    private mutating func set(shift new: Shift?) -> ProjectionChange {
        shift = new
        guard let new else { return ProjectionChange(ProjectionKey(.site, Self.shiftKey), nil) }
        return Self.row(.site, Self.shiftKey) {
            $0.put("record", new.record.number)
            new.by.write(to: &$0)
        }
    }

    private static let shiftKey = "shift"
    private static let releasesKey = "releases"
    /// Its rows among those of the site.
    static let siteKeys = [shiftKey, releasesKey]

    private static func row(
        _ table: ProjectionTable, _ key: String, _ write: (inout FieldWriter) -> Void
    ) -> ProjectionChange {
        ProjectionChange(ProjectionKey(table, key), FieldWriter.object(write))
    }
}

extension AccountBook {
    /// What a fact about a stay means to the money that is kept for it.
    mutating func follow(_ fact: StayFact) -> [ProjectionChange] {
        switch fact {
        case .corrected(let stay, let reading, _, _), .claimed(let stay, let reading, _, _):
            coupons.move(stay, to: reading.plate)
        default: []
        }
    }
}

extension AccountBook.Taken {
    func write(to fields: inout FieldWriter) {
        fields.put("record", record.number)
        fields.put("amount", amount.minorUnits)
        fields.put("way", way.rawValue)
        fields.put("at_ms", at.milliseconds)
        use.write(to: &fields)
        if given != .zero { fields.put("given", given.minorUnits) }
        fields.put("given_by", ifPresent: givenBy?.number)
        if let drawnFrom { fields.put("drawn_from", object: drawnFrom.write) }
        fields.put("unspent", ifPresent: unspent?.minorUnits)
    }

    init(from fields: Fields) throws(FieldError) {
        record = Sequence(try fields.integer("record"))
        amount = Money(try fields.integer("amount"))
        way = try fields.word("way", as: PaymentWay.self)
        at = try fields.wallTime("at_ms")
        use = try SettlementUse(from: fields)
        given = Money(try fields.integerIfPresent("given") ?? 0)
        givenBy = try fields.integerIfPresent("given_by").map(Sequence.init)
        drawnFrom = try fields.objectIfPresent("drawn_from").map(StoredHolder.init(from:))
        unspent = try fields.integerIfPresent("unspent").map { Money($0) }
    }
}

// MARK: Recovery

extension AccountBook {
    /// Of its own tables, and of the site's rows those of money.
    package init(rows: [ProjectionRow]) throws(FieldError) {
        var found: [(key: String, taken: Taken)] = []
        for row in rows {
            let fields = try Fields(row.value)
            let key = row.key.key
            switch row.key.table {
            case .account:
                guard let stay = Int64(key).map({ StayID($0) }) else { continue }
                let account = try StayAccount(from: fields)
                note(account.quotes, of: stay)
                accounts[stay] = account
            case .debt: put(try OpenDebt(from: fields))
            case .balance: balances[LedgerAccount(name: key)] = Money(try fields.integer("balance"))
            case .serial: found.append((key, try Taken(from: fields)))
            case .tariff: tariffs[key] = try fields.string("hash")
            case .collection, .boundPlate: try collections.take(row, fields)
            case .history: try histories.take(row, fields)
            case .laneQuote: try laneQuotes.take(key, fields)
            case .site where key == Self.shiftKey:
                shift = Shift(
                    record: Sequence(try fields.integer("record")),
                    by: try Operator(from: fields.object("by")))
            case .site where key == Self.releasesKey:
                releasesOn = try fields.dateIfPresent("day")
                for line in try fields.objects("counts") {
                    releases[try line.string("reason")] = try line.int("count")
                }
            default: break
            }
        }
        collections.sortEnded()
        histories.sortByEnd()
        coupons = try CouponBook(rows: rows)
        stored = try StoredValueBook(rows: rows)
        for one in found.sorted(by: { $0.taken.record < $1.taken.record }) {
            serials[one.key] = one.taken
            serialsInOrder.append(one.key)
        }
    }
}
