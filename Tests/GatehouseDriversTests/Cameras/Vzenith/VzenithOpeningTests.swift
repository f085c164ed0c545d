// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// The answer that opens the gate: never late, never twice, never for what was sent again.
@Suite struct VzenithOpeningTests {
    private var bench = VzenithBench()

    @Test mutating func `an order is said in the answer that waits for it, at once`() {
        bench.see()
        #expect(bench.isHolding)
        bench.wait(.milliseconds(80))
        bench.open()
        #expect(bench.openings.map(\.at) == [bench.now.uptime] && bench.openings[0].action.pulsed == 0)
        #expect(bench.ends == [.written(at: bench.now.uptime), .confirmed(at: bench.now.uptime)])
        #expect(!bench.isHolding)
    }

    @Test mutating func `without an order the answer waits its time and opens nothing`() {
        bench.see()
        bench.wait(.milliseconds(999))
        #expect(bench.isHolding)
        bench.wait(.milliseconds(1))
        #expect(bench.answers.map(\.status) == [200] && bench.openings == [])
        #expect(bench.answers[0].action.isTaken)
    }

    @Test mutating func `H-22 an order whose life has ended is not said, whoever comes`() {
        bench.open(life: .seconds(3))
        bench.wait(.seconds(3))
        #expect(bench.ends == [.expired])
        bench.see()
        bench.wait(.seconds(2))
        #expect(bench.openings == [] && bench.ends == [.expired])
    }

    @Test mutating func `an order waits for the next event within its life`() {
        bench.open(life: .seconds(3))
        bench.wait(.milliseconds(2900))
        #expect(bench.ends == [])
        bench.see()
        #expect(bench.openings.count == 1)
    }

    @Test mutating func `H-21 one order is one opening, and each of two orders has its own answer`() {
        bench.see("沪A2K605")
        bench.see("沪A2K606")
        bench.open()
        bench.wait(.seconds(2))
        #expect(bench.openings.count == 1 && bench.answers.count == 2)
        bench.see("沪A2K607")
        bench.see("沪A2K608")
        let first = bench.open()
        let second = bench.open()
        #expect(bench.openings.map(\.push) == [1, 3, 4])
        #expect(bench.outcomes.suffix(4).map(\.token) == [first, first, second, second])
    }

    @Test mutating func `H-21 an event that comes again opens nothing, while its first waits and after`() {
        bench.storesEvents = nil
        let event = bench.capture()
        bench.push(event)
        bench.push(event)
        bench.open()
        #expect(bench.openings.map(\.push) == [1])
        bench.open(life: .milliseconds(500))
        bench.settle(1, isDurable: true)
        bench.push(event)
        bench.wait(.seconds(2))
        #expect(bench.openings.map(\.push) == [1] && bench.ends.last == .expired)
        #expect(bench.answers.map(\.push) == [1, 2, 3])
    }

    @Test mutating func `H-21 what was refused once does not open when it is sent again`() {
        bench.storesEvents = false
        let event = bench.capture()
        bench.push(event)
        bench.wait(.seconds(2))
        #expect(bench.answers.map(\.status) == [503])
        bench.storesEvents = true
        bench.push(event)
        bench.open(life: .seconds(1))
        bench.wait(.seconds(2))
        #expect(bench.observed.count == 2 && bench.openings == [] && bench.ends == [.expired])
    }

    @Test mutating func `H-22 stored, old and undated events and turned-back vehicles carry no order`() {
        bench.see()
        bench.wait(.seconds(2))
        bench.storesEvents = nil
        bench.see(isOffline: true)
        bench.see(delay: .seconds(11))
        bench.push(
            bench.camera.capture(
                VzenithCameraModel.Sight(plate: "沪A2K605", trigger: 66), at: bench.now.wall))
        bench.open(life: .seconds(1))
        bench.settle(2, isDurable: true)
        bench.settle(3, isDurable: true)
        bench.wait(.seconds(2))
        #expect(bench.openings == [] && bench.ends == [.expired] && !bench.isHolding)
    }

    @Test mutating func `an opening does not wait for the disk, an answer without one does`() {
        bench.storesEvents = nil
        bench.see()
        bench.see()
        bench.open()
        #expect(bench.openings.map(\.push) == [1])
        bench.wait(.seconds(2))
        #expect(bench.answers.count == 1)
        bench.settle(2, isDurable: false)
        #expect(bench.answers.map(\.status) == [200, 503])
        bench.settle(1, isDurable: true)
        #expect(bench.answers.count == 2)
    }

