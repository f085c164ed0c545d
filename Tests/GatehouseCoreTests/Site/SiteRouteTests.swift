// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What spans the arms of an interlock set (lanes.md §7.2, §7.4).
struct SiteRouteTests {
    private var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))

    /// Two arms in a row, outer and inner; terminals 1 to 4: down limit and presence of each.
    private static var plan: SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.devices = [DevicePlan(name: "relays", profile: "p", driver: "modbus-relay", address: "/dev/x")]
        for (index, kind) in [LanePlan.Kind.entry, .exit].enumerated() {
            var lane = LanePlan(name: "arm\(index)", kind: kind, area: AreaID(0), closing: .controller)
            lane.interlockSet = 0
            lane.hasLimitDown = true
            lane.presence = .loop
            lane.hasCamera = false
            lane.exitBlind = .open
            plan.lanes.append(lane)
            plan.outputs.append(
                OutputWire(terminal: Terminal(DeviceID(0), index + 1), lane: LaneID(index), output: .open))
            for (offset, input) in [LaneInput.limitDown, .presence].enumerated() {
                plan.inputs.append(
                    InputWire(
                        terminal: Terminal(DeviceID(0), index * 2 + offset + 1),
                        meaning: .lane(LaneID(index), input), contact: .normallyOpen, source: .modbus,
                        staleAfter: .seconds(2)))
            }
        }
        return plan
    }

    private func input(_ number: Int, _ level: Level) -> SiteEvent {
        .input(Terminal(DeviceID(0), number), level, since: now.uptime)
    }

    /// Steps, lets debounce settle, and gives the openings commanded.
    private mutating func say(_ event: SiteEvent, to site: inout Site) -> [LaneID] {
        var effects = site.step(event, at: now)
        now.uptime = now.uptime + .milliseconds(400)
        for lane in site.lanes.indices {
            for entry in site.lanes[lane].timers.entries where entry.at <= now.uptime {
                effects += site.step(.timer(.lane(LaneID(lane), entry.timer)), at: now)
            }
        }
        return effects.compactMap { effect in
            guard case .command(let command) = effect, command.output == .open,
                case .pulse = command.action
            else { return nil }
            return command.lane
        }
    }

    private mutating func started() -> Site {
        var site = Site(
            plan: Self.plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
        let start = ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)
        _ = say(.started(start), to: &site)
        for number in [1, 3] { _ = say(input(number, .on), to: &site) }
        for number in [2, 4] { _ = say(input(number, .off), to: &site) }
        return site
    }

    @Test mutating func `H-29 an emergency opens every arm of the way`() {
        var site = started()
        let order = LaneOrder(
            action: .emergency, by: Operator(channel: "socket", name: "li"), reason: "ambulance")
        _ = say(.order(lane: "arm0", order, reply: ReplyID(1)), to: &site)
        #expect(site.lanes.map(\.phase) == [.heldOpen, .heldOpen])
    }

    @Test mutating func `H-33 an exit without camera opens when the other arm is down, and not before`() {
        var site = started()
        _ = say(input(1, .off), to: &site)
        #expect(say(input(4, .on), to: &site) == [], "the other arm is not known to be down")
        #expect(site.lanes[1].phase == .waiting)
        _ = say(input(1, .on), to: &site)
        #expect(site.lanes[1].phase == .opening)
    }

    // MARK: Airlock

    /// Both arms lead in; the inner one's presence sees who stands between them.
    private mutating func airlock() -> Site {
        var plan = Self.plan
        plan.lanes[1].kind = .entry
        plan.airlocks = [AirlockPlan(interlockSet: 0, lane: LaneID(1), sensor: .presence)]
        var site = Site(
            plan: plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
        let start = ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)
        _ = say(.started(start), to: &site)
        for number in [1, 3] { _ = say(input(number, .on), to: &site) }
        for number in [2, 4] { _ = say(input(number, .off), to: &site) }
        site.passedInAirlock(LaneID(0))
        return site
    }

    @Test mutating func `H-30 whoever is refused between the arms is offered the way back`() {
        var site = airlock()
        _ = say(input(4, .on), to: &site)
        var out = Site.Effects(now: now)
        site.offerWayBack(from: LaneID(1), &out)
        #expect(site.lanes[0].phase == .opening)
        #expect(site.lanes[1].phase != .opening)
        let openings = out.effects.count {
            if case .command(let one) = $0 { one.output == .open } else { false }
        }
        #expect(openings == 1)
        site.offerWayBack(from: LaneID(1), &out)
        let again = out.effects.count {
            if case .command(let one) = $0 { one.output == .open } else { false }
        }
        #expect(again == 1, "once for the vehicle that stands there")
    }

    @Test mutating func `H-30 the arm ahead comes before the arm behind`() {
        var site = airlock()
        #expect(!site.isInterlockBusy(for: LaneID(0)))
        _ = say(input(4, .on), to: &site)
        #expect(site.isInterlockBusy(for: LaneID(0)))
        #expect(!site.isInterlockBusy(for: LaneID(1)))
        _ = say(input(4, .off), to: &site)
        #expect(!site.isInterlockBusy(for: LaneID(0)))
    }

    @Test mutating func `H-30 nobody is offered a way back from an empty airlock`() {
        var site = airlock()
        var out = Site.Effects(now: now)
        site.offerWayBack(from: LaneID(1), &out)
        #expect(site.lanes[0].phase == .clear)
    }
}
