// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S6: the durable journal has no gaps, no repetitions, no disorder.
struct SequenceChecker {
    private var last: Int64 = 0

    mutating func durable(_ record: Record) -> (String, String)? {
        let number = record.sequence.number
        defer { last = number }
        return number == last + 1 ? nil : ("S6", "record \(number) follows record \(last)")
    }
}

/// S4 and S5 by a second, slower set of books, kept from what the records say and nothing else.
struct BookChecker {
    private struct Stay {
        var plate: String?
        var household: Int64?
        var isCounted: Bool
    }

    private var stays: [Int64: Stay] = [:]
    private var unmatched = 0
    private var correction = 0

    /// Never clamped.
    var occupancy: Int { stays.values.count { $0.isCounted } - unmatched + correction }

    /// Cars of a household inside, one plate left out.
    func inside(of household: Int64, but plate: String) -> Int {
        stays.values.count { $0.isCounted && $0.household == household && $0.plate != plate }
    }

    mutating func durable(_ record: Record) -> (String, String)? {
        guard
            ["stayOpened", "stayImported", "stayClosed", "stayMarked", "stayMatched", "unmatchedExit"]
                .contains(record.kind)
        else {
            return nil
        }
        guard let fields = try? Fields(record.payload) else {
            return ("S4", "record \(record.sequence.number) cannot be read")
        }
        let number = record.sequence.number
        switch record.kind {
        case "stayOpened", "stayImported":
            let plate = (try? fields.stringIfPresent("plate")) ?? nil
            let household = (try? fields.integerIfPresent("household")) ?? nil
            stays[number] = Stay(plate: plate, household: household, isCounted: true)
            guard let plate else { return nil }
            let holders = stays.filter { $0.value.plate == plate && $0.value.isCounted }
            return holders.count > 1
                ? ("S5", "\(plate) has \(holders.count) open stays at record \(number)") : nil
        case "unmatchedExit": unmatched += 1
        case "stayMatched":
            guard let id = try? fields.integer("stay"), stays.removeValue(forKey: id) != nil else {
                return ("S4", "record \(number) matches a stay that was never opened")
            }
            unmatched -= 1
        default:
            guard let id = try? fields.integer("stay"), var stay = stays[id] else {
                return ("S4", "record \(number) is about a stay that was never opened")
            }
            let state = (try? fields.string("state")) ?? ""
            stay.isCounted = state == "open" || state == "review" && !fields.has("exit")
            stays[id] = stay
            if !["open", "suspected_left", "review"].contains(state) { stays[id] = nil }
        }
        return nil
    }

    /// The row that people see says the same.
    func compare(_ rows: Table<ProjectionKey, [UInt8]>) -> (String, String)? {
        guard let value = rows[ProjectionKey(.area, Estate.area)], let fields = try? Fields(value),
            let inside = try? fields.int("inside"), let out = try? fields.int("unmatched_exits"),
            let more = try? fields.int("correction")
        else { return stays.isEmpty && unmatched == 0 ? nil : ("S4", "the area has no row") }
        let said = inside - out + more
        return said == occupancy ? nil : ("S4", "the area's row says \(said), the records say \(occupancy)")
    }
}

/// S8: folding the journal gives the state.
enum FoldChecker {
    static func compare(_ disk: Disk, _ stored: SiteMemory) -> (String, String)? {
        var folded = SiteMemory()
        for one in disk.durable {
            let record = one.record
            let read = StoredRecord(
                sequence: record.sequence, kind: record.kind, format: record.format, at: record.at,
                boot: record.boot, payload: record.payload)
            do {
                let changes = try folded.fold(read)
                guard changes == record.changes else {
                    return (
                        "S8",
                        "record \(record.sequence.number) \(record.kind) folds to other rows than it wrote"
                    )
                }
            } catch {
                return ("S8", "record \(record.sequence.number) \(record.kind) cannot be folded: \(error)")
            }
        }
        return folded == stored ? nil : ("S8", "the journal folds to another state than the rows say")
    }
}
