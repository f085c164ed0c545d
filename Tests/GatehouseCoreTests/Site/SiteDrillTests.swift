// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

extension SiteBench {
    fileprivate static let fire = Terminal(DeviceID(0), 1)
    fileprivate static let reset = Terminal(DeviceID(0), 2)
    fileprivate static let safety = Terminal(DeviceID(0), 3)

    fileprivate static func exit(
        _ memory: SiteMemory = SiteMemory(), at wall: WallTime = WallTime(milliseconds: 0)
    ) -> SiteBench {
        var lane = LanePlan(name: "north", kind: .exit, area: AreaID(0), closing: .controller)
        lane.safety = [.beam]
        var plan = SitePlan.bench(lane)
        plan.wire(fire, .fire([LaneID(0)]))
        plan.wire(reset, .fireReset([LaneID(0)]))
        plan.wire(safety, .lane(LaneID(0), .safety(0)))
        var bench = SiteBench(plan, memory, at: wall)
        for terminal in [fire, safety] { bench.level(terminal, .off, for: .zero) }
        bench.advance(.seconds(5))
        return bench
    }

    /// All but records, answers and the drill's own timer.
    fileprivate var moved: [SiteEffect] {
        effects.compactMap { effect in
            switch effect {
            case .record, .answer, .startTimer(.drill, _), .stopTimer(.drill): return nil
            case .command(var command):
                // A number alone: the drill's record stands before it.
                command.record = Sequence(0)
                return .command(command)
            default: return effect
            }
        }
    }

    fileprivate mutating func drill(_ order: DrillOrder) {
        send(.operation(.drill(order), by: Self.wang, reply: ReplyID(1)))
    }

    /// Fire, a car that drives out, a reset that comes too early and one in time.
    fileprivate mutating func release() {
        level(Self.fire, .on, for: .seconds(5))
        level(Self.safety, .on, for: .seconds(2))
        level(Self.safety, .off, for: .seconds(20))
        level(Self.reset, .on, for: .seconds(1))
        level(Self.reset, .off, for: .seconds(1))
        level(Self.fire, .off, for: .seconds(5))
        level(Self.reset, .on, for: .seconds(30))
    }

    /// What the lane's memory became, record by record.
    fileprivate var laneRows: [ProjectionChange] {
        records.flatMap(\.changes).filter { $0.row.table == .lane }
    }

    fileprivate func kinds(inDrill: Bool) throws -> Set<String> {
        var kinds: Set<String> = []
        for record in records where try Fields(record.payload).bool("drill") == inDrill {
            kinds.insert(record.kind)
        }
        return kinds
    }
}

/// A drill changes the records, not the motion (lanes.md §8.1).
struct SiteDrillTests {
    @Test func `in a drill fire release moves as ever and its records say drill`() throws {
        var (real, drill) = (SiteBench.exit(), SiteBench.exit())
        drill.drill(.start(minutes: 60, reason: "TEST"))
        real.release()
        #expect(try real.kinds(inDrill: true).isEmpty)
        drill.release()
        #expect(drill.moved == real.moved)
        #expect(drill.site.lanes == real.site.lanes)
        #expect(drill.laneRows == real.laneRows, "the latch is remembered alike")
        #expect(real.laneRows.count > 1)
        let marked: Set<String> = [
            "fireReleaseStarted", "fireReleaseEnded", "barrierCommanded", "passageCompleted",
        ]
        #expect(try drill.kinds(inDrill: true) == marked)
        for record in real.records where record.kind == "fireReleaseStarted" {
            #expect(String(decoding: record.payload, as: UTF8.self).contains("latched"))
        }
    }

    @Test func `an ordinary opening in a drill is no drill`() throws {
        var bench = SiteBench.exit()
        bench.drill(.start(minutes: 60, reason: "TEST"))
        let order = LaneOrder(action: .open, by: SiteBench.wang, reason: "TEST", isOnSite: true)
        bench.send(.order(lane: "north", order, reply: ReplyID(2)))
        #expect(try bench.kinds(inDrill: false).contains("barrierCommanded"))
        #expect(try bench.kinds(inDrill: true).isEmpty)
    }

