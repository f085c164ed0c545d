// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// These texts are the upstream contract and the hashed form: a change here is a new format.
@Suite struct StayFactTests {
    static let repairer = StayRepairer(Operator(channel: "socket", name: "wang"), reason: "READ_ERROR")
    static let reading = PlateGrammar.parse("京A·12345", color: .blue)
    static let opening = StayOpening(
        area: "main", lane: "north", plate: reading.plate, reading: reading,
        holder: StayHolder(.permit, permit: 12, household: 7), recognisedAt: WallTime(milliseconds: 1000),
        passedAt: WallTime(milliseconds: 4000), flags: ["tailgate"])
    static let exit = Stay.Exit(
        lane: "south", recognisedAt: WallTime(milliseconds: 9000), passedAt: WallTime(milliseconds: 9500))

    static let readingText =
        #""reading":{"plate":"京A12345","raw":"京A·12345","color":"blue","kind":"smallCivil","regular":true}"#
    static let openingText =
        #"{"area":"main","lane":"north","plate":"京A12345",\#(readingText),"class":"permit","permit":12,"#
        + #""household":7,"recognised_at":1000,"passed_at":4000,"flags":["tailgate"]"#
    static let exitText = #"{"lane":"south","recognised_at":9000,"passed_at":9500}"#
    static let repairText = #""channel":"socket","operator":"wang","reason":"READ_ERROR""#

    static let goldens: [(fact: StayFact, kind: String, payload: String)] = [
        (.opened(opening), "stayOpened", openingText + "}"),
        (.imported(opening, repairer), "stayImported", openingText + ",\(repairText)}"),
        (
            .closed(StayID(40), .closed, exit, flags: [], nil), "stayClosed",
            #"{"stay":40,"state":"closed","exit":\#(exitText)}"#
        ),
        (
            .closed(StayID(40), .releasedByHand, nil, flags: ["review"], repairer), "stayClosed",
            #"{"stay":40,"state":"released_by_hand","flags":["review"],\#(repairText)}"#
        ),
        (
            .marked(StayID(40), .suspectedLeft, exit, flags: ["tailgate"]), "stayMarked",
            #"{"stay":40,"state":"suspected_left","exit":\#(exitText),"flags":["tailgate"]}"#
        ),
        (
            .corrected(StayID(40), reading, StayHolder(.temporary), repairer), "stayCorrected",
            #"{"stay":40,\#(readingText),"class":"temporary",\#(repairText)}"#
        ),
        (
            .claimed(StayID(40), reading, StayHolder(.permit, permit: 12), repairer), "stayClaimed",
            #"{"stay":40,\#(readingText),"class":"permit","permit":12,\#(repairText)}"#
        ),
        (
            .matched(StayID(40), exit: Sequence(88), repairer), "stayMatched",
            #"{"stay":40,"exit":88,\#(repairText)}"#
        ),
        (
            .unmatchedExit(UnmatchedExit(area: "main", plate: reading.plate, exit: exit, flags: ["fire"])),
            "unmatchedExit",
            #"{"area":"main","plate":"京A12345","lane":"south","recognised_at":9000,"passed_at":9500,"flags":["fire"]}"#
        ),
        (
            .areaRecounted(area: "main", counted: 41, repairer), "areaRecounted",
            #"{"area":"main","counted":41,\#(repairText)}"#
        ),
        (.countUnderflow(area: "main", occupancy: -1), "countUnderflow", #"{"area":"main","occupancy":-1}"#),
    ]

    @Test func `each fact is written exactly so, and read back`() throws {
        #expect(Set(Self.goldens.map(\.kind)) == Set(StayFact.kinds))
        for golden in Self.goldens {
            #expect(golden.fact.kind == golden.kind)
            #expect(String(decoding: golden.fact.payload, as: UTF8.self) == golden.payload)
            let back = try StayFact(kind: golden.kind, from: Fields(Array(golden.payload.utf8)))
            #expect(back == golden.fact)
        }
    }

    @Test func `H-42 truncated and foreign payloads are refused, never trapped`() throws {
        for golden in Self.goldens {
            let bytes = Array(golden.payload.utf8)
            for length in bytes.indices {
                #expect(throws: FieldError.self) {
                    try StayFact(kind: golden.kind, from: Fields(Array(bytes[..<length])))
                }
            }
        }
        #expect(throws: FieldError.unknownKind("plateRead")) {
            try StayFact(kind: "plateRead", from: Fields(Array("{}".utf8)))
        }
    }

    @Test func `a stay and a count are rows that come back`() throws {
        var stay = Stay(id: StayID(40), opening: Self.opening)
        stay.exit = Self.exit
        stay.state = .review
        stay.corrections = [
            Stay.Correction(
                by: Self.repairer.by, reason: "READ_ERROR", before: Self.reading, after: Self.reading)
        ]
        let bytes = FieldWriter.object { stay.write(to: &$0) }
        #expect(try Stay(from: Fields(bytes)) == stay)
        var count = AreaCount()
        count.inside = 3
        count.correction = -1
        count.recountedAt = Sequence(9)
        let area = FieldWriter.object { count.write(to: &$0) }
        #expect(
            String(decoding: area, as: UTF8.self)
                == #"{"inside":3,"unmatched_exits":0,"correction":-1,"underflows":0,"recounted_at":9}"#)
        #expect(try AreaCount(from: Fields(area)) == count)
    }
}
