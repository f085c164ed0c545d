// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics
import Testing

@testable import GatehouseConfig
@testable import gatehoused

@Suite struct ImportPlanTests {
    private let nothing = PermitResult(permits: [], households: [])

    private var rows: [DirectoryRow] {
        [
            .permit(permit("京A12345", "3-1-503")), .household(household("3-1-503", 2)),
            .permit(permit("京A12346", nil)), .list(block("沪B99999")),
        ]
    }

    private func household(_ name: String, _ spaces: Int) -> DirectoryRow.Household {
        DirectoryRow.Household(line: 1, household: name, spaces: spaces)
    }

    private func permit(_ plate: String, _ household: String?) -> DirectoryRow.Permit {
        DirectoryRow.Permit(
            line: 2, credential: Plate(plate).map { .plate($0) }, household: household, holder: "Wang",
            validFrom: nil, validTo: nil,
            windows: nil, areas: [], direction: nil)
    }

    private func block(_ plate: String) -> DirectoryRow.ListEntry {
        DirectoryRow.ListEntry(
            line: 3, plate: Plate(plate), kind: .denyEntry, reason: "fraud", author: "li", validFrom: nil,
            expires: nil,
            document: nil, holder: nil)
    }

    @Test func `households go first and permits get their numbers`() throws {
        let plan = ImportPlan(rows, known: nothing)
        #expect(plan.households == [Household(id: 0, name: "3-1-503", spaces: 2)])
        let changes = plan.changes(
            households: [Household(id: 9, name: "3-1-503", spaces: 2)], permits: [], entries: [], zone: .utc)
        #expect(changes.map(\.kind) == ["permitSet", "permitSet", "listEntrySet"])
        guard case .permitSet(let first) = changes[0], case .permitSet(let second) = changes[1] else {
            Issue.record("permits come first")
            return
        }
        #expect((first.id, first.household, second.household) == (0, 9, nil))
    }

    @Test func `one visit is not another, and no visit is a resident's permit`() throws {
        let stamp = { (text: String) in try #require(LocalStamp(text)) }
        var row = permit("京A12345", nil)
        row.visit = DirectoryRow.Visit(
            from: try stamp("2026-03-02T14:00"), to: try stamp("2026-03-02T18:00"), minutes: 120)
        let plan = ImportPlan([.permit(row)], known: nothing)
        let plate = try #require(Plate("京A12345"))
        let resident = Permit(id: 5, plate: plate, holder: "Wang")
        let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800)
        let sent = plan.changes(households: [], permits: [resident], entries: [], zone: zone)
        guard case .permitSet(var visit)? = sent.first, sent.count == 1 else {
            Issue.record("\(sent)")
            return
        }
        #expect(visit.id == 0)
        #expect(
            visit.visit
                == Visit(
                    from: WallTime(milliseconds: 1_772_431_200_000),
                    to: WallTime(milliseconds: 1_772_445_600_000), minutes: 120))
        visit.id = 9
        let again = plan.changes(households: [], permits: [resident, visit], entries: [], zone: zone)
        #expect(again.isEmpty)
    }

    @Test func `what a visit gives may change, and it stays the same visit`() throws {
        let stamp = { (text: String) in try #require(LocalStamp(text)) }
        var row = permit("京A12345", nil)
        row.visit = DirectoryRow.Visit(
            from: try stamp("2026-03-02T14:00"), to: try stamp("2026-03-02T18:00"), entries: 1)
        let visit = Visit(
            from: WallTime(milliseconds: 1_772_431_200_000), to: WallTime(milliseconds: 1_772_445_600_000))
        let known = Permit(id: 9, plate: try #require(Plate("京A12345")), holder: "Wang", visit: visit)
        let sent = ImportPlan([.permit(row)], known: nothing).changes(
            households: [], permits: [known], entries: [],
            zone: ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800))
        guard case .permitSet(let changed)? = sent.first, sent.count == 1 else {
            Issue.record("\(sent)")
            return
        }
        #expect(changed.id == 9 && changed.visit?.entries == 1)
    }

    /// As the daemon numbers new rows: by their records.
    @Test func `the same file twice changes nothing`() throws {
        let first = ImportPlan(rows, known: nothing)
        let household = Household(id: 9, name: "3-1-503", spaces: 2)
        var permits: [Permit] = []
        var entries: [ListEntry] = []
        let sent = first.changes(households: [household], permits: [], entries: [], zone: .utc)
        for (index, change) in sent.enumerated() {
            switch change {
            case .permitSet(var permit):
                permit.id = Int64(10 + index)
                permits.append(permit)
            case .listEntrySet(var entry):
                entry.id = Int64(10 + index)
                entries.append(entry)
            default: Issue.record("unexpected \(change.kind)")
            }
        }
        let again = ImportPlan(
            rows, known: PermitResult(permits: permits, households: [household]))
        #expect(again.households.isEmpty)
        #expect(
            again.changes(households: [household], permits: permits, entries: entries, zone: .utc).isEmpty)
    }

    @Test func `an ended permit never comes back, a new one takes its place`() throws {
        let plan = ImportPlan([.permit(permit("京A12346", nil))], known: nothing)
        let plate = try #require(Plate("京A12346"))
        let ended = Permit(id: 5, plate: plate, holder: "Wang", endedAt: WallTime(milliseconds: 1))
        let changes = plan.changes(households: [], permits: [ended], entries: [], zone: .utc)
        guard case .permitSet(let permit) = changes.first else {
            Issue.record("a permit is set")
            return
        }
        #expect(permit.id == 0)
    }

    @Test func `an entry that was over before it began is not sent, one in force is ended by it`() throws {
        let over = DirectoryFile.parse(
            "kind,plate,list,reason,author,expires\nlist,沪B99999,watch,x,li,2020-01-31\n", file: "d.csv",
            areas: nil)
        let plan = ImportPlan(over.rows, known: nothing)
        #expect(plan.changes(households: [], permits: [], entries: [], zone: .utc).isEmpty)
        let plate = try #require(Plate("沪B99999"))
        let standing = ListEntry(
            id: 4, list: .watch, plate: plate, effectiveFrom: WallTime(milliseconds: 0), reason: "x",
            author: "li")
        let changes = plan.changes(households: [], permits: [], entries: [standing], zone: .utc)
        #expect(changes.map(\.kind) == ["listEntrySet"])
    }
}

