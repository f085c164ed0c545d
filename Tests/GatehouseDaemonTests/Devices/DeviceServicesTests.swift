// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTransport
import GatehouseTwins
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatehouseDaemon

/// Devices of a plan with the inbox in the test's hands: what the journal would answer, it answers.
private struct Bench: Sendable {
    let inbox = Inbox(bell: SilentBell())
    let replies = Replies()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let shared: CameraService.Shared

    init(patience: TimeAmount = .hours(1)) {
        let inbox = inbox
        shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: replies,
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: CaptureRing(),
            patience: patience)
    }

    static var plan: SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        for name in ["one", "two"] {
            var settings = Table<String, String>()
            settings["inputs"] = "8"
            plan.devices.append(
                DevicePlan(
                    name: name, profile: "p", driver: "modbus-relay", address: "/nowhere/\(name)",
                    settings: settings))
        }
        plan.devices.append(
            DevicePlan(name: "camera", profile: "p", driver: "hikvision-isapi", address: "127.0.0.1"))
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        plan.cameras = []
        return plan
    }

    func services(_ plan: SitePlan, replacing old: DeviceServices? = nil) -> DeviceServices {
        DeviceServices(plan: plan, memory: SiteMemory(), io: loop, shared: shared, replacing: old)
    }

    /// Sends the bytes and returns at once; the statuses come in `answers`.
    func push(_ request: PlateCameraModel.Request, _ services: DeviceServices, _ answers: Answers)
        async throws
    {
        let push = PushRequest(
            method: "POST", path: "/camera/camera", query: nil, contentType: request.contentType,
            body: request.body, peer: "127.0.0.1")
        try await loop.submit { services.receive(push) { answers.add($0.status) } }.get()
    }

    /// The events that came, each answered.
    func settle(_ answer: Answer) async throws -> Int {
        var count = 0
        for case .site(.observed(_, let reply?)) in inbox.take() {
            count += 1
            replies.answer(reply, answer)
        }
        // The service hears of it on its loop.
        try await loop.submit {}.get()
        return count
    }
}

private final class Answers: Sendable {
    private let statuses = Mutex<[Int]>([])
    func add(_ status: Int) { statuses.withLock { $0.append(status) } }
    var all: [Int] { statuses.withLock { $0 } }
}

@Suite struct DeviceServicesTests {
    private let bench = Bench()
    private let answers = Answers()

    private func event() -> PlateCameraModel.Request {
        var camera = PlateCameraModel(address: "127.0.0.1", target: "/camera/camera")
        return camera.capture(PlateCameraModel.Sight(plate: "蓝沪A12345"), at: SystemClock().now().wall)
    }

    @Test func `an event that could not be stored is answered 503, and its repeat is not lost`() async throws
    {
        let services = bench.services(Bench.plan)
        let event = event()
        try await bench.push(event, services, answers)
        #expect(try await bench.settle(.notStored("the disk stalls")) == 1)
        #expect(answers.all == [503])
        try await bench.push(event, services, answers)
        #expect(try await bench.settle(.done(Sequence(7))) == 1)
        #expect(answers.all == [503, 200])
        try await bench.push(event, services, answers)
        #expect(try await bench.settle(.done(Sequence(8))) == 0)
        #expect(answers.all == [503, 200, 200])
    }

    @Test func `a repeat is not acknowledged before the first is durable`() async throws {
        let services = bench.services(Bench.plan)
        let event = event()
        for _ in 0..<3 { try await bench.push(event, services, answers) }
        #expect(answers.all == [])
        #expect(try await bench.settle(.done(Sequence(7))) == 1)
        #expect(answers.all == [200, 200, 200])
    }

    @Test func `an event that nobody ever answers for is refused in the end and new when it comes again`()
        async throws
    {
        let bench = Bench(patience: .milliseconds(1))
        let services = bench.services(Bench.plan)
        let event = event()
        for round in 1...2 {
            try await bench.push(event, services, answers)
            try await awaiting("the refusal", within: .seconds(20)) {
                answers.all.count < round ? nil : true
            }
            #expect(answers.all == Array(repeating: 503, count: round))
        }
        #expect(bench.inbox.take().count { if case .site(.observed) = $0 { true } else { false } } == 2)
    }

    @Test func `a reload keeps the services of devices that it leaves alone`() {
        let old = bench.services(Bench.plan)
        var plan = Bench.plan
        plan.devices[1].address = "/nowhere/else"
        plan.lanes[0].closing = .controller
        let next = bench.services(plan, replacing: old)
        #expect(next.relays[DeviceID(0)] === old.relays[DeviceID(0)])
        #expect(next.relays[DeviceID(1)] !== old.relays[DeviceID(1)])
        #expect(next.cameras[DeviceID(2)] === old.cameras[DeviceID(2)])
    }

