// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation

/// A session and a camera that pushes to it and does what the answers say, in virtual time.
struct VzenithBench {
    var session: VzenithSession
    var camera = VzenithCameraModel(address: "192.0.2.31")
    var now = Moment(uptime: .zero + .seconds(1000), wall: WallTime(milliseconds: 1_772_411_415_000))
    var faults: [String] = []
    var outcomes: [Outcome] = []
    var passed: [Outcome] = []
    var observed: [ObservedPlate] = []
    var received: [[UInt8]] = []
    /// By request, in the order of the answers.
    var answers: [Answer] = []
    /// What the journal makes of events; nil: nothing yet.
    var storesEvents: Bool? = true
    /// Answers reach the camera.
    var isConnected = true
    private(set) var lastPush: UInt64 = 0
    private var lastToken = 0

    struct Outcome: Hashable { var token: Int, outcome: CommandOutcome }

    struct Answer: Hashable {
        var push: UInt64
        var status: Int
        var action: VzenithCameraModel.Action
        var at: Uptime
    }

    init(
        outputs: Set<Int> = [1], replyWait: Duration = .milliseconds(1000), cometHold: Duration? = nil
    ) {
        let settings = VzenithSettings(
            CameraRules(allowedPeers: ["192.0.2.31"]), replyWait: replyWait, cometHold: cometHold,
            outputs: outputs)
        session = VzenithSession(settings, at: now.uptime)
    }

    var openings: [Answer] { answers.filter { $0.action.pulsed != nil } }
    var ends: [CommandOutcome] { outcomes.map(\.outcome) }
    /// Requests that have no answer.
    var isHolding: Bool { answers.count < Int(lastPush) }

    mutating func wait(_ duration: Duration) {
        let end = now.uptime + duration
        while let timer = session.nextTimer, timer <= end {
            advance(to: max(now.uptime, timer))
            take(session.timer(at: now.uptime))
        }
        advance(to: end)
    }

    private mutating func advance(to instant: Uptime) {
        now.wall = now.wall + (instant - now.uptime)
        now.uptime = instant
    }

    /// Captured 400 ms ago, received now.
    mutating func see(
        _ plate: String = "沪A2K605", isOffline: Bool = false, delay: Duration = .milliseconds(400)
    ) {
        push(capture(plate, isOffline: isOffline, delay: delay))
    }

    mutating func capture(
        _ plate: String = "沪A2K605", isOffline: Bool = false, delay: Duration = .milliseconds(400)
    ) -> VzenithCameraModel.Request {
        camera.capture(
            VzenithCameraModel.Sight(plate: plate, isOffline: isOffline), at: now.wall + (.zero - delay))
    }

    mutating func push(_ request: VzenithCameraModel.Request, from peer: String = "192.0.2.31") {
        lastPush += 1
        let push = CameraPush(
            id: PushID(lastPush), peer: peer, target: camera.target, contentType: request.contentType,
            body: request.body)
        take(session.receive(push, at: now))
    }

    mutating func heartbeat() { push(camera.heartbeat()) }

    mutating func settle(_ push: UInt64, isDurable: Bool) {
        take(session.settled(PushID(push), isDurable: isDurable, at: now.uptime))
    }

    /// An order to open; its token.
    @discardableResult
    mutating func open(
        life: Duration? = .seconds(3), _ commandClass: CommandClass = .grant, channel: Int = 1
    ) -> Int {
        order(.pulse(.milliseconds(500)), life: life, commandClass, channel: channel)
    }

    @discardableResult
    mutating func order(
        _ action: OutputAction, life: Duration? = nil, _ commandClass: CommandClass = .safety,
        channel: Int = 1
    ) -> Int {
        lastToken += 1
        let command = RelayCommand(
            token: lastToken, channel: channel, action: action, commandClass: commandClass,
            expires: life.map { now.uptime + $0 })
        take(session.send(command, at: now.uptime))
        return lastToken
    }

    @discardableResult
    mutating func pass(_ frames: [[UInt8]], port: Int = 0, life: Duration? = nil) -> Int {
        lastToken += 1
        let batch = SerialBatch(
            token: lastToken, port: port, frames: frames, expires: life.map { now.uptime + $0 })
        take(session.pass(batch, at: now.uptime))
        return lastToken
    }

    mutating func take(_ outputs: [CameraOutput]) {
        for output in outputs {
            switch output {
            case .observed(let push, let plate):
                observed.append(plate)
                if let storesEvents { settle(push.number, isDurable: storesEvents) }
            case .answer(let push, let reply):
                guard isConnected else {
                    answers.append(Answer(push: push.number, status: 0, action: .init(), at: now.uptime))
                    take(session.answered(push, isSent: false, at: now.uptime))
                    continue
                }
                answers.append(
                    Answer(
                        push: push.number, status: reply.status,
                        action: camera.act(on: reply.status, reply.body), at: now.uptime))
                take(session.answered(push, isSent: true, at: now.uptime))
            case .outcome(let token, let outcome): outcomes.append(Outcome(token: token, outcome: outcome))
            case .passed(_, let token, let outcome): passed.append(Outcome(token: token, outcome: outcome))
            case .serial(_, let bytes): received.append(bytes)
            case .faultRaised(let fault): faults.append(fault.code)
            case .faultCleared(let code): faults.removeAll { $0 == code }
            case .probe, .heartbeat: break
            }
        }
    }
}
