// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore

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
        let keys = Set(changes.flatMap(\.references))
        let rows = try await read { reader throws(StoreFault) in try reader.rows(Array(keys)) }
        let standing = Standing(rows: Table(rows.map { ($0.key, $0.value) }))
        for change in changes { try check(change, standing) }
        return try await operate(.directory(changes, reason: reason), count: changes.count)
    }

    private func check(_ change: DirectoryChange, _ standing: Standing) throws(Failure) {
        for key in change.references { try standing.require(key) }
        switch change {
        case .permitSet(let permit): try check(permit, standing)
        case .listEntrySet(let entry): try check(entry, standing)
        case .householdSet, .householdRemoved, .permitEnded, .listEntryEnded: break
        }
    }

    private func check(_ permit: Permit, _ standing: Standing) throws(Failure) {
        let what = "permit for \(permit.credential.shown)"
        let old = try standing.value(.permit, permit.id) { fields throws(FieldError) in
            try Permit(from: fields)
        }
        if let ended = old?.endedAt {
            throw Failure(
                code: "refused", message: "permit \(permit.id) ended \(ended.rfc3339) and never comes back",
                hint: "gatehouse permit add \(permit.credential.shown)")
        }
        if permit.endedAt != nil {
            throw Failure(
                code: "bad_request", message: "\(what): is set with an end that has come",
                hint: "gatehouse permit end NUMBER")
        }
        if let from = permit.validFrom, let to = permit.validTo, to < from {
            throw Failure(code: "refused", message: "\(what): \(to.text) lies before \(from.text)")
        }
        if let visit = permit.visit {
            guard permit.validFrom == nil, permit.validTo == nil, permit.windows == nil, !permit.isDenial,
                permit.plate != nil
            else {
                throw Failure(
                    code: "bad_request",
                    message: "\(what): a visit has times of its own, and is a vehicle's right to come")
            }
            guard visit.to > visit.from else {
                throw Failure(
                    code: "refused",
                    message: "\(what): \(visit.to.rfc3339) is not after \(visit.from.rfc3339)")
            }
        }
        for area in permit.areas ?? [] { try requireArea(area) }
    }

    private func check(_ entry: ListEntry, _ standing: Standing) throws(Failure) {
        let old = try standing.value(.listEntry, entry.id) { fields throws(FieldError) in
            try ListEntry(from: fields)
        }
        if let ended = old?.effectiveTo, ended <= gateway.clock.now().wall {
            throw Failure(
                code: "refused", message: "entry \(entry.id) ended \(ended.rfc3339) and never comes back",
                hint: "gatehouse list add \(entry.list.rawValue) \(entry.plate.text)")
        }
        if let to = entry.effectiveTo, to <= entry.effectiveFrom {
            throw Failure(
                code: "refused",
                message: "entry for \(entry.plate.text): its end \(to.rfc3339) is not after its begin "
                    + entry.effectiveFrom.rfc3339)
        }
    }
}

/// The rows that a request names, as they stand.
private struct Standing {
    var rows: Table<ProjectionKey, [UInt8]>

    func require(_ key: ProjectionKey) throws(DiagnosticProtocol.Failure) {
        guard rows[key] == nil else { return }
        throw DiagnosticProtocol.Failure(code: "not_found", message: "no \(key.table.rawValue) \(key.key)")
    }

    func value<Value>(
        _ table: ProjectionTable, _ number: Int64, _ make: (Fields) throws(FieldError) -> Value
    ) throws(DiagnosticProtocol.Failure) -> Value? {
        guard let row = rows[ProjectionKey(table, String(number))] else { return nil }
        do throws(FieldError) { return try make(try Fields(row)) } catch {
            throw DiagnosticProtocol.Failure(
                code: "store", message: "\(table.rawValue) \(number) cannot be read: \(error)")
        }
    }
}

extension DirectoryChange {
    /// Rows that must stand already: the one that it changes, a number of 0 being a new one, and the household
    /// that a permit belongs to.
    fileprivate var references: [ProjectionKey] {
        func keys(_ table: ProjectionTable, _ number: Int64?) -> [ProjectionKey] {
            number.map { $0 == 0 ? [] : [ProjectionKey(table, String($0))] } ?? []
        }
        return switch self {
        case .permitSet(let permit): keys(.permit, permit.id) + keys(.household, permit.household)
        case .permitEnded(let permit): keys(.permit, permit.id)
        case .householdSet(let household), .householdRemoved(let household): keys(.household, household.id)
        case .listEntrySet(let entry), .listEntryEnded(let entry): keys(.listEntry, entry.id)
        }
    }
}