    @Test mutating func `an answer that did not leave did nothing, and the order goes with the next`() {
        bench.see()
        bench.isConnected = false
        bench.open(life: .seconds(3))
        #expect(bench.openings == [] && bench.ends == [])
        bench.isConnected = true
        bench.see()
        #expect(bench.openings.count == 1 && bench.ends.count == 2)
        bench.wait(.seconds(5))
        #expect(bench.openings.count == 1)
    }

    @Test mutating func `an order that left nowhere expires`() {
        bench.see()
        bench.isConnected = false
        bench.open(life: .seconds(3))
        bench.wait(.seconds(4))
        #expect(bench.ends == [.expired])
    }

    @Test mutating func `an order without an end is stale after five seconds`() {
        bench.open(life: nil, .safety)
        bench.wait(.milliseconds(4999))
        #expect(bench.ends == [])
        bench.wait(.milliseconds(1))
        #expect(bench.ends == [.expired])
    }

    @Test mutating func `a newer safety order replaces the older, others have a bound`() {
        bench.open(life: nil, .safety)
        bench.open(life: nil, .safety)
        #expect(bench.ends == [.withdrawn("replaced by a newer command")])
        for _ in 0..<5 { bench.open() }
        #expect(bench.outcomes.count == 2)
        guard case .refused = bench.ends[1] else {
            Issue.record("\(bench.ends)")
            return
        }
    }

    @Test mutating func `putting the output to rest takes back what waits and is done at once`() {
        let waiting = bench.open()
        let rest = bench.order(.off)
        #expect(bench.outcomes.map(\.token) == [waiting, rest])
        #expect(bench.ends.last == .confirmed(at: bench.now.uptime))
        bench.see()
        bench.wait(.seconds(2))
        #expect(bench.openings == [])
    }

    @Test mutating func `what the output cannot do is refused in words`() {
        bench.order(.on)
        bench.open(channel: 2)
        for end in bench.ends {
            guard case .refused = end else {
                Issue.record("\(end)")
                return
            }
        }
        #expect(bench.outcomes.count == 2)
    }

    @Test mutating func `the second output is channel 1 on the wire`() {
        bench = VzenithBench(outputs: [2])
        bench.see()
        bench.open(channel: 2)
        #expect(bench.openings.map(\.action.pulsed) == [1])
    }

    @Test mutating func `a camera that opens nothing is answered without waiting`() {
        bench = VzenithBench(outputs: [])
        bench.see()
        #expect(bench.answers.map(\.status) == [200])
    }

    // MARK: Comet

    @Test mutating func `a held heartbeat carries a person's order at once and is let go after its time`() {
        bench = VzenithBench(cometHold: .seconds(20))
        bench.heartbeat()
        bench.wait(.seconds(19))
        #expect(bench.isHolding)
        bench.open()
        #expect(bench.openings.count == 1 && !bench.isHolding)
        bench.heartbeat()
        bench.wait(.seconds(20))
        #expect(bench.answers.map(\.status) == [200, 200] && bench.openings.count == 1)
    }

    @Test mutating func `an event's own answer carries the order before a heartbeat does`() {
        bench = VzenithBench(cometHold: .seconds(20))
        bench.heartbeat()
        bench.see()
        bench.open()
        #expect(bench.openings.map(\.push) == [2])
        #expect(bench.isHolding)
    }

    @Test mutating func `nobody reads the answer of an older heartbeat`() {
        bench = VzenithBench(cometHold: .seconds(20))
        bench.heartbeat()
        bench.heartbeat()
        #expect(bench.answers.map(\.push) == [1])
        bench.open()
        #expect(bench.openings.map(\.push) == [2])
    }

    @Test mutating func `an ordinary heartbeat and that of a copy open nothing`() {
        bench.heartbeat()
        bench.push(bench.camera.heartbeatOfClone())
        bench.open()
        bench.heartbeat()
        bench.push(bench.camera.heartbeatOfClone())
        #expect(bench.answers.map(\.status) == [200, 200, 200, 200] && bench.openings == [])
    }

    @Test mutating func `a service that ends answers everybody and says what it did not do`() {
        bench = VzenithBench(cometHold: .seconds(20))
        bench.heartbeat()
        bench.open(channel: 1)
        bench.heartbeat()
        bench.storesEvents = nil
        bench.see(isOffline: true)
        let waiting = bench.open()
        #expect(bench.openings.count == 2)
        bench.take(bench.session.stop(at: bench.now.uptime))
        #expect(!bench.isHolding && bench.answers.last?.status == 503)
        #expect(bench.outcomes.filter { $0.token == waiting }.count == 2)
        let late = bench.open()
        bench.take(bench.session.stop(at: bench.now.uptime))
        #expect(bench.outcomes.last?.token == late)
        #expect(bench.ends.last == .withdrawn("the camera's service ends"))
    }

