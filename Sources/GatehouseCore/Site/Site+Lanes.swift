// SPDX-License-Identifier: Apache-2.0

extension Site {
    /// Steps a lane and carries out what it wants. Its questions are answered when its other wishes are met and
    /// before any other event, so "check and take the last space" is indivisible.
    mutating func drive(_ lane: LaneID, _ event: LaneEvent, _ out: inout Effects) {
        guard lanes.indices.contains(lane.index) else {
            if let event = WalkwayEvent(event) { drive(walkway: lane, event, &out) }
            return
        }
        let wasFree = isInterlockFree(lane)
        var questions: [(RequestID, AccessRequest)] = []
        var isFreed = false
        var emergency: LaneNote?
        var isRefused = false
        for effect in lanes[lane.index].step(event, at: out.now) {
            switch effect {
            case .decide(let id, let request): questions.append((id, request))
            case .free:
                claims.remove(lane)
                isFreed = true
            default: carryOut(effect, of: lane, &out)
            }
            switch effect {
            case .record(.note(let note)) where note.kind == .emergency: emergency = note
            case .record(.decided(_, _, let decision)): isRefused = decision.verdict == .deny
            default: break
            }
        }
        watchAirlock(beside: lane, &out)
        // A better read decided for the record alone refuses nobody.
        if isRefused, lanes[lane.index].isRefusing { offerWayBack(from: lane, &out) }
        if let emergency { openRoute(beyond: lane, emergency, &out) }
        for (id, request) in questions {
            var decision = decide(request, at: out.now)
            if asksWithoutEntry(decision, request, &out) { decision = decide(request, at: out.now) }
            // Asked for before it is answered: a display shows the amount, and a payment finds its quote.
            if request.direction == .out, let stay = decision.stay {
                quote(stay, at: lane, &out)
                if settleFromBalance(stay, decision, at: lane, &out) {
                    decision = decide(request, at: out.now)
                    quote(stay, at: lane, &out)
                }
            }
            drive(lane, .decided(id, decision), &out)
            collect(after: decision, at: lane, &out)
        }
        if isFreed { drive(lane, .reconsider(.token), &out) }
        if isFreed || (!wasFree && isInterlockFree(lane)) { reconsiderSet(of: lane, &out) }
    }

    private mutating func carryOut(_ effect: LaneEffect, of lane: LaneID, _ out: inout Effects) {
        switch effect {
        case .decide, .free: break
        case .record(let fact): record(fact, of: lane, &out)
        case .command(let output, let action, let commandClass, let life, let cause):
            command(lane, output, action, commandClass, life, cause, &out)
        case .withdrawClose:
            if let close = routes.terminal(lane, .close) { out.effects.append(.withdraw([close])) }
        case .startTimer(let timer, let deadline):
            out.effects.append(.startTimer(.lane(lane, timer), at: deadline))
        case .stopTimer(let timer): out.effects.append(.stopTimer(.lane(lane, timer)))
        case .show(let text): show(text, at: lane, &out)
        case .triggerCamera:
            for wire in plan.cameras where wire.lane == lane {
                out.effects.append(.triggerCamera(wire.device))
            }
        case .callGuard(let why): out.effects.append(.callGuard(lane, why))
        case .raiseFault(let code): raise(lane, code, &out)
        case .clearFault(let code): clear(lane, code, &out)
        case .claim(let direction): claims[lane] = direction
        }
    }

    // MARK: Facts

    private mutating func record(_ fact: LaneFact, of lane: LaneID, _ out: inout Effects) {
        let name = plan.lanes[lane.index].name
        switch fact {
        case .decided(let id, let request, let decision): record(id, request, decision, of: lane, &out)
        case .note(let note):
            if note.kind == .orderRefused { out.refusal = note.why ?? "refused" }
            record(.laneNote(lane: name, note, decision: asked(note.request, of: lane)?.record), &out)
        case .passage(let passage): self.passage(passage, of: lane, &out)
        }
    }

