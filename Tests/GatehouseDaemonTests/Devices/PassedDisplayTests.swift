// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTransport
import GatehouseTwins
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseDaemon

/// A card behind a camera that pushes over TCP: what comes out of the camera's serial port is what the card reads.
@Suite struct PassedDisplayServiceTests {
    private let inbox = Inbox(bell: SilentBell())
    private let replies = Replies()
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let lane = LaneID(0)

    private static func plan(cometHold: Int = 0, port: Int = 1) -> SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.lanes = [LanePlan(name: "north", kind: .exit, area: AreaID(0), closing: .controller)]
        var camera = Table<String, String>()
        camera["comet_hold"] = "\(cometHold)"
        var card = Table<String, String>()
        card["clock"] = "false"
        // The card stands before its camera: the order in the site file is nobody's business.
        plan.devices = [
            DevicePlan(
                name: "card", profile: "p", driver: "led-card-64", address: "", settings: card,
                through: CameraPort(camera: "camera", port: port)),
            DevicePlan(
                name: "camera", profile: "p", driver: "vzenith-http", address: "127.0.0.1", settings: camera),
        ]
        plan.displays = [DisplayWire(device: DeviceID(0), lane: LaneID(0))]
        plan.cameras = [CameraWire(device: DeviceID(1), lane: LaneID(0), direction: .out)]
        return plan
    }

    private func services(_ plan: SitePlan, replacing old: DeviceServices? = nil) -> DeviceServices {
        let shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: replies,
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: CaptureRing())
        return DeviceServices(plan: plan, memory: SiteMemory(), io: loop, shared: shared, replacing: old)
    }

    private func running(_ plan: SitePlan, _ body: (DeviceServices, VzenithTwin) async throws -> Void)
        async throws
    {
        let services = services(plan)
        services.start()
        let push = PushService(
            admit: { services.refusal(of: $0) }, receive: { services.receive($0, $1) })
        let listener = try await HTTPPushListener.bind(
            host: "127.0.0.1", port: 0, loop: loop, service: push)
        let twin = VzenithTwin(name: "camera", address: "127.0.0.1", port: UInt16(listener.port)) { _ in }
        do {
            try await body(services, twin)
        } catch {
            await listener.close()
            throw error
        }
        await services.stop()
        await listener.close()
    }

    /// Who waits for the journal's word for the next event.
    private func event() async throws -> ReplyID {
        try await awaiting("the event", within: .seconds(20)) {
            for case .site(.observed(_, let reply?)) in inbox.take() { return reply }
            return nil
        }
    }

    private func answer(_ number: Int, of twin: VzenithTwin) async throws -> VzenithTwin.Answer {
        try await awaiting("answer \(number)", within: .seconds(20)) {
            twin.answers.count >= number ? twin.answers[number - 1] : nil
        }
    }

    /// When which answer leaves is real time, and a greeting lives three seconds: that one is tried in virtual time.
    @Test func `the answer to a car carries the text that stands by then`() async throws {
        try await running(Self.plan(port: 2)) { services, twin in
            services.show(LaneText(.closed), at: lane)
            try await loop.submit {}.get()
            var card = DisplayCardModel()
            for number in 1...5 where card.lines[0].isEmpty {
                twin.send(VzenithCameraModel.Sight(plate: "沪A1234\(number)"))
                replies.answer(try await event(), .done(Sequence(Int64(number))))
                let sent = try await answer(number, of: twin).action.serial
                #expect(sent.allSatisfy { $0.port == 1 })
                for frame in sent { _ = card.receive(frame.bytes, at: .zero) }
            }
            #expect(card.lines[0] == "通道关闭 请走其他通道")
        }
    }

    @Test func `of two texts the newer goes, and a heartbeat that is held brings it at once`() async throws {
        try await running(Self.plan(cometHold: 20)) { services, twin in
            services.show(LaneText(.full), at: lane)
            services.show(LaneText(.closed), at: lane)
            try await loop.submit {}.get()
            twin.sendHeartbeat()
            var card = DisplayCardModel()
            for frame in try await answer(1, of: twin).action.serial {
                _ = card.receive(frame.bytes, at: .zero)
            }
            #expect(card.lines[0] == "通道关闭 请走其他通道")
            twin.sendHeartbeat()
            services.show(LaneText(.fault), at: lane)
            // What did not leave whole the first time may go again before it.
            for number in 2...9 where card.lines[0] != "设备故障 请按铃" {
                for frame in try await answer(number, of: twin).action.serial {
                    _ = card.receive(frame.bytes, at: .zero)
                }
                twin.sendHeartbeat()
            }
            #expect(card.lines[0] == "设备故障 请按铃")
        }
    }

    @Test func `a card stays with its camera, and goes with it`() async {
        let old = services(Self.plan())
        var plan = Self.plan()
        plan.policy.admitsTemporary = false
        let same = services(plan, replacing: old)
        #expect(same.displays[DeviceID(0)] === old.displays[DeviceID(0)])
        plan.devices[1].address = "127.0.0.2"
        let moved = services(plan, replacing: old)
        #expect(moved.cameras[DeviceID(1)] !== old.cameras[DeviceID(1)])
        #expect(moved.displays[DeviceID(0)] !== old.displays[DeviceID(0)])
        plan = Self.plan(port: 2)
        let replugged = services(plan, replacing: old)
        #expect(replugged.cameras[DeviceID(1)] !== old.cameras[DeviceID(1)])
        #expect(replugged.displays[DeviceID(0)] !== old.displays[DeviceID(0)])
    }
}
