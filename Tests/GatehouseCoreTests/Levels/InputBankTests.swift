// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

private func at(_ milliseconds: Int) -> Uptime { .zero + .milliseconds(milliseconds) }

@Suite struct InputBankTests {
    private var bank = InputBank([
        InputBank.Input(contact: .normallyOpen, staleAfter: .milliseconds(400)),
        nil,
        InputBank.Input(contact: .normallyClosed, staleAfter: .seconds(2)),
    ])

    /// Samples of channel 1 at an instant; channel 3 rests (closed, normally closed: off).
    private mutating func sample(_ closed: Bool, _ milliseconds: Int) -> [InputBank.Change] {
        bank.sample([closed, true, true], at: at(milliseconds)).filter { $0.channel == 1 }
    }

    @Test mutating func `all inputs are unknown until two equal samples 50 ms apart`() {
        #expect(bank.level(of: 1) == .unknown)
        #expect(sample(false, 0) == [])
        #expect(sample(false, 49) == [])
        #expect(sample(false, 50) == [InputBank.Change(channel: 1, level: .off, since: at(0))])
        #expect(bank.level(of: 1) == .off)
        #expect(bank.level(of: 3) == .off)
        #expect(bank.level(of: 2) == .unknown)
        #expect(bank.level(of: 99) == .unknown)
    }

    @Test mutating func `two different samples do not leave unknown`() {
        _ = sample(false, 0)
        #expect(sample(true, 50) == [])
        #expect(sample(true, 100) == [InputBank.Change(channel: 1, level: .on, since: at(50))])
    }

    @Test mutating func `a cut wire of a normally closed contact reads on`() {
        _ = bank.sample([false, false, false], at: at(0))
        #expect(
            bank.sample([false, false, false], at: at(60)).last
                == InputBank.Change(channel: 3, level: .on, since: at(0)))
    }

    @Test mutating func `H-02 an on of one sample is reported and so is the off after it`() {
        _ = sample(false, 0)
        _ = sample(false, 50)
        #expect(sample(true, 100) == [InputBank.Change(channel: 1, level: .on, since: at(100))])
        #expect(sample(false, 101) == [InputBank.Change(channel: 1, level: .off, since: at(101))])
    }

    @Test mutating func `H-11 a silent input becomes unknown after its time, from the last good sample on`() {
        _ = sample(false, 0)
        _ = sample(false, 50)
        #expect(bank.nextExpiry == at(450))
        #expect(bank.expire(at: at(449)) == [])
        #expect(bank.expire(at: at(450)) == [InputBank.Change(channel: 1, level: .unknown, since: at(50))])
        #expect(bank.nextExpiry == at(2050))
        #expect(bank.level(of: 3) == .off)
    }

    @Test mutating func `H-11 a sample after a silence that nobody noticed is unknown first`() {
        _ = sample(false, 0)
        _ = sample(false, 50)
        #expect(sample(false, 600) == [InputBank.Change(channel: 1, level: .unknown, since: at(50))])
        #expect(sample(false, 650) == [InputBank.Change(channel: 1, level: .off, since: at(600))])
    }

    @Test mutating func `samples too far apart to be fresh never leave unknown`() {
        for step in 0..<20 { #expect(sample(false, step * 500) == []) }
    }

    @Test mutating func `H-11 a board that failed makes everything unknown at once`() {
        _ = sample(false, 0)
        _ = sample(false, 50)
        #expect(
            bank.lost(at: at(60)) == [
                InputBank.Change(channel: 1, level: .unknown, since: at(60)),
                InputBank.Change(channel: 3, level: .unknown, since: at(60)),
            ])
        #expect(bank.nextExpiry == nil)
        #expect(sample(false, 70) == [])
    }

    @Test mutating func `H-13 more than eight edges in five seconds are unknown until ten seconds of quiet`()
    {
        _ = sample(false, 0)
        _ = sample(false, 50)
        var isClosed = false
        for edge in 1...8 {
            isClosed.toggle()
            #expect(sample(isClosed, 50 + edge * 100).count == 1)
        }
        #expect(sample(true, 950) == [InputBank.Change(channel: 1, level: .unknown, since: at(950))])
        for time in stride(from: 1000, to: 10_950, by: 50) { #expect(sample(true, time) == []) }
        #expect(sample(true, 10_950) == [InputBank.Change(channel: 1, level: .on, since: at(950))])
    }

    @Test mutating func `eight edges spread over more than five seconds are a busy lane and not chatter`() {
        _ = sample(false, 0)
        _ = sample(false, 50)
        var isClosed = false
        for edge in 1...40 {
            isClosed.toggle()
            for part in 0..<4 { _ = sample(isClosed, edge * 700 + part * 175) }
            #expect(bank.level(of: 1) == (isClosed ? .on : .off))
        }
    }

    /// Against a slow judge that knows all samples: no level is ever claimed that the last sample contradicts,
    /// and every edge between known levels is reported.
    @Test func `a level is never newer, older or other than its samples`() {
        for seed in UInt64(1)...50 {
            var random = seed &* 0x9E37_79B9_7F4A_7C15
            func next(_ bound: UInt64) -> Int {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((random >> 33) % bound)
            }
            var bank = InputBank([InputBank.Input(contact: .normallyOpen, staleAfter: .milliseconds(400))])
            var time = 0
            var level = Level.unknown
            var last = false
            for _ in 0..<400 {
                time += next(20) == 0 ? 300 + next(400) : 20 + next(60)
                if next(4) == 0 { last.toggle() }
                for change in bank.sample([last], at: at(time)) {
                    #expect(change.level != level)
                    #expect(change.since <= at(time))
                    level = change.level
                }
                #expect(bank.level(of: 1) == level)
                #expect(level == .unknown || level == (last ? .on : .off))
            }
        }
    }

    /// A crowd through a turnstile is no loose wire.
    @Test func `a contact that counts people may change as often as people pass`() {
        for edges in [InputBank.Input.usualChatter, InputBank.Input.countedChatter] {
            var bank = InputBank([
                InputBank.Input(contact: .normallyOpen, staleAfter: .seconds(2), chatterEdges: edges)
            ])
            var unknown = 0
            for step in 0..<400 {
                // 100 ms closed, 300 ms open, read every 50 ms.
                let changes = bank.sample([step % 8 < 2], at: .zero + .milliseconds(50 * Int64(step)))
                unknown += changes.count { $0.level == .unknown }
            }
            #expect((unknown == 0) == (edges == InputBank.Input.countedChatter))
        }
    }
}
