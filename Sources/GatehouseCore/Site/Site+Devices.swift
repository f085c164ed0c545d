// SPDX-License-Identifier: Apache-2.0

extension Site {
    mutating func observed(_ observation: Observation, _ reply: ReplyID?, _ out: inout Effects) {
        let claim = observation.plate
        let reading = PlateGrammar.parse(claim.raw, color: claim.color, declared: claim.declaredKind)
        let isKnown = reading.plate.map { directory.isKnown($0) || memory.stays.stay(of: $0) != nil } ?? false
        var recorded: Sequence?
        for wire in routes.cameras[observation.device] ?? [] {
            let fact = PlateReadFact(
                lane: plan.lanes[wire.lane.index].name, camera: plan.devices[observation.device.index].name,
                reading: reading, confidence: claim.confidence, direction: claim.direction,
                capturedAt: claim.capturedAt, clockOffset: observation.clockOffset, isLive: claim.isLive,
                isFresh: observation.isFresh, isKnown: isKnown, duplicateKey: claim.duplicateKey,
                openedByCamera: claim.openedByCamera, images: claim.images,
                arrivalMicroseconds: (out.now.uptime - observation.receivedAt).inNanoseconds / 1000,
                original: claim.original, typeCode: claim.typeCode)
            recorded = record(.plateRead(fact), &out)
            let read = PlateRead(
                record: recorded ?? Sequence(0), reading: reading, confidence: claim.confidence ?? 0,
                role: wire.role, direction: claim.direction, capturedAt: observation.capturedAt,
                mayOpen: claim.isLive && observation.isFresh, duplicateKey: claim.duplicateKey,
                isKnown: isKnown,
                openedByCamera: claim.openedByCamera,
                travel: plan.lanes[wire.lane.index].kind == .twoWay ? wire.direction : nil)
            drive(wire.lane, .read(read), &out)
        }
        guard let reply else { return }
        let answer: Answer = recorded.map(Answer.done) ?? .notStored("the journal takes no records")
        out.effects.append(.answer(reply, answer, after: recorded ?? Sequence(0)))
    }

    mutating func input(_ terminal: Terminal, _ level: Level, _ since: Uptime, _ out: inout Effects) {
        reported[terminal] = level
        for meaning in routes.inputs[terminal] ?? [] {
            switch meaning {
            case .lane(let lane, let input): drive(lane, .input(input, level, since: since), &out)
            case .walkway(let lane, let input):
                drive(walkway: lane, .input(input, level, since: since), &out)
            case .fire(let affected):
                for lane in affected { fire(to: lane, said: level, since, &out) }
            case .fireReset(let affected):
                guard level == .on else { continue }
                for lane in affected { drive(lane, .fireReset, &out) }
            }
        }
    }

    /// A lane with several contacts burns when one of them says so, and is safe when none is silent (H-27).
    private mutating func fire(to lane: LaneID, said level: Level, _ since: Uptime, _ out: inout Effects) {
        let all = fireLevel(of: lane)
        // What the contact that changed does not decide has been so before.
        drive(lane, .fire(all, since: all == level ? since : .zero), &out)
    }

    func fireLevel(of lane: LaneID) -> Level {
        let levels = routes.fireInputs(of: lane).map { reported[$0] ?? .unknown }
        return levels.contains(.on) ? .on : levels.contains(.unknown) ? .unknown : .off
    }

    mutating func device(_ device: DeviceID, _ event: DeviceEvent, _ out: inout Effects) {
        guard plan.devices.indices.contains(device.index) else { return }
        let subject = Self.subject(plan.devices[device.index].name)
        switch event {
        case .begins:
            clearAll(subject, &out) { $0.equipment(of: device, isRaised: false, &$1) }
            for wire in plan.outputs where wire.terminal.device == device {
                drive(wire.lane, .outputStuck(wire.output, false), &out)
            }
        case .outputStuck(let channel, let isStuck):
            for wire in plan.outputs where wire.terminal == Terminal(device, channel) {
                drive(wire.lane, .outputStuck(wire.output, isStuck), &out)
            }
        case .faultRaised(let code, let severity, let detail):
            guard raise(subject, code, severity, detail, &out), severity == .critical else { return }
            equipment(of: device, isRaised: true, &out)
        case .faultCleared(let code):
            guard clear(subject, code, &out) == .critical else { return }
            equipment(of: device, isRaised: false, &out)
        case .restarted:
            standing.forget(device)
            for lane in routes.sensed[device] ?? [] { drive(lane, .detectorsRestarted, &out) }
        }
    }

