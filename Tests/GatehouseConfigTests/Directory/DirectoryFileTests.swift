// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

struct DirectoryFileTests {
    private func parse(_ text: String) -> DirectoryFile {
        DirectoryFile.parse(text, file: "directory.csv", areas: ["main", "garage"])
    }

    @Test func `permits, households and list entries become rows`() throws {
        let file = parse(
            #"""
            \#u{FEFF}kind,plate,household,spaces,valid_from,valid_to,windows,areas,direction,list,reason,author,expires,document,holder\#r
            household,,3-2-501,2,,,,,,,,,,,\#r
            permit,粤B12345,3-2-501,,2026-01-01,2026-12-31,Mon-Fri 07:00-19:00; Sat 08:00-12:00,main garage,in,,,,,,\#r
            permit,粤BD12345,,,,,,,,,,,,,"Li, Wei"\#r
            list,粤B99999,,,,,,,,deny_both,"held by ""police""",office,2026-06-30,GA-2026-17,\#r

            """#)
        #expect(file.issues == [])
        try #require(file.rows.count == 4)
        guard case .household(let household) = file.rows[0], case .permit(let permit) = file.rows[1],
            case .permit(let free) = file.rows[2], case .list(let entry) = file.rows[3]
        else {
            Issue.record("wrong kinds")
            return
        }
        #expect(household.spaces == 2 && free.holder == "Li, Wei")
        #expect(permit.credential == Plate("粤B12345").map { .plate($0) } && permit.household == "3-2-501")
        #expect(permit.validFrom?.text == "2026-01-01" && permit.validTo?.text == "2026-12-31")
        #expect(
            permit.windows == [
                DirectoryWindow(days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140),
                DirectoryWindow(days: [6], fromMinute: 480, toMinute: 720),
            ])
        #expect(permit.areas == ["main", "garage"] && permit.direction == .in)
        #expect(free.windows == nil && free.areas == [] && free.direction == nil)
        #expect(
            entry.kind == .denyBoth && entry.reason == "held by \"police\"" && entry.document == "GA-2026-17")
        #expect(file.rows.map(\.line) == [2, 3, 4, 5])
    }

    @Test func `a visitor's permit has times of its own`() throws {
        let head = "kind,plate,card,household,valid_from,windows,visit_from,visit_to,visit_minutes\n"
        let file = parse(
            head + "permit,粤B12345,,3-2-501,,,2026-03-02T14:00,2026-03-02T18:00,120\n"
                + "permit,粤B12345,,3-2-501,,,2026-03-03T14:00,2026-03-03T18:00+09:00,\n"
                + "permit,粤B12345,,3-2-501,,,,,\n")
        #expect(file.issues == [])
        try #require(file.rows.count == 3)
        guard case .permit(let first) = file.rows[0], case .permit(let second) = file.rows[1],
            case .permit(let plain) = file.rows[2]
        else {
            Issue.record("wrong kinds")
            return
        }
        let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800)
        #expect(first.visit?.minutes == 120 && first.visit?.from.instant(in: zone) == 1_772_431_200)
        #expect(second.visit?.minutes == nil && second.visit?.to.instant(in: zone) == 1_772_528_400)
        #expect(plain.visit == nil)
        let wrong = parse(
            head + "permit,粤B12345,,,,,2026-03-02T14:00,,\n" + "permit,粤B12346,,,,,,,30\n"
                + "permit,粤B12347,,,,,2026-03-02T14:00,2026-03-02T14:00,\n"
                + "permit,粤B12348,,,2026-03-01,Mon 08:00-09:00,2026-03-02T14:00,2026-03-02T18:00,0\n"
                + "permit,,em40:2A00617A69,,,,2026-03-02T14:00,2026-03-02T18:00,\n"
                + "permit,粤B12349,,,,,14:00,2026-03-02T18:00,\n")
        #expect(
            wrong.issues.map { "\($0.line) \($0.path): \($0.message)" } == [
                "2 visit_to: missing; a visit has a begin and an end",
                "3 visit_from: missing; a visit has a begin and an end",
                "4 visit_to: is not after visit_from",
                "5 valid_from: a visit has times of its own; leave it empty",
                "5 windows: a visit has times of its own; leave it empty",
                "5 visit_minutes: use a whole number from 1 to 10080",
                "6 card: a visit is a vehicle's; write its plate",
                "7 visit_from: use a time such as 2026-03-02T14:00",
            ])
    }

    @Test func `a visitor's permit may say how often`() throws {
        let head = "kind,plate,household,visit_from,visit_to,visit_entries\n"
        let times = "2026-03-02T14:00,2026-03-02T18:00"
        let file = parse(head + "permit,粤B12345,3-2-501,\(times),1\npermit,粤B12346,3-2-501,\(times),\n")
        #expect(file.issues == [])
        let visits = file.rows.compactMap { if case .permit(let row) = $0 { row.visit } else { nil } }
        #expect(visits.map(\.entries) == [1, nil])
        let wrong = parse(
            head + "permit,粤B12345,,\(times),0\npermit,粤B12346,,\(times),100\npermit,粤B12347,,,,2\n"
                + "permit,粤B12348,3-2-501,\(times),1\npermit,粤B12348,3-2-501,\(times),2\n")
        #expect(
            wrong.issues.map { "\($0.line) \($0.path): \($0.message)" } == [
                "2 visit_entries: use a whole number from 1 to 99",
                "3 visit_entries: use a whole number from 1 to 99",
                "4 visit_from: missing; a visit has a begin and an end",
                "6 visit_from: stands in line 5 already",
            ])
    }

    @Test func `a messy file lists every mistake with its line`() throws {
        let file = parse(try TestSites.text(TestSites.fixtures + "/messy-directory.csv"))
        #expect(
            file.issues.map { "\($0.line) \($0.path): \($0.message)" } == [
                "2 kind: use permit, household or list",
                "3 plate: missing",
                "4 valid_from: use a date such as 2026-03-02",
                "5 valid_to: lies before valid_from, 2026-05-01",
                "6 windows: use days and times",
                "7 areas: no such area",
                "8 direction: use in, out or both",
                "9 : the header has 15",
                "10 reason: does not belong to this kind of row; leave it empty",
                "12 plate: stands in line 11 already",
                "13 spaces: use a whole number from 0 to 1000",
                "14 household: no row of kind household has this name",
                "15 expires: missing; an allow entry always ends",
                "15 holder: missing; somebody answers for an entry that opens",
                "16 document: missing; deny_both keeps a vehicle in and needs the number of the police request",
                "17 list: use deny_entry, deny_both, watch, allow or emergency",
                "18 : a quote inside a field without quotes",
                "19 : a quote that begins here never ends",
            ])
        #expect(file.issues.first { $0.line == 7 }?.hint == "did you mean main?")
    }

    @Test func `an odd plate is refused or doubted, with its line and what to try`() {
        let file = parse(
            "kind,plate,list,reason,author\npermit,粤B1234,,,\npermit,粤B?2345,,,\npermit,\u{1F697},,,\n"
                + "list,粤 b·99999,watch,x,li\nlist,粤B99999,watch,y,li\nlist,粤B99998,deny_entry,y,li\n")
        #expect(
            file.issues.map { "\($0.line) \($0.severity) \($0.path): \($0.message)" } == [
                "2 warning plate: fits no kind of plate; taken as 粤B1234",
                "3 error plate: a character is missing, and what is half known is nobody's",
                "4 error plate: no plate of any kind",
                "6 error plate: stands in line 5 already",
            ])
        #expect(file.issues.allSatisfy { $0.hint != nil && $0.found != nil && $0.file == "directory.csv" })
        #expect(file.rows.map(\.line) == [2, 5, 7])
    }

    @Test func `dates of spreadsheets, days of no month and permits of yesterday are said`() {
        let file = DirectoryFile.parse(
            "kind,plate,valid_from,valid_to\npermit,粤B12345,2026/3/2,\npermit,粤B12346,2026-02-30,\n"
                + "permit,粤B12347,2026-05-01,2026-04-01\npermit,粤B12348,,2025-12-31\n"
                + "permit,粤B12349,,2026-01-01\n",
            file: "directory.csv", areas: nil, today: CivilDate(year: 2026, month: 1, day: 1))
        #expect(
            file.issues.map { "\($0.line) \($0.severity) \($0.found ?? "-"): \($0.hint ?? "-")" } == [
                "2 error 2026/3/2: 2026-03-02",
                "3 error 2026-02-30: no calendar has this day",
                "4 error 2026-04-01: exchange the two, or leave valid_to empty for no end",
                "5 warning 2025-12-31: is the year right?",
            ])
        #expect(file.rows.map(\.line) == [5, 6])
    }

    @Test func `a household without spaces states no quota, which is not a quota of none`() throws {
        let file = parse("kind,household,spaces\nhousehold,3-2-501,\nhousehold,3-2-502,0\n")
        #expect(file.issues == [])
        let spaces = file.rows.map { row -> Int? in
            guard case .household(let household) = row else { return -1 }
            return household.spaces
        }
        #expect(spaces == [nil, 0])
    }

    /// A cell that nothing would come of is a misunderstanding, not a remark.
    @Test
    func `a list row with areas or a direction, a household with a holder: told that there is no such thing`()
    {
        let file = parse(
            "kind,plate,household,areas,direction,list,reason,author,holder\n"
                + "list,粤B12345,,main,in,watch,x,office,\nhousehold,,3-2-501,,,,,,Li\n")
        #expect(file.issues.map { "\($0.line) \($0.path)" } == ["2 areas", "2 direction", "3 holder"])
    }

    @Test func `a header with unknown columns ends the reading`() {
        let file = parse("kind,plat,kind\npermit,粤B1,\n")
        #expect(file.issues.map(\.message) == ["no such column", "this column stands twice"])
        #expect(file.issues.first?.hint == "did you mean plate?")
        #expect(file.rows == [])
        #expect(parse("").issues.count == 1)
        #expect(parse("plate\n粤B1\n").issues.count == 1)
    }

    @Test func `mistakes beyond two hundred are counted`() {
        let file = parse("kind,plate\n" + String(repeating: "permit,\n", count: 500))
        #expect(file.issues.count == 201)
        #expect(file.issues.last?.message == "and 300 more mistakes")
    }

    @Test func `more rows than the bound are refused`() {
        #expect(DirectoryFile.maximumRows == 250_000)
        var text = "kind,plate\n"
        for number in 0...100 { text += "permit,粤B\(10_000 + number)\n" }
        let file = DirectoryFile.parse(text, file: "directory.csv", areas: nil, maximumRows: 100)
        #expect(file.rows.count == 100)
        #expect(file.issues.map(\.message) == ["more than 100 rows"])
    }

    @Test func `every truncation gives rows or mistakes and never a trap`() {
        let text = "kind,plate,windows,holder\r\npermit,粤B12345,Mon 00:00-24:00,\"a \"\"b\"\"\r\nc\"\r\n"
        let bytes = Array(text.utf8)
        for length in 0...bytes.count {
            let file = parse(String(decoding: bytes[..<length], as: UTF8.self))
            #expect(length < 30 || !file.rows.isEmpty || !file.issues.isEmpty)
        }
    }

    @Test(arguments: [
        ("Mon 07:00-19:00", [DirectoryWindow(days: [1], fromMinute: 420, toMinute: 1140)]),
        ("Fri-Mon 22:00-06:00", [DirectoryWindow(days: [1, 5, 6, 7], fromMinute: 1320, toMinute: 360)]),
        ("Mon,Wed 00:00-24:00", [DirectoryWindow(days: [1, 3], fromMinute: 0, toMinute: 1440)]),
        ("Sun 18:00-00:00", [DirectoryWindow(days: [7], fromMinute: 1080, toMinute: 1440)]),
    ])
    func `windows name days and a half-open span`(text: String, expected: [DirectoryWindow]) {
        #expect(DirectoryWindow.parse(text) == expected)
    }

    @Test(arguments: [
        "", "Mon", "Mon 7:00-19:00", "Mon 07:00", "Mon 07:00-07:00", "Mon 24:00-06:00", "Foo 07:00-08:00",
        "Mon 07:60-08:00", "Mon 07:00-19:00;", "Mon- 07:00-08:00", "07:00-08:00",
    ])
    func `what is no window is refused`(text: String) {
        #expect(DirectoryWindow.parse(text) == nil)
    }
}
