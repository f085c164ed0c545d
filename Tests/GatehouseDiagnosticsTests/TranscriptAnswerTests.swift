// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseDiagnostics

/// Refusals of the transcripts are what the site says, word for word; those that need a daemon are compared by
/// the process tests.
@Suite struct TranscriptAnswerTests {
    private let safety = Terminal(DeviceID(0), 2)

    private func site() -> Site {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.devices = [DevicePlan(name: "relays", profile: "p", driver: "modbus-relay", address: "/dev/x")]
        var lane = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)
        lane.safety = [.beam]
        plan.lanes = [lane]
        plan.outputs = [
            OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open),
            OutputWire(terminal: Terminal(DeviceID(0), 2), lane: LaneID(0), output: .close),
        ]
        plan.lanes[0].outputs = [.open, .close]
        plan.inputs = [
            InputWire(
                terminal: safety, meaning: .lane(LaneID(0), .safety(0)), contact: .normallyClosed,
                source: .modbus, staleAfter: .milliseconds(400))
        ]
        return Site(plan: plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
    }

    private func failure(_ file: String, _ id: Int) throws -> DiagnosticProtocol.Failure {
        let transcript = try #require(Transcript.all.first { $0.name == file })
        for line in transcript.lines where try Fields(line).has("error") {
            let (number, reply) = try DiagnosticProtocol.reply(line)
            if number == id, case .failure(let failure) = reply { return failure }
        }
        throw FieldError.missing(key: "\(file) \(id)")
    }

    @Test func `a close that is refused names the lane, the condition and the remedy`() throws {
        var site = site()
        var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
        func say(_ event: SiteEvent) -> [SiteEffect] {
            now.uptime = now.uptime + .seconds(1)
            return site.step(event, at: now)
        }
        _ = say(.started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)))
        _ = say(.input(safety, .on, since: now.uptime))
        _ = say(.timer(.lane(LaneID(0), .startWait)))
        let order = LaneOrder(
            action: .close, by: Operator(channel: "socket", name: "li"), reason: "TEST", isOnSite: true)
        let effects = say(.order(LaneID(0), order, reply: ReplyID(1)))
        let answers = effects.compactMap { effect -> Answer? in
            if case .answer(_, let answer, _) = effect { answer } else { nil }
        }
        let documented = try failure("lane.jsonl", 2)
        #expect(answers == [.refused(code: documented.code, message: documented.message)])
    }

    @Test func `a change that finds no place in the journal says so`() throws {
        var site = site()
        let now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
        _ = site.step(.store(.unavailable("disk full", isFull: true)), at: now)
        let operation = Operation.directory([.householdSet(Household(id: 0, name: "3-1-502"))], reason: nil)
        let by = Operator(channel: "socket", name: "li")
        let effects = site.step(.operation(operation, by: by, reply: ReplyID(1)), at: now)
        let answers = effects.compactMap { effect -> Answer? in
            if case .answer(_, let answer, _) = effect { answer } else { nil }
        }
        #expect(answers == [.notStored(try failure("books.jsonl", 7).message)])
    }
}
