// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTwins
import NIOPosix
import Testing

@testable import GatehouseDaemon

/// Displays on real ttys: alone, beside a relay board, through a reload.
@Suite struct DisplayServiceTests {
    private let inbox = Inbox(bell: SilentBell())
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func services(_ plan: SitePlan, replacing old: DeviceServices? = nil) -> DeviceServices {
        let shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: Replies(),
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: CaptureRing())
        return DeviceServices(
            plan: plan, memory: SiteMemory(), io: loop, shared: shared, replacing: old)
    }

    private static func plan(card: String, driver: String = "led-card-64", board: String? = nil) -> SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.devices = [DevicePlan(name: "card", profile: "p", driver: driver, address: card)]
        plan.displays = [DisplayWire(device: DeviceID(0), lane: LaneID(0))]
        guard let board else { return plan }
        var settings = Table<String, String>()
        settings["inputs"] = "8"
        settings["reply_timeout_ms"] = "100"
        plan.devices.append(
            DevicePlan(
                name: "board", profile: "p", driver: "modbus-relay", address: board, settings: settings)
        )
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(1), 4), lane: LaneID(0), output: .green)]
        return plan
    }

    private func eventually(_ what: String, _ condition: () -> Bool) async throws {
        try await awaiting(what, within: .seconds(20)) { condition() ? true : nil }
    }

    @Test(arguments: [("led-card-64", DisplayCardModel.Kind.card64), ("led-card-aa55", .cardAA55)])
    func `a lane's text stands on its card, and again after the plug was pulled`(
        driver: String, kind: DisplayCardModel.Kind
    ) async throws {
        let twin = try DisplayTwin(kind)
        defer { twin.stop() }
        twin.start()
        let services = services(Self.plan(card: twin.path, driver: driver))
        services.start()
        services.show(LaneText(.full), at: LaneID(0))
        try await eventually("full") { twin.with { $0.lines[0] == "车位已满" && $0.spoken.count == 1 } }
        #expect(twin.with { $0.lines[1] } == "Full")
        _ = inbox.take()
        twin.pull()
        try await eventually("the line is lost") {
            inbox.take().contains { input in
                if case .site(.device(DeviceID(0), .faultRaised("line_lost", .warning, _))) = input {
                    true
                } else {
                    false
                }
            }
        }
        twin.with { $0 = DisplayCardModel(kind) }
        try twin.plugIn()
        try await eventually("full again") { twin.with { $0.lines[0] == "车位已满" && $0.clock != nil } }
        #expect(twin.with { $0.spoken } == [])
        await services.stop()
    }

    @Test func `a card and a board on one line both have their say`() async throws {
        let twin = try RelayTwin(card: DisplayCardModel())
        defer { twin.stop() }
        twin.start()
        let services = services(Self.plan(card: twin.path, board: twin.path))
        services.start()
        for round in 1...5 {
            services.show(LaneText(round % 2 == 0 ? .fault : .full), at: LaneID(0))
            let action: OutputAction = round % 2 == 0 ? .off : .on
            services.relays[DeviceID(1)]?.perform(
                DeviceCommand(
                    id: DeviceCommand.ID(Int64(round)), lane: LaneID(0), output: .green,
                    terminal: Terminal(DeviceID(1), 4), action: action, commandClass: .safety, expires: nil,
                    record: Sequence(1), cause: "test"))
            let text = round % 2 == 0 ? "设备故障 请按铃" : "车位已满"
            try await eventually("round \(round)") {
                twin.with { $0.card?.lines[0] == text && $0.board.isClosed(4) == (round % 2 == 1) }
            }
        }
        await services.stop()
    }

    @Test func `a reload that leaves the board alone keeps its line for a card that comes to it`()
        async throws
    {
        let twin = try RelayTwin(card: DisplayCardModel())
        defer { twin.stop() }
        twin.start()
        var before = Self.plan(card: twin.path, board: twin.path)
        before.displays = []
        let old = services(before)
        old.start()
        try await eventually("the board is up") { twin.starts == 1 }
        let next = services(Self.plan(card: twin.path, board: twin.path), replacing: old)
        #expect(next.relays[DeviceID(1)] === old.relays[DeviceID(1)])
        await old.mute(before: next)
        next.show(LaneText(.closed), at: LaneID(0))
        await old.stop(before: next)
        next.start(replacing: old)
        try await eventually("closed") { twin.with { $0.card?.lines[0] == "通道关闭 请走其他通道" } }
        // The line was not opened anew: the board would have been put to rest.
        #expect(twin.starts == 1)
        await next.stop()
    }
}
