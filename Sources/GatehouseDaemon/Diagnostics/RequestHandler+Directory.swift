// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine

/// Changes of the directory, judged against what stands before they are recorded: all of a request or none.
extension RequestHandler {
    private static let longestReason = 1024

    /// `reason` is recorded with each: a reason code, or the file that they came from.
    func change(_ changes: [DirectoryChange], reason: String?) async throws(Failure) -> [UInt8] {
        if let reason, reason.utf8.count > Self.longestReason {
            throw Failure(
                code: "bad_request",
                message: "a file name of \(reason.utf8.count) bytes, more than \(Self.longestReason)",
                hint: "a shorter path")
        }
        for change in changes { try await check(change) }
        return try await operate(.directory(changes, reason: reason), count: changes.count)
    }

    /// A row with a number changes one that stands; number 0 is a new one.
    private func check(_ change: DirectoryChange) async throws(Failure) {
        switch change {
        case .permitSet(let permit): try await check(permit)
        case .listEntrySet(let entry): try await check(entry)
        case .householdSet(let household):
            if household.id != 0 { _ = try await standing(household.id) as Household }
        case .permitEnded(let permit): _ = try await standing(permit.id) as Permit
        case .listEntryEnded(let entry): _ = try await standing(entry.id) as ListEntry
        case .householdRemoved(let household): _ = try await standing(household.id) as Household
        }
    }

    private func check(_ permit: Permit) async throws(Failure) {
        let what = "permit for \(permit.plate.text)"
        if permit.id != 0 {
            let old: Permit = try await standing(permit.id)
            if let ended = old.endedAt {
                throw Failure(
                    code: "refused",
                    message: "permit \(permit.id) ended \(ended.rfc3339) and never comes back",
                    hint: "gatehouse permit add \(permit.plate.text)")
            }
        }
        if permit.endedAt != nil {
            throw Failure(
                code: "bad_request", message: "\(what): is set with an end that has come",
                hint: "gatehouse permit end NUMBER")
        }
        if let from = permit.validFrom, let to = permit.validTo, to < from {
            throw Failure(code: "refused", message: "\(what): \(to.text) lies before \(from.text)")
        }
        for area in permit.areas ?? [] { try requireArea(area) }
        if let household = permit.household { _ = try await standing(household) as Household }
    }

    private func check(_ entry: ListEntry) async throws(Failure) {
        let what = "entry for \(entry.plate.text)"
        if entry.id != 0 {
            let old: ListEntry = try await standing(entry.id)
            if let ended = old.effectiveTo, ended <= gateway.clock.now().wall {
                throw Failure(
                    code: "refused", message: "entry \(entry.id) ended \(ended.rfc3339) and never comes back",
                    hint: "gatehouse list add \(entry.list.rawValue) \(entry.plate.text)")
            }
        }
        if let to = entry.effectiveTo, to <= entry.effectiveFrom {
            throw Failure(
                code: "refused",
                message:
                    "\(what): its end \(to.rfc3339) is not after its begin \(entry.effectiveFrom.rfc3339)")
        }
    }

    private func standing(_ number: Int64) async throws(Failure) -> Permit {
        try await row(.permit, number) { fields throws(FieldError) in try Permit(from: fields) }
    }

    private func standing(_ number: Int64) async throws(Failure) -> ListEntry {
        try await row(.listEntry, number) { fields throws(FieldError) in try ListEntry(from: fields) }
    }

    private func standing(_ number: Int64) async throws(Failure) -> Household {
        try await row(.household, number) { fields throws(FieldError) in try Household(from: fields) }
    }
}