    // MARK: Serial

    @Test mutating func `text that comes with an opening goes with it, in order, with its true lengths`() {
        bench.session.useSerial()
        bench.see()
        bench.open()
        #expect(bench.isHolding)
        bench.wait(.milliseconds(5))
        let token = bench.pass([[1, 2, 3], [0xFF]], port: 1)
        bench.wait(.milliseconds(25))
        #expect(bench.openings.count == 1)
        #expect(bench.openings[0].action.serial.map(\.bytes) == [[1, 2, 3], [0xFF]])
        #expect(bench.openings[0].action.serial.map(\.port) == [1, 1])
        #expect(bench.passed.map(\.token) == [token, token])
        #expect(bench.passed.last?.outcome == .confirmed(at: bench.now.uptime))
    }

    @Test mutating func `an opening waits 30 ms for its text and no longer`() {
        bench.session.useSerial()
        bench.see()
        bench.open()
        bench.wait(.milliseconds(29))
        #expect(bench.openings == [])
        bench.wait(.milliseconds(1))
        #expect(bench.openings.count == 1)
    }

    @Test mutating func `an opening whose life ends while it waits for text is not said`() {
        bench.session.useSerial()
        bench.see()
        bench.open(life: .milliseconds(10))
        bench.wait(.seconds(2))
        #expect(bench.openings == [] && bench.ends == [.expired] && bench.answers.map(\.status) == [200])
    }

    @Test mutating func `text alone goes with the answer of its time, and the newest of a port alone`() {
        bench.session.useSerial()
        bench.see()
        let old = bench.pass([[1]])
        bench.pass([[2]])
        bench.pass([[3]], port: 1)
        bench.wait(.seconds(1))
        #expect(bench.answers.map { $0.action.serial.map(\.bytes) } == [[[2], [3]]])
        #expect(bench.passed.first == .init(token: old, outcome: .withdrawn("replaced by newer bytes")))
    }

    @Test mutating func `where nothing opens, text goes as soon as it is there`() {
        bench = VzenithBench(outputs: [])
        bench.session.useSerial()
        bench.pass([[9]])
        bench.see()
        #expect(bench.isHolding)
        bench.pass([[1]])
        #expect(bench.answers.map { $0.action.serial.map(\.bytes) } == [[[1]]])
        bench.see()
        bench.wait(.seconds(1))
        #expect(bench.answers.last?.action.serial == [])
    }

    @Test mutating func `text has a life and a bound`() {
        let stale = bench.pass([[1]], life: .seconds(5))
        bench.wait(.seconds(5))
        #expect(bench.passed == [.init(token: stale, outcome: .expired)])
        bench.pass([[UInt8](repeating: 0, count: 961)])
        bench.pass([[UInt8]](repeating: [0], count: 9))
        for end in bench.passed.dropFirst() {
            guard case .refused(let why) = end.outcome else {
                Issue.record("\(end)")
                return
            }
            #expect(why.contains("960"))
        }
        #expect(bench.passed.count == 3)
    }

    @Test mutating func `text whose answer did not leave goes with the next`() {
        bench.pass([[1]])
        bench.isConnected = false
        bench.see()
        bench.wait(.seconds(1))
        bench.isConnected = true
        bench.see()
        bench.wait(.seconds(1))
        #expect(bench.answers.map { $0.action.serial.map(\.bytes) } == [[], [[1]]])
    }

    @Test mutating func `bytes from a serial port are handed on and their answer takes bytes along`() {
        bench.pass([[7]])
        bench.push(bench.camera.received([0x02, 0x03]))
        #expect(bench.received == [[0x02, 0x03]])
        #expect(bench.answers.map { $0.action.serial.map(\.bytes) } == [[[7]]])
    }

    @Test mutating func `heartbeats of copies and held ones take bytes along, ordinary ones do not`() {
        bench.pass([[7]])
        bench.heartbeat()
        #expect(bench.answers.map(\.action.serial) == [[]])
        bench.push(bench.camera.heartbeatOfClone())
        #expect(bench.answers.last?.action.serial.map(\.bytes) == [[7]])
        bench = VzenithBench(cometHold: .seconds(20))
        bench.heartbeat()
        bench.pass([[8]])
        #expect(bench.answers.map { $0.action.serial.map(\.bytes) } == [[[8]]])
    }
}
