// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

@Suite struct ClockJudgeTests {
    private static let day = 86_400
    private let noon = WallTime(milliseconds: 1_772_411_415_000)

    private func moment(_ uptime: Int, wall: Int, _ quality: ClockQuality = .holdover) -> Moment {
        Moment(uptime: .zero + .seconds(uptime), wall: noon + .seconds(wall), quality: quality)
    }

    @Test func `a clock that runs on by itself is in holdover, one that the kernel vouches for synchronised`()
    {
        var judge = ClockJudge(after: nil)
        #expect(judge.judge(moment(0, wall: 0), isSynchronised: false) == .holdover)
        #expect(judge.judge(moment(9, wall: 10), isSynchronised: false) == .holdover)
        #expect(judge.judge(moment(10, wall: 11), isSynchronised: true) == .synchronised)
    }

    @Test(arguments: [-365 * day, -3, 3, 365 * day])
    func `H-24 a step that nobody vouches for is doubt until synchronisation`(seconds: Int) {
        var judge = ClockJudge(after: nil)
        _ = judge.judge(moment(0, wall: 0), isSynchronised: false)
        #expect(judge.judge(moment(1, wall: 1 + seconds), isSynchronised: false) == .doubtful)
        #expect(judge.judge(moment(2, wall: 2 + seconds), isSynchronised: false) == .doubtful)
        #expect(judge.judge(moment(3, wall: 3), isSynchronised: true) == .synchronised)
        #expect(judge.judge(moment(4, wall: 4), isSynchronised: false) == .holdover)
    }

    @Test func `H-24 the first step of synchronisation itself is no doubt`() {
        var judge = ClockJudge(after: nil)
        _ = judge.judge(moment(0, wall: -9_999), isSynchronised: false)
        #expect(judge.judge(moment(1, wall: 1), isSynchronised: true) == .synchronised)
    }

    @Test func `H-24 a cold boot without a battery is doubt from the start`() {
        var judge = ClockJudge(after: nil)
        let start = Moment(uptime: .zero, wall: WallTime(milliseconds: 5_000), quality: .holdover)
        #expect(judge.judge(start, isSynchronised: false) == .doubtful)
    }

    @Test(arguments: [-60, 60])
    func `H-24 a step while no process ran shows in the same boot`(seconds: Int) throws {
        let last = moment(100, wall: 100)
        let now = moment(200, wall: 200 + seconds)
        let past = try #require(ClockJudge.past(last, isSameBoot: true, now: now))
        var judge = ClockJudge(after: past)
        #expect(judge.judge(now, isSynchronised: false) == .doubtful)
        #expect(stepped(past, now) == seconds * 1_000)
    }

    @Test func `H-24 after another boot only a clock behind its records shows`() throws {
        let last = moment(90_000, wall: 100)
        let later = moment(5, wall: 999_999)
        #expect(ClockJudge.past(last, isSameBoot: false, now: later) == nil)
        let earlier = moment(5, wall: -50)
        let past = try #require(ClockJudge.past(last, isSameBoot: false, now: earlier))
        var judge = ClockJudge(after: past)
        #expect(judge.judge(earlier, isSynchronised: false) == .doubtful)
        #expect(stepped(past, earlier) == -150_000)
    }

    @Test func `a restart of the process does not end doubt, and a quiet one is no step`() throws {
        let last = moment(100, wall: 100, .doubtful)
        let now = moment(200, wall: 200)
        let past = try #require(ClockJudge.past(last, isSameBoot: true, now: now))
        var judge = ClockJudge(after: past)
        #expect(judge.judge(now, isSynchronised: false) == .doubtful)
        #expect(stepped(past, now) == nil)
    }

    // MARK: Second opinions and settings

    private func witness(_ name: String, _ opinion: ClockOpinion?, at uptime: Int) -> (
        name: String, clock: DeviceClock
    ) {
        (name, DeviceClock(opinion: opinion, offset: .zero, readAt: .zero + .seconds(uptime)))
    }