    mutating func service(_ service: SiteService, _ event: DeviceEvent, _ out: inout Effects) {
        switch event {
        case .begins: clearAll(service.rawValue, &out) { _, _ in }
        case .faultRaised(let code, let severity, let detail):
            _ = raise(service.rawValue, code, severity, detail, &out)
        case .faultCleared(let code): _ = clear(service.rawValue, code, &out)
        case .restarted, .outputStuck: break
        }
        if service == .uplink { signalLink(&out) }
    }

    private static func subject(_ device: String) -> String { "device \(device)" }
    private static func subject(lane: String) -> String { "lane \(lane)" }

    /// Whether it did not stand before.
    private mutating func raise(
        _ subject: String, _ code: String, _ severity: FaultSeverity, _ detail: String, _ out: inout Effects
    ) -> Bool {
        let row = FaultRow(
            subject: subject, code: code, severity: severity, detail: detail, since: out.now.wall)
        guard memory.faults[row.key] == nil else { return false }
        record(.faultRaised(row), &out)
        return true
    }

    /// Its severity; nil: it did not stand.
    private mutating func clear(_ subject: String, _ code: String, _ out: inout Effects) -> FaultSeverity? {
        guard var row = memory.faults["\(subject)/\(code)"] else { return nil }
        row.since = out.now.wall
        record(.faultCleared(row), &out)
        return row.severity
    }

    private mutating func clearAll(
        _ subject: String, _ out: inout Effects, wasCritical: (inout Site, inout Effects) -> Void
    ) {
        for (_, row) in memory.faults.inOrder where row.subject == subject {
            if clear(subject, row.code, &out) == .critical { wasCritical(&self, &out) }
        }
    }

    /// Nobody would ever clear the faults of a device that a reload took away.
    mutating func forgetDevices(goneFrom old: SitePlan, _ out: inout Effects) {
        for device in old.devices where !plan.devices.contains(where: { $0.name == device.name }) {
            clearAll(Self.subject(device.name), &out) { _, _ in }
            deviceFaults.remove(device.name)
        }
    }

    /// A lane that is new holds no fault of the one that had its name before; what still stands it finds again.
    mutating func forgetLaneFaults(_ out: inout Effects) {
        for (_, row) in memory.faults.inOrder where row.subject.hasPrefix(Self.subject(lane: "")) {
            let name = String(row.subject.dropFirst(Self.subject(lane: "").count))
            let faults = plan.lane(named: name).map { lane in
                plan.walkwayIndex(lane).map { walkways[$0].faults } ?? lanes[lane.index].faults
            }
            let isHeld = faults.map { $0.contains { $0.rawValue == row.code } }
            if isHeld != true { _ = clear(row.subject, row.code, &out) }
        }
    }

    /// A lane that is new hears which of its devices are out of order.
    mutating func repeatFaults(to lane: LaneID, _ out: inout Effects) {
        for (device, uses) in routes.equipment.inOrder where isFaulted(device) {
            for use in uses where use.lane == lane && isOut(use) {
                drive(use.lane, .fault(use.equipment, isRaised: true), &out)
            }
        }
    }

    /// Nothing that a failed device last said is believed; what others say of the lane stays.
    private mutating func loseLevels(of lane: LaneID, at device: DeviceID, _ out: inout Effects) {
        for (terminal, meanings) in routes.inputs.inOrder where terminal.device == device {
            for meaning in meanings {
                switch meaning {
                case .lane(lane, let input):
                    drive(lane, .input(input, .unknown, since: out.now.uptime), &out)
                case .walkway(lane, let input):
                    drive(walkway: lane, .input(input, .unknown, since: out.now.uptime), &out)
                case .lane, .walkway, .fire, .fireReset: break
                }
            }
        }
    }

    func isFaulted(_ device: DeviceID) -> Bool {
        (deviceFaults[plan.devices[device.index].name] ?? 0) > 0
    }