    mutating func record(
        _ id: RequestID, _ request: AccessRequest, _ decision: Decision, of lane: LaneID, _ out: inout Effects
    ) {
        let fact = DecisionFact(
            lane: plan.name(of: lane), direction: request.direction,
            isPresenceConfirmed: request.isPresenceConfirmed,
            read: request.read?.record ?? request.cardRead, raw: request.read?.reading.raw,
            confidence: request.read?.confidence,
            otherReads: request.otherReads.map(\.record), decision: decision)
        if let sequence = record(.decided(fact), &out) {
            remember(Asked(request: id, record: sequence, decision: decision), of: lane)
        }
    }

    private mutating func passage(_ passage: Passage, of lane: LaneID, _ out: inout Effects) {
        let lanePlan = plan.lanes[lane.index]
        if !passage.isReverse { passedInAirlock(lane) }
        let asked = asked(passage.request, of: lane) ?? resumed(passage, of: lanePlan.name)
        record(.passage(PassageFact(lane: lanePlan.name, passage: passage, decision: asked?.record)), &out)
        let area = plan.areas[lanePlan.area.index].name
        let seen = StayPassage(
            passage: passage, lane: lanePlan.name, laneKind: lanePlan.kind,
            area: area, decision: asked?.decision,
            holder: asked.map { holder(by: $0.decision) }
                ?? passage.reading?.plate.map { holder(of: $0, area: area, at: out.now) },
            clock: memory.clock.stamp(out.now.quality))
        record(stays: memory.stays.facts(for: seen, next: nextSequence), &out)
    }

    private static let requestsKept = 8

    private mutating func remember(_ one: Asked, of lane: LaneID) {
        asked[lane.index].append(one)
        if asked[lane.index].count > Self.requestsKept { asked[lane.index].removeFirst() }
    }

    /// The newest decision of a request of this run.
    func asked(_ id: RequestID?, of lane: LaneID) -> Asked? {
        guard let id else { return nil }
        return asked[lane.index].last { $0.request == id }
    }

    /// The decision of the process before, whose vehicle has now passed.
    private func resumed(_ passage: Passage, of lane: String) -> Asked? {
        guard let grant = memory.lanes[lane]?.unfinishedGrant, grant.record == passage.resumedDecision else {
            return nil
        }
        return Asked(request: RequestID(0), record: grant.record, decision: grant.decision)
    }

    // MARK: Commands

    mutating func command(
        _ lane: LaneID, _ output: LaneOutput, _ action: OutputAction, _ commandClass: CommandClass,
        _ life: Duration?, _ cause: CommandCause, _ out: inout Effects
    ) {
        guard let terminal = routes.terminal(lane, output) else { return }
        var carried: Sequence?
        switch cause {
        case .grant(let id), .retry(let id): carried = asked(id, of: lane)?.record
        default: break
        }
        // Lamps follow the phase and would fill the journal with what the phase already says.
        let isLamp = output.isLamp
        var sequence: Sequence?
        if !isLamp {
            let fact = BarrierCommandFact(
                lane: plan.name(of: lane), output: output, action: action, commandClass: commandClass,
                cause: cause, decision: carried, life: life)
            sequence = standing.record(of: fact, at: terminal)
            if sequence == nil {
                sequence = record(.barrierCommanded(fact), &out)
                standing.take(fact, at: terminal, as: sequence)
            }
        }
        lastCommand = DeviceCommand.ID(lastCommand.number + 1)
        let command = DeviceCommand(
            id: lastCommand, lane: lane, output: output, terminal: terminal, action: action,
            commandClass: isLamp ? .safety : commandClass, expires: life.map { out.now.uptime + $0 },
            mustBeOff: output == .close && action != .off ? routes.safety(of: lane) : [],
            record: sequence ?? Sequence(0),
            cause: cause.name)
        pending[command.id] = command
        out.effects.append(.command(command))
    }

    mutating func command(_ id: DeviceCommand.ID, _ outcome: CommandOutcome, _ out: inout Effects) {
        guard let command = pending[id] else { return }
        if case .written = outcome {} else { pending.remove(id) }
        // A newer command for the same output stands for the one that it replaced: told of the old one's end
        // the lane would send again, and that one would be replaced in turn, without end.
        if case .withdrawn = outcome, hasNewer(than: command) { return }
        drive(command.lane, .command(command.output, outcome), &out)
    }

