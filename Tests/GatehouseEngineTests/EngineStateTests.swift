// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

/// Drives an engine whose one lane has no equipment but an open relay: technicians' orders are enough to see
/// how commands, records and answers wait.
private struct Bench {
    var state: EngineState
    var now: Moment
    private(set) var outputs: [EngineOutput] = []

    init(actWithin: Duration = .milliseconds(100), presence: SensorKind? = nil) {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.devices = [
            DevicePlan(name: "relays", profile: "p", driver: "modbus-relay", address: "/dev/x")
        ]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.lanes[0].presence = presence
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        plan.journal.actWithin = actWithin
        let site = Site(
            plan: plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
        state = EngineState(site: site)
        now = Moment(
            uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 1_772_411_415_000))
    }

    mutating func after(_ span: Duration) {
        now.uptime = now.uptime + span
        now.wall = now.wall + span
    }

    @discardableResult
    mutating func absorb(_ input: EngineInput) -> EngineOutput {
        let output = state.absorb(input, at: now)
        outputs.append(output)
        return output
    }

    /// A started lane, everything durable.
    mutating func settle() {
        absorb(
            .site(.started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false))))
        for _ in 0..<30 {
            after(.seconds(1))
            absorb(.wake)
            absorb(.journal(.committed(through: last)))
        }
    }

    /// As they are handed to the journal.
    var isInOrder: Bool {
        let numbers = outputs.flatMap(\.records).map(\.sequence.number)
        return numbers == Array(1...Int64(numbers.count))
    }

    var last: Int64 { state.site.nextSequence.number - 1 }

    /// The lane gets a camera.
    mutating func watch() {
        var plan = state.site.plan
        plan.devices.append(
            DevicePlan(name: "camera", profile: "p", driver: "hikvision-isapi", address: "127.0.0.1"))
        plan.cameras = [CameraWire(device: DeviceID(1), lane: LaneID(0), direction: .in)]
        absorb(.site(.plan(plan, hash: "c")))
    }

    @discardableResult
    mutating func see() -> EngineOutput {
        absorb(
            .site(
                .observed(
                    Observation(
                        device: DeviceID(1), plate: PlateObservation(raw: "沪A12345"), capturedAt: now.uptime,
                        receivedAt: now.uptime), reply: ReplyID(7))))
    }

    mutating func takeLaneAway() {
        var plan = state.site.plan
        plan.lanes = []
        plan.outputs = []
        absorb(.site(.plan(plan, hash: "n")))
    }

    mutating func openByPerson(_ reply: UInt64) -> EngineOutput { order(.open, reply) }

    mutating func order(
        _ action: LaneOrder.Action, _ reply: UInt64, lane: String = "north"
    ) -> EngineOutput {
        let order = LaneOrder(
            action: action, by: Operator(channel: "socket", name: "wang"), reason: "VISITOR_VERIFIED")
        return absorb(.site(.order(lane: lane, order, reply: ReplyID(reply))))
    }

    /// The board gets a door with a lock.
    mutating func hang() {
        var plan = state.site.plan
        plan.walkways = [WalkwayPlan(name: "side", kind: .door, area: AreaID(0))]
        plan.walkways[0].outputs = [.unlock]
        plan.outputs.append(
            OutputWire(terminal: Terminal(DeviceID(0), 2), lane: LaneID(1), output: .unlock))
        absorb(.site(.plan(plan, hash: "d")))
        for _ in 0..<6 {
            after(.seconds(1))
            absorb(.wake)
            absorb(.journal(.committed(through: last)))
        }
    }
}

extension EngineOutput {
    fileprivate var openings: [DeviceCommand] { commands.filter { $0.output == .open } }
    fileprivate var storeNotices: [EngineNotice] {
        notices.filter { if case .store = $0 { true } else { false } }
    }
    fileprivate var kinds: [String] { records.map(\.kind) }
}

