// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Two arms in a row, outer and inner, each with its board: channel 1 is its down limit and its opening, 2 its presence.
extension SiteBench {
    fileprivate static let outer = LaneID(0)
    fileprivate static let inner = LaneID(1)

    fileprivate static func arms(_ change: (inout SitePlan) -> Void = { _ in }) -> SiteBench {
        let lanes = [("outer", LanePlan.Kind.entry), ("inner", .exit)].map { name, kind in
            var lane = LanePlan(name: name, kind: kind, area: AreaID(0), closing: .controller)
            lane.interlockSet = 0
            lane.hasLimitDown = true
            lane.presence = .loop
            lane.hasCamera = false
            lane.exitBlind = .open
            return lane
        }
        var plan = SitePlan.bench(lanes[0], lanes[1])
        for lane in [outer, inner] {
            plan.wire(down(lane), .lane(lane, .limitDown))
            plan.wire(presence(lane), .lane(lane, .presence))
        }
        change(&plan)
        var bench = SiteBench(plan)
        for lane in [outer, inner] {
            bench.level(down(lane), .on)
            bench.level(presence(lane), .off)
        }
        bench.advance(.seconds(6))
        bench.forget()
        return bench
    }

    /// Both arms lead in; the inner one's presence sees who stands between them.
    fileprivate static func airlock(_ change: (inout SitePlan) -> Void = { _ in }) -> SiteBench {
        arms { plan in
            plan.lanes[1].kind = .entry
            plan.airlocks = [AirlockPlan(interlockSet: 0, lane: inner, sensor: .presence)]
            change(&plan)
        }
    }

    fileprivate static func down(_ lane: LaneID) -> Terminal { Terminal(DeviceID(lane.index), 1) }
    fileprivate static func presence(_ lane: LaneID) -> Terminal { Terminal(DeviceID(lane.index), 2) }

    fileprivate func phase(_ lane: LaneID) -> LanePhase { site.lanes[lane.index].phase }

    fileprivate mutating func offerWayBack() {
        var out = Site.Effects(now: now)
        site.offerWayBack(from: Self.inner, &out)
        wanted(out.effects)
    }

    /// The camera at the inner arm.
    fileprivate mutating func see(_ plate: Plate, confidence: Int = 95) {
        let seen = PlateObservation(raw: plate.text, color: .blue, confidence: confidence)
        send(
            .observed(
                Observation(
                    device: DeviceID(2), plate: seen, capturedAt: now.uptime, receivedAt: now.uptime),
                reply: nil))
    }

    /// Calls of the guard, by their reasons.
    fileprivate var calls: [String] {
        effects.compactMap { if case .callGuard(_, let why) = $0 { why } else { nil } }
    }
}

extension SitePlan {
    fileprivate mutating func watchInner() {
        lanes[1].hasCamera = true
        devices.append(DevicePlan(name: "eye", profile: "p", driver: "d", address: "192.0.2.1"))
        cameras = [CameraWire(device: DeviceID(2), lane: SiteBench.inner, direction: .in)]
    }
}

/// What spans the arms of an interlock set (lanes.md §7.2, §7.4).
struct SiteRouteTests {
    private let outer = SiteBench.outer
    private let inner = SiteBench.inner

