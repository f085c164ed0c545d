// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// A relay board and a display card on one line, in virtual time: bytes take the time that the line needs, and
/// nobody may speak while another does.
@Suite struct SharedLineTests {
    /// 9600 8N1.
    private static let character = Duration.microseconds(1042)

    private struct Bench {
        var relay: ModbusRelaySession
        var display: DisplaySession
        var board = RelayBoardModel()
        var card = DisplayCardModel()
        var turns = LineTurns()
        var now = Uptime.zero
        var lineBusyUntil = Uptime.zero
        var collisions = 0
        var written: [Int: Uptime] = [:]
        var polls: [Uptime] = []
        var reminder: Uptime?
        private var arrivals: [(at: Uptime, work: Work)] = []

        private enum Work {
            case toDevices([UInt8])
            case toHolder([UInt8])
        }

        init(answers: Bool) {
            var settings = ModbusRelaySettings()
            settings.inputs = 8
            settings.flashBase = 0x200
            relay = ModbusRelaySession(settings)
            var showing = DisplaySettings()
            showing.answers = answers
            display = DisplaySession(showing, wire: Card64Wire(), zone: .utc)
            card.faults.isMute = !answers
            stepRelay { $0.connected(at: $1) }
            stepDisplay { $0.connected(at: $1) }
        }

        private var claims: [Int: LineClaim] { [0: relay.claim(at: now), 1: display.claim(at: now)] }

        private mutating func mayBegin(_ rider: Int) -> Bool {
            if turns.mayBegin(rider, claims: claims) { return true }
            if turns.holder == nil, reminder == nil { reminder = now + .milliseconds(20) }
            return false
        }

        mutating func stepRelay(_ tell: (inout ModbusRelaySession, Uptime) -> [RelayOutput]) {
            relay.mayBegin = mayBegin(0)
            for output in tell(&relay, now) {
                switch output {
                case .write(let bytes): put(bytes)
                case .outcome(let token, _, .written(let at)): written[token] = at
                case .inputs(_, let at): polls.append(at)
                default: break
                }
            }
            settle(0, relay.isExchanging)
        }

        mutating func stepDisplay(_ tell: (inout DisplaySession, Moment) -> [DisplayOutput]) {
            display.mayBegin = mayBegin(1)
            for case .write(let bytes) in tell(
                &display, Moment(uptime: now, wall: WallTime(milliseconds: 1_772_411_415_000)))
            {
                put(bytes)
            }
            settle(1, display.isExchanging)
        }

        private mutating func settle(_ rider: Int, _ isExchanging: Bool) {
            if isExchanging { return turns.began(rider) }
            offer(turns.ended(rider, claims: claims))
        }

        private mutating func offer(_ order: [Int]) {
            for rider in order where turns.holder == nil {
                if rider == 0 {
                    stepRelay { $0.lineFreed(at: $1) }
                } else {
                    stepDisplay { $0.lineFreed(at: $1) }
                }
            }
        }

        private mutating func put(_ bytes: [UInt8]) {
            if now < lineBusyUntil { collisions += 1 }
            lineBusyUntil = now + SharedLineTests.character * bytes.count
            arrivals.append((lineBusyUntil, .toDevices(bytes)))
        }

        mutating func show(_ text: LaneText) {
            stepDisplay { $0.show(DisplayLayout.content(text, DisplaySettings()), at: $1) }
        }

        mutating func run(until end: Uptime) {
            while let next = [relay.nextTimer, display.nextTimer, arrivals.map(\.at).min(), reminder]
                .compactMap({ $0 }).min(), next <= end
            {
                now = max(now, next)
                if let due = reminder, due <= now {
                    reminder = nil
                    offer(turns.order(claims))
                }
                let due = arrivals.filter { $0.at <= now }
                arrivals.removeAll { $0.at <= now }
                for one in due { arrive(one.work) }
                if let timer = relay.nextTimer, timer <= now { stepRelay { $0.timer(at: $1) } }
                if let timer = display.nextTimer, timer <= now { stepDisplay { $0.timer(at: $1) } }
            }
            now = end
        }