@Suite struct EngineStateTests {
    @Test func `a grant waits for its record and leaves when that is durable`() {
        var bench = Bench()
        bench.settle()
        let asked = bench.openByPerson(1)
        #expect(asked.openings.isEmpty)
        #expect(asked.kinds.contains("barrierCommanded"))
        #expect(asked.answers.isEmpty)
        bench.after(.milliseconds(8))
        let committed = bench.absorb(.journal(.committed(through: bench.last)))
        #expect(committed.openings.count == 1)
        #expect(committed.answers.count == 1)
        #expect(!bench.outputs.flatMap(\.kinds).contains("actedBeforeDurable"))
    }

    @Test func `a grant that waits for a lane that a reload takes away is not released`() {
        var bench = Bench()
        bench.settle()
        let asked = bench.openByPerson(1)
        #expect(asked.kinds.contains("barrierCommanded"))
        bench.takeLaneAway()
        #expect(bench.absorb(.journal(.committed(through: bench.last))).openings.isEmpty)
        bench.after(.seconds(1))
        #expect(bench.absorb(.wake).openings.isEmpty)
    }

    @Test func `a grant that waits for its record follows its lane's board to another number`() throws {
        var bench = Bench()
        bench.settle()
        _ = bench.openByPerson(1)
        var plan = bench.state.site.plan
        plan.devices.insert(
            DevicePlan(name: "another", profile: "p", driver: "modbus-relay", address: "/dev/y"), at: 0)
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(1), 1), lane: LaneID(0), output: .open)]
        bench.absorb(.site(.plan(plan, hash: "n")))
        let opened = bench.absorb(.journal(.committed(through: bench.last)))
        #expect(opened.openings.map(\.terminal) == [Terminal(DeviceID(1), 1)])
    }

    @Test func `a grant that waits for its record does not open the lane that has its number by then`() {
        var bench = Bench()
        bench.settle()
        _ = bench.openByPerson(1)
        var plan = bench.state.site.plan
        plan.lanes[0].name = "south"
        bench.absorb(.site(.plan(plan, hash: "n")))
        #expect(bench.absorb(.journal(.committed(through: bench.last))).openings.isEmpty)
        bench.after(.seconds(1))
        #expect(bench.absorb(.wake).openings.isEmpty)
        let late = bench.openByPerson(2)
        #expect(
            late.openings.isEmpty
                && late.answers.contains { if case .refused = $0.answer { true } else { false } })
    }

    @Test func `an outcome that comes after its lane was taken away is not recorded of another`() throws {
        var bench = Bench()
        bench.settle()
        _ = bench.openByPerson(1)
        let opened = bench.absorb(.journal(.committed(through: bench.last)))
        let command = try #require(opened.openings.first)
        bench.takeLaneAway()
        let told = bench.absorb(.site(.command(command.id, .confirmed(at: bench.now.uptime))))
        #expect(!told.made.contains { $0.kind == "commandPerformed" })
    }

    @Test func `H-23 a grant whose record is not durable in time acts and says so`() throws {
        var bench = Bench()
        bench.settle()
        let asked = bench.openByPerson(1)
        let command = try #require(asked.made.first { $0.kind == "barrierCommanded" })
        let deadline = try #require(bench.state.nextDeadline)
        #expect(deadline <= bench.now.uptime + .milliseconds(100))
        bench.after(.milliseconds(99))
        #expect(bench.absorb(.wake).openings.isEmpty)
        bench.after(.milliseconds(1))
        let late = bench.absorb(.wake)
        #expect(late.openings.count == 1)
        #expect(late.openings.first?.record == command.sequence)
        #expect(late.kinds.contains("actedBeforeDurable"))
        // The commit that comes at last opens nothing again.
        #expect(bench.absorb(.journal(.committed(through: bench.last))).openings.isEmpty)
    }

    @Test func `a lock that is let go before its unlocking was durable is not unlocked afterwards`() {
        var bench = Bench()
        bench.settle()
        bench.hang()
        let opened = bench.order(.open, 1, lane: "side")
        #expect(opened.commands.isEmpty)
        bench.after(.milliseconds(20))
        let released = bench.order(.release, 2, lane: "side")
        #expect(released.commands.map(\.action) == [.off])
        bench.after(.milliseconds(8))
        #expect(bench.absorb(.journal(.committed(through: bench.last))).commands.isEmpty)
        bench.after(.seconds(1))
        #expect(bench.absorb(.wake).commands.isEmpty)
    }

    /// A deadline beyond what the clock can count was due at once, for ever.
    @Test func `a hold until the end of time is armed once and ends when it is released`() {
        var bench = Bench()
        bench.settle()
        let held = bench.order(.holdClosed(until: WallTime(milliseconds: .max)), 1)
        #expect(held.made.contains { $0.kind == "holdStarted" })
        bench.after(.seconds(60))
        #expect(!bench.absorb(.wake).made.contains { $0.kind == "holdEnded" })
        #expect(bench.order(.release, 2).made.contains { $0.kind == "holdEnded" })
    }

    @Test func `an answer is said only when its record is durable, else the asker hears that it is not`() {
        var bench = Bench()
        bench.settle()
        #expect(bench.openByPerson(7).answers.isEmpty)
        bench.after(.seconds(3))
        let given = bench.absorb(.wake).answers
        #expect(given.count == 1)
        guard case .notStored = given.first?.answer else {
            Issue.record("the answer claims durability: \(given)")
            return
        }
    }

    @Test func `without a store a person's order opens at once`() {
        var bench = Bench()
        bench.settle()
        bench.absorb(.journal(.commitFailed(after: bench.last, .diskFull)))
        #expect(!bench.state.isStoreAvailable)
        #expect(bench.openByPerson(1).openings.count == 1)
    }

    @Test func `the store's return is recorded and numbers have no gap`() {
        var bench = Bench()
        bench.settle()
        bench.absorb(.journal(.commitFailed(after: bench.last, .diskFull)))
        bench.absorb(.journal(.committed(through: bench.last)))
        bench.after(.seconds(20))
        bench.absorb(.wake)
        #expect(bench.state.isStoreAvailable)
        let all = bench.outputs.flatMap(\.records)
        #expect(all.map(\.kind).contains("storeRestored"))
        #expect(all.map(\.sequence.number) == Array(1...Int64(all.count)))
    }

    /// An opening that acts at once says so in a record of its own, after all that its step has recorded.
    @Test func `without a store records leave in the order of their numbers`() {
        var bench = Bench(presence: .loop)
        bench.absorb(
            .site(.started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false))))
        bench.absorb(.journal(.commitFailed(after: 0, .failed("x"))))
        // The start is over with it, and that nothing is heard of the presence loop is a fault from now on.
        #expect(bench.openByPerson(1).openings.count == 1)
        bench.after(.seconds(1))
        bench.absorb(.wake)
        let kinds = bench.outputs.flatMap(\.kinds)
        #expect(kinds.contains("actedBeforeDurable") && kinds.contains("faultRaised"))
        #expect(bench.isInOrder)
    }

    @Test func `a store that fills up in the middle of a step leaves records in the order of their numbers`()
    {
        var bench = Bench()
        bench.settle()
        for order in 0..<2500 {
            bench.after(.milliseconds(730))
            _ = bench.openByPerson(UInt64(order))
        }
        #expect(bench.outputs.flatMap(\.kinds).contains("storeUnavailable"))
        #expect(bench.isInOrder)
    }

    @Test func `records in flight are bounded, what finds no place is counted and numbering has no gap`() {
        var bench = Bench()
        bench.settle()
        for _ in 0..<RecordBatch.maximumRecords + 10 {
            bench.absorb(.site(.clockStepped(.seconds(5))))
        }
        #expect(bench.state.recordsInFlight <= RecordBatch.maximumRecords + 1)
        let inFlight = bench.last
        bench.after(.seconds(2))
        bench.absorb(.wake)
        bench.absorb(.journal(.committed(through: inFlight)))
        let restored = bench.outputs.flatMap(\.made).last { $0.kind == "storeRestored" }
        #expect(restored?.sequence == Sequence(inFlight + 1))
    }

    @Test func `H-25 while the disk fails reads take half of the room, commands and passages have the other`()
    {
        var bench = Bench()
        bench.watch()
        bench.settle()
        bench.absorb(.journal(.commitFailed(after: bench.last, .readOnly)))
        for _ in 0..<RecordBatch.maximumRecords { bench.see() }
        let half = bench.state.recordsInFlight
        #expect((RecordBatch.maximumRecords / 2...RecordBatch.maximumRecords / 2 + 10).contains(half))
        #expect(bench.outputs.last?.answers.map(\.answer) == [.notStored("the journal takes no records")])
        let output = bench.openByPerson(9)
        #expect(output.made.map(\.kind).contains("barrierCommanded"))
        #expect(bench.state.site.status(at: bench.now).storeTrouble == StoreFault.readOnly.words)
        // All of it is written when the disk works, and reads are taken again.
        let inFlight = bench.last
        bench.after(.seconds(20))
        bench.absorb(.wake)
        let restored = bench.absorb(.journal(.committed(through: inFlight)))
        #expect(restored.made.first?.kind == "storeRestored" && bench.state.isStoreAvailable)
        #expect(bench.see().made.map(\.kind).contains("plateRead"))
    }

    @Test func `rows that records change weigh as well`() {
        var batch = RecordBatch()
        let change = ProjectionChange(ProjectionKey(.permit, "1"), Array(repeating: 0, count: 1 << 19))
        batch.append(
            Record(
                sequence: Sequence(1), kind: "k", at: Bench().now, boot: "b", payload: [], changes: [change]),
            at: Uptime(nanoseconds: 0))
        #expect(batch.room == .essential)
        _ = batch.takeDue(at: Uptime(nanoseconds: 0))
        batch.committed(through: Sequence(1))
        #expect(batch.room == .all)
    }

    @Test func `a store that fills up is on record and among the faults, and in the end has no room left`() {
        var bench = Bench()
        bench.settle()
        #expect(bench.state.site.status(at: bench.now).faults.isEmpty)
        for _ in 0..<RecordBatch.maximumRecords + 10 {
            bench.absorb(.site(.clockStepped(.seconds(5))))
        }
        let made = bench.outputs.flatMap(\.made).filter { $0.kind == "storeUnavailable" }
        #expect(made.count == 1)
        let faults = bench.state.site.status(at: bench.now).faults
        #expect(faults.map(\.subject) == ["journal"] && faults.first?.severity == .critical)
        #expect(faults.first?.detail.contains("facts found no place") == true)
        let why = String(faults[0].detail.prefix { $0 != ";" })
        let rooms = [RecordRoom.essential, .none].map { StoreCondition.unavailable(why, room: $0) }
        #expect(bench.outputs.flatMap(\.storeNotices) == rooms.map { .store($0) })
        bench.after(.seconds(2))
        bench.absorb(.wake)
        bench.absorb(.journal(.committed(through: bench.last)))
        #expect(bench.outputs.last?.storeNotices == [.store(.available)])
        #expect(bench.state.site.status(at: bench.now).faults.isEmpty)
    }

    @Test func `a store that answers with a fault is among the faults in its words`() {
        var bench = Bench()
        bench.settle()
        bench.absorb(.journal(.commitFailed(after: bench.last, .readOnly)))
        let faults = bench.state.site.status(at: bench.now).faults
        #expect(faults.map(\.detail) == [StoreFault.readOnly.words])
        #expect(faults.first?.since == bench.now.wall)
    }

    @Test func `H-24 a stepped wall clock is a record and fires no timer`() {
        var bench = Bench()
        bench.settle()
        bench.now.wall = bench.now.wall + .seconds(365 * 86_400)
        let output = bench.absorb(.tick)
        #expect(output.made.map(\.kind) == ["clockStepped"])
        #expect(output.commands.isEmpty)
    }

    @Test func `records that nobody waits for go in one batch within their patience`() {
        var bench = Bench()
        bench.settle()
        #expect(bench.absorb(.site(.clockStepped(.seconds(5)))).records.isEmpty)
        bench.after(.milliseconds(500))
        #expect(bench.absorb(.site(.clockStepped(.seconds(5)))).records.isEmpty)
        bench.after(.milliseconds(500))
        #expect(bench.absorb(.wake).records.count == 2)
    }
}
