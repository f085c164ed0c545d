// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine

/// Boards and cameras between the world and the process: bytes both ways, as `BoardService` and
/// `CameraService` carry them.
extension Simulation {
    // MARK: Boards

    // A board has the number of its lane, vehicles' first and people's after them.

    func perform(_ command: DeviceCommand) {
        guard let mine = gateway else { return }
        let device = command.terminal.device
        guard let lane = estate.lane(of: device) else {
            guard let camera = estate.plan.cameras.firstIndex(where: { $0.device == device }) else { return }
            return perform(command, byCamera: camera, mine)
        }
        stir(lane, .command)
        let link = mine.links[lane]
        ask(line: lane)
        let outputs = mine.links[lane].session.send(link.command(command), at: link.own(mine.uptime(now)))
        take(outputs, of: lane)
    }

    func withdraw(_ terminal: Terminal) {
        guard let mine = gateway, let lane = estate.lane(of: terminal.device) else { return }
        ask(line: lane)
        let outputs = mine.links[lane].session.withdrawClose(
            channel: terminal.channel, reason: "the lane is no longer known clear",
            at: mine.links[lane].own(mine.uptime(now)))
        take(outputs, of: lane)
    }

    func boardTimer(_ lane: Int, _ planned: Uptime, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, mine.links[lane].timerAt == planned else { return }
        mine.links[lane].timerAt = nil
        guard !mine.links[lane].isFrozen else { return }
        let own = mine.links[lane].own(mine.uptime(now))
        ask(line: lane)
        offer(mine.links[lane].bank.expire(at: own), of: lane)
        take(mine.links[lane].session.timer(at: own), of: lane)
    }

    func boardBytes(_ lane: Int, _ bytes: [UInt8], _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, isHolder(.board(lane), mine) else { return }
        step(board: lane) { session, own in session.receive(bytes, at: own) }
    }

    func step(board lane: Int, _ tell: (inout ModbusRelaySession, Uptime) -> [RelayOutput]) {
        guard let mine = gateway else { return }
        ask(line: lane)
        let own = mine.links[lane].own(mine.uptime(now))
        take(tell(&mine.links[lane].session, own), of: lane)
    }

    /// Before anything is told to a board's session it knows whether the line is its own to begin on.
    func ask(line lane: Int) {
        guard let mine = gateway else { return }
        mine.links[lane].session.mayBegin = mayBegin(.board(lane), mine)
    }

    func take(_ outputs: [RelayOutput], of lane: Int) {
        guard let mine = gateway else { return }
        let device = estate.board(of: lane)
        var isSampled = false
        for output in outputs {
            switch output {
            case .write(let bytes): write(bytes, to: lane, mine)
            case .inputs(let closed, let at):
                offer(mine.links[lane].bank.sample(closed, at: at), of: lane)
                isSampled = true
            case .inputsLost(let at): offer(mine.links[lane].bank.lost(at: at), of: lane)
            case .outcome(let token, _, let outcome):
                let told = mine.links[lane].outcome(outcome)
                mine.inbox.offer(.site(.command(DeviceCommand.ID(Int64(token)), told)))
            case .restarted: mine.tell(device, .restarted)
            case .stuck(let channel, let isStuck):
                mine.tell(device, .outputStuck(channel: channel, isStuck))
            case .version: break
            case .faultRaised(let fault):
                mine.tell(
                    device, .faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): mine.tell(device, .faultCleared(code: code))
            }
        }
        if isSampled, isLineSound(lane) { mine.links[lane].freezeIfQuiet(at: mine.uptime(now)) }
        settled(.board(lane), mine)
        planTimer(lane, mine)
    }

    private func isLineSound(_ lane: Int) -> Bool {
        way(lane).map { ways[$0].isLineSound } ?? gates[lane].isLineSound
    }

    /// nil: a lane of vehicles.
    func way(_ lane: Int) -> Int? { lane < gates.count ? nil : lane - gates.count }