        private mutating func arrive(_ work: Work) {
            switch work {
            case .toDevices(let bytes):
                let answers =
                    board.receive(bytes, at: now).map { ($0.bytes, $0.at) }
                    + card.receive(bytes, at: now).map { ($0.bytes, $0.at) }
                for (bytes, at) in answers {
                    if at < lineBusyUntil { collisions += 1 }
                    lineBusyUntil = at + SharedLineTests.character * bytes.count
                    arrivals.append((lineBusyUntil, .toHolder(bytes)))
                }
            case .toHolder(let bytes):
                switch turns.holder {
                case 0: stepRelay { $0.receive(bytes, at: $1) }
                case 1: stepDisplay { $0.receive(bytes, at: $1) }
                default: break
                }
            }
        }
    }

    /// 73 characters and the silence behind them: what `gatehouse check` says of such a line.
    private static let longestFrame = character * 73 + .milliseconds(5)

    @Test(arguments: [true, false]) func `a command waits for at most the one exchange in progress`(
        answers: Bool
    ) {
        let reply = answers ? Duration.milliseconds(15) + Self.character * 9 : .zero
        let bound = Self.longestFrame + reply
        var bench = Bench(answers: answers)
        bench.run(until: .zero + .seconds(2))
        var longest = Duration.zero
        let texts: [LaneText] = [LaneText(.noPlate), LaneText(.full), LaneText(.fault), LaneText(.opposing)]
        for number in 1...400 {
            bench.show(texts[number % texts.count])
            // Each command meets the line in another state.
            bench.run(until: bench.now + .microseconds(37_003 * number % 411_000))
            let asked = bench.now
            bench.stepRelay { session, now in
                session.send(
                    RelayCommand(
                        token: number, channel: 1, action: .pulse(.milliseconds(500)), commandClass: .grant,
                        expires: now + .seconds(3)), at: now)
            }
            bench.run(until: asked + .milliseconds(700))
            let wait = (bench.written[number] ?? asked + .seconds(9)) - asked
            longest = max(longest, wait)
        }
        #expect(longest <= bound)
        // The bound was met in earnest, by a command behind a text.
        #expect(longest > .milliseconds(60))
        #expect(bench.collisions == 0)
        #expect(bench.card.frames > 400)
    }

    @Test func `looks at the inputs go on beside a display that talks without end`() {
        var bench = Bench(answers: false)
        for round in 0..<400 {
            bench.show(LaneText(round % 2 == 0 ? .noPlate : .full))
            bench.run(until: bench.now + .milliseconds(100))
        }
        let gaps = zip(bench.polls, bench.polls.dropFirst()).map { $1 - $0 }
        #expect((gaps.max() ?? .seconds(9)) < .milliseconds(290))
        #expect(bench.card.frames > 250)
        #expect(bench.collisions == 0)
    }

    @Test func `a silent board starves no display`() {
        var bench = Bench(answers: true)
        bench.board.faults.isDeaf = true
        bench.show(LaneText(.fault))
        bench.run(until: .zero + .seconds(5))
        #expect(bench.card.lines.prefix(2) == ["设备故障 请按铃", "Out of order, ring"])
    }

    @Test func `turns go to commands first and then to who waited longest`() {
        var turns = LineTurns()
        #expect(turns.mayBegin(0, claims: [0: .turn, 1: .none, 2: .none]))
        turns.began(0)
        #expect(!turns.mayBegin(1, claims: [0: .none, 1: .command, 2: .none]))
        #expect(turns.ended(1, claims: [:]) == [])
        #expect(turns.ended(0, claims: [0: .turn, 1: .turn, 2: .command]) == [2, 1, 0])
        #expect(!turns.mayBegin(0, claims: [0: .turn, 1: .turn, 2: .none]))
        #expect(turns.mayBegin(1, claims: [0: .turn, 1: .turn, 2: .none]))
        turns.began(1)
        turns.left(1)
        #expect(turns.holder == nil)
    }
}