    @Test func `H-29 an emergency opens every arm of the way`() throws {
        var bench = SiteBench.arms()
        bench.order(.emergency, "outer")
        #expect(bench.site.lanes.map(\.phase) == [.heldOpen, .heldOpen])
        #expect(
            bench.site.lanes.map { $0.hold?.going } == [nil, .in], "the inner arm serves those who leave")
        var folded = SiteMemory()
        var rows: Table<ProjectionKey, [UInt8]> = Table()
        for record in bench.records {
            if let fact = try Fact(remembering: record.kind, Fields(record.payload)) {
                _ = folded.apply(fact, record.sequence, at: record.at)
            }
            for change in record.changes { rows[change.row] = change.value }
        }
        let read = try SiteMemory(rows: rows.inOrder.map { ProjectionRow($0.key, $0.value) })
        for memory in [folded, read] {
            #expect(memory.lanes["inner"]?.hold == bench.site.memory.lanes["inner"]?.hold)
        }
    }

    @Test func `H-29 a vehicle on duty that is known by name opens the whole way, and it closes by itself`()
        throws
    {
        let plate = try #require(Plate("沪A12345"))
        var bench = SiteBench.airlock { $0.watchInner() }
        var builder = DirectoryBuilder()
        try builder.set(
            ListEntry(
                id: 9, list: .emergency, plate: plate, effectiveFrom: WallTime(milliseconds: 0),
                reason: "ambulance", author: "li", owner: "clinic"))
        bench.send(.directory(try builder.build(asOf: Sequence(1))))
        bench.order(.holdClosed(until: nil), "outer")
        bench.level(SiteBench.presence(inner), .on)
        bench.forget()
        bench.see(plate)
        #expect(bench.site.lanes.map(\.phase) == [.heldOpen, .heldOpen])
        #expect(Set(bench.openings) == [outer, inner])
        #expect(bench.site.lanes[1].awaitsGranted, "its own passage is booked to it")
        let time = bench.site.plan.lanes[0].timers.emergencyHold
        bench.advance(time + .seconds(1))
        #expect(!bench.site.lanes.map(\.phase).contains(.heldOpen))
        #expect(bench.site.lanes[0].isHeldClosed, "what was before stands again")
    }

    @Test func `H-33 an exit without camera opens when the other arm is down, and not before`() {
        var bench = SiteBench.arms()
        bench.level(SiteBench.down(outer), .off)
        bench.level(SiteBench.presence(inner), .on)
        #expect(bench.openings.isEmpty, "the other arm is not known to be down")
        #expect(bench.phase(inner) == .waiting)
        bench.level(SiteBench.down(outer), .on)
        #expect(bench.phase(inner) == .opening)
    }

    /// Arms that rise when they are told to, and lower when the walk says so.
    private struct Walk {
        var bench: SiteBench
        var raised: Set<LaneID> = []
        var present: Set<LaneID> = []

        mutating func toggle(_ lane: LaneID) {
            let isThere = present.remove(lane) == nil
            if isThere { present.insert(lane) }
            bench.level(SiteBench.presence(lane), isThere ? .on : .off, for: .seconds(3))
            raise()
        }

        mutating func lower(_ lane: LaneID) {
            guard raised.remove(lane) != nil else { return }
            bench.level(SiteBench.down(lane), .on, for: .seconds(1))
            raise()
        }

        private mutating func raise() {
            let told = bench.openings
            bench.forget()
            for lane in told where raised.insert(lane).inserted {
                bench.level(SiteBench.down(lane), .off, for: .seconds(9))
            }
            if !told.isEmpty { raise() }
        }
    }

    @Test
    func `H-33 two arms of a set are never up together, in whatever order vehicles come and arms lower`() {
        var opened: Set<LaneID> = []
        func explore(_ walk: Walk, _ depth: Int) {
            #expect(walk.raised.count < 2)
            opened.formUnion(walk.raised)
            guard depth > 0, walk.raised.count < 2 else { return }
            for lane in [outer, inner] {
                var next = walk
                next.toggle(lane)
                explore(next, depth - 1)
                next = walk
                next.lower(lane)
                if next.raised != walk.raised { explore(next, depth - 1) }
            }
        }
        explore(Walk(bench: .arms { plan in plan.lanes[0].failOpen = true }), 5)
        #expect(opened == [outer, inner])
    }

    // MARK: Airlock

    @Test func `H-30 whoever is refused between the arms is offered the way back, once`() {
        var bench = SiteBench.airlock()
        bench.site.passedInAirlock(outer)
        bench.level(SiteBench.presence(inner), .on)
        bench.offerWayBack()
        #expect(bench.phase(outer) == .opening)
        #expect(bench.openings == [outer])
        bench.offerWayBack()
        #expect(bench.openings == [outer])
    }

    @Test func `H-30 the arm ahead comes before the arm behind`() {
        var bench = SiteBench.airlock()
        bench.site.passedInAirlock(outer)
        #expect(!bench.site.isInterlockBusy(for: outer))
        bench.level(SiteBench.presence(inner), .on)
        #expect(bench.site.isInterlockBusy(for: outer))
        #expect(!bench.site.isInterlockBusy(for: inner))
        bench.level(SiteBench.presence(inner), .off)
        #expect(!bench.site.isInterlockBusy(for: outer))
    }

    @Test func `H-30 nobody is offered a way back from an empty airlock`() {
        var bench = SiteBench.airlock()
        bench.site.passedInAirlock(outer)
        bench.offerWayBack()
        #expect(bench.phase(outer) == .clear)
    }

    @Test
    func `H-30 a vehicle between the arms of which nobody knows whence it came gets a person, and no arm`() {
        for isAfterAnother in [false, true] {
            var bench = SiteBench.airlock()
            if isAfterAnother {
                // In by the outer arm and on through the inner one.
                bench.site.passedInAirlock(outer)
                bench.site.passedInAirlock(inner)
            }
            bench.level(SiteBench.presence(inner), .on)
            bench.offerWayBack()
            #expect(bench.openings.isEmpty)
            #expect(bench.calls.contains("vehicle_in_airlock"))
            #expect(!bench.site.isInterlockBusy(for: inner), "neither arm is the one behind it")
        }
    }

    @Test func `H-30 a refusal for the record alone sends nobody back`() throws {
        let plate = try #require(Plate("沪A12345"))
        let lookAlike = try #require(Plate("沪A1234S"))
        var bench = SiteBench.airlock { plan in
            plan.watchInner()
            plan.policy.admitsTemporary = false
            plan.policy.fuzzy = .off
        }
        var builder = DirectoryBuilder()
        try builder.set(Permit(id: 3, plate: plate, household: 2))
        bench.send(.directory(try builder.build(asOf: Sequence(1))))
        bench.site.passedInAirlock(outer)
        bench.level(SiteBench.presence(inner), .on)
        bench.see(plate, confidence: 86)
        bench.see(lookAlike, confidence: 99)
        #expect(bench.records.map(\.kind).contains("accessGranted"))
        #expect(bench.records.map(\.kind).contains("accessDenied"), "for the record")
        #expect(bench.openings == [inner])
    }
}