    private func planTimer(_ lane: Int, _ mine: Gateway) {
        guard let due = mine.links[lane].nextTimer else { return }
        let at = max(now, mine.world(due))
        if let planned = mine.links[lane].timerAt, planned <= at, planned >= now { return }
        mine.links[lane].timerAt = at
        mine.links[lane].haste = at == now ? mine.links[lane].haste + 1 : 0
        if mine.links[lane].haste > 50 {
            checkers.report(
                "L1", "the session of board \(lane) wants its timer at once, again and again", at: now)
        }
        agenda.plan(.boardTimer(lane, at: at, mine.incarnation), at: at)
    }

    private func write(_ bytes: [UInt8], to lane: Int, _ mine: Gateway) {
        sense(lane)
        let replies: [RelayBoardModel.Reply]
        if let way = way(lane) {
            replies = ways[way].unit.board.receive(bytes, at: now)
        } else {
            replies = gates[lane].board.receive(bytes, at: now)
        }
        settle(lane)
        for reply in replies {
            agenda.plan(.boardBytes(lane, reply.bytes, mine.incarnation), at: max(now, reply.at))
        }
        plan(lookAt: lane)
    }

    private func offer(_ changes: [InputBank.Change], of lane: Int) {
        guard let mine = gateway else { return }
        let device = estate.board(of: lane)
        for change in changes {
            let since = mine.links[lane].outer(change.since)
            say("input", at: lane, "\(change.channel) \(change.level.rawValue)")
            mine.inbox.offer(.site(.input(Terminal(device, change.channel), change.level, since: since)))
        }
    }

    private func sense(_ lane: Int) {
        if let way = way(lane) {
            ways[way].unit.advance(to: now)
            ways[way].unit.setFire(isFireOn)
            ways[way].unit.setReset(isResetPressed)
            return
        }
        gates[lane].sense(fire: lane == 0 && isFireOn, reset: lane == 0 && isResetPressed, at: now)
        checkers.sensed(gates[lane], at: now)
    }

    /// Something is going on at this lane: its board is asked again, and the road is looked at.
    func stir(_ lane: Int, _ cause: BoardLink.Cause = .motion) {
        if way(lane) == nil { gates[lane].board.advance(to: now) }
        sense(lane)
        settle(lane)
        if let mine = gateway {
            mine.links[lane].stir(cause, at: mine.uptime(now))
            ask(line: lane)
            planTimer(lane, mine)
        }
        plan(lookAt: lane)
    }

    private func plan(lookAt lane: Int) {
        let next: Uptime?
        let known: Uptime?
        if let way = way(lane) {
            next = ways[way].unit.nextChange.map { max($0, now) }
            known = ways[way].lookAt
        } else {
            let one = gates[lane]
            let tick = one.isBusy(at: now) ? now + .milliseconds(50) : nil
            let ends = [one.barrier.nextChange, one.road.nextForgetting, pulseEnd(one)]
            let changes = ends.compactMap { $0 }.map { max($0, now + .milliseconds(1)) }
            next = (changes + [tick, one.board.nextChange.map { max($0, now) }].compactMap { $0 }).min()
            known = one.lookAt
        }
        guard let next else { return }
        if let known, known <= next, known >= now { return }
        if let way = way(lane) { ways[way].lookAt = next } else { gates[lane].lookAt = next }
        agenda.plan(.look(lane, at: next), at: next)
    }

    private func pulseEnd(_ gate: Gate) -> Uptime? {
        gate.cameraPulseEnds.flatMap { $0 > now ? $0 : nil }
    }

    func look(_ lane: Int, _ at: Uptime) {
        guard (way(lane).map { ways[$0].lookAt } ?? gates[lane].lookAt) == at else { return }
        if let way = way(lane) { ways[way].lookAt = nil } else { gates[lane].lookAt = nil }
        stir(lane)
    }

    /// Relay edges reach the barrier's controller and the checkers at their own instants.
    func settle(_ lane: Int) {
        if let way = way(lane) { return settleWay(way) }
        let gate = lane
        let edges = gates[gate].board.edges
        guard
            gates[gate].edgesSeen < edges.count
                || gates[gate].barrierEventsSeen < gates[gate].barrier.events.count
        else { return }
        for edge in edges[gates[gate].edgesSeen...] {
            say("relay", at: gate, "\(edge.relay) \(edge.isClosed ? "closes" : "opens")")
            if edge.isClosed { checkers.relayCloses(edge.relay, self, gate: gate, at: edge.at) }
            if edge.isClosed, edge.relay == Estate.Output.open, gates[gate].fault.willWeld {
                gates[gate].fault.willWeld = false
                gates[gate].board.faults.welded = [Estate.Output.open]
            }
            gates[gate].drive(at: now)
        }
        gates[gate].edgesSeen = edges.count
        gates[gate].drive(at: now)
        let events = gates[gate].barrier.events
        for event in events[gates[gate].barrierEventsSeen...] {
            say("arm", at: gate, event.kind.rawValue)
            if event.kind == .rises { checkers.armRises(gate, self, at: event.at) }
            armMoved(gate, event.kind)
        }
        gates[gate].barrierEventsSeen = events.count
        plan(lookAt: gate)
    }