    @Test func `a camera that says otherwise is doubt while none agrees`() {
        var judge = ClockJudge(after: nil)
        let apart = witness("north", .differs(.seconds(-3_600)), at: 1)
        #expect(judge.judge(moment(1, wall: 1), isSynchronised: false, witnesses: [apart]) == .doubtful)
        #expect(judge.doubt == .contradicted(by: "north", offset: .seconds(-3_600)))
        let agreeing = witness("south", .agrees, at: 2)
        #expect(
            judge.judge(moment(2, wall: 2), isSynchronised: false, witnesses: [apart, agreeing]) == .holdover)
        #expect(judge.judge(moment(3, wall: 3), isSynchronised: false, witnesses: [apart]) == .doubtful)
        #expect(judge.judge(moment(4, wall: 4), isSynchronised: true, witnesses: [apart]) == .synchronised)
    }

    @Test(arguments: [ClockOpinion.differs(.seconds(60)), .otherZone(.seconds(28_800)), nil])
    func `a minute, a zone and what is not known contradict nobody`(opinion: ClockOpinion?) {
        var judge = ClockJudge(after: nil)
        let other = witness("north", opinion, at: 1)
        #expect(judge.judge(moment(1, wall: 1), isSynchronised: false, witnesses: [other]) == .holdover)
    }

    @Test func `a camera that agrees after a step ends its doubt, one read before it does not`() {
        var judge = ClockJudge(after: nil)
        _ = judge.judge(moment(0, wall: 0), isSynchronised: false)
        let before = witness("north", .agrees, at: 5)
        #expect(
            judge.judge(moment(6, wall: 3_606), isSynchronised: false, witnesses: [before]) == .doubtful)
        let after = witness("north", .agrees, at: 7)
        #expect(judge.judge(moment(7, wall: 3_607), isSynchronised: false, witnesses: [after]) == .holdover)
    }

    @Test func `what a camera said yesterday is not held against it`() {
        var judge = ClockJudge(after: nil)
        let apart = witness("north", .differs(.seconds(90)), at: 1)
        let later = moment(Self.day + 2, wall: Self.day + 2)
        #expect(judge.judge(later, isSynchronised: false, witnesses: [apart]) == .holdover)
    }

    @Test func `a step that a technician announced is no doubt and overrules who says otherwise`() {
        var judge = ClockJudge(after: nil)
        let apart = witness("north", .differs(.seconds(-3_600)), at: 1)
        _ = judge.judge(moment(1, wall: 1), isSynchronised: false, witnesses: [apart])
        judge.expect(noon + .seconds(7_200), at: .zero + .seconds(2))
        let set = judge.judge(moment(5, wall: 7_203), isSynchronised: false, witnesses: [apart])
        #expect(set == .holdover)
        let insists = witness("north", .differs(.seconds(-10_800)), at: 30)
        #expect(
            judge.judge(moment(30, wall: 7_228), isSynchronised: false, witnesses: [insists]) == .holdover)
        // It agreed once, so it counts again.
        let agrees = witness("north", .agrees, at: 60)
        _ = judge.judge(moment(60, wall: 7_258), isSynchronised: false, witnesses: [agrees])
        let again = witness("north", .differs(.seconds(90)), at: 90)
        #expect(judge.judge(moment(90, wall: 7_288), isSynchronised: false, witnesses: [again]) == .doubtful)
    }

    @Test(arguments: [(5, 9_999), (33, 7_231)])
    func `a step elsewhere than announced, or too late, is doubt`(uptime: Int, wall: Int) {
        var judge = ClockJudge(after: nil)
        _ = judge.judge(moment(1, wall: 1), isSynchronised: false)
        judge.expect(noon + .seconds(7_200), at: .zero + .seconds(2))
        #expect(judge.judge(moment(uptime, wall: wall), isSynchronised: false) == .doubtful)
    }

    @Test func `setting a clock that was right ends its doubt`() {
        var judge = ClockJudge(after: moment(0, wall: 0, .doubtful))
        #expect(judge.judge(moment(1, wall: 1), isSynchronised: false) == .doubtful)
        judge.expect(noon + .seconds(2), at: .zero + .seconds(2))
        #expect(judge.judge(moment(3, wall: 3), isSynchronised: false) == .holdover)
    }

    /// Milliseconds of the step that an engine records when it starts.
    private func stepped(_ past: Moment, _ now: Moment) -> Int? {
        let site = Site(
            plan: SitePlan(id: "s"), memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1),
            boot: "b")
        var state = EngineState(site: site, past: past)
        let start = ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)
        let output = state.absorb(.site(.started(start)), at: now)
        guard let record = output.made.first(where: { $0.kind == "clockStepped" }) else { return nil }
        return try? Fields(record.payload).int("step_ms")
    }
}
