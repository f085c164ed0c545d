// SPDX-License-Identifier: Apache-2.0

import GatehouseDiagnostics
import Testing

@testable import GatehouseCore

@Suite struct ReasonAndTextTests {
    @Test func `a reason with its note comes back`() throws {
        for reason in OperatorReason.allCases {
            let parsed = try #require(OperatorReason.parse(reason.text(note: "post painted: twice")))
            #expect(parsed.reason == reason)
            #expect(parsed.note == "post painted: twice")
        }
        #expect(OperatorReason.parse("TEST")?.note == nil)
    }

    @Test(arguments: ["OTHER", "OTHER: ", "other: x", "", "WHIM"]) func `a reason that says nothing is none`(
        _ text: String
    ) {
        #expect(OperatorReason.parse(text) == nil)
    }

    @Test func `a visitor's permit says how many of its entries are used`() throws {
        let plate = try #require(Plate("沪B88888"))
        let time = WallTime(milliseconds: 0)
        let visit = Visit(from: time, to: time + .seconds(3600), entries: 2)
        let permits = [
            Permit(id: 5, plate: plate, visit: visit), Permit(id: 6, plate: plate),
        ]
        let opening = StayOpening(
            area: "main", lane: "north", plate: plate, reading: nil,
            holder: StayHolder(.visitor, permit: 5), recognisedAt: time, passedAt: time)
        var visits = VisitEntries()
        _ = visits.apply(.permitSet(permits[0]))
        _ = visits.apply(.opened(opening), Sequence(7), to: StayBook())
        let result = PermitResult(permits: permits, households: [], visits: visits)
        #expect(result.entriesUsed == Table([(5, 1)]))
        #expect(try PermitResult(json: result.json) == result)
        let lines = BookText.text(result, zone: .utc).split(separator: "\n")
        #expect(lines.first?.contains(", entries 1 of 2") == true)
        #expect(lines.last?.contains("entries") == false)
    }

    @Test func `what the driver sees depends on the answer and never says why`() {
        var journal = MadeUpJournal()
        let cases: [(Fact, String)] = [
            (
                MadeUpJournal.decided(
                    .grant, .permitVehicle, rule: 18, plate: "京AD12345", read: nil, permit: 3),
                "京AD12345 欢迎回家"
            ),
            (MadeUpJournal.decided(.grant, .temporaryVehicle, rule: 18, read: nil), "欢迎光临 请入场"),
            (
                MadeUpJournal.decided(
                    .grant, .zeroDue, rule: 8, plate: "京AD12345", direction: .out, read: nil),
                "京AD12345 一路平安"
            ),
            (MadeUpJournal.decided(.deny, .areaFull, rule: 15, read: nil), "车位已满"),
            (MadeUpJournal.decided(.deny, .blocklisted, rule: 7, read: nil), "请联系管理处"),
            (MadeUpJournal.decided(.deny, .arrears, rule: 17, read: nil), "请联系管理处"),
            (MadeUpJournal.decided(.deny, .countExhausted, rule: 12, read: nil), "请联系管理处"),
            (MadeUpJournal.decided(.pending, .opposingUse, rule: 14, read: nil), "对向来车 请等待"),
        ]
        for (fact, text) in cases {
            let number = journal.add(fact)
            #expect(journal.explain(number)?.driverText?.chinese == text)
        }
    }

    @Test func `every kind of record has a sentence`() {
        for kind in LaneNoteKind.allCases {
            #expect(!RecordText.sentence(kind.rawValue, Fields(members: [])).isEmpty)
        }
        #expect(RecordText.words("armMovedUncommanded") == "arm moved uncommanded")
        #expect(RecordText.milliseconds(12_340) == "12.3 ms")
    }
}
