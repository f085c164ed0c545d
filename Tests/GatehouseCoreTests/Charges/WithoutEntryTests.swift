// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// An exit that charges, and a vehicle that nobody saw come in.
struct WithoutEntryTests {
    private typealias Bench = ChargeBench

    private static let far = PlateGrammar.parse("沪C77777", color: .blue)

    private func bench(_ charge: NoEntryCharge, directory: Directory = .empty) -> Bench {
        Bench(directory: directory) { plan in
            plan.editions = [Bench.edition { $0.noEntry = charge }]
        }
    }

    @Test func `it is asked what the tariff has for that, pays and goes, and nothing is counted as inside`()
        throws
    {
        var bench = bench(.fixed(Money(1_000)))
        bench.arrives()
        #expect(!bench.isOpened)
        #expect(try bench.last("accessHeld").text("reason") == "PAYMENT_DUE")
        #expect(try bench.quotedDue() == 1_000)
        #expect(bench.occupancy == 0)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
        _ = bench.pays(1_000)
        #expect(bench.isOpened)
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "paid")
        #expect(try charge.object("charge").strings("flags") == ["NO_ENTRY_RECORD"])
        #expect(try charge.object("charge").objects("lines").first?.text("code") == "NO_ENTRY_RECORD")
        #expect(bench.balance("income.common.temp_parking") == -1_000)
        // Somebody left who was never counted: as with any exit without an entry.
        #expect(bench.occupancy == -1)
        #expect(bench.bench.site.memory.stays.unmatchedExits.count == 1)
        #expect(bench.bench.site.memory.stays.stays.isEmpty)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
    }

    @Test func `the first step and the cap are amounts too`() throws {
        for (charge, due) in [(NoEntryCharge.firstStep, 200), (.cycleCap, 1_500)] {
            var bench = Bench { plan in
                plan.editions = [
                    Bench.edition {
                        $0.noEntry = charge
                        $0.cycle.kind = .naturalDay
                        $0.cycle.cap = Money(1_500)
                    }
                ]
            }
            bench.arrives()
            #expect(try bench.quotedDue() == Int64(due), "\(charge)")
        }
    }

    @Test func `where the tariff leaves it to a person nothing is asked`() throws {
        var bench = bench(.manual)
        bench.arrives()
        #expect(try bench.last("accessHeld").text("reason") == "NO_ENTRY_RECORD")
        #expect(bench.count("chargeQuoted") == 0 && bench.count("stayOpened") == 0)
    }

    @Test func `with a stay that may be its own a person decides first`() throws {
        var bench = bench(.fixed(Money(1_000)))
        _ = try bench.enters(PlateGrammar.parse("沪A2K685", color: .blue))
        _ = try bench.enters(PlateGrammar.parse("京A2K605", color: .blue))
        bench.arrives()
        #expect(try bench.last("accessHeld").text("reason") == "NO_ENTRY_RECORD")
        #expect(bench.count("chargeQuoted") == 0)
        let line = bench.bench.site.status(at: bench.bench.now).lanes[0]
        #expect(line.candidates.count == 2)
    }

    @Test func `a household's vehicle is asked nothing`() throws {
        var builder = DirectoryBuilder()
        try builder.set(Permit(id: 9, plate: try #require(Bench.plate.plate)))
        var bench = bench(.fixed(Money(1_000)), directory: try builder.build(asOf: Sequence(1)))
        bench.arrives()
        #expect(bench.isOpened)
        #expect(bench.count("chargeQuoted") == 0 && bench.count("stayOpened") == 0)
    }

    @Test func `it is let out after ten minutes like everybody else, and owes`() throws {
        var bench = bench(.fixed(Money(1_000)))
        bench.arrives()
        bench.bench.advance(.seconds(605))
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").text("outcome") == "owed")
        #expect(bench.book.arrears(of: try #require(Bench.plate.plate)).map(\.amount) == [Money(1_000)])
    }

    @Test func `who turned back is forgotten when the next one is asked, and gets back what he paid`() throws
    {
        var bench = bench(.fixed(Money(1_000)))
        bench.arrives()
        _ = bench.pays(300)
        bench.turnsBack()
        bench.bench.advance(.seconds(700))
        bench.arrives(Self.far)
        let gone = try #require(bench.bench.records.last { $0.kind == "stayClosed" })
        #expect(try Fields(gone.payload).text("state") == "cancelled")
        #expect(bench.balance("liabilities.refundable") == -300)
        #expect(bench.bench.site.memory.stays.atExit.count == 1)
        #expect(bench.occupancy == 0)
    }

    @Test func `who comes in after all is a new stay`() throws {
        var bench = bench(.fixed(Money(1_000)))
        bench.arrives()
        bench.turnsBack()
        let stay = try bench.comesIn()
        #expect(bench.bench.site.memory.stays.atExit.isEmpty)
        #expect(bench.bench.site.memory.stays.stays.keysInOrder == [stay])
        #expect(try bench.last("stayCharged").text("outcome") == "cancelled")
    }

    @Test func `the stay that the exit turns out to have ended is not charged again`() throws {
        var bench = bench(.fixed(Money(1_000)))
        let stay = try bench.enters(Self.far)
        bench.bench.advance(.seconds(95 * 60))
        bench.arrives()
        _ = bench.pays(1_000)
        bench.leaves()
        #expect(bench.occupancy == 0)
        let exit = try #require(bench.bench.site.memory.stays.unmatchedExits.keysInOrder.first)
        bench.repairs(.match(stay, exit: exit))
        let charge = try bench.last("stayCharged")
        #expect(charge.number("stay") == stay.number && charge.text("outcome") == "free")
        #expect(charge.number("asked_at_exit") == exit.number && !charge.has("charge"))
        #expect(bench.balance("income.common.temp_parking") == -1_000)
        #expect(bench.occupancy == 0 && bench.book.isBalanced)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
    }
}
