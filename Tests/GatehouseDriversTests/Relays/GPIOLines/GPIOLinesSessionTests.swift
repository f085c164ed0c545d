// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import Testing

/// Two outputs and two inputs of a chip, in virtual time.
private struct Bench {
    var session: GPIOLinesSession
    let lines: FakeLines
    var now = Uptime.zero
    var told: [RelayOutput] = []

    init(holding: Set<Int> = [], hasEdges: Bool = true) {
        var settings = GPIOLinesSettings()
        settings.outputs = ["BARRIER", "LAMP"]
        settings.inputs = ["LOOP", "BEAM"]
        session = GPIOLinesSession(settings, holding: holding)
        lines = FakeLines(outputs: session.wanted, inputs: [false, true], hasEdges: hasEdges)
    }

    static func connected(holding: Set<Int> = [], hasEdges: Bool = true) -> Bench {
        var bench = Bench(holding: holding, hasEdges: hasEdges)
        bench.connect()
        bench.run(for: .milliseconds(100))
        bench.told = []
        bench.lines.change { $0.looks = 0 }
        return bench
    }

    mutating func connect() { told += session.connected(lines, at: now) }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while let due = session.nextTimer, due <= end {
            now = max(now, due)
            told += session.timer(at: now)
        }
        now = end
    }

    mutating func send(
        _ action: OutputAction, at channel: Int = 1, _ commandClass: CommandClass = .grant,
        life: Duration? = .seconds(3), isClose: Bool = false, guards: [RelayCommand.Guard] = []
    ) {
        let command = RelayCommand(
            token: 7, channel: channel, action: action, commandClass: commandClass,
            expires: life.map { now + $0 }, isClose: isClose, guards: guards)
        told += session.send(command, at: now)
    }

    var outcomes: [CommandOutcome] {
        told.compactMap { if case .outcome(7, _, let outcome) = $0 { outcome } else { nil } }
    }

    var samples: [[Bool]] {
        told.compactMap { if case .inputs(let levels, _) = $0 { levels } else { nil } }
    }

    var faults: [String] {
        told.compactMap {
            switch $0 {
            case .faultRaised(let fault): "+\(fault.code)"
            case .faultCleared(let code): "-\(code)"
            default: nil
            }
        }
    }
}

@Suite struct GPIOLinesSessionTests {
    private let pulse = OutputAction.pulse(.milliseconds(500))

    @Test func `a pulse is written at once and ends by our clock`() {
        var bench = Bench.connected()
        bench.send(pulse)
        #expect(bench.outcomes == [.written(at: bench.now), .confirmed(at: bench.now)])
        bench.run(for: .milliseconds(499))
        #expect(bench.lines.now.outputs == [true, false])
        bench.run(for: .milliseconds(1))
        #expect(bench.lines.now.outputs == [false, false])
        #expect(bench.lines.now.writes == [true, false])
    }

    @Test func `a pulse on a held output leaves it held`() {
        var bench = Bench.connected()
        bench.send(.on, .safety, life: nil)
        bench.send(pulse)
        bench.run(for: .seconds(2))
        #expect(bench.lines.now.outputs == [true, false])
        bench.send(.off, .safety, life: nil)
        #expect(bench.lines.now.outputs == [false, false])
    }

    @Test func `a pulse is ended before its time by off, and by nothing later`() {
        var bench = Bench.connected()
        bench.send(pulse)
        bench.run(for: .milliseconds(100))
        bench.send(.off, .safety, life: nil)
        #expect(bench.lines.now.outputs == [false, false])
        bench.run(for: .seconds(1))
        #expect(bench.lines.now.writes == [true, false])
    }

    @Test func `outputs are requested as they belong`() {
        #expect(Bench(holding: [2]).session.wanted == [false, true])
        var bench = Bench()
        bench.session.maintain(1)
        #expect(bench.session.wanted == [true, false])
        #expect(bench.session.isMaintained(1))
    }

    @Test func `without the chip a command waits as long as it lives, and no pulse comes later`() {
        var bench = Bench()
        bench.told += bench.session.disconnected(why: "no such chip", at: bench.now)
        #expect(bench.faults == ["+gpio_lost"])
        bench.send(pulse, life: .seconds(1))
        bench.run(for: .seconds(1))
        #expect(bench.outcomes == [.expired])
        bench.connect()
        #expect(bench.lines.now.writes == [])
        #expect(bench.faults == ["+gpio_lost", "-gpio_lost"])
    }

    @Test func `what was held is wanted again when the chip is back`() {
        var bench = Bench.connected()
        bench.send(.on, at: 2, .safety, life: nil)
        bench.lines.change { $0.isGone = true }
        bench.run(for: .seconds(1))
        #expect(!bench.session.isConnected)
        #expect(bench.told.contains { if case .inputsLost = $0 { true } else { false } })
        #expect(bench.session.wanted == [false, true])
        bench.lines.change { $0.isGone = false }
        bench.connect()
        #expect(bench.faults == ["+gpio_lost", "-gpio_lost"])
        #expect(bench.told.contains(.restarted(isCertain: false)))
    }

