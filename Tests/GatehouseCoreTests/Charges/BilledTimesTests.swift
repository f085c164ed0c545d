// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Where it is not certain when a stay began or ended, it is billed as what costs least.
struct BilledTimesTests {
    private typealias Bench = ChargeBench

    private static let hour: Int64 = 3_600_000

    private func times(
        _ entry: ClockStamp, _ exit: ClockStamp, minutes: Int64 = 90, others: [EntryOption] = [],
        lane: String? = "north"
    ) -> BilledTimes {
        let opening = StayOpening(
            area: "main", lane: lane, plate: Bench.plate.plate, reading: Bench.plate,
            holder: StayHolder(.temporary), recognisedAt: Bench.morning, passedAt: Bench.morning,
            clock: entry)
        let stay = Stay(id: StayID(1), opening: opening)
        return BilledTimes(
            stay, to: Bench.morning.second + minutes * 60, exit, others: others, isMisread: false)
    }

    /// Minutes after the recorded entry.
    private func minutes(_ times: BilledTimes) -> [[Int64]] {
        times.options.map { option in
            [option.entry, option.exit].map { ($0 - Bench.morning.second) / 60 }
        }
    }

    // MARK: Which instants are possible

    @Test func `a clock that nobody moved or doubted leaves one possibility`() {
        let times = times(.sound, .sound)
        #expect(minutes(times) == [[0, 90]])
        #expect(times.causes.isEmpty)
    }

    @Test func `a step inside leaves what was recorded and either setting, in which what passed is the same`()
    {
        let times = times(.sound, ClockStamp(moved: Self.hour))
        #expect(minutes(times) == [[0, 90], [0, 30], [60, 90]])
        #expect(times.causes == [.clock])
    }

    @Test func `a step back makes it longer, and what was recorded stands first`() {
        #expect(minutes(times(.sound, ClockStamp(moved: -Self.hour))) == [[0, 90], [0, 150], [-60, 90]])
    }

    @Test func `nobody leaves before he comes, but for what was recorded`() {
        let times = times(.sound, ClockStamp(moved: 2 * Self.hour))
        #expect(minutes(times) == [[0, 90]])
        #expect(times.causes == [.clock])
    }

    @Test func `an entry in doubt may be of the setting that was believed last`() {
        let doubtful = ClockStamp(moved: Self.hour, doubt: Self.hour)
        #expect(minutes(times(doubtful, doubtful)) == [[0, 90], [-60, 30]])
    }

    @Test func `doubt without a step on record has no bound: what was recorded stands, and is marked`() {
        let times = times(ClockStamp(moved: 0, doubt: 0), .sound)
        #expect(minutes(times) == [[0, 90]])
        #expect(times.causes == [.clock])
    }

    @Test func `a person's word about the entry is no reading of the clock`() {
        let times = times(.sound, ClockStamp(moved: Self.hour), lane: nil)
        #expect(minutes(times) == [[0, 90]])
        #expect(times.causes.isEmpty)
    }

    @Test func `of other entries three at most are looked at`() {
        let others = (1...9).map { minute in
            EntryOption(stay: StayID(Int64(minute)), at: Bench.morning + .seconds(minute * 60))
        }
        let times = times(.sound, .sound, others: others)
        #expect(times.options.count == 1 + EntryOption.most)
        #expect(times.causes == [.misread])
    }

    @Test func `the largest clocks do not overflow`() {
        for moved in [Int64.min, .max] {
            let times = times(
                ClockStamp(moved: moved, doubt: .max), ClockStamp(moved: 0 - moved / 2, doubt: .min))
            #expect(times.options.count >= 1)
        }
    }

    // MARK: What is billed

