// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct LedgerKeyFactTests {
    private let wang = Operator(channel: "socket", name: "wang")
    private let now = Moment(uptime: .zero, wall: WallTime(milliseconds: 5))

    private func changes() -> [LedgerKeyFact] {
        [
            LedgerKeyFact(.begun, key: "a"),
            LedgerKeyFact(.rotated, key: "b", previous: "a", statement: "s", by: wang, reason: "TEST"),
            LedgerKeyFact(.lost, key: "c", previous: "b", statement: "t", by: wang, reason: "TEST"),
        ]
    }

    @Test func `keys are folded from their records and read back from their rows, in order`() throws {
        var memory = SiteMemory()
        var rows: [ProjectionRow] = []
        // By number and not by text: 12 comes after 9.
        for (number, fact) in zip([9, 12, 100] as [Int64], changes()) {
            let stored = StoredRecord(
                sequence: Sequence(number), kind: fact.change.rawValue, format: 1, at: now, boot: "b",
                payload: Fact.housekeeping(.ledgerKey(fact)).payload)
            let live = memory
            var other = live
            let made = other.apply(.housekeeping(.ledgerKey(fact)), Sequence(number), at: now)
            #expect(try memory.fold(stored) == made)
            #expect(memory == other)
            rows += made.compactMap { change in change.value.map { ProjectionRow(change.row, $0) } }
        }
        #expect(memory.ledgerKeys.current == "c")
        #expect(memory.ledgerKeys.entries.map(\.fact) == changes())
        #expect(try SiteMemory(rows: rows.reversed()).ledgerKeys == memory.ledgerKeys)
        #expect(Set(LedgerKeyFact.kinds).isSubset(of: Fact.kinds))
    }

    @Test func `of two changes that both follow the same key one is refused`() throws {
        let plan = ChargeBench.plan(PricingPlan(editions: []))
        var site = Site(
            plan: plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
        func say(_ fact: LedgerKeyFact) -> [SiteEffect] {
            site.step(.housekeeping(.ledgerKey(fact), reply: ReplyID(7)), at: now)
        }
        func isRefused(_ effects: [SiteEffect]) -> Bool {
            effects.contains { effect in
                if case .answer(_, .refused, _) = effect { true } else { false }
            }
        }
        let (begun, rotated) = (changes()[0], changes()[1])
        #expect(!isRefused(say(begun)))
        #expect(isRefused(say(begun)))
        #expect(!isRefused(say(rotated)))
        #expect(isRefused(say(LedgerKeyFact(.rotated, key: "x", previous: "a", statement: "s"))))
        #expect(site.memory.ledgerKeys.entries.map(\.fact) == [begun, rotated])
    }

    @Test func `a key stands in a sentence by name and hash alone`() throws {
        for fact in changes() {
            var fact = fact
            fact.key = "gatehouse.estate.gateway+01020304+AQIDBA=="
            let fields = try Fields(Fact.housekeeping(.ledgerKey(fact)).payload)
            let sentence = RecordText.sentence(fact.change.rawValue, fields)
            #expect(sentence.contains("gatehouse.estate.gateway+01020304") && !sentence.contains("AQIDBA"))
        }
    }
}
