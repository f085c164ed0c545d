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
        /// First seen at an exit: never inside.
        var isAtExit = false
    }

    private var stays: [Int64: Stay] = [:]
    private var unmatched = 0
    private var correction = 0
    private var lastRecount: Int64 = 0
    /// What the newest row of the area says.
    private var shown = 0

    private var inside: Int { stays.values.count { $0.isCounted } }
    /// Never clamped.
    var occupancy: Int { inside - unmatched + correction }

    /// Cars of a household inside, one plate left out.
    func inside(of household: Int64, but plate: String) -> Int {
        stays.values.count { $0.isCounted && $0.household == household && $0.plate != plate }
    }

    mutating func durable(_ record: Record) -> (String, String)? {
        guard StayFact.kinds.contains(record.kind) else { return nil }
        let number = record.sequence.number
        guard let fields = try? Fields(record.payload) else {
            return ("S4", "record \(number) cannot be read")
        }
        return book(record.kind, number, fields) ?? compare(record)
    }

    private mutating func book(_ kind: String, _ number: Int64, _ fields: Fields) -> (String, String)? {
        switch kind {
        case "stayOpened", "stayImported":
            let plate = fields.text("plate")
            let isAtExit = fields.flag("at_exit")
            stays[number] = Stay(
                plate: plate, household: fields.number("household"), isCounted: !isAtExit,
                isAtExit: isAtExit)
            return isAlone(plate, number)
        case "unmatchedExit": unmatched += 1
        case "areaRecounted":
            guard let counted = try? fields.int("counted") else {
                return ("S4", "record \(number) counts nothing")
            }
            unmatched = 0
            correction = counted - inside
            lastRecount = number
        case "countUnderflow": break
        default:
            guard let id = fields.number("stay"), let stay = stays[id] else {
                return ("S4", "record \(number) is about a stay that was never opened")
            }
            return change(kind, id, stay, number, fields)
        }
        return nil
    }

    private mutating func change(
        _ kind: String, _ id: Int64, _ before: Stay, _ number: Int64, _ fields: Fields
    ) -> (String, String)? {
        var stay = before
        switch kind {
        case "stayMatched":
            unmatched -= 1
            stays[id] = nil
        case "stayCorrected", "stayClaimed":
            stay.plate = (try? fields.object("reading"))?.text("plate")
            stay.household = fields.number("household")
            stays[id] = stay
            return isAlone(stay.plate, number)
        default:
            let state = fields.text("state") ?? ""
            stay.isCounted = !stay.isAtExit && (state == "open" || state == "review" && !fields.has("exit"))
            let isOver = !["open", "suspected_left", "review"].contains(state)
            stays[id] = isOver ? nil : stay
            // Whoever counted the cars since then did not count papers.
            let wasSeen = (try? fields.objectIfPresent("exit"))?.text("lane") != nil
            if isOver, before.isCounted, !wasSeen, id < lastRecount { correction += 1 }
        }
        return nil
    }

    private func isAlone(_ plate: String?, _ number: Int64) -> (String, String)? {
        guard let plate else { return nil }
        let holders = stays.values.count { $0.plate == plate && $0.isCounted }
        return holders > 1 ? ("S5", "\(plate) has \(holders) open stays at record \(number)") : nil
    }

    /// The row that people see says the same, record by record.
    private mutating func compare(_ record: Record) -> (String, String)? {
        let number = record.sequence.number
        let key = ProjectionKey(.area, Estate.area)
        if let row = record.changes.last(where: { $0.row == key })?.value {
            guard let fields = try? Fields(row), let inside = try? fields.int("inside"),
                let out = try? fields.int("unmatched_exits"), let more = try? fields.int("correction")
            else { return ("S4", "the area's row of record \(number) cannot be read") }
            shown = inside - out + more
        }
        guard shown != occupancy else { return nil }
        return ("S4", "the area's row says \(shown) at record \(number), the records say \(occupancy)")
    }
}

/// S8: folding the journal gives the state.
enum FoldChecker {
    static func compare(_ disk: Disk, _ stored: SiteMemory) -> (String, String)? {
        var folded = SiteMemory()
        for one in disk.durable {
            let record = one.record
            do {
                let changes = try folded.fold(StoredRecord(record))
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
