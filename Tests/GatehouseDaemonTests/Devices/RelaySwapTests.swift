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

    private func service(_ path: String) -> RelayService {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        var settings = Table<String, String>()
        settings["inputs"] = "8"
        plan.devices = [
            DevicePlan(name: "board", profile: "p", driver: "modbus-relay", address: path, settings: settings)
        ]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 2), lane: LaneID(0), output: .hold)]
        plan.inputs = [
            InputWire(
                terminal: Terminal(DeviceID(0), 2), meaning: .lane(LaneID(0), .safety(0)),
                contact: .normallyClosed, source: .modbus, staleAfter: .seconds(2))
        ]
        return RelayService(
            device: DeviceID(0), plan: plan, holding: [],
            loop: MultiThreadedEventLoopGroup.singleton.next(), clock: SystemClock(), inbox: inbox,
            captures: CaptureRing())
    }

    private func levels() -> [Level] {
        inbox.take().compactMap { input in
            if case .site(.input(_, let level, _)) = input { return level }
            return nil
        }
    }

    /// Looks every 20 ms, for 10 s at most.
    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test func `the old service leaves its inputs unknown, the new one brings what was ordered meanwhile`()
        async throws
    {
        let twin = try RelayTwin()
        defer { twin.stop() }
        twin.start()
        let old = service(twin.path)
        old.start()
        #expect(try await eventually { levels().contains(.off) })
        await old.mute()
        #expect(levels() == [.unknown])

        // Ordered when the plan has changed and the line is still the old one's.
        let next = service(twin.path)
        next.perform(
            DeviceCommand(
                id: DeviceCommand.ID(7), lane: LaneID(0), output: .hold, terminal: Terminal(DeviceID(0), 2),
                action: .on, commandClass: .safety, expires: nil, record: Sequence(1), cause: "test"))
        await old.stop()
        #expect(levels() == [])
        next.start()
        #expect(try await eventually { twin.with { $0.board.isClosed(2) } })
        #expect(try await eventually { levels().contains(.off) })
        await next.stop()
    }
}
