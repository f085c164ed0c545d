// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import Testing

private func at(_ milliseconds: Int) -> Uptime { .zero + .milliseconds(milliseconds) }

@Suite struct BarrierModelTests {
    private typealias Kind = BarrierModel.Event.Kind

    private func pulse(_ barrier: inout BarrierModel, at milliseconds: Int, safety: Bool = false) {
        barrier.drive(open: true, safety: safety, at: at(milliseconds))
        barrier.drive(open: false, safety: safety, at: at(milliseconds + 500))
    }

    private func story(_ barrier: BarrierModel) -> [Kind] { barrier.events.map(\.kind) }

    @Test func `a pulse raises the arm in its time and it closes after the vehicle`() {
        var barrier = BarrierModel()
        pulse(&barrier, at: 0)
        #expect(!barrier.isUp && !barrier.isDown)
        barrier.advance(to: at(3000))
        #expect(barrier.isUp)
        barrier.drive(open: false, safety: true, at: at(5000))
        barrier.drive(open: false, safety: false, at: at(8000))
        barrier.advance(to: at(20_000))
        #expect(story(barrier) == [.rises, .isUp, .lowers, .isDown])
        #expect(barrier.events.map(\.at) == [at(0), at(3000), at(10_000), at(13_000)])
    }

    @Test func `safety or an open while lowering reverses the arm from where it is`() {
        for usesSafety in [true, false] {
            var barrier = BarrierModel()
            pulse(&barrier, at: 0)
            barrier.drive(open: false, safety: true, at: at(4000))
            barrier.drive(open: false, safety: false, at: at(5000))
            barrier.advance(to: at(8000))
            #expect(barrier.motion == .lowering)
            barrier.drive(open: !usesSafety, safety: usesSafety, at: at(8000))
            #expect(barrier.motion == .rising)
            barrier.advance(to: at(9000))
            #expect(barrier.isUp)
        }
    }

    @Test func `nothing lowers while the loop is occupied or the arm is held`() {
        var settings = BarrierModel.Settings()
        settings.closesUnused = .seconds(5)
        var barrier = BarrierModel(settings)
        pulse(&barrier, at: 0)
        barrier.drive(open: false, close: true, safety: true, at: at(4000))
        barrier.advance(to: at(60_000))
        #expect(barrier.isUp)
        barrier.drive(open: false, hold: true, safety: false, at: at(60_000))
        barrier.advance(to: at(120_000))
        #expect(barrier.isUp)
        barrier.drive(open: false, hold: false, safety: false, at: at(120_000))
        barrier.advance(to: at(130_000))
        #expect(barrier.isDown)
    }

    @Test func `without automatic closing only a close lowers`() {
        var settings = BarrierModel.Settings()
        settings.closesAfter = nil
        var barrier = BarrierModel(settings)
        pulse(&barrier, at: 0)
        barrier.drive(open: false, safety: true, at: at(4000))
        barrier.drive(open: false, safety: false, at: at(6000))
        barrier.advance(to: at(60_000))
        #expect(barrier.isUp)
        barrier.drive(open: false, close: true, safety: false, at: at(60_000))
        barrier.advance(to: at(63_000))
        #expect(barrier.isDown)
    }

    @Test func `a counting controller wants one passage for each opening`() {
        var settings = BarrierModel.Settings()
        settings.countsOpenings = true
        var barrier = BarrierModel(settings)
        pulse(&barrier, at: 0)
        pulse(&barrier, at: 1000)
        barrier.drive(open: false, safety: true, at: at(5000))
        barrier.drive(open: false, safety: false, at: at(6000))
        barrier.advance(to: at(20_000))
        #expect(barrier.isUp)
        barrier.drive(open: false, safety: true, at: at(21_000))
        barrier.drive(open: false, safety: false, at: at(22_000))
        barrier.advance(to: at(30_000))
        #expect(barrier.isDown)
    }

    @Test func `a fob opens without a relay and a stuck arm does not move`() {
        var barrier = BarrierModel()
        barrier.pressFob(at: at(100))
        barrier.advance(to: at(4000))
        #expect(barrier.isUp)
        var stuck = BarrierModel()
        stuck.isStuck = true
        pulse(&stuck, at: 0)
        stuck.advance(to: at(9000))
        #expect(stuck.isDown && stuck.events.isEmpty)
    }
}
