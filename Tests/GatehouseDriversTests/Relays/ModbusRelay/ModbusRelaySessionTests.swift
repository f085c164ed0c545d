// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

@Suite struct ModbusRelaySessionTests {
    @Test func `the first exchange puts all outputs idle and then reads them back`() {
        var bench = RelayBench()
        bench.connect()
        bench.run(for: .milliseconds(100))
        #expect(bench.writes[0].bytes == hex("01 0F 00 00 00 08 01 00 FE 95"))
        #expect(bench.writes.contains { $0.bytes == hex("01 01 00 00 00 08 3D CC") })
        #expect(bench.faults == [])
    }

    @Test func `H-43 a hold is asserted from the first exchange on and never let go by a restart`() {
        var bench = RelayBench(holding: [2])
        bench.connect()
        bench.run(for: .seconds(3))
        #expect(bench.writes[0].bytes == hex("01 0F 00 00 00 08 01 02 7F 54"))
        #expect(bench.board.isClosed(2))
        bench.disconnect()
        bench.run(for: .seconds(3))
        bench.connect()
        bench.run(for: .seconds(3))
        #expect(bench.board.edges.map(\.isClosed) == [true])
    }

    @Test func `an output that stays as found is read before anything is written`() {
        var bench = RelayBench(asFound: [1, 2])
        _ = bench.board.receive(hex("01 05 00 00 FF 00 8C 3A"), at: .zero)
        bench.run(for: .seconds(1))
        bench.board.faults.isDeaf = true
        bench.connect()
        bench.run(for: .seconds(1))
        bench.board.faults.isDeaf = false
        bench.run(for: .seconds(3))
        #expect(bench.board.isClosed(1) && !bench.board.isClosed(2))
        #expect(bench.board.edges.map(\.isClosed) == [true], "not for a moment")
        bench.send(RelayCommand(token: 1, channel: 1, action: .off, commandClass: .safety, expires: nil))
        bench.run(for: .milliseconds(100))
        #expect(!bench.board.isClosed(1))
    }

    @Test func `what is commanded before it was read is as commanded`() {
        var bench = RelayBench(asFound: [1])
        _ = bench.board.receive(hex("01 05 00 00 FF 00 8C 3A"), at: .zero)
        bench.run(for: .seconds(1))
        bench.send(RelayCommand(token: 1, channel: 1, action: .off, commandClass: .safety, expires: nil))
        bench.connect()
        bench.run(for: .milliseconds(300))
        #expect(!bench.board.isClosed(1))
    }

    @Test func `H-19 a relay left on by a crash is opened by the next start within 500 ms`() {
        var bench = RelayBench()
        _ = bench.board.receive(hex("01 05 00 00 FF 00 8C 3A"), at: .zero)
        bench.run(for: .seconds(1))
        bench.connect()
        bench.run(for: .milliseconds(500))
        #expect(!bench.board.isClosed(1))
    }

    @Test func `H-19 a pulse ends although the process is gone`() {
        var bench = RelayBench.started()
        bench.pulse(1)
        bench.run(for: .milliseconds(30))
        #expect(bench.board.isClosed(1))
        bench.board.advance(to: bench.now + .milliseconds(500))
        #expect(!bench.board.isClosed(1))
    }

    @Test func `a pulse is written, confirmed and done once`() {
        var bench = RelayBench.started()
        bench.pulse(7)
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 7) == ["written", "confirmed"])
        #expect(bench.closings.count == 1)
        #expect(bench.faults == [])
    }

    @Test func `inputs are read at least every 60 ms while nothing else happens`() {
        var bench = RelayBench.started()
        bench.board.inputs[2] = true
        bench.run(for: .seconds(1))
        #expect(bench.samples.last?[2] == true)
        let polls = bench.writes.filter { $0.bytes == hex("01 02 00 00 00 08 79 CC") }.map(\.at)
        #expect(polls.count >= 17)
        #expect(zip(polls, polls.dropFirst()).allSatisfy { $1 - $0 <= .milliseconds(80) })
    }

    @Test func `a command waits for at most the exchange in progress`() {
        for delay in stride(from: 0, to: 120, by: 3) {
            var bench = RelayBench.started()
            bench.run(for: .milliseconds(delay))
            let sent = bench.now
            bench.pulse(1, 1, .safety, life: nil)
            bench.run(for: .milliseconds(100))
            guard case .written(let written) = bench.outcomes(of: 1).first else {
                Issue.record("not written")
                continue
            }
            // One reply of the board and the gap before the next request.
            #expect(written - sent <= .milliseconds(15))
        }
    }

    @Test func `safety goes before everything queued and the newest wish of an output wins`() {
        var bench = RelayBench.started()
        bench.run(for: .milliseconds(1))
        bench.pulse(1, 1)
        bench.pulse(2, 2)
        bench.pulse(3, 3)
        bench.level(4, 4, .on)
        bench.level(5, 4, .off)
        bench.run(for: .milliseconds(300))
        let written = bench.told.compactMap { told -> Int? in
            guard case .outcome(let token, _, .written) = told.output else { return nil }
            return token
        }
        #expect(written.first == 1 || written.first == 5)
        #expect(bench.words(of: 4) == ["withdrawn"] || bench.words(of: 4) == ["written", "confirmed"])
        #expect(written.filter { $0 != 1 && $0 != 4 } == [5, 2, 3])
    }

    @Test func `a lamp waits for everything else`() {
        var bench = RelayBench.started()
        bench.send(RelayCommand(token: 1, channel: 1, action: .on, commandClass: .safety, expires: nil))
        // On the line is the first; of those behind it the lamp came before the others.
        let life = bench.now + .seconds(3)
        bench.send(
            RelayCommand(
                token: 2, channel: 8, action: .on, commandClass: .safety, expires: life, yields: true))
        bench.send(
            RelayCommand(
                token: 3, channel: 2, action: .pulse(.milliseconds(500)), commandClass: .grant,
                expires: life))
        bench.send(RelayCommand(token: 4, channel: 3, action: .on, commandClass: .safety, expires: nil))
        bench.run(for: .seconds(1))
        let written = bench.told.compactMap { told -> Int? in
            if case .outcome(let token, _, .written) = told.output { token } else { nil }
        }
        #expect(written == [1, 4, 3, 2])
    }

    @Test func `a fifth waiting command is refused, a safety command never`() {
        var bench = RelayBench.started()
        bench.board.faults.isDeaf = true
        bench.run(for: .milliseconds(60))
        for token in 1...5 { bench.pulse(token, token) }
        bench.level(6, 6, .on)
        #expect(bench.words(of: 5) == ["refused"])
        #expect(bench.words(of: 6) == [])
    }

    @Test func `H-22 a grant whose life ends before the line is free is not sent`() {
        var bench = RelayBench.started()
        bench.disconnect()
        bench.pulse(1, life: 3000)
        bench.run(for: .milliseconds(2999))
        #expect(bench.words(of: 1) == [])
        bench.run(for: .milliseconds(1))
        #expect(bench.words(of: 1) == ["expired"])
        bench.connect()
        bench.run(for: .seconds(2))
        #expect(bench.closings == [])
    }

    @Test func `what no board can do is refused with the reason`() {
        var bench = RelayBench.started()
        bench.pulse(1, 9)
        bench.pulse(2, 0)
        bench.pulse(3, 1, for: 0)
        bench.close(4, 1, guards: [RelayCommand.Guard(channel: 9, contact: .normallyOpen)])
        for token in 1...4 { #expect(bench.words(of: token) == ["refused"]) }
    }
}
