// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

private let safetyOff = [RelayCommand.Guard(channel: 3, contact: .normallyOpen)]

/// Lost replies, closes, stuck relays.
@Suite struct ModbusRelayDoubtTests {
    @Test func `H-21 a pulse whose reply was lost is read back and not written again`() {
        var bench = RelayBench.started()
        bench.board.faults.isMute = true
        bench.pulse(1)
        bench.run(for: .milliseconds(100))
        bench.board.faults.isMute = false
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
        #expect(bench.closings.count == 1)
    }

    @Test func `a pulse that the board provably did not get is written again within its life`() {
        var bench = RelayBench.started()
        bench.board.faults.isDeaf = true
        bench.pulse(1)
        bench.run(for: .milliseconds(100))
        bench.board.faults.isDeaf = false
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
        #expect(bench.closings.count == 1)
    }

    @Test func `H-21 a pulse in doubt for longer than it lasts is uncertain and never repeated`() {
        var bench = RelayBench.started()
        bench.board.faults.isMute = true
        bench.pulse(1, 1, .safety, life: nil)
        bench.run(for: .seconds(10))
        bench.board.faults.isMute = false
        bench.run(for: .seconds(10))
        #expect(bench.words(of: 1) == ["written", "uncertain"])
        #expect(bench.closings.count == 1)
    }

    @Test func `H-21 a relay read back off after the pulse's time proves nothing`() {
        for commandClass in [CommandClass.safety, .grant] {
            var bench = RelayBench.started()
            bench.board.faults.isMute = true
            bench.pulse(1, 1, commandClass, for: 200)
            bench.run(for: .milliseconds(150))
            bench.board.faults.isMute = false
            bench.run(for: .seconds(5))
            #expect(bench.words(of: 1) == ["written", "uncertain"])
            #expect(bench.closings.count == 1)
        }
    }

