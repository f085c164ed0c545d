// SPDX-License-Identifier: Apache-2.0

import GatehouseDiagnostics
import Testing

@testable import GatehouseCore

private let shanghai = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)

@Suite struct ExplanationTests {
    /// A resident in, read twice and once wrongly, with another lane's car in between.
    private struct Morning {
        var journal = MadeUpJournal()
        var read, wrong, decision, command, performed, passage, stay: Sequence

        init() {
            var j = MadeUpJournal()
            j.add(.processStopped)
            read = j.add(MadeUpJournal.read("京AD12345"))
            wrong = j.add(MadeUpJournal.read("京AD12346", confidence: 61, isKnown: false))
            j.wait(.milliseconds(300))
            decision = j.add(
                MadeUpJournal.decided(
                    .grant, .permitVehicle, rule: 18, plate: "京AD12345", read: read, others: [wrong],
                    permit: 3,
                    candidates: [
                        Decision.Candidate(
                            plate: Plate("京AD12346")!, distance: 10, source: "permit", reference: 9)
                    ],
                    steps: [
                        Decision.Step(rule: 7, answer: "block list: not on it"),
                        Decision.Step(rule: 18, answer: "permit 3 of household 3-1-502 holds"),
                    ]))
            command = j.add(MadeUpJournal.opened(for: decision))
            let south = j.add(MadeUpJournal.read("沪B99999", lane: "south"))
            let other = j.add(
                MadeUpJournal.decided(
                    .deny, .noGrant, rule: 10, plate: "沪B99999", lane: "south", read: south))
            j.add(MadeUpJournal.opened(for: other, lane: "south"))
            performed = j.add(MadeUpJournal.performed(command))
            j.add(MadeUpJournal.note(.armUp))
            j.wait(.seconds(8))
            passage = j.add(MadeUpJournal.passed(decision, "京AD12345"))
            stay = j.add(MadeUpJournal.stay("京AD12345"))
            j.wait(.seconds(60))
            let next = j.add(MadeUpJournal.read("京A00001"))
            j.add(MadeUpJournal.decided(.deny, .noGrant, rule: 10, plate: "京A00001", read: next))
            journal = j
        }
    }

    @Test func `every record of a passage tells the same story`() throws {
        let morning = Morning()
        let numbers = [
            morning.read, morning.wrong, morning.decision, morning.command, morning.performed,
            morning.passage,
            morning.stay,
        ]
        for number in numbers {
            let story = try #require(morning.journal.explain(number))
            #expect(story.decision?.sequence == morning.decision.number, "asked about \(number)")
            #expect(story.lane == "north")
            #expect(story.reads.map(\.sequence) == [morning.read.number, morning.wrong.number])
            #expect(story.commands.map(\.sequence) == [morning.command.number])
            #expect(story.performed.map(\.sequence) == [morning.performed.number])
            #expect(story.passages.map(\.sequence) == [morning.passage.number])
            #expect(story.stays.map(\.sequence) == [morning.stay.number])
            #expect(story.notes.map(\.kind) == ["armUp"])
            #expect(story.otherDecisions.isEmpty)
            #expect(!story.isStillRunning)
        }
    }

    @Test func `an explanation survives the wire byte for byte`() throws {
        let story = try #require(Morning().journal.explain(Sequence(4)))
        #expect(try Explanation(json: story.json) == story)
        #expect(try Explanation(json: story.json).json == story.json)
    }

