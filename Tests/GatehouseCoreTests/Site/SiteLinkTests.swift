// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a pole says of a link that is down.
struct SiteLinkTests {
    private static let lamp = Terminal(DeviceID(0), 8)

    private static func plan(showsOffline: Bool = false) -> SitePlan {
        var lane = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)
        lane.outputs = [.open, .linkLamp]
        var plan = SitePlan.bench(lane)
        plan.areas = [AreaPlan(name: "main", capacity: 20)]
        plan.outputs.append(OutputWire(terminal: lamp, lane: LaneID(0), output: .linkLamp))
        plan.devices.append(
            DevicePlan(name: "card", profile: "p", driver: "led-card-64", address: "/dev/c"))
        plan.displays = [DisplayWire(device: DeviceID(1), lane: LaneID(0))]
        plan.uplink = UplinkPlan(host: "broker", port: 8883, usesTLS: true, topic: "t")
        plan.uplink?.showsOffline = showsOffline
        return plan
    }

    private static let lost = SiteEvent.service(
        .uplink, .faultRaised(code: "link_lost", severity: .warning, detail: "nothing for a minute"))
    private static let found = SiteEvent.service(.uplink, .faultCleared(code: "link_lost"))

    private func lamps(_ bench: SiteBench) -> [OutputAction] {
        bench.effects.compactMap { effect in
            guard case .command(let command) = effect, command.terminal == Self.lamp else { return nil }
            return command.action
        }
    }

    private func texts(_ bench: SiteBench) -> [LaneText] {
        bench.effects.compactMap { if case .show(_, let text) = $0 { text } else { nil } }
    }

    @Test func `the lamp is lit while a fault of the uplink stands, and says so in status`() {
        var bench = SiteBench(Self.plan())
        #expect(!bench.site.status(at: bench.now).isLinkSignalled)
        bench.forget()
        bench.send(Self.lost)
        #expect(lamps(bench) == [.on])
        // Lamps are on no record of their own: the fault is.
        #expect(bench.records.map(\.kind) == ["faultRaised"])
        #expect(bench.site.status(at: bench.now).isLinkSignalled)
        let refused = DeviceEvent.faultRaised(code: "upstream_refuses", severity: .warning, detail: "")
        bench.send(.service(.uplink, refused))
        bench.send(Self.found)
        #expect(lamps(bench) == [.on], "one fault stands still")
        bench.send(.service(.uplink, .faultCleared(code: "upstream_refuses")))
        #expect(lamps(bench) == [.on, .off])
        #expect(!bench.site.status(at: bench.now).isLinkSignalled)
    }

    @Test func `other faults are no concern of the lamp`() {
        var bench = SiteBench(Self.plan())
        bench.forget()
        bench.send(
            .service(.cameraPort, .faultRaised(code: "listener", severity: .critical, detail: "")))
        #expect(lamps(bench) == [])
    }

    @Test func `a lane that a reload made anew lights its lamp again`() {
        var bench = SiteBench(Self.plan())
        bench.send(Self.lost)
        bench.forget()
        var plan = Self.plan()
        plan.lanes[0].closing = .controller
        bench.reload(plan)
        #expect(lamps(bench) == [.on])
    }

    @Test func `where nobody is a board says that it is offline, if the site wants it`() {
        var bench = SiteBench(Self.plan(showsOffline: true))
        bench.advance(.seconds(60))
        bench.forget()
        bench.send(Self.lost)
        #expect(texts(bench) == [LaneText(.idle, free: 20, isOffline: true)])
        #expect(texts(bench).last?.words.chinese == ["网络离线", "余位20"])
        #expect(texts(bench).last?.words.english == ["Offline, 20 free"])
        bench.forget()
        bench.send(Self.found)
        #expect(texts(bench) == [LaneText(.idle, free: 20)])
        var silent = SiteBench(Self.plan())
        silent.advance(.seconds(60))
        silent.forget()
        silent.send(Self.lost)
        #expect(texts(silent) == [])
    }

    @Test func `a board of lamps that fails stops no lane`() {
        var plan = Self.plan()
        plan.devices.append(
            DevicePlan(name: "lamps", profile: "p", driver: "modbus-relay", address: "/dev/l"))
        plan.outputs[1].terminal = Terminal(DeviceID(2), 1)
        var bench = SiteBench(plan)
        bench.advance(.seconds(60))
        let before = bench.site.lanes[0].phase
        bench.send(.device(DeviceID(2), .faultRaised(code: "line_lost", severity: .critical, detail: "")))
        #expect(bench.site.lanes[0].phase == before)
        #expect(!bench.site.lanes[0].faults.contains(.outputFailed))
    }
}
