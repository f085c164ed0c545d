// SPDX-License-Identifier: Apache-2.0

/// What survives the process: lanes' durable facts, stays and counters, faults, a drill. It changes only through
/// `apply`, live and in recovery alike, so that journal and state cannot disagree (checker S8). Rows of
/// permits, households and lists pass through as they are: the directory is built from them off the loop.
package struct SiteMemory: Equatable, Sendable {
    package private(set) var lanes = Table<String, LaneMemory>()
    package private(set) var stays = StayBook()
    package private(set) var money = AccountBook()
    package private(set) var ledgerKeys = LedgerKeys()
    package private(set) var visits = VisitEntries()
    package private(set) var clock = ClockHistory()
    package private(set) var faults = Table<String, FaultRow>()
    /// Lanes whose next decision is about a better read of a vehicle that is granted already: evidence, not a
    /// grant. Both records are of one step, so this needs no row.
    private var corrected = Table<String, Bool>()
    package private(set) var drill: Drill?
    /// The last process said goodbye.
    package private(set) var wasStoppedCleanly = false

    private static let drillKey = ProjectionKey(.site, "drill")
    private static let clockKey = ProjectionKey(.site, "clock")

    package init() {}

    /// The rows that a fact changes, written in the fact's own transaction.
    package mutating func apply(_ fact: Fact, _ sequence: Sequence, at now: Moment) -> [ProjectionChange] {
        switch fact {
        case .processStarted: setStopped(cleanly: false)
        case .processStopped: setStopped(cleanly: true)
        case .stay(let fact):
            visits.apply(fact, sequence, to: stays) + stays.apply(fact, sequence: sequence)
                + money.follow(fact) + update(clock: { $0.note(now.quality) })
        case .clockStepped(_, let moved?): update(clock: { $0.take(moved: moved) })
        case .money(let fact): money.apply(fact.change(sequence), sequence, at: now.wall)
        case .directory(let change, _, _): [change.projection] + visits.apply(change)
        case .faultRaised(let row): set(fault: row)
        case .faultCleared(let row): remove(fault: row)
        case .drillStarted(let drill): set(drill: drill)
        case .drillEnded: set(drill: nil)
        case .decided(let fact): remember(fact, sequence, at: now)
        case .passage(let fact): update(lane: fact.lane) { $0.finish(fact) }
        case .laneNote(let lane, let note, let decision): noted(note, decision, lane)
        case .housekeeping(.ledgerKey(let fact)): ledgerKeys.apply(fact, sequence)
        default: []
        }
    }

    private mutating func setStopped(cleanly: Bool) -> [ProjectionChange] {
        wasStoppedCleanly = cleanly
        let value = FieldWriter.object { $0.put("clean", cleanly) }
        return [ProjectionChange(ProjectionKey(.site, "process"), value)]
    }

    private mutating func update(clock change: (inout ClockHistory) -> Void) -> [ProjectionChange] {
        let before = clock
        change(&clock)
        guard clock != before else { return [] }
        return [ProjectionChange(Self.clockKey, FieldWriter.object(clock.write))]
    }

    private mutating func set(drill new: Drill?) -> [ProjectionChange] {
        drill = new
        return [ProjectionChange(Self.drillKey, new.map { FieldWriter.object($0.write) })]
    }

    private mutating func set(fault row: FaultRow) -> [ProjectionChange] {
        faults[row.key] = row
        return [ProjectionChange(ProjectionKey(.fault, row.key), FieldWriter.object(row.write))]
    }

    private mutating func remove(fault row: FaultRow) -> [ProjectionChange] {
        faults.remove(row.key)
        return [ProjectionChange(ProjectionKey(.fault, row.key), nil)]
    }

    private mutating func remember(
        _ fact: DecisionFact, _ sequence: Sequence, at now: Moment
    ) -> [ProjectionChange] {
        guard corrected.remove(fact.lane) == nil, fact.decision.verdict == .grant else { return [] }
        var decision = fact.decision
        decision.steps = []
        decision.candidates = []
        let grant = LaneMemory.UnfinishedGrant(
            decision: decision, direction: fact.direction, record: sequence, grantedAt: now.wall)
        return update(lane: fact.lane) { $0.unfinishedGrant = grant }
    }

    private mutating func noted(
        _ note: LaneNote, _ decision: Sequence?, _ lane: String
    ) -> [ProjectionChange] {
        if note.kind == .plateCorrected { corrected[lane] = true }
        return update(lane: lane) { $0.note(note, decision) }
    }

    private mutating func update(
        lane: String, _ change: (inout LaneMemory) -> Void
    ) -> [ProjectionChange] {
        let before = lanes[lane] ?? LaneMemory()
        var after = before
        change(&after)
        guard after != before else { return [] }
        lanes[lane] = after
        return [ProjectionChange(ProjectionKey(.lane, lane), FieldWriter.object(after.write))]
    }
}