    @Test func `the text says read, rule, command, times and what the driver saw`() throws {
        let story = try #require(Morning().journal.explain(Sequence(4)))
        let text = ExplanationText.text(story, zone: shanghai)
        for part in [
            "Decision 4, 2026-03-02 07:31:00.300 at lane north: 京AD12345",
            "GRANTED: PERMIT_VEHICLE by rule 18; the relay confirmed the opening",
            "1.5 ms from the camera's last byte to the engine", "京AD12346", "distance 10, permit 9",
            "   7  block list: not on it", " >18  permit 3 of household 3-1-502 holds", "京AD12345 欢迎回家",
            "open pulse 500 ms, cause grant 4, class grant",
            "waited 12.3 ms for its record to be on disk, bytes written after 14.1 ms, board answered after 29.0 ms",
            "Passage", "Stay",
        ] { #expect(text.contains(part), "\(part) missing in\n\(text)") }
        #expect(!text.contains("沪B99999"))
    }

    @Test func `a refusal says that nothing was commanded, and the driver never sees why`() throws {
        var journal = MadeUpJournal()
        let read = journal.add(MadeUpJournal.read("沪B99999"))
        let decision = journal.add(
            MadeUpJournal.decided(
                .deny, .blocklisted, rule: 7, plate: "沪B99999", read: read,
                steps: [Decision.Step(rule: 7, answer: "block list: entry 5")]))
        let story = try #require(journal.explain(decision))
        let text = ExplanationText.text(story, zone: shanghai)
        #expect(text.contains("REFUSED: BLOCKLISTED by rule 7; no opening was commanded for it"))
        #expect(story.driverText?.chinese == "请联系管理处")
    }

    @Test func `a grant whose command was never written says so in its first lines`() throws {
        var journal = MadeUpJournal()
        let read = journal.add(MadeUpJournal.read("京AD12345"))
        let decision = journal.add(
            MadeUpJournal.decided(.grant, .permitVehicle, rule: 18, plate: "京AD12345", read: read))
        let command = journal.add(MadeUpJournal.opened(for: decision))
        journal.add(MadeUpJournal.performed(command, "expired"))
        journal.add(.actedBeforeDurable(command))
        let story = try #require(journal.explain(read))
        let text = ExplanationText.text(story, zone: shanghai)
        #expect(text.contains("the opening was expired"))
        #expect(text.contains("bytes never written"))
        #expect(story.notes.map(\.kind) == ["actedBeforeDurable"])
        #expect(story.isStillRunning)
    }

    @Test func `waiting and what ended it belong to one story`() throws {
        var journal = MadeUpJournal()
        let read = journal.add(MadeUpJournal.read("京AD12345"))
        let wait = journal.add(
            MadeUpJournal.decided(.pending, .interlockWait, rule: 14, plate: "京AD12345", read: read))
        journal.wait(.seconds(5))
        let grant = journal.add(
            MadeUpJournal.decided(.grant, .permitVehicle, rule: 18, plate: "京AD12345", read: read))
        let command = journal.add(MadeUpJournal.opened(for: grant))
        let earlier = try #require(journal.explain(wait))
        #expect(earlier.otherDecisions.map(\.sequence) == [grant.number])
        let later = try #require(journal.explain(grant))
        #expect(later.otherDecisions.map(\.sequence) == [wait.number])
        #expect(later.commands.map(\.sequence) == [command.number])
    }

    @Test(arguments: [true, false])
    func `a wait that a guard confirmed says who, and that it opened`(_ isRead: Bool) throws {
        var journal = MadeUpJournal()
        let read = isRead ? journal.add(MadeUpJournal.read("京AD12345")) : nil
        let li = Operator(channel: "via gatehouse-booth", name: "li")
        let wait = journal.add(MadeUpJournal.decided(.pending, .confirmNeeded, rule: 17, read: read))
        journal.wait(.seconds(5))
        let person = journal.add(MadeUpJournal.note(.manualOpen, why: "VISITOR_VERIFIED", by: li))
        let grant = journal.add(MadeUpJournal.decided(.grant, .operatorOpen, rule: 17, read: read))
        let command = journal.add(MadeUpJournal.opened(for: grant, cause: .person(li)))
        let performed = journal.add(MadeUpJournal.performed(command))
        let passage = journal.add(MadeUpJournal.passed(grant, "京AD12345"))
        journal.add(MadeUpJournal.stay("京AD12345"))
        journal.wait(.seconds(60))
        journal.add(MadeUpJournal.decided(.deny, .noGrant, rule: 10, read: nil))

        let confirmed =
            "; confirmed by li (via gatehouse-booth), VISITOR_VERIFIED, record \(person.number)"
            + "; the relay confirmed the opening"
        for asked in [read, wait, grant, command, performed, passage].compactMap({ $0 }) {
            let story = try #require(journal.explain(asked))
            #expect(story.commands.map(\.sequence) == [command.number], "asked about \(asked)")
            #expect(story.performed.map(\.sequence) == [performed.number])
            #expect(story.passages.map(\.sequence) == [passage.number])
            #expect(story.notes.map(\.kind) == ["manualOpen"])
            let text = ExplanationText.text(story, zone: shanghai)
            #expect(text.contains(confirmed) && !text.contains("no opening"), "\(text)")
        }
        #expect(
            ExplanationText.text(try #require(journal.explain(wait)), zone: shanghai)
                .contains("WAITING: CONFIRM_NEEDED by rule 17\(confirmed)"))
    }

    @Test func `a wait that ended otherwise says how`() throws {
        var journal = MadeUpJournal()
        let read = journal.add(MadeUpJournal.read("京AD12345"))
        let wait = journal.add(
            MadeUpJournal.decided(.pending, .interlockWait, rule: 14, plate: "京AD12345", read: read))
        let alone = ExplanationText.text(try #require(journal.explain(wait)), zone: shanghai)
        #expect(alone.contains("WAITING: INTERLOCK_WAIT by rule 14; no opening was commanded for it"))
        var refused = journal
        refused.add(MadeUpJournal.decided(.deny, .operatorRefused, rule: 14, plate: "京AD12345", read: read))
        #expect(
            ExplanationText.text(try #require(refused.explain(wait)), zone: shanghai).contains(
                "by rule 14; then refused, OPERATOR_REFUSED, record 3: no opening was commanded for it"))
        var byPerson = journal
        let li = Operator(channel: "via gatehouse-booth", name: "li")
        byPerson.add(MadeUpJournal.note(.manualRefusal, why: "NOT_KNOWN", by: li))
        let denial = byPerson.add(
            MadeUpJournal.decided(.deny, .operatorRefused, rule: 14, plate: "京AD12345", read: read))
        let said = ExplanationText.text(try #require(byPerson.explain(wait)), zone: shanghai)
        #expect(
            said.contains(
                "; refused by li (via gatehouse-booth), NOT_KNOWN, record 3: no opening was commanded for it"),
            "\(said)")
        #expect(
            ExplanationText.text(try #require(byPerson.explain(denial)), zone: shanghai)
                .contains("OPERATOR_REFUSED by rule 14; refused by li (via gatehouse-booth), NOT_KNOWN"))
        let grant = journal.add(
            MadeUpJournal.decided(.grant, .permitVehicle, rule: 18, plate: "京AD12345", read: read))
        journal.add(MadeUpJournal.opened(for: grant))
        #expect(
            ExplanationText.text(try #require(journal.explain(wait)), zone: shanghai).contains(
                "by rule 14; then granted, PERMIT_VEHICLE, record 3; opening commanded"))
    }

