// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What is said to a board again and again is on record when it changes (lanes.md §5.3).
struct StandingOrdersTests {
    private static let fire = Terminal(DeviceID(0), 3)
    private static let reset = Terminal(DeviceID(0), 4)
    private static let upLimit = Terminal(DeviceID(0), 5)
    private static let lost = DeviceEvent.faultRaised(code: "line_lost", severity: .critical, detail: "")
    private static let minute = Duration.seconds(60)

    /// A lane with a hold output, its arm up, in a fire release that nobody ends.
    private static func burning(hasHold: Bool = true) -> SiteBench {
        var lane = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .controller)
        lane.outputs = hasHold ? [.open, .hold] : [.open]
        lane.hasLimitUp = hasHold
        var plan = SitePlan.bench(lane)
        if hasHold {
            plan.outputs.append(
                OutputWire(terminal: Terminal(DeviceID(0), 2), lane: LaneID(0), output: .hold))
            plan.wire(upLimit, .lane(LaneID(0), .limitUp))
        }
        plan.wire(fire, .fire([LaneID(0)]))
        plan.wire(reset, .fireReset([LaneID(0)]))
        var bench = SiteBench(plan)
        bench.level(fire, .off)
        if hasHold { bench.level(upLimit, .on) }
        bench.advance(.seconds(5))
        bench.level(fire, .on)
        return bench
    }

    private static func commands(_ bench: SiteBench, _ output: LaneOutput) -> [DeviceCommand] {
        bench.effects.compactMap {
            if case .command(let command) = $0, command.output == output { command } else { nil }
        }
    }

    /// Lets `span` pass; what is commanded comes to this end.
    private static func pass(_ span: Duration, _ outcome: CommandOutcome, _ bench: inout SiteBench) {
        let end = bench.now.uptime + span
        while bench.now.uptime < end {
            for command in bench.site.pending.inOrder.map(\.value) {
                let words =
                    switch outcome {
                    case .refused(let why): "refused: \(why)"
                    case .uncertain: "uncertain"
                    default: "confirmed"
                    }
                bench.send(
                    .performed(CommandTrace(command: command, outcome: words, heldMicroseconds: 0)))
                bench.send(.command(command.id, outcome))
            }
            bench.advance(min(.seconds(1), end - bench.now.uptime))
        }
    }

    private static func written(_ bench: SiteBench) -> [String] { bench.records.map(\.kind) }

    @Test func `H-27 a day of a fire release that nobody ends is commanded all day and written once`() throws
    {
        var bench = Self.burning()
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        let commanded = try #require(bench.records.last { $0.kind == "barrierCommanded" })
        bench.forget()
        Self.pass(.seconds(86_400), .confirmed(at: bench.now.uptime), &bench)
        let holds = Self.commands(bench, .hold)
        #expect(holds.count == 86_400 / 20)
        #expect(holds.allSatisfy { $0.action == .on && $0.commandClass == .safety && $0.expires == nil })
        #expect(Set(holds.map(\.record)) == [commanded.sequence], "each names the record that it repeats")
        #expect(bench.records.isEmpty, "\(Self.written(bench))")
    }

    @Test func `what becomes of it is written when it changes, and the word of the lane with it`() {
        var bench = Self.burning()
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        bench.forget()
        Self.pass(.seconds(600), .refused("exception 4"), &bench)
        #expect(Self.commands(bench, .hold).count >= 30)
        #expect(Self.written(bench) == ["commandPerformed", "commandFailed"])
        Self.pass(Self.minute, .uncertain, &bench)
        #expect(Self.written(bench).suffix(2) == ["commandPerformed", "commandUncertain"])
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        #expect(Self.written(bench).count == 5 && Self.written(bench).last == "commandPerformed")
        Self.pass(Self.minute, .refused("exception 4"), &bench)
        #expect(Self.written(bench).suffix(2) == ["commandPerformed", "commandFailed"], "it fails again")
    }

    @Test(arguments: [DeviceEvent.faultCleared(code: "line_lost"), .restarted])
    func `after trouble of its board it is written again, once`(isBack: DeviceEvent) {
        var bench = Self.burning()
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        if isBack != .restarted { bench.send(.device(DeviceID(0), Self.lost)) }
        bench.forget()
        bench.send(.device(DeviceID(0), isBack))
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        let holds = Set(Self.commands(bench, .hold).map(\.record))
        #expect(holds.count == 1)
        #expect(bench.records.count { holds.contains($0.sequence) } == 1)
    }

    @Test func `its end and its next beginning are written`() {
        var bench = Self.burning()
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        bench.forget()
        bench.level(Self.fire, .off, for: .seconds(5))
        bench.level(Self.reset, .on)
        bench.level(Self.reset, .off)
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        #expect(Self.commands(bench, .hold).map(\.action).last == .off)
        bench.forget()
        bench.level(Self.fire, .on)
        #expect(Self.written(bench).contains("barrierCommanded"))
    }

    @Test func `what a full store did not take is written at the next repetition`() {
        var bench = Self.burning()
        bench.send(.device(DeviceID(0), .restarted))
        bench.send(.store(.unavailable("disk full", room: .none)))
        bench.forget()
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        #expect(Self.commands(bench, .hold).count >= 2 && bench.records.isEmpty)
        bench.send(.store(.available))
        Self.pass(Self.minute, .confirmed(at: bench.now.uptime), &bench)
        #expect(Self.written(bench).first == "storeRestored")
        #expect(Self.written(bench).suffix(2) == ["barrierCommanded", "commandPerformed"])
        #expect(Self.written(bench).count { $0 == "barrierCommanded" } == 1)
    }

    @Test func `a pulse is an opening, and each has a record of its own`() {
        var bench = Self.burning(hasHold: false)
        bench.forget()
        Self.pass(Self.minute * 10, .confirmed(at: bench.now.uptime), &bench)
        let pulses = Self.commands(bench, .open)
        #expect(pulses.count == 30)
        #expect(Set(pulses.map(\.record)).count == 30)
    }
}