extension FaultRow {
    package var key: String { "\(subject)/\(code)" }
}

extension LaneMemory {
    /// A passage uses up the grant it went under.
    mutating func finish(_ fact: PassageFact) {
        guard let grant = unfinishedGrant else { return }
        if fact.decision == grant.record || fact.passage.resumedDecision == grant.record {
            unfinishedGrant = nil
        }
    }

    mutating func note(_ note: LaneNote, _ decision: Sequence?) {
        switch note.kind {
        case .fireReleaseStarted:
            isFireLatched = note.flags.contains("latched")
            isFireSilent = !isFireLatched
        case .fireReleaseEnded:
            isFireLatched = false
            isFireSilent = false
        case .holdStarted:
            guard let kind = note.flags.lazy.compactMap(Hold.Kind.init).first else { return }
            let started = Hold(kind: kind, until: note.until)
            if note.flags.contains(Lane.afterEmergency) { interrupted = started } else { hold = started }
        case .emergency:
            if let hold, hold.kind != .emergency { interrupted = hold }
            hold = Hold(kind: .emergency, until: note.until, going: note.direction)
        case .holdEnded where !note.flags.contains("fault"):
            hold = nil
            interrupted = nil
        case .turnedBack, .notPassed, .undetermined:
            // A resumed grant is known by the record of the process before.
            guard let grant = unfinishedGrant, (decision ?? note.read) == grant.record else { return }
            unfinishedGrant = nil
        case .suspicionStarted: isSafetySuspect = true
        case .suspicionEnded: isSafetySuspect = false
        default: break
        }
    }

    func write(to fields: inout FieldWriter) {
        fields.put("fire_latched", ifTrue: isFireLatched)
        fields.put("fire_silent", ifTrue: isFireSilent)
        fields.put("safety_suspect", ifTrue: isSafetySuspect)
        if let hold { fields.put("hold", object: hold.write) }
        if let interrupted { fields.put("interrupted", object: interrupted.write) }
        if let grant = unfinishedGrant {
            fields.put(
                "grant",
                object: {
                    $0.put("record", grant.record.number)
                    $0.put("direction", grant.direction.rawValue)
                    $0.put("granted_ms", grant.grantedAt.milliseconds)
                    grant.decision.write(to: &$0, inFull: false)
                })
        }
    }

    init(from fields: Fields) throws(FieldError) {
        self.init()
        isFireLatched = try fields.bool("fire_latched")
        isFireSilent = try fields.bool("fire_silent")
        isSafetySuspect = try fields.bool("safety_suspect")
        hold = try fields.objectIfPresent("hold").map(Hold.init(from:))
        interrupted = try fields.objectIfPresent("interrupted").map(Hold.init(from:))
        if let grant = try fields.objectIfPresent("grant") {
            unfinishedGrant = UnfinishedGrant(
                decision: try Decision(verdict: .grant, from: grant),
                direction: try grant.word("direction", as: TravelDirection.self),
                record: Sequence(try grant.integer("record")),
                grantedAt: WallTime(milliseconds: try grant.integer("granted_ms")))
        }
    }
}

extension LaneMemory.Hold {
    func write(to fields: inout FieldWriter) {
        fields.put("kind", kind.rawValue)
        fields.put("until_ms", ifPresent: until?.milliseconds)
        fields.put("going", ifPresent: going?.rawValue)
    }

    init(from fields: Fields) throws(FieldError) {
        self.init(
            kind: try fields.word("kind", as: Kind.self),
            until: try fields.integerIfPresent("until_ms").map(WallTime.init(milliseconds:)),
            going: try fields.wordIfPresent("going", as: TravelDirection.self))
    }
}

