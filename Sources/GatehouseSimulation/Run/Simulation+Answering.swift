// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine

/// Cameras that open, between the world and the process, as `CameraService` carries their requests and answers.
extension Simulation {
    // MARK: The camera's side

    func sendHeartbeat(_ camera: Int) {
        guard let one = answering[camera] else { return }
        send(one.model.heartbeat(), of: camera, .heartbeat, attempt: 0)
    }

    /// A new record; the same bytes again are a repeat.
    func record(_ sight: PlateCameraModel.Sight, by camera: Int, at wall: WallTime)
        -> PlateCameraModel.Request
    {
        guard var one = answering[camera] else { return cameras[camera].capture(sight, at: wall) }
        one.model.clockError = cameras[camera].clockError
        let seen = VzenithCameraModel.Sight(
            plate: sight.plate == "unknown" ? "_无_" : sight.plate,
            colorType: sight.color == "yellow" ? 2 : sight.color == "green" ? 5 : 1,
            type: sight.color == "yellow" ? 3 : 1, confidence: sight.confidence,
            isOffline: sight.isResent, overviewBytes: nil, cropBytes: nil)
        let request = one.model.capture(seen, at: wall)
        answering[camera] = one
        return request
    }

    func send(
        _ request: PlateCameraModel.Request, of camera: Int, _ content: CameraExchange.Content, attempt: Int
    ) {
        guard let one = answering[camera], !one.isDown else { return }
        lastExchange += 1
        let number = lastExchange
        exchanges[number] = CameraExchange(
            camera: camera, content: content, request: request, attempt: attempt, life: one.life, sentAt: now)
        guard let mine = gateway else { return agenda.plan(.connectionBreaks(number), at: now + .seconds(1)) }
        agenda.plan(.connectionBreaks(number), at: now + content.patience)
        guard !silentCameras.contains(camera) else { return }
        if one.isShaky, screens.chance(1, in: 3) {
            if screens.chance(1, in: 2) {
                exchanges[number]?.isSwallowed = true
            } else {
                agenda.plan(.connectionBreaks(number), at: now + screens.milliseconds(1...900))
            }
        }
        let device = estate.plan.devices[estate.plan.cameras[camera].device.index]
        let push = CameraPush(
            id: mine.newPush(), peer: device.address, target: cameras[camera].target,
            contentType: request.contentType, body: saboteur.body(request.body))
        mine.exchanges[push.id.number] = number
        checkers.answers.arrives(number, request.body, isPlate: content == .plate, gate: one.gate, at: now)
        take(mine.cameras[camera].receive(push, at: moment(for: mine)), ofAnswering: camera, mine)
    }

    /// It breaks, or the camera closes it because nobody answers; the camera asks again.
    func connectionBreaks(_ number: Int) {
        guard let exchange = exchanges.removeValue(forKey: number) else { return }
        checkers.answers.isOver(number)
        again(exchange, after: 1000...8000)
    }

    private func again(_ exchange: CameraExchange, after range: ClosedRange<Int>) {
        guard exchange.content == .heartbeat || exchange.attempt < 3 else { return }
        agenda.plan(.pushAgain(exchange), at: now + screens.milliseconds(range))
    }

    func pushAgain(_ exchange: CameraExchange) {
        // A restart forgets what was to be sent again.
        guard let one = answering[exchange.camera], one.life == exchange.life else { return }
        send(exchange.request, of: exchange.camera, exchange.content, attempt: exchange.attempt + 1)
    }

    func answerArrives(_ number: Int, _ reply: CameraReply) {
        guard let exchange = exchanges[number], !exchange.isSwallowed, let one = answering[exchange.camera]
        else { return }
        exchanges[number] = nil
        let action = one.model.act(on: reply.status, reply.body)
        if action.pulsed == 0 {
            let found = checkers.answers.opens(number, gate: one.gate, at: now)
            checkers.report(found, at: now)
            pulse(one.gate)
        }
        checkers.answers.isOver(number)
        for sent in action.serial { pass(sent.bytes, behind: exchange.camera) }
        switch exchange.content {
        case .heartbeat:
            again(exchange, after: one.isComet ? 200...800 : 60_000...60_001)
        case .plate where !action.isTaken: again(exchange, after: 8000...12_000)
        case .plate: break
        }
    }

    private func pulse(_ gate: Int) {
        gates[gate].cameraPulseEnds = now + AnsweringCamera.pulse
        say("relay", at: gate, "the camera's closes")
        checkers.relayCloses(Estate.Output.open, self, gate: gate, at: now)
        stir(gate)
    }

    private func pass(_ bytes: [UInt8], behind camera: Int) {
        guard let index = estate.display(behind: camera) else { return }
        agenda.plan(.frameForCard(index, bytes, gateway?.incarnation ?? 0), at: now + .milliseconds(50))
    }

