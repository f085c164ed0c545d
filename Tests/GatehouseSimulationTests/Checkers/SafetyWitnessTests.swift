// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// S2 can fail on each of its clauses.
@Suite struct SafetyWitnessTests {
    private let clearDelay = Duration.seconds(1)

    private func at(_ milliseconds: Int64) -> Uptime { .zero + .milliseconds(milliseconds) }

    /// Started at 0 and trusted: one short cycle was seen, free since 3 s.
    private func trusted() -> SafetyWitness {
        var witness = SafetyWitness(tuneOut: .seconds(240), staleAfter: .milliseconds(400))
        witness.started(at: .zero)
        senses(&witness, false, 0)
        senses(&witness, true, 1000)
        senses(&witness, false, 3000)
        return witness
    }

    private func senses(
        _ witness: inout SafetyWitness, _ isOn: Bool, _ milliseconds: Int64, clear: Bool = false,
        sound: Bool = true
    ) {
        witness.senses(isOn: isOn, isClearOn: clear, isLineSound: sound, at: at(milliseconds))
    }

    private func doubt(_ witness: SafetyWitness, _ milliseconds: Int64) -> SafetyWitness.Doubt? {
        witness.doubt(clearDelay: clearDelay, at: at(milliseconds))
    }

    @Test func `a loop that was free for the clear delay forbids nothing`() {
        let witness = trusted()
        #expect(doubt(witness, 4000) == nil)
        #expect(doubt(witness, 3700) == .offTooShort)
        #expect(doubt(witness, 3760) == nil, "one poll is forgiven")
    }

    @Test func `an occupied loop forbids`() {
        var witness = trusted()
        senses(&witness, true, 10_000)
        #expect(doubt(witness, 10_200) == nil, "nobody could know yet")
        #expect(doubt(witness, 10_300) == .on)
    }

    @Test func `a blip shorter than a poll interrupts nothing, a longer one does`() {
        var witness = trusted()
        senses(&witness, true, 10_000)
        senses(&witness, false, 10_100)
        #expect(doubt(witness, 10_500) == nil)
        senses(&witness, true, 11_000)
        senses(&witness, false, 11_300)
        #expect(doubt(witness, 11_500) == .offTooShort)
    }

    @Test func `a line that is silent forbids, and its return begins anew`() {
        var witness = trusted()
        senses(&witness, false, 10_000, sound: false)
        #expect(doubt(witness, 10_600) == nil, "the last sample is not stale")
        #expect(doubt(witness, 10_700) == .unknown)
        senses(&witness, false, 12_000)
        #expect(doubt(witness, 12_500) == .offTooShort)
        #expect(doubt(witness, 13_000) == nil)
    }

    @Test func `without a process nobody closes, and a new one begins anew`() {
        var witness = trusted()
        witness.ended()
        #expect(doubt(witness, 10_000) == .unknown)
        witness.started(at: at(20_000))
        #expect(doubt(witness, 20_500) == .offTooShort)
        #expect(doubt(witness, 21_000) == nil, "a killed process leaves no suspicion behind")
    }

    @Test func `after a loss of power only a whole cycle or a person on site is believed`() {
        var witness = trusted()
        witness.poweredUp()
        senses(&witness, false, 60_000)
        #expect(doubt(witness, 60_000) == .suspect)
        var seen = witness
        seen.seenEmpty()
        #expect(doubt(seen, 60_000) == nil)
        senses(&witness, true, 61_000)
        senses(&witness, false, 63_000)
        #expect(doubt(witness, 64_000) == nil)
    }

    @Test func `who stood for longer than a loop remembers may still stand there`() {
        var witness = trusted()
        senses(&witness, true, 10_000)
        senses(&witness, false, 260_000)
        #expect(doubt(witness, 300_000) == .suspect)

        var seenLeaving = trusted()
        senses(&seenLeaving, true, 10_000)
        senses(&seenLeaving, true, 258_000, clear: true)
        senses(&seenLeaving, false, 260_000)
        #expect(doubt(seenLeaving, 300_000) == nil)
    }

    @Test(arguments: [(40_000, 270_000, true), (5_000, 270_000, false), (40_000, 290_000, false)])
    func `a clear loop that falls later vouches for who reached it, not for another, not after minutes`(
        _ rises: Int64, _ falls: Int64, _ isBelieved: Bool
    ) {
        var witness = trusted()
        if rises < 10_000 { senses(&witness, false, rises, clear: true) }
        senses(&witness, true, 10_000, clear: rises < 10_000)
        senses(&witness, true, rises > 10_000 ? rises : 40_000, clear: true)
        senses(&witness, false, 260_000, clear: true)
        #expect(doubt(witness, 262_000) == .suspect)
        senses(&witness, false, falls, clear: false)
        #expect((doubt(witness, 300_000) == nil) == isBelieved)
    }
}
