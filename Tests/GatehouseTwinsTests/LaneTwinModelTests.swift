// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Testing

struct LaneTwinModelTests {
    private static let pulse: [UInt8] = [0x01, 0x05, 0x02, 0x00, 0x00, 0x05, 0x0C, 0x71]

    private func lane() -> LaneTwinModel {
        var settings = BarrierModel.Settings()
        settings.raise = .seconds(1)
        settings.lower = .seconds(1)
        settings.closesAfter = .milliseconds(1500)
        settings.closesUnused = .seconds(9)
        return LaneTwinModel(barrier: settings)
    }

    private func at(_ milliseconds: Int64) -> Uptime { Uptime(nanoseconds: milliseconds * 1_000_000) }

    @Test func `an empty lane shows a closed safety contact and the lower limit`() {
        let inputs = lane().board.inputs
        // P, S (normally closed), C, up, down.
        #expect(inputs.prefix(5) == [false, true, false, false, true])
    }

    @Test func `a cut wire at the fire panel reads as fire`() {
        var wiring = LaneTwinModel.Wiring()
        wiring.fire = 6
        var lane = LaneTwinModel(wiring: wiring)
        #expect(lane.board.inputs[5])
        lane.isFireOn = true
        lane.advance(to: at(20))
        #expect(!lane.board.inputs[5])
    }

    @Test func `a board-timed pulse raises the arm and a car through lets it fall`() throws {
        var lane = lane()
        #expect(lane.receive(Self.pulse, at: at(10)).count == 1)
        lane.advance(to: at(1500))
        #expect(lane.barrier.isUp && lane.board.inputs[3] && !lane.board.inputs[4])
        #expect(lane.openClosings.map(\.at) == [at(10)])
        #expect(!lane.board.isClosed(1), "half a second is over")
        let car = lane.arrive(stop: nil)
        // 1050 cm until the rear is past the safety loop, at 400 cm/s.
        lane.advance(to: at(1500 + 2700))
        #expect(lane.crossed(car) && lane.crossings.count == 1)
        lane.advance(to: at(1500 + 2700 + 1500 + 1000 + 100))
        #expect(lane.barrier.isDown && lane.strikes == 0)
    }

    @Test func `a car that stops and backs out has not crossed`() {
        var lane = lane()
        let car = lane.arrive(stop: 150)
        lane.advance(to: at(2000))
        #expect(lane.stands(car) && lane.loops.isOn("P") && lane.front(of: car) == 152)
        lane.drive(car, speed: -300)
        lane.advance(to: at(4000))
        #expect(lane.stands(car) && !lane.loops.isOn("P") && lane.crossings.isEmpty)
    }

    @Test func `H-15 power returns with a car on the loop: the detector says empty, the arm stays`() {
        var lane = lane()
        _ = lane.receive(Self.pulse, at: at(10))
        lane.advance(to: at(1200))
        let car = lane.arrive(stop: 450)
        lane.advance(to: at(4000))
        #expect(lane.stands(car) && !lane.board.inputs[1])
        lane.cutPower()
        #expect(lane.receive(Self.pulse, at: at(4100)).isEmpty)
        lane.advance(to: at(6000))
        lane.restorePower()
        lane.advance(to: at(20_000))
        #expect(lane.board.inputs[1], "current flows: the detector was tuned with the car on it")
        #expect(lane.loops.isOccupied("S") && lane.barrier.isUp && lane.strikes == 0)
    }

    @Test func `time in any steps gives the same road`() {
        var (coarse, fine) = (lane(), lane())
        let cars = (coarse.arrive(stop: nil), fine.arrive(stop: nil))
        coarse.advance(to: at(2000))
        for millisecond in 1...2000 { fine.advance(to: at(Int64(millisecond))) }
        #expect(coarse.front(of: cars.0) == fine.front(of: cars.1))
    }
}
