// SPDX-License-Identifier: Apache-2.0

/// From the records of a journal, in their order, to stays priced anew. What it holds grows with the permits and with who
/// is inside, not with the journal.
///
/// The facts are those of `StayBilling`, so that the same tariff gives the same fee; where a stay was charged, its record
/// says which class and which instants were billed.
package struct RehearsalFold: Sendable {
    package static let kinds =
        StayFact.kinds + ["permitSet", "permitEnded", "householdSet", "householdRemoved"]
        + ["spaceConverted", "paymentSettled", "stayCharged"]

    private var rehearsal: Rehearsal
    private var plan: PricingPlan
    /// Of the instants at which stays ended.
    private let window: Range<Int64>
    private var stays = StayBook()
    private var rights = RehearsalRights()
    /// Since when a household had a space for it.
    private var converted = Table<StayID, Int64>()
    /// The last payment.
    private var paidAt = Table<StayID, Int64>()
    /// What earlier stays of a plate mean for its next, under the proposed tariff.
    private var histories = PlateHistories()
    /// Over, and its charge, which one step records with its end, not yet read.
    private var ended: Ended?

    private struct Ended {
        var stay: Stay
        var exit: Int64
        /// False: it ended before the window, and only says what its plate's next one needs.
        var isCounted: Bool
    }

    /// - Parameter window: seconds since 1970.
    package init(
        _ tariff: Tariff, in zone: ZoneRules, endedIn window: Range<Int64> = .min ..< .max
    ) {
        rehearsal = Rehearsal(tariff, in: zone)
        plan = PricingPlan(editions: [
            TariffEdition(from: .min, tariff: tariff, zone: zone, text: "", hash: "")
        ])
        self.window = window
    }

    package mutating func fold(_ record: StoredRecord) {
        guard let payload = record.payload else { return lose(record) }
        do throws(FieldError) {
            try take(record, Fields(payload))
        } catch {
            lose(record)
        }
    }

    /// After the last record.
    package consuming func finish() -> RehearsalResult {
        finishEnded(nil)
        let begun = stays.stays.inOrder.count { $0.value.opening.passedAt.second < window.upperBound }
        if begun > 0 { rehearsal.leaveOut(.unfinished, count: begun) }
        return rehearsal.result
    }

    private mutating func take(_ record: StoredRecord, _ fields: Fields) throws(FieldError) {
        if record.kind == "stayCharged" {
            let charged = try ChargedStay(from: fields)
            guard ended?.stay.id == charged.stay else { return finishEnded(nil) }
            // Only the site's plan says so, and its charges bear it out.
            if charged.price?.sharesCaps == true { plan.sharesCaps = true }
            return finishEnded(charged.price)
        }
        finishEnded(nil)
        switch record.kind {
        case "spaceConverted":
            converted[StayID(try fields.integer("stay"))] = try fields.integer("at_s")
        case "paymentSettled":
            let settlement = try Settlement(from: fields)
            guard case .stay(let stay) = settlement.use else { return }
            paidAt[stay] = max(paidAt[stay] ?? .min, settlement.at)
        case _ where StayFact.kinds.contains(record.kind):
            take(try StayFact(kind: record.kind, from: fields), record)
        case _ where DirectoryChange.kinds.contains(record.kind):
            rights.take(try DirectoryChange(kind: record.kind, from: fields))
        default: break
        }
    }

    /// A charge that cannot be read belongs to the stay that ended just before it, which must not pass for a free one.
    private mutating func lose(_ record: StoredRecord) {
        rehearsal.noteUnreadable()
        guard record.kind == "stayCharged", ended != nil else { return finishEnded(nil) }
        ended = nil
        rehearsal.leaveOut(.chargeUnreadable)
    }

    // MARK: The end of a stay

    private mutating func take(_ fact: StayFact, _ record: StoredRecord) {
        switch fact {
        case .closed(let id, let state, let exit, _, _):
            end(id, state, exit, by: fact, record)
        case .matched(let id, let number, _):
            guard let unmatched = stays.unmatchedExits[number] else { break }
            // Asked at the exit as one without an entry, and counted as that.
            if unmatched.flags.contains(UnmatchedExit.asked) {
                forget(id)
                break
            }
            if stays.stay(id) != nil, window.contains(unmatched.exit.recognisedAt.second) {
                rehearsal.leaveOut(.noEntry, count: -1)
            }
            end(id, .closed, unmatched.exit, by: fact, record)
        case .unmatchedExit(let unmatched):
            let isAsked = unmatched.flags.contains(UnmatchedExit.asked)
            if !isAsked, window.contains(unmatched.exit.recognisedAt.second) { rehearsal.leaveOut(.noEntry) }
        case .opened, .imported, .marked, .corrected, .claimed, .areaRecounted, .countUnderflow: break
        }
        _ = stays.apply(fact, sequence: record.sequence)
    }

    private mutating func end(
        _ id: StayID, _ state: Stay.State, _ exit: Stay.Exit?, by fact: StayFact, _ record: StoredRecord
    ) {
        let second = exit?.recognisedAt.second ?? record.at.wall.second
        guard var stay = stays.stay(id) else {
            if case .closed = fact, window.contains(second) { rehearsal.leaveOut(.noEntry) }
            return
        }
        stay.take(fact, matching: exit)
        if state != .cancelled, state != .missedExit, exit != nil {
            guard second < window.upperBound else { return forget(id) }
            ended = Ended(stay: stay, exit: second, isCounted: window.contains(second))
        } else {
            guard window.contains(second) else { return forget(id) }
            rehearsal.leaveOut(state == .cancelled ? .cancelled : .missedExit)
            forget(id)
        }
    }

    private mutating func forget(_ stay: StayID) {
        converted.remove(stay)
        paidAt.remove(stay)
    }

    // MARK: Its facts

    private mutating func finishEnded(_ price: ChargedStay.Price?) {
        guard let ended else { return }
        self.ended = nil
        let stay = ended.stay
        defer { forget(stay.id) }
        if let price, price.currency != rehearsal.tariff.currency {
            if ended.isCounted { rehearsal.leaveOut(.otherCurrency) }
            return
        }
        let rehearsed = RehearsedStay(
            id: stay.id, facts: facts(of: stay, at: price?.exit ?? ended.exit, price), oldFee: price?.fee,
            holder: HolderKind(stay.holder))
        let charge = ended.isCounted ? rehearsal.take(rehearsed) : rehearsal.charge(rehearsed)
        remember(stay, rehearsed.facts, charge)
    }

    private mutating func remember(_ stay: Stay, _ facts: StayFacts, _ charge: Charge?) {
        guard let plate = stay.rememberedPlate, let charge else { return }
        let history = PlateHistory(
            after: facts, charge, under: rehearsal.tariff, in: rehearsal.zone, sharesCaps: plan.sharesCaps)
        if let history { _ = histories.take(history, of: plate, at: facts.exit) }
    }

    private func facts(of stay: Stay, at exit: Int64, _ price: ChargedStay.Price?) -> StayFacts {
        var accounts = AccountBook()
        if let since = converted[stay.id] {
            _ = accounts.apply(.converted(stay.id, at: since), stay.id, at: stay.opening.passedAt)
        }
        let billing = StayBilling(
            plan: plan, directory: rights.directory(of: stay), stays: stays, accounts: accounts)
        var facts = billing.facts(of: stay, from: price?.entry, at: exit)
        if stay.opening.isAtExit { facts.entry = nil }
        // Whoever paid is taken to have paid what was asked then, whatever it was: else everybody who left within the
        // time after paying would seem to pay more.
        facts.payments = paidAt[stay.id].map { [StayPayment(at: $0, amount: Self.enough)] } ?? []
        guard let price else {
            billing.take(histories, of: stay, &facts)
            return facts
        }
        facts.vehicle.vehicleClass = price.vehicleClass
        facts.vehicle.energy = price.energy
        facts.vehicle.exemption = price.exemption
        billing.take(histories, of: stay, &facts)
        return facts
    }

    /// Beyond any fee, and far from where sums end.
    private static let enough = Money(1 << 60)
}
