// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine

/// Boards and cameras between the world and the process: bytes both ways, as `BoardService` and
/// `CameraService` carry them.
extension Simulation {
    // MARK: Boards

    func perform(_ command: DeviceCommand) {
        guard let mine = gateway else { return }
        let gate = command.terminal.device.index
        guard gates.indices.contains(gate) else { return }
        stir(gate, .command)
        let link = mine.links[gate]
        let outputs = mine.links[gate].session.send(link.command(command), at: link.own(mine.uptime(now)))
        take(outputs, of: gate)
    }

    func withdraw(_ terminal: Terminal) {
        guard let mine = gateway, gates.indices.contains(terminal.device.index) else { return }
        let gate = terminal.device.index
        let outputs = mine.links[gate].session.withdrawClose(
            channel: terminal.channel, reason: "the lane is no longer known clear",
            at: mine.links[gate].own(mine.uptime(now)))
        take(outputs, of: gate)
    }

    func boardTimer(_ gate: Int, _ planned: Uptime, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, mine.links[gate].timerAt == planned else { return }
        mine.links[gate].timerAt = nil
        guard !mine.links[gate].isFrozen else { return }
        let own = mine.links[gate].own(mine.uptime(now))
        offer(mine.links[gate].bank.expire(at: own), of: gate)
        take(mine.links[gate].session.timer(at: own), of: gate)
    }

    func boardBytes(_ gate: Int, _ bytes: [UInt8], _ run: Int) {
        guard let mine = gateway, mine.incarnation == run else { return }
        let own = mine.links[gate].own(mine.uptime(now))
        take(mine.links[gate].session.receive(bytes, at: own), of: gate)
    }

    func take(_ outputs: [RelayOutput], of gate: Int) {
        guard let mine = gateway else { return }
        let device = DeviceID(gateDevice(gate))
        var isSampled = false
        for output in outputs {
            switch output {
            case .write(let bytes): write(bytes, to: gate, mine)
            case .inputs(let closed, let at):
                offer(mine.links[gate].bank.sample(closed, at: at), of: gate)
                isSampled = true
            case .inputsLost(let at): offer(mine.links[gate].bank.lost(at: at), of: gate)
            case .outcome(let token, _, let outcome):
                let told = mine.links[gate].outcome(outcome)
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
        if isSampled, gates[gate].isLineSound { mine.links[gate].freezeIfQuiet(at: mine.uptime(now)) }
        planTimer(gate, mine)
    }

    private func planTimer(_ gate: Int, _ mine: Gateway) {
        guard let due = mine.links[gate].nextTimer else { return }
        let at = max(now, mine.world(due))
        if let planned = mine.links[gate].timerAt, planned <= at, planned >= now { return }
        mine.links[gate].timerAt = at
        mine.links[gate].haste = at == now ? mine.links[gate].haste + 1 : 0
        if mine.links[gate].haste > 50 {
            checkers.report(
                "L1", "the session of board \(gate) wants its timer at once, again and again", at: now)
        }
        agenda.plan(.boardTimer(gate, at: at, mine.incarnation), at: at)
    }

    private func write(_ bytes: [UInt8], to gate: Int, _ mine: Gateway) {
        sense(gate)
        let replies = gates[gate].board.receive(bytes, at: now)
        settle(gate)
        for reply in replies {
            agenda.plan(.boardBytes(gate, reply.bytes, mine.incarnation), at: max(now, reply.at))
        }
        plan(lookAt: gate)
    }

    private func offer(_ changes: [InputBank.Change], of gate: Int) {
        guard let mine = gateway else { return }
        let device = DeviceID(gateDevice(gate))
        for change in changes {
            let since = mine.links[gate].outer(change.since)
            say("input", at: gate, "\(change.channel) \(change.level.rawValue)")
            mine.inbox.offer(.site(.input(Terminal(device, change.channel), change.level, since: since)))
        }
    }

    private func sense(_ gate: Int) {
        gates[gate].sense(fire: gate == 0 && isFireOn, reset: gate == 0 && isResetPressed, at: now)
        checkers.sensed(gates[gate], at: now)
    }

    /// Something is going on at this lane: its board is asked again, and the road is looked at.
    func stir(_ gate: Int, _ cause: BoardLink.Cause = .motion) {
        gates[gate].board.advance(to: now)
        sense(gate)
        settle(gate)
        if let mine = gateway {
            mine.links[gate].stir(cause, at: mine.uptime(now))
            planTimer(gate, mine)
        }
        plan(lookAt: gate)
    }

    private func plan(lookAt gate: Int) {
        let one = gates[gate]
        let tick = one.isBusy(at: now) ? now + .milliseconds(50) : nil
        let changes = [one.barrier.nextChange, one.road.nextForgetting].compactMap { $0 }.map {
            max($0, now + .milliseconds(1))
        }
        let next = (changes + [tick, one.board.nextChange.map { max($0, now) }].compactMap { $0 }).min()
        guard let next else { return }
        if let planned = one.lookAt, planned <= next, planned >= now { return }
        gates[gate].lookAt = next
        agenda.plan(.look(gate, at: next), at: next)
    }

    /// Relay edges reach the barrier's controller and the checkers at their own instants.
    func settle(_ gate: Int) {
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
        agenda.plan(.heartbeat(camera), at: now + .seconds(60))
        guard !silentCameras.contains(camera) else { return }
        let request = cameras[camera].heartbeat(at: Self.wallOrigin + (now - .zero))
        push(camera, request, attempt: 3)
    }

    func push(_ camera: Int, _ request: PlateCameraModel.Request, attempt: Int) {
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
            let reply = mine.newReply()
            let observation = Observation(
                device: wire.device, plate: plate.observation, capturedAt: plate.capturedAt,
                clockOffset: nil, isFresh: plate.mayOpen, receivedAt: mine.uptime(now))
            say(
                "sight", at: wire.lane.index, plate: plate.observation.raw,
                "\(device.name) \(plate.freshness)")
            if mine.inbox.offer(.site(.observed(observation, reply: reply))) == .accepted {
                mine.pushes[reply.number] = Gateway.PushInHand(
                    camera: camera, request: request, attempt: attempt, id: id)
            }
        }
        planCamera(camera)
    }

    private func take(_ output: CameraOutput, of device: DeviceID, _ mine: Gateway) {
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
            for output in mine.cameras[camera].timer(at: mine.uptime(now)) {
                take(output, of: wire.device, mine)
            }
        }
        planCamera(camera)
    }

    func planCamera(_ camera: Int) {
        guard let mine = gateway, let due = mine.cameras[camera].nextTimer else { return }
        let at = max(mine.world(due), now + .seconds(1))
        if let planned = mine.cameraTimers[camera], planned > now { return }
        mine.cameraTimers[camera] = at
        agenda.plan(.cameraTimer(camera, mine.incarnation), at: at)
    }
}