    @Test func `only what fire decides in a drill has its flag`() {
        var bench = SiteBench.exit()
        let request = AccessRequest(lane: LaneID(0), direction: .out, read: nil)
        let isDrill = { (bench: SiteBench) in bench.site.situation(for: request, bench.now).isDrill }
        bench.drill(.start(minutes: 60, reason: "TEST"))
        #expect(!isDrill(bench))
        bench.level(SiteBench.fire, .on, for: .seconds(1))
        #expect(isDrill(bench))
        bench.drill(.end(reason: "TEST"))
        #expect(!isDrill(bench))
    }

    @Test func `a drill is over after its time, or when somebody ends it`() throws {
        var bench = SiteBench.exit()
        bench.drill(.start(minutes: 2, reason: "TEST"))
        bench.advance(.seconds(119))
        #expect(bench.site.status(at: bench.now).drill?.by == SiteBench.wang)
        bench.advance(.seconds(1))
        #expect(bench.site.status(at: bench.now).drill == nil)
        let ended = try #require(bench.records.last { $0.kind == "drillEnded" })
        #expect(
            String(decoding: ended.payload, as: UTF8.self)
                == #"{"by":{"channel":"schedule","name":"until"}}"#)
        bench.drill(.start(minutes: 2, reason: "TEST"))
        bench.drill(.end(reason: "TEST"))
        #expect(bench.site.memory.drill == nil)
        #expect(bench.timers[.drill] == nil)
        bench.release()
        #expect(try bench.kinds(inDrill: true).isEmpty)
    }

    @Test func `a drill is started once, ended once, and has a bound`() {
        var bench = SiteBench.exit()
        for minutes in [Int.min, 0, 481, Int.max] { bench.drill(.start(minutes: minutes, reason: "TEST")) }
        bench.drill(.end(reason: "TEST"))
        #expect(bench.site.memory.drill == nil)
        #expect(bench.timers[.drill] == nil)
        bench.drill(.start(minutes: 480, reason: "TEST"))
        let until = bench.site.memory.drill?.until
        bench.drill(.start(minutes: 60, reason: "TEST"))
        #expect(bench.site.memory.drill?.until == until)
        let refused = bench.answers.map { if case .refused = $0 { true } else { false } }
        #expect(refused == [true, true, true, true, true, false, true])
    }

    @Test func `a drill goes on over a restart for what is left of it, and no longer`() throws {
        var bench = SiteBench.exit()
        bench.drill(.start(minutes: 60, reason: "TEST"))
        let rows = bench.records.flatMap(\.changes).compactMap { change in
            change.value.map { ProjectionRow(change.row, $0) }
        }
        let remembered = try SiteMemory(rows: rows)
        let drill = try #require(bench.site.memory.drill)
        #expect(remembered.drill == drill)
        var folded = SiteMemory()
        for record in bench.records {
            let stored = StoredRecord(
                sequence: record.sequence, kind: record.kind, format: record.format, at: record.at,
                boot: record.boot, payload: record.payload)
            #expect(try folded.fold(stored) == record.changes)
        }
        #expect(folded == bench.site.memory)

        var again = SiteBench.exit(remembered, at: drill.until + .seconds(-65))
        again.advance(.seconds(59))
        #expect(again.site.memory.drill == drill)
        again.advance(.seconds(1))
        #expect(again.site.memory.drill == nil)

        let late = SiteBench.exit(remembered, at: drill.until)
        #expect(late.records.prefix(2).map(\.kind) == ["processStarted", "drillEnded"])
        #expect(late.site.memory.drill == nil)

        // A clock that lost its battery cannot make it last.
        var lost = SiteBench.exit(remembered, at: WallTime(milliseconds: -100_000_000_000))
        #expect(lost.site.memory.drill == drill)
        lost.advance(.seconds(480 * 60))
        #expect(lost.site.memory.drill == nil)
    }

    @Test func `a drill that no journal takes neither begins nor is forgotten`() {
        var bench = SiteBench.exit()
        bench.send(.store(.unavailable("disk full", room: .none)))
        bench.drill(.start(minutes: 1, reason: "TEST"))
        #expect(bench.site.memory.drill == nil)
        bench.send(.store(.available))
        bench.drill(.start(minutes: 1, reason: "TEST"))
        bench.send(.store(.unavailable("disk full", room: .none)))
        bench.advance(.seconds(90))
        bench.send(.store(.available))
        #expect(bench.site.memory.drill != nil)
        bench.advance(.seconds(30))
        #expect(bench.site.memory.drill == nil)
    }
}
