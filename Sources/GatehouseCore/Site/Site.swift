// SPDX-License-Identifier: Apache-2.0

/// Lanes and what spans them: directory, stays, interlocks, tokens, faults. The one place where records are
/// numbered. State is changed only by `step`, durable state only by `apply`-ing the records it makes.
package struct Site: Sendable {
    package private(set) var plan: SitePlan
    package internal(set) var lanes: [Lane]
    package internal(set) var walkways: [Walkway]
    package internal(set) var memory: SiteMemory
    package internal(set) var directory: Directory
    /// The number that the next record gets.
    package private(set) var nextSequence: Sequence
    let boot: String
    var routes: SiteRoutes
    /// Per lane: requests of this run with their decisions, newest last.
    var asked: [[Asked]]
    /// Who holds the two-way token or an interlock's turn.
    var claims = Table<LaneID, TravelDirection>()
    /// By interlock set.
    var airlocks = Table<Int, AirlockState>()
    var texts: [LaneText]
    var pending = Table<DeviceCommand.ID, DeviceCommand>()
    var standing = StandingOrders()
    var deviceFaults = Table<String, Int>()
    /// A fault of the uplink stands.
    var isLinkDown = false
    /// Open collection orders, by number.
    var collections = Table<Sequence, CollectionWatch>()
    /// What each lane's scanner typed in vain last.
    var codesIgnored = Table<LaneID, IgnoredCode>()
    /// An order had all the time that its provider takes, and no answer.
    var isProviderSilent = false
    /// As the boards reported last.
    var reported = Table<Terminal, Level>()
    var lastCommand = DeviceCommand.ID(0)
    var store = StoreCondition.available
    /// Since when it is not available.
    var storeTroubleSince = WallTime(milliseconds: 0)
    /// Facts that found no place while the store was away and its buffer full.
    var factsDropped = 0

    package init(
        plan: SitePlan, memory: SiteMemory, directory: Directory, nextSequence: Sequence, boot: String
    ) {
        self.plan = plan
        self.memory = memory
        self.directory = directory
        self.nextSequence = nextSequence
        self.boot = boot
        lanes = plan.lanes.enumerated().map { Lane(plan: $1, id: LaneID($0)) }
        walkways = Self.walkways(of: plan)
        asked = Array(repeating: [], count: plan.laneCount)
        texts = Array(repeating: LaneText(.idle), count: plan.laneCount)
        routes = SiteRoutes(plan: plan)
    }

    private static func walkways(of plan: SitePlan) -> [Walkway] {
        plan.walkways.enumerated().map { Walkway(plan: $1, id: LaneID(plan.lanes.count + $0)) }
    }

    /// The only way the site changes. Total: every event has an answer in every state.
    package mutating func step(_ event: SiteEvent, at now: Moment) -> [SiteEffect] {
        var out = Effects(now: now)
        switch event {
        case .started(let start): started(start, &out)
        case .stopping: record(.processStopped, &out)
        case .observed(let observation, let reply): observed(observation, reply, &out)
        case .presented(let card): presented(card, &out)
        case .codeScanned(let lane, let code): scanned(code, at: lane, &out)
        case .input(let terminal, let level, let since): input(terminal, level, since, &out)
        case .device(let device, let event): self.device(device, event, &out)
        case .service(let service, let event): self.service(service, event, &out)
        case .command(let id, let outcome): command(id, outcome, &out)
        case .order(let lane, let order, let reply): self.order(lane, order, reply, &out)
        case .operation(let operation, let by, let reply): operate(operation, by, reply, &out)
        case .directory(let new): swap(new, &out)
        case .plan(let new, let hash): reload(new, hash, &out)
        case .housekeeping(.ledgerKey(let change), let reply) where !memory.ledgerKeys.mayFollow(change):
            if let reply { refuse(reply, "conflict", "the key of the ledger is another one already", &out) }
        case .housekeeping(let fact, let reply):
            record(.housekeeping(fact), &out)
            if let reply { done(reply, &out) }
        case .store(let condition): self.store(condition, &out)
        case .timer(.lane(let lane, let timer)):
            if lanes.indices.contains(lane.index) { drive(lane, .timer(timer), &out) }
        case .timer(.walkway(let lane, let timer)): drive(walkway: lane, .timer(timer), &out)
        case .timer(.quote(let lane)): quoteAgain(at: lane, &out)
        case .timer(.collections): watchCollections(&out)
        case .timer(.drill): drillIsOver(&out)
        case .clockStepped(let step):
            let step = step.inMilliseconds
            record(.clockStepped(milliseconds: step, moved: memory.clock.moved(by: step)), &out)
        case .actedBeforeDurable(let sequence): record(.actedBeforeDurable(sequence), &out)
        case .performed(let trace): performed(trace, &out)
        }
        refreshTexts(&out)
        return out.effects
    }

    /// A request and the record of its decision.
    struct Asked: Sendable {
        var request: RequestID
        var record: Sequence
        var decision: Decision
    }

    /// Effects of one step, in order, and its moment.
    struct Effects {
        let now: Moment
        var effects: [SiteEffect] = []
        /// Why the lane refused an order in this step.
        var refusal: String?
        var firstRecord: Sequence?
        var lastRecord: Sequence?
    }

    /// Numbers a fact, folds it into the memory and hands it to the journal. While the buffer of a dead store
    /// is full, facts are counted instead: numbering on would tear a hole into the sequence.
    @discardableResult
    mutating func record(_ fact: Fact, _ out: inout Effects) -> Sequence? {
        guard store.hasRoom(for: fact) else {
            factsDropped += 1
            return nil
        }
        let sequence = nextSequence
        nextSequence = sequence.next
        let payload = fact.payload(inDrill: memory.drill != nil)
        let changes = memory.apply(fact, sequence, at: out.now)
        let record = Record(
            sequence: sequence, kind: fact.kind, at: out.now, boot: boot, payload: payload,
            changes: changes,
            patience: fact.patience)
        out.effects.append(.record(record))
        out.firstRecord = out.firstRecord ?? sequence
        out.lastRecord = sequence
        return sequence
    }

    private mutating func started(_ start: ProcessStart, _ out: inout Effects) {
        record(.processStarted(start), &out)
        adoptTariffs(&out)
        resumeDrill(&out)
        for index in 0..<plan.laneCount { resume(LaneID(index), isNewBoot: start.isNewBoot, &out) }
        forgetLaneFaults(&out)
        keepWaysOut(&out)
        resumeCollections(&out)
    }

    private mutating func resume(_ lane: LaneID, isNewBoot: Bool, _ out: inout Effects) {
        var remembered = memory.lanes[plan.name(of: lane)] ?? LaneMemory()
        remembered.detectorsMayHaveRestarted = isNewBoot
        drive(lane, .started(remembered), &out)
        repeatLevels(to: lane, &out)
        repeatFire(to: lane, &out)
        repeatFaults(to: lane, &out)
        if isLinkDown { lightLinkLamp(at: lane, &out) }
    }

    /// Boards report changes only: what those that are sound said last is said again, as of now, to a lane that is new or
    /// one of whose boards is back.
    mutating func repeatLevels(to lane: LaneID, of device: DeviceID? = nil, _ out: inout Effects) {
        for (terminal, meanings) in routes.inputs.inOrder where device == nil || terminal.device == device {
            guard !isFaulted(terminal.device), let last = reported[terminal] else { continue }
            for meaning in meanings {
                switch meaning {
                case .lane(lane, let input): drive(lane, .input(input, last, since: out.now.uptime), &out)
                case .walkway(lane, let input):
                    drive(walkway: lane, .input(input, last, since: out.now.uptime), &out)
                case .lane, .walkway, .fire, .fireReset: break
                }
            }
        }
    }

    /// Fire of which nothing was heard yet is unknown from now on, so that a dead board cannot keep a lane shut in
    /// silence (H-27). A contact that is in the plan no more is off: silence ends, and of what ends a latch the reset
    /// on site is left.
    private mutating func repeatFire(to lane: LaneID, _ out: inout Effects) {
        drive(lane, .fire(fireLevel(of: lane), since: out.now.uptime), &out)
    }

    /// Lanes whose plan did not change keep their state; the others start as after a restart of the process.
    private mutating func reload(_ new: SitePlan, _ hash: String, _ out: inout Effects) {
        let (oldPlan, oldLanes, oldTexts, oldAsked) = (plan, lanes, texts, asked)
        let oldWalkways = walkways
        plan = new
        routes = SiteRoutes(plan: new)
        standing = StandingOrders()
        record(.planLoaded(hash: hash), &out)
        adoptTariffs(&out)
        lanes = new.lanes.enumerated().map { Lane(plan: $1, id: LaneID($0)) }
        walkways = Self.walkways(of: new)
        texts = Array(repeating: LaneText(.idle), count: new.laneCount)
        asked = Array(repeating: [], count: new.laneCount)
        forgetDevices(goneFrom: oldPlan, &out)
        let isKept = { (lane: LaneID) in oldPlan.isSame(lane, as: new) }
        for (id, command) in pending.inOrder {
            pending[id] = isKept(command.lane) ? readdressed(command) : nil
        }
        for (lane, _) in claims.inOrder where !isKept(lane) { claims.remove(lane) }
        // Who stands between two arms is seen again; by which it came is not known any more.
        airlocks = Table()
        for index in 0..<new.laneCount {
            if isKept(LaneID(index)) {
                if let walkway = new.walkwayIndex(LaneID(index)) {
                    walkways[walkway] = oldWalkways[walkway]
                } else {
                    lanes[index] = oldLanes[index]
                }
                texts[index] = oldTexts[index]
                asked[index] = oldAsked[index]
            } else {
                resume(LaneID(index), isNewBoot: false, &out)
            }
        }
        forgetLaneFaults(&out)
        keepWaysOut(&out)
        // A board may be new, or have been another lane's.
        for lane in routes.shownLanes { show(texts[lane.index], at: lane, &out) }
    }

    private mutating func swap(_ new: Directory, _ out: inout Effects) {
        directory = new
        for index in lanes.indices { drive(LaneID(index), .reconsider(.directory), &out) }
    }

    private mutating func store(_ condition: StoreCondition, _ out: inout Effects) {
        let before = store
        if case (.available, .unavailable(let why, _)) = (before, condition) {
            storeTroubleSince = out.now.wall
            // While the store still counts as available: this record has its place even in a full buffer.
            record(.storeUnavailable(why), &out)
        }
        store = condition
        if before != .available, condition == .available {
            record(.storeRestored(factsDropped: factsDropped), &out)
            factsDropped = 0
        }
    }
}

extension StoreCondition {
    var room: RecordRoom {
        switch self {
        case .available: .all
        case .unavailable(_, let room): room
        }
    }

    func hasRoom(for fact: Fact) -> Bool {
        switch room {
        case .all: true
        case .essential: !fact.isExpendable
        case .none: false
        }
    }
}