    @Test func `a write that fails is uncertain, and a pulse is not written again`() {
        var bench = Bench.connected()
        bench.lines.change { $0.isGone = true }
        bench.send(pulse)
        #expect(bench.outcomes == [.uncertain])
        #expect(!bench.session.isConnected)
        bench.lines.change { $0.isGone = false }
        bench.connect()
        bench.run(for: .seconds(2))
        #expect(bench.lines.now.writes == [])
    }

    @Test func `an on between two looks is told though it is over when we look`() {
        var bench = Bench.connected()
        let edges = [GPIOEdge(channel: 1, isActive: true), GPIOEdge(channel: 1, isActive: false)]
        bench.told += bench.session.changed(edges, at: bench.now)
        #expect(bench.samples == [[true, true], [false, true], [false, true]])
    }

    @Test func `an edge that was lost is found by looking, twice a second`() {
        var bench = Bench.connected()
        bench.lines.change { $0.inputs = [true, true] }
        bench.run(for: .milliseconds(500))
        #expect(bench.samples.last == [true, true])
        bench.told = []
        bench.run(for: .seconds(10))
        #expect((20...21).contains(bench.samples.count))
    }

    @Test func `unknown is left soon after the lines are there`() {
        var bench = Bench()
        bench.connect()
        var bank = InputBank([
            InputBank.Input(contact: .normallyOpen, staleAfter: .seconds(2)),
            InputBank.Input(contact: .normallyClosed, staleAfter: .seconds(2)),
        ])
        bench.run(for: .milliseconds(70))
        for case .inputs(let levels, let at) in bench.told { _ = bank.sample(levels, at: at) }
        #expect([bank.level(of: 1), bank.level(of: 2)] == [.off, .off])
    }

    @Test func `a chip without edges is looked at as often as a board`() {
        var bench = Bench.connected(hasEdges: false)
        bench.run(for: .seconds(1))
        #expect((19...21).contains(bench.lines.now.looks))
    }

    @Test func `a close looks at its guards in the instant of writing`() {
        var bench = Bench.connected()
        let guards = [RelayCommand.Guard(channel: 1, contact: .normallyOpen)]
        bench.send(pulse, at: 2, isClose: true, guards: guards)
        #expect(bench.lines.now.outputs == [false, true])
        bench.run(for: .seconds(1))
        bench.told = []
        // Nobody has told of it yet.
        bench.lines.change { $0.inputs = [true, true] }
        bench.send(pulse, at: 2, isClose: true, guards: guards)
        #expect(bench.outcomes == [.withdrawn("input 1 is not off")])
        #expect(bench.samples == [[true, true]])
        #expect(bench.lines.now.outputs == [false, false])
    }

    @Test func `an output that does not let go is said to be stuck, and to be free`() {
        var bench = Bench.connected()
        bench.lines.change { $0.welded = [1] }
        bench.send(pulse)
        bench.run(for: .seconds(3))
        #expect(bench.told.contains(.stuck(channel: 1, true)))
        #expect(bench.faults == ["+gpio_stuck"])
        bench.lines.change { $0.welded = [] }
        bench.run(for: .seconds(12))
        #expect(bench.told.contains(.stuck(channel: 1, false)))
        #expect(bench.faults == ["+gpio_stuck", "-gpio_stuck"])
        #expect(bench.lines.now.outputs == [false, false])
    }

    @Test func `an expander that forgot its outputs gets them again`() {
        var bench = Bench.connected()
        bench.send(.on, at: 2, .safety, life: nil)
        bench.run(for: .seconds(1))
        bench.lines.change { $0.outputs = [false, false] }
        bench.run(for: .seconds(1))
        #expect(bench.lines.now.outputs == [false, true])
        #expect(bench.told.contains(.restarted(isCertain: true)))
    }

    @Test func `an output that there is not is refused`() {
        var bench = Bench.connected()
        bench.send(pulse, at: 3)
        #expect(bench.outcomes == [.refused("the board has 2 outputs")])
    }

    @Test func `names of lines come from the plan`() {
        var values = Table<String, String>()
        values["output_lines"] = "BARRIER,17"
        values["bias"] = "pull_up"
        let plan = DevicePlan(
            name: "pole", profile: "gpio-lines", driver: "gpio-lines", address: "chip", settings: values)
        let settings = GPIOLinesSettings(plan)
        #expect(settings.outputs == ["BARRIER", "17"])
        #expect(settings.inputs == [])
        #expect(settings.bias == .pullUp)
        #expect(settings.areInputsActiveLow)
    }
}