    @Test func `a clock that jumped forward makes nobody pay for hours that did not pass`() throws {
        var bench = Bench()
        _ = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.steps(.seconds(5 * 3600))
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        _ = bench.pays(800)
        #expect(bench.isOpened)
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "paid")
        #expect(try charge.object("charge").strings("flags").contains("CLOCK_UNTRUSTED"))
        let doubt = try #require(try bench.doubt())
        #expect(doubt.causes == [.clock])
        #expect(doubt.options.count == 3 && doubt.used > 0)
        // Six hours and thirty-five minutes.
        #expect(doubt.options[0].fee == Money(2_800))
        #expect(charge.number("exit_s") == doubt.options[doubt.used].exit)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
    }

    @Test func `a clock that jumped back is the payer's gain`() throws {
        var bench = Bench()
        _ = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.steps(.seconds(-3600))
        bench.arrives()
        #expect(try bench.quotedDue() == 400)
        #expect(try bench.doubt("chargeQuoted")?.used == 0)
    }

    @Test
    func `an exit before its entry is a person's matter, and what is possible is shown and not applied`()
        throws
    {
        var bench = Bench()
        _ = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.steps(.seconds(-3 * 3600))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(try charge.object("charge").text("status") == "REVIEW")
        let doubt = try #require(try bench.doubt())
        #expect(doubt.used == 0)
        #expect(doubt.options.dropFirst().map(\.fee) == [Money(800), Money(800)])
    }

    @Test func `a stay that cannot be priced as recorded is priced as it may have been`() throws {
        var bench = Bench()
        bench.bench.now.wall = WallTime(milliseconds: 1_000)
        bench.bench.now.quality = .doubtful
        _ = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.steps(.milliseconds(Bench.morning.milliseconds), .synchronised)
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        #expect(try bench.doubt("chargeQuoted")?.options[0].fee == nil)
    }

    @Test func `without a doubt the record says nothing of it`() throws {
        var bench = Bench()
        _ = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.arrives()
        #expect(try bench.doubt("chargeQuoted") == nil)
        #expect(try bench.last("stayOpened").has("clock") == false)
    }

    // MARK: An entry that was misread

    private static let mine = PlateGrammar.parse("沪A2B605", color: .blue)
    private static let other = PlateGrammar.parse("沪A23605", color: .blue)
    private static let asRead = PlateGrammar.parse("沪A28605", color: .blue)

    @Test
    func `an exit that a person matched is billed from the entry that costs least, and says whose it is`()
        throws
    {
        var bench = Bench()
        let stay = try bench.enters(Self.mine)
        bench.bench.advance(.seconds(55 * 60))
        let newer = try bench.enters(Self.other)
        bench.bench.advance(.seconds(40 * 60))
        let exit = bench.leavesUnmatched(Self.asRead)
        bench.repairs(.match(stay, exit: exit))
        let charge = try bench.last("stayCharged")
        #expect(charge.number("stay") == stay.number)
        #expect(try charge.object("charge").number("fee") == 400)
        let doubt = try #require(try bench.doubt())
        #expect(doubt.causes == [.misread])
        #expect(doubt.options.map(\.stay) == [nil, newer])
        #expect(doubt.options.map(\.fee) == [Money(800), Money(400)])
        #expect(doubt.used == 1)
        // The other one is still inside, and pays for itself.
        #expect(bench.bench.site.memory.stays.stay(newer) != nil)
    }

    @Test func `a plate that was read as it is brings nobody else's entry in`() throws {
        var bench = Bench()
        let stay = try bench.enters(Self.mine)
        bench.bench.advance(.seconds(55 * 60))
        _ = try bench.enters(Self.other)
        bench.bench.advance(.seconds(40 * 60))
        bench.record([.closed(stay, .closed, bench.exit(Self.mine), flags: [], nil)])
        #expect(try bench.last("stayCharged").object("charge").number("fee") == 800)
        #expect(try bench.doubt() == nil)
    }

    @Test func `a plate that was corrected marks the charge, also where no other entry is near`() throws {
        var bench = Bench()
        let stay = try bench.enters(Self.asRead)
        bench.repairs(.correct(stay, Self.mine, StayHolder(.temporary)))
        bench.bench.advance(.seconds(95 * 60))
        bench.record([.closed(stay, .closed, bench.exit(Self.mine), flags: [], nil)])
        let doubt = try #require(try bench.doubt())
        #expect(doubt.causes == [.misread] && doubt.options.count == 1)
    }

    @Test func `what a quote named stays possible when that vehicle has left`() throws {
        var bench = Bench()
        let stay = try bench.enters(Self.mine)
        bench.bench.advance(.seconds(55 * 60))
        let newer = try bench.enters(Self.other)
        bench.bench.advance(.seconds(40 * 60))
        // One look-alike is near enough to be taken for it.
        bench.arrives(Self.asRead)
        #expect(try bench.last("chargeQuoted").number("stay") == stay.number)
        #expect(try bench.quotedDue() == 400)
        let line = bench.bench.site.status(at: bench.bench.now).lanes[0]
        #expect(line.candidates.map(\.reference).contains(newer.number))
        bench.record([.closed(newer, .closed, bench.exit(Self.other), flags: [], nil)])
        _ = bench.pays(400)
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").text("outcome") == "paid")
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
    }
}
