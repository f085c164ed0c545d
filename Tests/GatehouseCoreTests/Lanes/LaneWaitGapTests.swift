// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

/// Who waits at the line: asked again, let out in vain, or forgotten (lanes.md n3, n10, n11, H-32).
struct LaneWaitGapTests {
    private func calls(_ lane: LaneHarness) -> [String] {
        lane.effects.compactMap { if case .callGuard(let why) = $0 { why } else { nil } }
    }

    @Test func `a board that refuses is not asked for a blind opening as fast as it answers`() {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.send(.fault(.camera, isRaised: true))
        lane.settle(.presence, .on)
        lane.advance(.seconds(120))
        #expect(lane.opens == 1)
        lane.forget()
        // A Modbus exception is a warning: the outputs do not count as failed.
        for _ in 0..<20 {
            lane.send(.command(.open, .refused("the board answered exception 4")))
            lane.advance(.milliseconds(50))
        }
        #expect(lane.opens <= 2, "in one second")
        #expect(calls(lane).count <= 2)
    }

    @Test func `H-32 a blind opening that its board never heard was none`() {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.settle(.presence, .on)
        lane.advance(.seconds(120))
        #expect(lane.opens == 1)
        lane.send(.command(.open, .expired))
        lane.advance(.seconds(150))
        #expect(lane.opens > 1, "it stands there still, and nobody can read it")
    }

    @Test func `who was let out in vain and backed off leaves its ended time to nobody else`() {
        var lane = LaneHarness.at(.waiting, .controlled(.exit))
        lane.answer = LaneHarness.pay
        lane.advance(.seconds(601))
        #expect(lane.opens == 1)
        lane.send(.command(.open, .expired))
        lane.settle(.presence, .off)
        lane.advance(.seconds(5))
        lane.forget()
        lane.settle(.presence, .on)
        lane.read(2)
        lane.advance(.seconds(2))
        #expect(lane.opens == 0, "it owes, and has waited for two seconds")
    }

    @Test func `H-32 one misread of who pays for minutes does not make its loop a liar`() throws {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.answer = LaneHarness.pay
        lane.settle(.presence, .on)
        lane.read(8)
        lane.read(try #require(Plate("沪A8888B")), confidence: 50, known: false)
        lane.advance(.seconds(330))
        lane.answer = { LaneHarness.grant($0) }
        lane.send(.reconsider(.payment))
        #expect(lane.opens == 1)
    }

    @Test func `H-32 an exit behind arms that are busy one after the other is told of`() {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.answer = {
            Decision(verdict: .pending, reason: .interlockWait, rule: 8, plate: $0.read?.reading.plate)
        }
        lane.settle(.presence, .on)
        lane.read(1)
        for _ in 0..<17 {
            lane.advance(.seconds(10))
            lane.send(.reconsider(.interlock))
        }
        #expect(!calls(lane).contains("exit_waits"))
        lane.advance(.seconds(12))
        #expect(calls(lane).contains("exit_waits"))
    }

    @Test func `an old read of who has crept onto safety is told when it has backed off`() {
        var lane = LaneHarness.at(.refused, .controlled())
        lane.set(.safety(0), .on)
        lane.advance(.seconds(130))
        lane.forget()
        lane.send(.reconsider(.interlock))
        lane.settle(.safety(0), .off)
        lane.advance(.seconds(30))
        #expect(lane.triggers > 0 || !calls(lane).isEmpty || lane.shown == .back)
    }
}