@Suite struct CardImportTests {
    private static let file = """
        kind,plate,card,household,holder,direction
        permit,,em40:2A00617A69,3-1-502,Wang,in
        permit,,"em24:097,31337",3-1-502,Li,
        permit,京A12345,,3-1-502,Wang,
        """

    @Test func `cards and plates are imported side by side, a second time changes nothing`() throws {
        let directory = DirectoryFile.parse(Self.file, file: "people.csv", areas: nil)
        #expect(directory.issues.map(\.text) == [])
        var known = PermitResult(permits: [], households: [])
        let plan = ImportPlan(directory.rows, known: known)
        let household = Household(id: 7, name: "3-1-502")
        let changes = plan.changes(households: [household], permits: [], entries: [], zone: .utc)
        let permits = changes.compactMap { if case .permitSet(let permit) = $0 { permit } else { nil } }
        #expect(permits.map(\.credential.text) == ["em40:2A00617A69", "em24:097,31337", "京A12345"])
        #expect(permits.map(\.household) == [7, 7, 7])
        #expect(permits[0].direction == .in)
        known.permits = permits.enumerated().map { index, permit in
            var permit = permit
            permit.id = Int64(index + 1)
            return permit
        }
        let again = plan.changes(households: [household], permits: known.permits, entries: [], zone: .utc)
        #expect(again == [])
    }

    @Test func `what is wrong with a card is said with its line`() {
        let file = """
            kind,plate,card
            permit,京A12345,em40:2A00617A69
            permit,,2A00617A69
            permit,,em32:0006388329
            permit,,em32:0006388329
            permit,,
            list,,em32:0006388329
            """
        let issues = DirectoryFile.parse(file, file: "people.csv", areas: nil).issues.map(\.text)
        #expect(issues.contains { $0.contains("people.csv:2") && $0.contains("not for both") })
        #expect(issues.contains { $0.contains("people.csv:3") && $0.contains("em40:2A00617A69") })
        #expect(issues.contains { $0.contains("people.csv:5") && $0.contains("line 4") })
        #expect(issues.contains { $0.contains("people.csv:6") && $0.contains("missing") })
        #expect(issues.contains { $0.contains("people.csv:7") })
    }
}
