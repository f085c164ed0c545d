// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// These texts are the upstream contract and the hashed form: a change here is a new format.
@Suite struct DirectoryChangeTests {
    static func goldens() throws -> [(change: DirectoryChange, kind: String, payload: String)] {
        let plate = try #require(Plate("京A12345"))
        let window = try #require(WeeklyWindow(days: [6, 7], fromMinute: 1320, toMinute: 360))
        var permit = Permit(
            id: 12, plate: plate, household: 7, areas: ["main", "east"], direction: .in,
            validFrom: CivilDate(year: 2026, month: 1, day: 1),
            validTo: CivilDate(year: 2026, month: 12, day: 31),
            windows: [window], isDenial: true, holder: "王 \"A\"")
        let text =
            #"{"id":12,"plate":"京A12345","household":7,"areas":["main","east"],"direction":"in","#
            + #""from":"2026-01-01","to":"2026-12-31","windows":[{"days":"67","from":1320,"to":360}],"#
            + #""deny":true,"holder":"王 \"A\"""#
        let plain = Permit(id: 1, plate: plate, windows: [])
        let set = DirectoryChange.permitSet(permit)
        permit.endedAt = WallTime(milliseconds: 1_772_000_000_000)
        let household = Household(id: 7, name: "3-1-502", spaces: 2)
        let block = ListEntry(
            id: 3, list: .block, plate: plate, effectiveFrom: WallTime(milliseconds: 5),
            reason: "POLICE_REQUEST",
            author: "wang", variant: .denyBoth, document: "2026-17")
        let allow = ListEntry(
            id: 4, list: .allow, plate: plate, effectiveFrom: WallTime(milliseconds: 5),
            effectiveTo: WallTime(milliseconds: 9), reason: "SERVICE", author: "wang", owner: "li")
        return [
            (set, "permitSet", text + "}"),
            (.permitEnded(permit), "permitEnded", text + #","ended_at":1772000000000}"#),
            (
                .permitSet(plain), "permitSet",
                #"{"id":1,"plate":"京A12345","direction":"both","windows":[],"holder":""}"#
            ),
            (.householdSet(household), "householdSet", #"{"id":7,"name":"3-1-502","spaces":2}"#),
            (
                .householdRemoved(Household(id: 7, name: "3-1-502")), "householdRemoved",
                #"{"id":7,"name":"3-1-502"}"#
            ),
            (
                .listEntrySet(block), "listEntrySet",
                #"{"id":3,"list":"block","plate":"京A12345","from":5,"reason":"POLICE_REQUEST","author":"wang","#
                    + #""variant":"deny_both","document":"2026-17"}"#
            ),
            (
                .listEntryEnded(allow), "listEntryEnded",
                #"{"id":4,"list":"allow","plate":"京A12345","from":5,"to":9,"reason":"SERVICE","author":"wang","#
                    + #""owner":"li"}"#
            ),
        ]
    }

    @Test func `each fact is written exactly so, and read back`() throws {
        let goldens = try Self.goldens()
        #expect(Set(goldens.map(\.kind)) == Set(DirectoryChange.kinds))
        for golden in goldens {
            #expect(golden.change.kind == golden.kind)
            #expect(String(decoding: golden.change.payload, as: UTF8.self) == golden.payload)
            let back = try DirectoryChange(kind: golden.kind, from: Fields(Array(golden.payload.utf8)))
            #expect(back == golden.change)
        }
    }

    @Test func `rows are keyed by number and a removed household leaves none`() throws {
        for golden in try Self.goldens() {
            let change = golden.change.projection
            #expect(Int64(change.row.key) != nil)
            #expect((change.value == nil) == (golden.kind == "householdRemoved"))
        }
    }

    @Test func `H-42 truncated and foreign payloads are refused, never trapped`() throws {
        for golden in try Self.goldens() {
            let bytes = Array(golden.payload.utf8)
            for length in bytes.indices {
                #expect(throws: FieldError.self) {
                    try DirectoryChange(kind: golden.kind, from: Fields(Array(bytes[..<length])))
                }
            }
        }
        #expect(throws: FieldError.unknownKind("doorOpened")) {
            try DirectoryChange(kind: "doorOpened", from: Fields(Array("{}".utf8)))
        }
        for text in [
            #"{"id":1,"plate":"京A?2345","direction":"both","holder":""}"#,
            #"{"id":1,"plate":"龍A12345","direction":"both","holder":""}"#,
            #"{"id":1,"plate":"京A12345","direction":"up","holder":""}"#,
            #"{"id":1,"plate":"京A12345","direction":"both","holder":"","to":"2026-02-30"}"#,
            #"{"id":1,"plate":"京A12345","direction":"both","holder":"","windows":[{"days":"19","from":0,"to":5}]}"#,
        ] {
            #expect(throws: FieldError.self) {
                try DirectoryChange(kind: "permitSet", from: Fields(Array(text.utf8)))
            }
        }
    }
}
