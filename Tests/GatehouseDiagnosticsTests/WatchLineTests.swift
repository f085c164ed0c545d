// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

private let shanghai = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)

@Suite struct WatchLineTests {
    private static var records: [StoredRecord] {
        var journal = MadeUpJournal()
        let read = journal.add(MadeUpJournal.read("京AD12345"))
        let decision = journal.add(
            MadeUpJournal.decided(
                .grant, .permitVehicle, rule: 18, plate: "京AD12345", read: read, permit: 3))
        let command = journal.add(MadeUpJournal.opened(for: decision))
        journal.add(MadeUpJournal.performed(command))
        journal.add(MadeUpJournal.passed(decision, "京AD12345"))
        journal.add(MadeUpJournal.stay("京AD12345"))
        journal.add(MadeUpJournal.note(.tailgated, why: "no decision of its own"))
        journal.add(
            .faultRaised(
                FaultRow(
                    subject: "lane north", code: "arm_stuck", severity: .critical,
                    detail:
                        "the arm did not move after the command: look at the barrier, then `lane release`",
                    since: WallTime(milliseconds: 0))))
        return journal.records
    }

    /// Columns worked out by hand: number 7, time 12, lane 8, what 5, plate 10 wide, one blank between.
    @Test func `lines stand in their columns`() {
        let lines = Self.records.map { WatchLine.text($0, zone: shanghai) }
        #expect(
            lines == [
                "      1 07:31:00.000 north    READ  京AD12345  camera-north, confidence 96, green, known",
                "      2 07:31:00.000 north    GRANT 京AD12345  PERMIT_VEHICLE, rule 18, permit 3",
                "      3 07:31:00.000 north    CMD              open pulse 500 ms, cause grant 2",
                "      4 07:31:00.000 north    DONE             open confirmed: held 12.3, written 14.1, done 29.0 ms",
                "      5 07:31:00.000 north    PASS  京AD12345  in, confirmed, granted, decision 2, [tailgate]",
                "      6 07:31:00.000 north    STAY  京AD12345  stay opened, area main, permit",
                "      7 07:31:00.000 north    ALERT            tailgated, no decision of its own",
                "      8 07:31:00.000 north    FAULT            arm_stuck, critical, the arm did not move after the …",
            ])
    }

    @Test func `no line is wider than a hundred columns`() {
        for record in Self.records { #expect(DisplayWidth.of(WatchLine.text(record, zone: .utc)) <= 100) }
    }

    @Test func `Chinese takes two columns a character`() {
        #expect(DisplayWidth.of("京AD12345") == 9)
        #expect(DisplayWidth.of("粤Z1234港") == 9)
        #expect(DisplayWidth.fit("京A", to: 5) == "京A  ")
        #expect(DisplayWidth.cut("京京京", to: 6) == "京京京")
        #expect(DisplayWidth.cut("京京京京", to: 6) == "京京…")
        #expect(DisplayWidth.of(DisplayWidth.cut("a京京京", to: 4)) <= 4)
        #expect(DisplayWidth.of("e\u{301}") == 1)
    }

    @Test func `text never moves the columns, however long lane and plate are`() {
        let record = StoredRecord(
            sequence: Sequence(12_345_678), kind: "accessDenied", format: 1,
            at: Moment(uptime: .zero, wall: WallTime(milliseconds: -1)), boot: "",
            payload: FieldWriter.object {
                $0.put("lane", "underground garage two")
                $0.put("plate", "京京京京京京京")
                $0.put("reason", String(repeating: "X", count: 300))
            })
        let line = WatchLine.text(record, zone: .utc)
        #expect(line.hasPrefix("12345678 23:59:59.999 undergr… DENY  京京京京…"))
        #expect(DisplayWidth.of(line) <= 100)
    }

    @Test func `deleted and unreadable content is still a line`() {
        for payload in [nil, Array("{".utf8), Array("{\"lane\":7}".utf8)] as [[UInt8]?] {
            let record = StoredRecord(
                sequence: Sequence(1), kind: "unheardOf", format: 1,
                at: Moment(uptime: .zero, wall: WallTime(milliseconds: 0)),
                boot: "", payload: payload)
            #expect(WatchLine.text(record, zone: .utc).hasPrefix("      1 00:00:00.000"))
        }
    }
}