    @Test func `H-22 a lost pulse is not repeated after its life`() {
        var bench = RelayBench.started()
        bench.board.faults.isDeaf = true
        bench.pulse(1, life: 150)
        bench.run(for: .milliseconds(160))
        bench.board.faults.isDeaf = false
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 1) == ["written", "expired"])
        #expect(bench.closings == [])
    }

    @Test func `H-27 a maintained safety output is repeated until the board takes it`() {
        var bench = RelayBench.started()
        bench.board.faults.isDeaf = true
        bench.level(1, 2, .on)
        bench.run(for: .seconds(20))
        #expect(bench.words(of: 1).first == "written")
        #expect(bench.faults == ["relay_silent"])
        bench.board.faults.isDeaf = false
        bench.run(for: .seconds(2))
        #expect(bench.words(of: 1).last == "confirmed")
        #expect(bench.board.isClosed(2))
        #expect(bench.faults == [])
    }

    @Test func `H-22 a safety pulse that waited for the line too long is not sent`() {
        var bench = RelayBench.started()
        bench.disconnect()
        bench.pulse(1, 1, .safety, life: nil)
        bench.run(for: .seconds(60))
        bench.connect()
        bench.run(for: .seconds(2))
        #expect(bench.words(of: 1) == ["expired"])
        #expect(bench.closings == [])
    }

    @Test func `a close is written when its guard reads off afresh`() {
        var bench = RelayBench.started()
        bench.close(1, guards: safetyOff)
        bench.run(for: .seconds(2))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
    }

    @Test func `H-11 a close is withdrawn when safety is on at the instant of writing`() {
        for delay in stride(from: 0, to: 100, by: 2) {
            var bench = RelayBench.started()
            bench.run(for: .milliseconds(delay))
            bench.board.inputs[2] = true
            bench.run(for: .milliseconds(90))
            bench.close(1, guards: safetyOff)
            bench.run(for: .seconds(2))
            #expect(bench.words(of: 1) == ["withdrawn"])
            #expect(bench.closings == [])
        }
    }

    @Test func `H-11 a close is withdrawn when a normally closed guard's wire is cut`() {
        var bench = RelayBench.started()
        bench.close(1, guards: [RelayCommand.Guard(channel: 3, contact: .normallyClosed)])
        bench.run(for: .seconds(2))
        #expect(bench.words(of: 1) == ["withdrawn"])
    }

    @Test func `H-11 a close is never written while the inputs do not answer`() {
        var bench = RelayBench.started()
        bench.board.faults.isMute = true
        bench.run(for: .milliseconds(150))
        bench.close(1, guards: safetyOff)
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 1) == ["withdrawn"] || bench.words(of: 1) == ["expired"])
        #expect(bench.closings == [])
    }

    @Test(arguments: [safetyOff, []])
    func `a waiting close dies when it is withdrawn, wherever its safety is wired`(
        guards: [RelayCommand.Guard]
    ) {
        var bench = RelayBench.started()
        bench.run(for: .milliseconds(46))
        bench.pulse(1, 3)
        bench.pulse(2, 4)
        bench.close(3, guards: guards)
        bench.withdrawClose(2)
        bench.run(for: .seconds(2))
        #expect(bench.words(of: 3) == ["withdrawn"])
        #expect(bench.board.edges.allSatisfy { $0.relay != 2 })
    }

    @Test(arguments: [nil, 0x0200] as [UInt16?])
    func `a close that the board did not take is not written again`(flashBase: UInt16?) {
        var settings = RelayBench.settings
        settings.flashBase = flashBase
        var bench = RelayBench.started(settings)
        bench.board.faults.isDeaf = true
        bench.close(1, guards: [])
        bench.run(for: .milliseconds(100))
        bench.board.faults.isDeaf = false
        bench.run(for: .seconds(3))
        #expect(bench.words(of: 1) == ["written", "withdrawn"])
        #expect(bench.closings == [])
    }

    @Test func `putting the close contact to rest looks at no input`() {
        var bench = RelayBench.started()
        bench.close(1, guards: safetyOff)
        bench.run(for: .milliseconds(150))
        bench.board.inputs[2] = true
        bench.level(2, 2, .off)
        bench.run(for: .milliseconds(100))
        #expect(!bench.board.isClosed(2))
    }

    @Test func `H-20 a relay that stays on is written off twice and then reported stuck`() {
        var bench = RelayBench.started()
        bench.board.faults.welded = [1]
        bench.pulse(1)
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
        #expect(bench.faults == ["relay_stuck"])
        #expect(bench.writes.filter { $0.bytes == hex("01 05 00 00 00 00 CD CA") }.count == 2)
        let stuck = bench.told.first { $0.output == .stuck(channel: 1, true) }
        #expect(stuck.map { $0.at <= bench.closings[0] + .milliseconds(1000) } == true)
        // It lets go some day, and then is told to.
        bench.board.faults.welded = []
        bench.run(for: .seconds(11))
        #expect(bench.faults == [])
        #expect(!bench.board.isClosed(1))
        #expect(bench.told.contains { $0.output == .stuck(channel: 1, false) })
    }

    @Test func `H-15 a board that forgot a hold is told of and the hold is asserted again`() {
        var bench = RelayBench.started(holding: [2])
        bench.run(for: .seconds(1))
        bench.board.restart(at: bench.now)
        bench.run(for: .seconds(1))
        #expect(bench.told.map(\.output).contains(.restarted(isCertain: true)))
        #expect(bench.board.isClosed(2))
    }

    @Test func `H-15 a board that was away for seconds may have restarted`() {
        var bench = RelayBench.started()
        bench.board.faults.isDeaf = true
        bench.run(for: .seconds(3))
        bench.board.faults.isDeaf = false
        bench.run(for: .seconds(1))
        #expect(bench.told.map(\.output).contains(.restarted(isCertain: false)))
    }

    @Test func `without board-timed pulses the session ends them on time`() {
        var settings = RelayBench.settings
        settings.flashBase = nil
        var bench = RelayBench.started(settings)
        bench.pulse(1)
        bench.run(for: .seconds(3))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
        #expect(bench.board.edges.map(\.isClosed) == [true, false])
        let length = bench.board.edges[1].at - bench.board.edges[0].at
        #expect(length >= .milliseconds(500) && length <= .milliseconds(530))
    }
}