    // MARK: The process's side

    func perform(_ command: DeviceCommand, byCamera camera: Int, _ mine: Gateway) {
        let order = RelayCommand(
            token: Int(command.id.number), channel: command.terminal.channel, action: command.action,
            commandClass: command.commandClass, expires: command.expires)
        take(mine.cameras[camera].send(order, at: mine.uptime(now)), ofAnswering: camera, mine)
    }

    func take(_ outputs: [CameraOutput], ofAnswering camera: Int, _ mine: Gateway) {
        for output in outputs {
            switch output {
            case .answer(let push, let reply):
                let late = saboteur.delay(of: reply)
                if late > .zero {
                    agenda.plan(.answerLeaves(camera, push, reply, mine.incarnation), at: now + late)
                } else {
                    answerLeaves(camera, push, reply, mine.incarnation)
                }
            case .observed(let push, let plate):
                guard let number = mine.exchanges[push.number], let exchange = exchanges[number] else {
                    continue
                }
                let reply = offer(plate, push, of: camera, exchange.request, attempt: exchange.attempt, mine)
                agenda.plan(.pushPatience(reply.number, mine.incarnation), at: now + .seconds(5))
            case .outcome(let token, let outcome):
                mine.inbox.offer(.site(.command(DeviceCommand.ID(Int64(token)), outcome)))
            case .passed(_, let token, let outcome):
                guard let index = estate.display(behind: camera) else { continue }
                step(passed: index) { session, now in session.passed(token, outcome, at: now) }
            default: take(output, of: estate.plan.cameras[camera].device, mine)
            }
        }
        planCamera(camera)
    }

    func answerLeaves(_ camera: Int, _ push: PushID, _ said: CameraReply, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run,
            let number = mine.exchanges.removeValue(forKey: push.number)
        else { return }
        let reply = saboteur.reply(said)
        let exchange = exchanges[number]
        if exchange != nil {
            checkers.report(checkers.answers.leaves(number, self), at: now)
            agenda.plan(.answerArrives(number, reply), at: now + screens.milliseconds(1...8))
        }
        agenda.plan(.answerSent(camera, push, isSent: exchange != nil, run), at: now + .milliseconds(1))
    }

    func answerSent(_ camera: Int, _ push: PushID, isSent: Bool, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run else { return }
        let outputs = mine.cameras[camera].answered(push, isSent: isSent, at: mine.uptime(now))
        take(outputs, ofAnswering: camera, mine)
    }

    /// The journal has not answered for so long: the event is not taken.
    func pushPatience(_ reply: UInt64, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, let push = mine.pushes.removeValue(forKey: reply)
        else { return }
        settle(push, isDurable: false, mine)
    }

    func settle(_ push: Gateway.PushInHand, isDurable: Bool, _ mine: Gateway) {
        let outputs = mine.cameras[push.camera].settled(push.id, isDurable: isDurable, at: mine.uptime(now))
        take(outputs, ofAnswering: push.camera, mine)
    }

    /// Its requests die with the process.
    func breakConnections() {
        for number in exchanges.keys.sorted() { connectionBreaks(number) }
    }

    // MARK: Faults

    func inflict(_ kind: FaultKind, answering camera: Int) {
        guard var one = answering[camera] else { return }
        say("fault", at: one.gate, kind.rawValue)
        var range = 30_000...1_200_000
        if kind == .openerRestart {
            range = 15_000...60_000
            one.life += 1
            one.isDown = true
            gates[one.gate].cameraPulseEnds = nil
            for number in exchanges.keys.sorted() where exchanges[number]?.camera == camera {
                exchanges[number] = nil
                checkers.answers.isOver(number)
            }
        } else {
            one.isShaky = true
        }
        answering[camera] = one
        gates[one.gate].fault.isOpenerShaky = true
        checkers.troubled(gate: one.gate, kind, at: now)
        let span = min(faultsEnd - now, screens.milliseconds(range))
        agenda.plan(.healSign(kind, camera), at: now + span)
        stir(one.gate)
    }

    func heal(_ kind: FaultKind, answering camera: Int) {
        guard let one = answering[camera] else { return }
        say("heal", at: one.gate, kind.rawValue)
        if kind == .openerRestart {
            answering[camera]?.isDown = false
            sendHeartbeat(camera)
        } else {
            answering[camera]?.isShaky = false
        }
        // The other fault of the two may still stand.
        gates[one.gate].fault.isOpenerShaky =
            answering[camera].map { $0.isDown || $0.isShaky } ?? false
        checkers.troubled(gate: one.gate, kind, at: now)
    }
}
