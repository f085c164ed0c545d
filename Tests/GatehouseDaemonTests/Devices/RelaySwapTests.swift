// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTwins
import NIOPosix
import Testing

@testable import GatehouseDaemon

/// A board that changes hands, on a real tty: what a reload does to a board that it changed.
@Suite struct RelaySwapTests {
    private let inbox = Inbox(bell: SilentBell())

    private func services(
        _ path: String, timeout: String = "60", replacing old: DeviceServices? = nil
    ) -> DeviceServices {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        var settings = Table<String, String>()
        settings["inputs"] = "8"
        settings["reply_timeout_ms"] = timeout
        plan.devices = [
            DevicePlan(name: "board", profile: "p", driver: "modbus-relay", address: path, settings: settings)
        ]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.outputs = [
            OutputWire(terminal: Terminal(DeviceID(0), 2), lane: LaneID(0), output: .hold),
            OutputWire(terminal: Terminal(DeviceID(0), 4), lane: LaneID(0), output: .green),
        ]
        plan.inputs = [
            InputWire(
                terminal: Terminal(DeviceID(0), 2), meaning: .lane(LaneID(0), .safety(0)),
                contact: .normallyClosed, source: .modbus, staleAfter: .seconds(2))
        ]
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: Replies(),
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: CaptureRing())
        return DeviceServices(plan: plan, memory: SiteMemory(), io: loop, shared: shared, replacing: old)
    }

    private func command(_ number: Int64, _ channel: Int, _ action: OutputAction) -> DeviceCommand {
        DeviceCommand(
            id: DeviceCommand.ID(number), lane: LaneID(0), output: channel == 2 ? .hold : .green,
            terminal: Terminal(DeviceID(0), channel), action: action, commandClass: .safety, expires: nil,
            record: Sequence(1), cause: "test")
    }

    private func levels() -> [Level] {
        inbox.take().compactMap { input in
            if case .site(.input(_, let level, _)) = input { return level }
            return nil
        }
    }

    private func eventually(_ what: String, _ condition: () -> Bool) async throws {
        try await awaiting(what, within: .seconds(20)) { condition() ? true : nil }
    }

    @Test func `the old service leaves its inputs unknown, the new one brings what was ordered meanwhile`()
        async throws
    {
        let twin = try RelayTwin()
        defer { twin.stop() }
        twin.start()
        let old = services(twin.path)
        old.start()
        try await eventually("the input") { levels().contains(.off) }
        let next = services(twin.path, timeout: "70", replacing: old)
        await old.mute(before: next)
        #expect(levels() == [.unknown])

        // Ordered when the plan has changed and the line is still the old one's.
        next.relays[DeviceID(0)]?.perform(command(7, 2, .on))
        await next.inherit(from: old)
        await old.stop(before: next)
        #expect(levels() == [])
        next.start(replacing: old)
        try await eventually("the hold") { twin.with { $0.board.isClosed(2) } }
        try await eventually("the input") { levels().contains(.off) }
        await next.stop()
    }

    @Test func `H-43 what a lane holds is held over the swap, unless it was ordered otherwise since`()
        async throws
    {
        let twin = try RelayTwin()
        defer { twin.stop() }
        twin.start()
        let old = services(twin.path)
        old.start()
        for channel in [2, 4] { old.relays[DeviceID(0)]?.perform(command(Int64(channel), channel, .on)) }
        try await eventually("both outputs") {
            twin.with { $0.board.isClosed(2) && $0.board.isClosed(4) }
        }
        let next = services(twin.path, timeout: "70", replacing: old)
        await old.mute(before: next)
        next.relays[DeviceID(0)]?.perform(command(8, 4, .off))
        await next.inherit(from: old)
        await old.stop(before: next)
        let starts = twin.starts
        next.start(replacing: old)
        _ = levels()
        try await eventually("the new line") { twin.starts > starts && levels().contains(.off) }
        let edges = twin.with { $0.board.edges }
        #expect(edges.filter { $0.relay == 2 }.map(\.isClosed) == [true])
        #expect(edges.filter { $0.relay == 4 }.map(\.isClosed) == [true, false])
        await next.stop()
    }
}
