// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore
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

    /// The rights of `books.jsonl`, asked on the Monday morning of `events.jsonl`.
    private func decision() throws -> [UInt8] {
        let shown = try #require(
            Transcript.all.first { $0.name == "books.jsonl" }?.lines.first {
                try Fields($0).objectIfPresent("result")?.has("permits") ?? false
            })
        guard case .result(let json) = try DiagnosticProtocol.reply(shown).reply else { return [] }
        let books = try PermitResult(json: json)
        var builder = DirectoryBuilder()
        for permit in books.permits { try builder.set(permit) }
        for household in books.households { builder.set(household) }
        let reading = PlateGrammar.parse("京AD12345", color: .green, declared: .nevSmall)
        let read = PlateRead(record: Sequence(1231), reading: reading, confidence: 96, capturedAt: .zero)
        let request = AccessRequest(lane: LaneID(0), direction: .in, read: read)
        var situation = AccessSituation()
        situation.occupancy = 6
        let decision = AccessPolicy.decide(
            request, plan: AccessPolicyPlan(),
            zone: ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600),
            area: AreaPlan(name: "main", capacity: 20, reserve: 2),
            directory: try builder.build(asOf: Sequence(1)), situation: situation,
            at: Moment(uptime: .zero, wall: WallTime(milliseconds: 1_772_407_860_002)))
        let fact = DecisionFact(
            lane: "north", direction: .in, isPresenceConfirmed: true, read: Sequence(1231), raw: "京AD12345",
            confidence: 96, otherReads: [], decision: decision)
        return Fact.decided(fact).payload
    }

    @Test(arguments: ["events.jsonl", "explain.jsonl"])
    func `the decision of the document is the one that the rules give`(_ file: String) throws {
        let payload = String(decoding: try decision(), as: UTF8.self)
        let transcript = try #require(Transcript.all.first { $0.name == file })
        #expect(
            transcript.lines.contains {
                String(decoding: $0, as: UTF8.self).contains("\"data\":\(payload)}")
            },
            "\(payload)")
    }

    @Test func `the stay of the document is what its records make of it`() throws {
        let lines = try #require(Transcript.all.first { $0.name == "stays.jsonl" }).lines
        let shown = try #require(
            lines.first { try Fields($0).objectIfPresent("result")?.has("records") ?? false })
        guard case .result(let json) = try DiagnosticProtocol.reply(shown).reply else { return }
        let result = try StayResult(json: json)
        var book = StayBook()
        for record in result.records where StayFact.kinds.contains(record.kind) {
            let fact = try StayFact(kind: record.kind, from: record.fields)
            _ = book.apply(fact, sequence: Sequence(record.sequence))
            #expect(
                String(decoding: fact.payload, as: UTF8.self)
                    == record.data.map { String(decoding: $0, as: UTF8.self) })
        }
        #expect(book.stay(result.stay.id) == result.stay)
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
        let effects = say(.order(lane: "north", order, reply: ReplyID(1)))
        let answers = effects.compactMap { effect -> Answer? in
            if case .answer(_, let answer, _) = effect { answer } else { nil }
        }
        let documented = try failure("lane.jsonl", 2)
        #expect(answers == [.refused(code: documented.code, message: documented.message)])
    }

    @Test func `a change that finds no place in the journal says so`() throws {
        var site = site()
        let now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
        _ = site.step(.store(.unavailable("disk full", room: .none)), at: now)
        let operation = Operation.directory([.householdSet(Household(id: 0, name: "3-1-502"))], reason: nil)
        let by = Operator(channel: "socket", name: "li")
        let effects = site.step(.operation(operation, by: by, reply: ReplyID(1)), at: now)
        let answers = effects.compactMap { effect -> Answer? in
            if case .answer(_, let answer, _) = effect { answer } else { nil }
        }
        #expect(answers == [.notStored(try failure("books.jsonl", 7).message)])
    }

    @Test func `a second drill is refused with the end of the first`() throws {
        var site = site()
        let now = Moment(
            uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 1_772_407_860_000))
        let by = Operator(channel: "socket", name: "wang")
        var answers: [Answer] = []
        for minutes in [60, 30] {
            let operation = Operation.drill(.start(minutes: minutes, reason: "TEST"))
            answers += site.step(.operation(operation, by: by, reply: ReplyID(1)), at: now).compactMap {
                if case .answer(_, let answer, _) = $0 { answer } else { nil }
            }
        }
        let documented = try failure("workshop.jsonl", 7)
        #expect(answers.last == .refused(code: documented.code, message: documented.message))
    }
}