extension SiteMemory: JournalFolding {
    package init(rows: [ProjectionRow]) throws(FieldError) {
        self.init()
        var stayRows: [ProjectionRow] = []
        var moneyRows: [ProjectionRow] = []
        for row in rows {
            switch row.key.table {
            case .permit, .household, .listEntry, .ledgerKey, .visit: break
            case .stay, .area: stayRows.append(row)
            case .account, .debt, .balance, .serial, .tariff, .coupon, .stored, .collection, .boundPlate,
                .laneQuote, .history:
                moneyRows.append(row)
            case .lane: lanes[row.key.key] = try LaneMemory(from: Fields(row.value))
            case .fault: faults[row.key.key] = try FaultRow(from: Fields(row.value))
            case .site where row.key == Self.drillKey: drill = try Drill(from: Fields(row.value))
            case .site where row.key == Self.clockKey: clock = try ClockHistory(from: Fields(row.value))
            case .site where AccountBook.siteKeys.contains(row.key.key): moneyRows.append(row)
            case .site: wasStoppedCleanly = try Fields(row.value).bool("clean")
            }
        }
        stays = try StayBook(rows: stayRows)
        money = try AccountBook(rows: moneyRows)
        ledgerKeys = try LedgerKeys(rows: rows)
        visits = try VisitEntries(rows: rows)
    }

    package mutating func fold(_ record: StoredRecord) throws(FieldError) -> [ProjectionChange] {
        guard let payload = record.payload else { return [] }
        if MoneyFact.kinds.contains(record.kind) {
            let change = try MoneyChange(kind: record.kind, from: Fields(payload), record: record.sequence)
            return money.apply(change, record.sequence, at: record.at.wall)
        }
        guard let fact = try Fact(remembering: record.kind, Fields(payload)) else { return [] }
        return apply(fact, record.sequence, at: record.at)
    }
}

extension Fact {
    /// Reads back a fact that changes durable state; nil for those that only tell.
    init?(remembering kind: String, _ fields: Fields) throws(FieldError) {
        switch kind {
        case "processStarted":
            self = .processStarted(
                ProcessStart(
                    version: try fields.string("version"), planHash: try fields.string("plan"),
                    wasClean: try fields.bool("clean"), isNewBoot: try fields.bool("new_boot")))
        case "processStopped": self = .processStopped
        case "clockStepped":
            self = .clockStepped(
                milliseconds: try fields.integer("step_ms"), moved: try fields.integerIfPresent("moved_ms"))
        case "accessGranted": self = .decided(try DecisionFact(verdict: .grant, from: fields))
        case "accessDenied": self = .decided(try DecisionFact(verdict: .deny, from: fields))
        case "accessHeld": self = .decided(try DecisionFact(verdict: .pending, from: fields))
        case "faultRaised": self = .faultRaised(try FaultRow(from: fields))
        case "faultCleared": self = .faultCleared(try FaultRow(from: fields))
        case "drillStarted": self = .drillStarted(try Drill(from: fields))
        case "drillEnded": self = .drillEnded(by: Operator(channel: "", name: ""), reason: nil)
        case "passageCompleted", "passageReverse":
            self = .passage(try PassageFact(isReverse: kind == "passageReverse", from: fields))
        default:
            if let note = LaneNoteKind(rawValue: kind) {
                self = .laneNote(
                    lane: try fields.string("lane"), try LaneNote(kind: note, from: fields),
                    decision: try fields.integerIfPresent("decision").map { Sequence($0) })
            } else if StayFact.kinds.contains(kind) {
                self = .stay(try StayFact(kind: kind, from: fields))
            } else if LedgerKeyFact.kinds.contains(kind) {
                self = .housekeeping(.ledgerKey(try LedgerKeyFact(kind: kind, from: fields)))
            } else if DirectoryChange.kinds.contains(kind) {
                self = .directory(try DirectoryChange(kind: kind, from: fields), by: nil, reason: nil)
            } else {
                return nil
            }
        }
    }
}

extension PassageFact {
    /// What a lane's memory needs of it.
    init(isReverse: Bool, from fields: Fields) throws(FieldError) {
        let decision = try fields.integerIfPresent("decision").map(Sequence.init)
        let passage = Passage(
            direction: try fields.word("direction", as: TravelDirection.self), isReverse: isReverse,
            certainty: try fields.word("certainty", as: Passage.Certainty.self),
            cause: try fields.word("cause", as: Passage.Cause.self), resumedDecision: decision,
            startedAt: WallTime(milliseconds: try fields.integer("started_ms")),
            passedAt: WallTime(milliseconds: try fields.integer("passed_ms")))
        self.init(lane: try fields.string("lane"), passage: passage, decision: decision)
    }
}
