// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// The line: echo, noise, silence, exceptions.
@Suite struct ModbusRelayLineTests {
    @Test
    func `an echoing adapter is found out and a pulse that nobody answered is not confirmed by its echo`() {
        var bench = RelayBench(RelayBench.settings)
        bench.board.faults.echoes = true
        bench.connect()
        bench.run(for: .milliseconds(300))
        bench.board.faults.isDeaf = true
        bench.pulse(1)
        bench.run(for: .seconds(5))
        #expect(bench.words(of: 1).contains("written"))
        #expect(!bench.words(of: 1).contains("confirmed"))
        #expect(bench.closings == [])
    }

    @Test func `with an echo everything works as without`() {
        var bench = RelayBench(RelayBench.settings)
        bench.board.faults.echoes = true
        bench.board.faults.isNoisy = true
        bench.connect()
        bench.run(for: .milliseconds(300))
        bench.pulse(1)
        bench.run(for: .seconds(2))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
        #expect(bench.faults == [])
    }

    @Test func `a wrong statement about the echo is a notice`() {
        var settings = RelayBench.settings
        settings.echo = .present
        var bench = RelayBench(settings)
        bench.connect()
        bench.run(for: .seconds(1))
        #expect(bench.faults == ["relay_echo"])
        bench.pulse(1)
        bench.run(for: .seconds(1))
        #expect(bench.words(of: 1) == ["written", "confirmed"])
    }

    @Test func `broken replies are counted and become a fault that passes`() {
        var bench = RelayBench.started()
        bench.board.faults.corruptsReplies = true
        bench.run(for: .seconds(2))
        #expect(bench.faults.contains("relay_garbled"))
        #expect(bench.faults.contains("relay_silent"))
        bench.board.faults.corruptsReplies = false
        bench.run(for: .seconds(70))
        #expect(bench.faults == [])
    }

    @Test func `H-11 an unplugged line loses the inputs at once and comes back by itself`() {
        var bench = RelayBench.started()
        bench.pulse(1)
        bench.disconnect()
        #expect(bench.told.map(\.output).contains(.inputsLost(at: bench.now)))
        #expect(bench.faults == ["relay_unplugged"])
        bench.run(for: .seconds(1))
        bench.connect()
        bench.run(for: .seconds(1))
        #expect(bench.faults == [])
        #expect(!bench.samples.isEmpty)
    }

    @Test func `firmware older than the profile allows is a fault`() {
        var settings = RelayBench.settings
        settings.versionRegister = 0x8000
        settings.minimumVersion = 0x00C9
        var bench = RelayBench(settings)
        bench.connect()
        bench.run(for: .seconds(1))
        #expect(bench.told.map(\.output).contains(.version(200)))
        #expect(bench.faults == ["relay_firmware"])
    }

    @Test func `a board with fewer relays than the profile says refuses and is told of`() {
        var settings = RelayBench.settings
        settings.outputs = 16
        var bench = RelayBench(settings)
        bench.connect()
        bench.run(for: .seconds(3))
        #expect(bench.faults.contains("relay_refuses"))
        bench.pulse(1, 12)
        bench.run(for: .seconds(1))
        #expect(bench.words(of: 1) == ["written", "refused"])
    }

    /// Any faults at any time: no pulse closes its relay twice, every command gets a last word, nothing is
    /// written after its life, and a healthy line ends without faults.
    @Test func `H-21 no sequence of line faults makes two pulses of one`() {
        for seed in UInt64(1)...18 {
            var random = seed &* 0x9E37_79B9_7F4A_7C15
            func next(_ bound: UInt64) -> Int {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((random >> 33) % bound)
            }
            var bench = RelayBench.started()
            var commands = 0
            for _ in 0..<80 {
                bench.board.faults.isDeaf = next(5) == 0
                bench.board.faults.isMute = next(5) == 0
                bench.board.faults.corruptsReplies = next(6) == 0
                bench.board.faults.echoes = seed % 3 == 0
                if next(2) == 0 {
                    commands += 1
                    bench.pulse(commands, 1 + next(8), next(3) == 0 ? .safety : .grant, life: 3000)
                }
                bench.run(for: .milliseconds(20 + next(900)))
            }
            bench.board.faults = RelayBoardModel.Faults()
            bench.run(for: .seconds(70))
            #expect(bench.closings.count <= commands, "seed \(seed)")
            for token in 1...commands {
                let words = bench.words(of: token)
                let last = words.last ?? ""
                #expect(
                    ["confirmed", "uncertain", "expired", "withdrawn", "refused"].contains(last),
                    "seed \(seed)")
                #expect(words.filter { $0 == "written" }.count <= 1, "seed \(seed)")
            }
            #expect(bench.faults == [], "seed \(seed)")
        }
    }
}
