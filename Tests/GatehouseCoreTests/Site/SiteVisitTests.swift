// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A guest at the entry, and what its pass has left.
struct SiteVisitTests {
    private static let plate = Plate("沪A2K605") ?? Plate(packed: 0)
    private static let guest = StayHolder(.visitor, permit: 5)
    private var bench: SiteBench

    private static func pass(_ entries: Int) -> Permit {
        Permit(
            id: 5, plate: plate, household: 7,
            visit: Visit(
                from: ChargeBench.morning, to: ChargeBench.morning + .seconds(36_000), entries: entries))
    }

    init() { bench = Self.bench(Self.pass(1), strangers: false) }

    /// An entry like the exit of `ChargeBench`.
    private static func bench(_ pass: Permit, strangers: Bool) -> SiteBench {
        var lane = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .controller)
        lane.presence = .loop
        lane.safety = [.loop]
        lane.hasLimitDown = true
        var plan = SitePlan.bench(lane)
        plan.zone = ChargeBench.zone
        plan.policy.admitsTemporary = strangers
        plan.wire(ChargeBench.presence, .lane(LaneID(0), .presence))
        plan.wire(ChargeBench.safety, .lane(LaneID(0), .safety(0)))
        plan.wire(ChargeBench.limitDown, .lane(LaneID(0), .limitDown))
        plan.devices.append(DevicePlan(name: "eye", profile: "p", driver: "d", address: "192.0.2.1"))
        plan.cameras = [CameraWire(device: DeviceID(1), lane: LaneID(0), direction: .in)]
        var builder = DirectoryBuilder()
        try? builder.set(pass)
        let directory = (try? builder.build(asOf: Sequence(0))) ?? .empty
        var bench = SiteBench(plan, directory: directory, at: ChargeBench.morning)
        rests(&bench)
        bench.send(
            .operation(.directory([.permitSet(pass)], reason: nil), by: SiteBench.wang, reply: ReplyID(1)))
        return bench
    }

    private static func rests(_ bench: inout SiteBench) {
        bench.level(ChargeBench.presence, .off)
        bench.level(ChargeBench.safety, .off)
        bench.level(ChargeBench.limitDown, .on)
        bench.advance(.seconds(6))
    }

    /// The decision about it.
    private mutating func arrives() throws -> Fields {
        bench.level(ChargeBench.presence, .on)
        let seen = PlateObservation(raw: "沪A2K605", color: .blue, confidence: 98)
        bench.send(
            .observed(
                Observation(
                    device: DeviceID(1), plate: seen, capturedAt: bench.now.uptime,
                    receivedAt: bench.now.uptime), reply: nil))
        bench.advance(.seconds(1))
        let decided = bench.records.last { ["accessGranted", "accessDenied"].contains($0.kind) }
        return try Fields(try #require(decided).payload)
    }

    /// By whose right it is inside then.
    private mutating func passes() -> StayHolder? {
        bench.level(ChargeBench.limitDown, .off)
        bench.level(ChargeBench.safety, .on, for: .seconds(2))
        bench.level(ChargeBench.presence, .off)
        bench.level(ChargeBench.safety, .off, for: .seconds(4))
        bench.level(ChargeBench.limitDown, .on, for: .seconds(10))
        return stay?.holder
    }

    private mutating func turnsBack() {
        bench.level(ChargeBench.limitDown, .off)
        bench.level(ChargeBench.presence, .off, for: .seconds(10))
        bench.level(ChargeBench.limitDown, .on, for: .seconds(600))
    }

    private mutating func ends(_ repair: (StayID) -> StayRepair) throws {
        let id = try #require(stay).id
        bench.send(
            .operation(.stays([repair(id)], reason: "COUNTED"), by: SiteBench.wang, reply: ReplyID(2)))
        #expect(stay == nil)
        bench.advance(.seconds(600))
    }

    private var stay: Stay? { bench.site.memory.stays.stay(of: Self.plate) }
    private var used: Int { bench.site.memory.visits.count(of: 5) }

    @Test mutating func `whoever turned back has used nothing, whoever came in has`() throws {
        #expect(try arrives().string("reason") == "VISITOR_PASS")
        turnsBack()
        #expect(stay == nil && used == 0)
        #expect(try arrives().string("reason") == "VISITOR_PASS")
        #expect(passes() == Self.guest)
        #expect(used == 1)
        try ends(StayRepair.close)
        let refused = try arrives()
        #expect(try refused.string("reason") == "DENY_COUNT_EXHAUSTED")
        #expect(try refused.integer("rule") == 12)
        #expect(stay == nil)
    }

    @Test mutating func `a stay that never was gives its entry back`() throws {
        _ = try arrives()
        #expect(passes() == Self.guest)
        try ends(StayRepair.cancel)
        #expect(used == 0)
        #expect(try arrives().string("reason") == "VISITOR_PASS")
    }

    @Test mutating func `where strangers come in, one too many is one of them`() throws {
        bench = Self.bench(Self.pass(2), strangers: true)
        for reason in ["VISITOR_PASS", "VISITOR_PASS", "TEMP_VEHICLE"] {
            #expect(try arrives().string("reason") == reason)
            #expect(passes() == (reason == "VISITOR_PASS" ? Self.guest : StayHolder(.temporary)))
            try ends(StayRepair.close)
        }
        #expect(used == 2)
    }

    @Test mutating func `a restart between knows what was used`() throws {
        _ = try arrives()
        _ = passes()
        try ends(StayRepair.close)
        var folded = SiteMemory()
        for record in bench.records {
            #expect(try folded.fold(StoredRecord(record)) == record.changes, "\(record.kind)")
        }
        #expect(folded.visits == bench.site.memory.visits && folded.visits.count(of: 5) == 1)
        bench.restart(
            Site(
                plan: bench.site.plan, memory: folded, directory: bench.site.directory,
                nextSequence: bench.site.nextSequence, boot: "c"))
        Self.rests(&bench)
        #expect(try arrives().string("reason") == "DENY_COUNT_EXHAUSTED")
    }

    // MARK: By whose right

    private func decision(_ reason: ReasonCode) -> Decision {
        Decision(verdict: .grant, reason: reason, rule: 3, plate: Self.plate, permit: 5, household: 7)
    }

    @Test mutating func `a guest for whom a person opened is one while its pass has an entry left`() throws {
        #expect(bench.site.holder(by: decision(.operatorOpen)) == Self.guest)
        #expect(bench.site.holder(by: decision(.allowlisted)).vehicleClass == .allowlist)
        #expect(bench.site.holder(by: decision(.visitorPass)) == Self.guest)
        // Another comes in on it before this one is through.
        _ = try arrives()
        _ = passes()
        #expect(bench.site.holder(by: decision(.visitorPass)) == StayHolder(.temporary))
        #expect(bench.site.holder(by: decision(.operatorOpen)) == StayHolder(.temporary))
    }

    @Test mutating func `a stay keeps its own entry when a person says its plate`() throws {
        _ = try arrives()
        _ = passes()
        let inside = try #require(stay)
        let site = bench.site
        #expect(site.holder(of: Self.plate, area: "main", at: bench.now) == StayHolder(.temporary))
        #expect(site.holder(of: Self.plate, booking: inside, at: bench.now) == Self.guest)
        // Also when the pass is over by then; not for whoever came when it was.
        var late = bench.now
        late.wall = late.wall + .seconds(86_400)
        #expect(site.holder(of: Self.plate, booking: inside, at: late) == Self.guest)
        var other = inside
        other.opening.passedAt = late.wall
        #expect(site.holder(of: Self.plate, booking: other, at: late) == StayHolder(.temporary))
    }
}