    mutating func performed(_ trace: CommandTrace, _ out: inout Effects) {
        guard awaited(trace.command.id) != nil, standing.isNews(trace) else { return }
        let lane = plan.name(of: trace.command.lane)
        if record(.commandPerformed(lane: lane, trace), &out) != nil { standing.take(trace) }
    }

    /// A command whose outcome its lane still waits for, as it is addressed now; nil: a reload took its lane away, and
    /// its number may be another's.
    package func awaited(_ id: DeviceCommand.ID) -> DeviceCommand? { pending[id] }

    /// The same output of the same lane in a plan that numbers devices otherwise.
    func readdressed(_ command: DeviceCommand) -> DeviceCommand? {
        guard let terminal = routes.terminal(command.lane, command.output) else { return nil }
        var command = command
        command.terminal = terminal
        if !command.mustBeOff.isEmpty { command.mustBeOff = routes.safety(of: command.lane) }
        return command
    }

    private func hasNewer(than command: DeviceCommand) -> Bool {
        pending.inOrder.contains { id, other in
            id > command.id && other.lane == command.lane && other.output == command.output
        }
    }

    // MARK: Rules

    func decide(_ request: AccessRequest, at now: Moment) -> Decision {
        if let owed = request.owed { return unlessBlocked(owed, request) }
        let walkway = plan.walkwayIndex(request.lane)
        return AccessPolicy.decide(
            request, plan: plan.policy, zone: plan.zone, area: plan.area(of: request.lane),
            directory: directory,
            situation: walkway.map { situation(forWalkway: $0, request) } ?? situation(for: request, now),
            at: now)
    }

    /// The way out that is owed waits for nothing but another arm or an oncoming vehicle.
    private func unlessBlocked(_ owed: Decision, _ request: AccessRequest) -> Decision {
        let isBusy = isInterlockBusy(for: request.lane)
        guard isBusy || isOpposed(request) else { return owed }
        var waiting = owed
        waiting.verdict = .pending
        waiting.reason = isBusy ? .interlockWait : .opposingUse
        waiting.waitsFor = isBusy ? "interlock" : "token"
        return waiting
    }

    // MARK: Interlock and token

    func isOpposed(_ request: AccessRequest) -> Bool {
        claims[request.lane].map { $0 != request.direction } ?? false
    }

    /// Counts as open unless confirmed down.
    func isInterlockFree(_ lane: LaneID) -> Bool {
        plan.lanes[lane.index].interlockSet == nil || lanes[lane.index].downLimit == .on
    }

    /// Whoever is on duty comes through the other arms of the set too (H-29).
    private mutating func openRoute(beyond lane: LaneID, _ emergency: LaneNote, _ out: inout Effects) {
        guard let set = plan.lanes[lane.index].interlockSet, let by = emergency.by else { return }
        let order = LaneOrder(
            action: .emergency, by: by, reason: "route of \(plan.lanes[lane.index].name)",
            going: emergency.direction ?? lanes[lane.index].heading)
        for index in lanes.indices where plan.lanes[index].interlockSet == set {
            if lanes[index].hold?.kind != .emergency { drive(LaneID(index), .person(order), &out) }
        }
    }

    private mutating func reconsiderSet(of lane: LaneID, _ out: inout Effects) {
        guard let set = plan.lanes[lane.index].interlockSet else { return }
        for index in lanes.indices where index != lane.index && plan.lanes[index].interlockSet == set {
            drive(LaneID(index), .reconsider(.interlock), &out)
        }
    }

    /// Another member of the interlock set has the turn or is not confirmed down.
    func isInterlockBusy(for lane: LaneID) -> Bool {
        guard let set = plan.lanes[lane.index].interlockSet else { return false }
        if isBehindAirlockVehicle(lane) { return true }
        return lanes.indices.contains { index in
            index != lane.index && plan.lanes[index].interlockSet == set
                && (claims[LaneID(index)] != nil || lanes[index].downLimit != .on)
        }
    }
}
