// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// The small machines inside a lane.
struct LanePartsTests {
    private func at(_ milliseconds: Int64) -> Uptime {
        Uptime(nanoseconds: 1_000_000_000 + milliseconds * 1_000_000)
    }

    @Test func `a level is believed its delay after the first sample`() {
        var filter = LevelFilter(on: .milliseconds(60), off: .milliseconds(300))
        filter.take(.off, since: at(0), at: at(400))
        #expect(filter.level == .off)
        filter.take(.on, since: at(500), at: at(520))
        #expect(filter.level == .off)
        #expect(filter.due == at(560))
        filter.settle(at: at(559))
        #expect(filter.level == .off)
        filter.settle(at: at(560))
        #expect(filter.level == .on)
    }

    @Test func `a level that goes back before its time is never believed`() {
        var filter = LevelFilter(on: .milliseconds(60), off: .milliseconds(100))
        filter.take(.off, since: at(0), at: at(200))
        filter.take(.on, since: at(300), at: at(300))
        filter.take(.off, since: at(340), at: at(340))
        #expect(filter.due == nil)
        filter.settle(at: at(900))
        #expect(filter.level == .off)
    }

    @Test func `unknown is believed at once`() {
        var filter = LevelFilter(on: .milliseconds(60), off: .seconds(2))
        filter.take(.off, since: at(0), at: at(3000))
        filter.take(.unknown, since: at(3100), at: at(3100))
        #expect(filter.level == .unknown)
    }

    @Test func `several sensors are on if one is, unknown if one is, else off`() {
        var group = SafetyGroup(
            kinds: [.loop, .beam], offStable: .milliseconds(300), tuneOut: .seconds(240))
        _ = group.take(0, .off, since: at(0), at: at(1000))
        #expect(group.level == .unknown)
        _ = group.take(1, .off, since: at(500), at: at(1000))
        #expect(group.level == .off)
        #expect(group.offSince == at(500))
        _ = group.take(1, .on, since: at(1100), at: at(1100))
        #expect(group.level == .on)
        _ = group.take(0, .unknown, since: at(1200), at: at(1200))
        #expect(group.level == .on)
    }

    @Test func `H-15 a beam is never suspect and does not lift a loop's suspicion`() {
        var group = SafetyGroup(
            kinds: [.loop, .beam], offStable: .milliseconds(300), tuneOut: .seconds(240))
        _ = group.take(0, .off, since: at(0), at: at(1000))
        _ = group.take(1, .off, since: at(0), at: at(1000))
        #expect(group.distrustLoops() == .started)
        _ = group.take(1, .on, since: at(2000), at: at(3000))
        _ = group.take(1, .off, since: at(4000), at: at(5000))
        #expect(group.level == .unknown)
        _ = group.take(0, .on, since: at(6000), at: at(7000))
        #expect(group.take(0, .off, since: at(8000), at: at(9000)) == .ended)
        #expect(group.level == .off)
    }

    private func read(_ plate: UInt64, _ confidence: Int, known: Bool = false) -> PlateRead {
        PlateRead(
            record: Sequence(Int64(plate)),
            reading: PlateReading(plate: LaneHarness.plate(plate), raw: "P\(plate)"),
            confidence: confidence, capturedAt: at(0), isKnown: known)
    }

    @Test func `a vote closes on a sure match or on two equal firm reads`() {
        var vote = ReadVote()
        vote.add(read(1, 84, known: true))
        #expect(!vote.isDecisive)
        vote.add(read(1, 70))
        #expect(vote.isDecisive)
        var sure = ReadVote()
        sure.add(read(1, 85, known: true))
        #expect(sure.isDecisive)
    }

    @Test func `agreement outweighs one confident read, and a strong second plate contests it`() {
        var vote = ReadVote()
        vote.add(read(1, 95))
        vote.add(read(2, 60))
        vote.add(read(2, 60))
        #expect(vote.winner?.best.reading.plate == LaneHarness.plate(2))
        #expect(vote.isContested)
        var clear = ReadVote()
        clear.add(read(1, 95))
        clear.add(read(2, 50))
        #expect(!clear.isContested)
    }

    @Test func `a vote keeps a bounded number of plates`() {
        var vote = ReadVote()
        for plate in 1...50 as ClosedRange<UInt64> { vote.add(read(plate, 50)) }
        #expect(vote.candidates.count == ReadVote.capacity)
    }
}