    @Test func `an opening by hand has a story without a decision`() throws {
        var journal = MadeUpJournal()
        let by = Operator(channel: "socket", name: "li")
        let command = journal.add(MadeUpJournal.opened(for: nil, cause: .person(by)))
        let south = journal.add(MadeUpJournal.opened(for: nil, cause: .person(by), lane: "south"))
        let performed = journal.add(MadeUpJournal.performed(command))
        journal.add(MadeUpJournal.performed(south, lane: "south"))
        let passage = journal.add(MadeUpJournal.passed(nil, "京AD12345"))
        let stay = journal.add(MadeUpJournal.stay("京AD12345"))
        journal.add(MadeUpJournal.passed(nil, "沪B99999", lane: "south"))
        journal.add(MadeUpJournal.stay("沪B99999", lane: "south"))
        for number in [command, performed] {
            let story = try #require(journal.explain(number))
            #expect(story.decision == nil)
            #expect(story.commands.map(\.sequence) == [command.number])
            #expect(story.performed.map(\.sequence) == [performed.number])
            #expect(story.passages.map(\.sequence) == [passage.number])
            #expect(story.stays.map(\.sequence) == [stay.number])
        }
    }

    @Test func `a read that led nowhere says so, and what the lane said around it`() throws {
        var journal = MadeUpJournal()
        journal.add(MadeUpJournal.note(.armDown))
        journal.wait(.seconds(60))
        let read = journal.add(MadeUpJournal.read("京AD12345"))
        journal.add(MadeUpJournal.note(.readWithoutVehicle))
        let story = try #require(journal.explain(read))
        #expect(story.notes.map(\.kind) == ["readWithoutVehicle"])
        #expect(ExplanationText.text(story, zone: shanghai).contains("No decision followed"))
    }

    @Test func `a correction leads to the passage of its stay`() throws {
        var morning = Morning()
        let other = MadeUpJournal.passed(nil, "沪B99999", lane: "south")
        morning.journal.add(other)
        let corrected = morning.journal.add(
            .stay(
                .corrected(
                    morning.stay, PlateReading(plate: Plate("京AD12346"), raw: "京AD12346"),
                    StayHolder(.temporary),
                    StayRepairer(Operator(channel: "socket", name: "li"), reason: "READ_ERROR"))))
        let story = try #require(morning.journal.explain(corrected))
        #expect(story.decision?.sequence == morning.decision.number)
        #expect(story.stays.map(\.sequence) == [morning.stay.number])
    }

    @Test func `a number beyond the journal is nothing`() {
        #expect(MadeUpJournal().explain(Sequence(1)) == nil)
        #expect(Morning().journal.explain(Sequence(0)) == nil)
    }

    @Test func `deleted content is told as deleted`() throws {
        var morning = Morning()
        morning.journal.deletePayload(of: morning.decision)
        let story = try #require(morning.journal.explain(morning.decision))
        #expect(try Explanation(json: story.json) == story)
        let text = ExplanationText.text(story, zone: shanghai)
        #expect(text.hasPrefix("Decision 4"))
    }

    @Test(arguments: 1...15) func `any record can be asked about`(_ number: Int64) throws {
        let journal = Morning().journal
        guard number <= Int64(journal.records.count) else { return }
        let story = try #require(journal.explain(Sequence(number)))
        #expect(!ExplanationText.text(story, zone: .utc).isEmpty)
    }
}