    @Test func `a board whose wires mean something else, or that got another number, is another one`() {
        let old = bench.services(Bench.plan)
        var rewired = Bench.plan
        rewired.outputs[0].output = .hold
        #expect(bench.services(rewired, replacing: old).relays[DeviceID(0)] !== old.relays[DeviceID(0)])
        var renumbered = Bench.plan
        renumbered.devices.swapAt(0, 1)
        renumbered.outputs[0].terminal = Terminal(DeviceID(1), 1)
        let next = bench.services(renumbered, replacing: old)
        for (_, relay) in next.relays.inOrder { #expect(!old.relays.inOrder.contains { $0.value === relay }) }
    }

    @Test func `what was replaced raises no fault under a number that may be another device's`() async throws
    {
        func faults(of relay: any RelayDevice) async throws -> Int {
            let board = try #require(relay as? BoardService)
            try await bench.loop.submit { board.disconnected(why: "hung up") }.get()
            return bench.inbox.take().count { if case .site(.device) = $0 { true } else { false } }
        }
        let old = bench.services(Bench.plan)
        #expect(try await faults(of: try #require(old.relays[DeviceID(1)])) == 1)
        let next = bench.services(Bench.plan)
        await old.mute(before: next)
        #expect(try await faults(of: try #require(old.relays[DeviceID(0)])) == 0)
        #expect(try await faults(of: try #require(next.relays[DeviceID(0)])) == 1)
    }

    @Test
    func `an order to a camera's output goes with an answer to it, and the engine hears what became of it`()
        async throws
    {
        var plan = Bench.plan
        plan.devices.append(
            DevicePlan(name: "answering", profile: "p", driver: "vzenith-http", address: "127.0.0.1"))
        let terminal = Terminal(DeviceID(3), 1)
        plan.outputs.append(OutputWire(terminal: terminal, lane: LaneID(0), output: .open))
        let services = bench.services(plan)
        var camera = VzenithCameraModel(address: "127.0.0.1", target: "/camera/answering")
        let event = camera.capture(
            VzenithCameraModel.Sight(plate: "沪A12345"), at: SystemClock().now().wall)
        let push = PushRequest(
            method: "POST", path: camera.target, query: nil, contentType: event.contentType,
            body: event.body, peer: "127.0.0.1")
        let bodies = Mutex<[[UInt8]]>([])
        let receive = { @Sendable in
            services.receive(push) { reply in
                bodies.withLock { $0.append(reply.body) }
                reply.sent?(true)
            }
        }
        let command = DeviceCommand(
            id: DeviceCommand.ID(9), lane: LaneID(0), output: .open, terminal: terminal,
            action: .pulse(.milliseconds(500)), commandClass: .grant,
            expires: SystemClock().uptime() + .seconds(3600), record: Sequence(8), cause: "grant")
        services.perform(command)
        try await bench.loop.submit { receive() }.get()
        let outcomes = try await awaiting("the outcomes", within: .seconds(20)) {
            let found = bench.inbox.take().compactMap { input in
                if case .site(.command(DeviceCommand.ID(9), let outcome)) = input { outcome } else { nil }
            }
            return found.isEmpty ? nil : found
        }
        guard case .written = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        let said = bodies.withLock { $0 }
        #expect(said.map { camera.act(on: 200, $0).pulsed } == [0])
        // Its service ends: nothing that waits is done by another.
        services.perform(command)
        await services.stop()
        let end = try await awaiting("the end", within: .seconds(20)) {
            bench.inbox.take().compactMap { input in
                if case .site(.command(_, .withdrawn(let why))) = input { why } else { nil }
            }.first
        }
        #expect(end.contains("service"))
    }

    @Test func `commands of the new plan go to the new services, those of the old one to the old`()
        async throws
    {
        let old = bench.services(Bench.plan)
        let next = bench.services(Bench.plan)
        let shell = Shell(
            replies: bench.replies,
            keeper: DirectoryKeeper(
                inbox: bench.inbox, clock: SystemClock(), logger: .init(label: "test")),
            watchers: Watchers(), tally: Tally(), logger: .init(label: "test"))
        shell.attach(old)
        shell.prepare(next)
        #expect(shell.attached === old)
        shell.replanned()
        #expect(shell.attached === next)
        shell.replanned()
        #expect(shell.attached === next)
    }
}
