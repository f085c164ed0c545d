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
