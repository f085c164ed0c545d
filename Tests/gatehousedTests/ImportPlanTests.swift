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
            line: 2, plate: plate, household: household, holder: "Wang", validFrom: nil, validTo: nil,
            windows: nil, areas: [], direction: nil)
    }

    private func block(_ plate: String) -> DirectoryRow.ListEntry {
        DirectoryRow.ListEntry(
            line: 3, plate: plate, kind: .denyEntry, reason: "fraud", author: "li", validFrom: nil,
            expires: nil,
            document: nil, holder: nil)
    }

    @Test func `households go first and permits get their numbers`() throws {
        let plan = ImportPlan(rows, file: "d.csv", known: nothing)
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

    /// As the daemon numbers new rows: by their records.
    @Test func `the same file twice changes nothing`() throws {
        let first = ImportPlan(rows, file: "d.csv", known: nothing)
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
            rows, file: "d.csv", known: PermitResult(permits: permits, households: [household]))
        #expect(again.households.isEmpty)
        #expect(
            again.changes(households: [household], permits: permits, entries: entries, zone: .utc).isEmpty)
    }

    @Test func `an ended permit never comes back, a new one takes its place`() throws {
        let plan = ImportPlan([.permit(permit("京A12346", nil))], file: "d.csv", known: nothing)
        let plate = try #require(Plate("京A12346"))
        let ended = Permit(id: 5, plate: plate, holder: "Wang", endedAt: WallTime(milliseconds: 1))
        let changes = plan.changes(households: [], permits: [ended], entries: [], zone: .utc)
        guard case .permitSet(let permit) = changes.first else {
            Issue.record("a permit is set")
            return
        }
        #expect(permit.id == 0)
    }

    @Test func `a plate of no kind is named with its line`() {
        let plan = ImportPlan([.permit(permit("", nil))], file: "d.csv", known: nothing)
        #expect(plan.issues == ["d.csv:2: error: plate: found \"\"; no plate of any kind"])
    }
}