    /// Outputs are out of order with any of their devices; a lane is dark when one of its sides has no
    /// camera or reader left.
    private func isOut(_ use: SiteRoutes.Use) -> Bool {
        switch use.equipment {
        case .outputs:
            plan.outputs.contains {
                $0.lane == use.lane && $0.output != .linkLamp && isFaulted($0.terminal.device)
            }
        case .camera:
            [TravelDirection.in, .out].contains { side in
                let wires = plan.cameras.filter { $0.lane == use.lane && $0.direction == side }
                return !wires.isEmpty && wires.allSatisfy { isFaulted($0.device) }
            }
        case .reader:
            [TravelDirection.in, .out].contains { side in
                let wires = plan.readers.filter { $0.lane == use.lane && $0.direction == side }
                return !wires.isEmpty && wires.allSatisfy { isFaulted($0.device) }
            }
        }
    }

    /// A device is usable again when its last critical fault is cleared.
    private mutating func equipment(of device: DeviceID, isRaised: Bool, _ out: inout Effects) {
        let name = plan.devices[device.index].name
        let before = deviceFaults[name] ?? 0
        let after = max(0, before + (isRaised ? 1 : -1))
        let uses = routes.equipment[device] ?? []
        let wasOut = uses.map { isOut($0) }
        deviceFaults[name] = after
        guard (before == 0) != (after == 0) else { return }
        if after == 0 { standing.forget(device) }
        for (use, wasOut) in zip(uses, wasOut) where isOut(use) != wasOut {
            drive(use.lane, .fault(use.equipment, isRaised: isRaised), &out)
        }
        for lane in routes.sensed[device] ?? [] {
            if isRaised {
                loseLevels(of: lane, at: device, &out)
            } else {
                // One that failed otherwise than by silence never lost its levels.
                repeatLevels(to: lane, of: device, &out)
            }
        }
    }

    mutating func raise(_ lane: LaneID, _ code: LaneFaultCode, _ out: inout Effects) {
        let row = FaultRow(
            subject: Self.subject(lane: plan.name(of: lane)), code: code.rawValue,
            severity: code.severity,
            detail: code.explanation, since: out.now.wall)
        if memory.faults[row.key] == nil { record(.faultRaised(row), &out) }
    }

    mutating func clear(_ lane: LaneID, _ code: LaneFaultCode, _ out: inout Effects) {
        _ = clear(Self.subject(lane: plan.name(of: lane)), code.rawValue, &out)
    }
}

extension LaneFaultCode {
    var severity: FaultSeverity {
        switch self {
        case .armStuck, .armLost, .outputFailed, .outputStuck, .safetyUnknown, .holdOpenBroken, .fireUnknown:
            .critical
        default: .warning
        }
    }

    /// What it means and what to do, for whoever stands at the pole.
    var explanation: String {
        switch self {
        case .armStuck: "the arm did not move after the command: look at the barrier, then `lane release`"
        case .armDoesNotClose:
            "the arm does not reach its down limit: look for an obstacle or the limit switch"
        case .armLost: "boom-break contact is on: the arm is off its mount"
        case .safetyUnknown: "safety input silent: no close is commanded until it reads off again"
        case .safetySuspect:
            "safety loop may have tuned a vehicle out: drive over it, or confirm the lane is empty"
        case .outputFailed: "the board with this lane's outputs does not answer"
        case .outputStuck: "relay contact stays closed beyond its pulse"
        case .cameraLost: "the camera is silent: card, code or guard"
        case .presenceUnknown: "presence input silent: camera reads alone ask"
        case .presenceStuck: "presence never falls though vehicles change: camera reads alone ask"
        case .limitUnknown: "limit input silent: the arm's position is assumed by time"
        case .limitsContradict: "both limits read on: swapped, welded or shorted"
        case .guardButtonStuck: "guard button pressed for over 30 s: ignored until released"
        case .holdOpenBroken: "the arm came down three times while held open"
        case .fireUnknown:
            "fire input silent: a fire would not be seen here; look at the contact and its board"
        case .safetyMissed: "a vehicle passed that the safety sensor did not see"
        case .readerLost: "the card reader's line is lost: button, guard; look at its cable and adapter"
        case .passageUnknown: "passage contact silent: passages are assumed"
        case .passageStuck: "passage contact stays on: passages are assumed until it lets go"
        case .exitButtonUnknown: "exit button silent: it works by its own wire only; look at its board"
        case .doorContactUnknown:
            "door contact silent: passages are assumed, a forced or held door goes unseen"
        }
    }
}