    // MARK: Cameras

    func heartbeat(_ camera: Int) {
        guard answering[camera] == nil else { return sendHeartbeat(camera) }
        agenda.plan(.heartbeat(camera), at: now + .seconds(60))
        guard !silentCameras.contains(camera) else { return }
        let request = cameras[camera].heartbeat(at: Self.wallOrigin + (now - .zero))
        push(camera, request, attempt: 3)
    }

    func push(_ camera: Int, _ request: PlateCameraModel.Request, attempt: Int) {
        guard answering[camera] == nil else {
            return send(request, of: camera, .plate, attempt: attempt)
        }
        guard let mine = gateway, !silentCameras.contains(camera) else { return }
        let wire = estate.plan.cameras[camera]
        let device = estate.plan.devices[wire.device.index]
        let push = CameraPush(
            id: mine.newPush(), peer: device.address, target: cameras[camera].target,
            contentType: request.contentType, body: request.body)
        for output in mine.cameras[camera].receive(push, at: moment(for: mine)) {
            guard case .observed(let id, let plate) = output else {
                take(output, of: wire.device, mine)
                continue
            }
            offer(plate, id, of: camera, request, attempt: attempt, mine)
        }
        planCamera(camera)
    }

    /// One that loses its place in the inbox is never answered.
    @discardableResult
    func offer(
        _ plate: ObservedPlate, _ push: PushID, of camera: Int, _ request: PlateCameraModel.Request,
        attempt: Int, _ mine: Gateway
    ) -> ReplyID {
        let wire = estate.plan.cameras[camera]
        let reply = mine.newReply()
        let observation = Observation(
            device: wire.device, plate: plate.observation, capturedAt: plate.capturedAt,
            clockOffset: nil, isFresh: plate.mayOpen, receivedAt: mine.uptime(now))
        say(
            "sight", at: wire.lane.index, plate: plate.observation.raw,
            "\(estate.plan.devices[wire.device.index].name) \(plate.freshness)")
        if mine.inbox.offer(.site(.observed(observation, reply: reply))) == .accepted {
            mine.pushes[reply.number] = Gateway.PushInHand(
                camera: camera, request: request, attempt: attempt, id: push)
        }
        return reply
    }

    func take(_ output: CameraOutput, of device: DeviceID, _ mine: Gateway) {
        switch output {
        case .faultRaised(let fault):
            mine.tell(
                device, .faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
        case .faultCleared(let code): mine.tell(device, .faultCleared(code: code))
        case .answer, .probe, .observed, .heartbeat, .outcome, .passed, .serial: break
        }
    }

    func cameraTimer(_ camera: Int, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run else { return }
        let wire = estate.plan.cameras[camera]
        if let due = mine.cameras[camera].nextTimer, mine.world(due) <= now {
            let outputs = mine.cameras[camera].timer(at: mine.uptime(now))
            guard answering[camera] == nil else { return take(outputs, ofAnswering: camera, mine) }
            for output in outputs { take(output, of: wire.device, mine) }
        }
        planCamera(camera)
    }

    func planCamera(_ camera: Int) {
        guard let mine = gateway, let due = mine.cameras[camera].nextTimer else { return }
        // What an answer waits for is a matter of milliseconds.
        let isExact = answering[camera] != nil
        let at = max(mine.world(due), now + (isExact ? .milliseconds(1) : .seconds(1)))
        if let planned = mine.cameraTimers[camera], planned > now, !isExact || planned <= at { return }
        mine.cameraTimers[camera] = at
        agenda.plan(.cameraTimer(camera, mine.incarnation), at: at)
    }
}
