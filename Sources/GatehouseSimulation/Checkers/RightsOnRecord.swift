// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Rights that cover a stay, as the records of the directory name them.
struct RightsOnRecord {
    private struct Right {
        /// Seconds since 1970, half open.
        var covers: Range<Int64>
        var since: Int64
    }

    private let zoneOffset: Int64
    private var rights: [String: [Right]] = [:]
    var guests = GuestsOnRecord()
    private var spaces: [Int64: Int] = [:]
    /// A directory is built beside the loop: so many seconds may pass until the gateway knows.
    static let delay: Int64 = 120

    init(zoneOffset: Int) { self.zoneOffset = Int64(zoneOffset) }

    mutating func durable(_ kind: String, _ fields: Fields, at second: Int64) {
        switch kind {
        case "permitSet", "permitEnded":
            guard let plate = fields.text("plate"), !fields.flag("deny") else { return }
            if let visit = (try? fields.objectIfPresent("visit")) ?? nil {
                return guests.take(visit, fields, of: plate, at: second)
            }
            let from =
                fields.text("from").flatMap(Self.days).map { $0 * 86_400 - zoneOffset } ?? Int64.min / 2
            let to = fields.text("to").flatMap(Self.days).map { ($0 + 1) * 86_400 - zoneOffset }
            let end = to ?? Int64.max / 2
            guard from <= end else { return }
            rights[plate, default: []].append(Right(covers: from..<end, since: second))
        case "householdSet":
            if let id = fields.number("id") { spaces[id] = fields.number("spaces").map { Int($0) } }
        default: break
        }
    }

    /// A guest's pass covers some of it.
    func isGuest(_ stay: StayMoney, until exit: Int64) -> Bool {
        exit > stay.entry
            && guests.covers(stay).contains { $0.covers.overlaps(stay.entry..<exit) }
    }

    /// Days since 1970 of `2026-03-02`, counted year by year.
    static func days(_ text: String) -> Int64? {
        let parts = text.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3, (1970...9999).contains(parts[0]), (1...12).contains(parts[1]) else {
            return nil
        }
        func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        var days = (1970..<parts[0]).reduce(Int64(0)) { $0 + (isLeap($1) ? 366 : 365) }
        let months: [Int64] = [31, isLeap(parts[0]) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        days += months.prefix(Int(parts[1]) - 1).reduce(0, +)
        return days + parts[2] - 1
    }

    /// Whether the household has a number of spaces, so that its cars are counted.
    func counts(_ household: Int64) -> Bool { spaces[household] != nil }

    /// What is left to be paid for, by what the gateway knows at `second` for certain, and by what it may know.
    func billed(
        _ stay: StayMoney, until exit: Int64, at second: Int64, convert: QuotaRule.Convert
    ) -> [[Range<Int64>]] {
        guard exit > stay.entry else { return [[]] }
        let whole = stay.entry..<exit
        if let household = stay.household, counts(household), stay.isTemporary {
            guard let converted = stay.convertedAt, convert != .none else { return [[whole]] }
            return convert == .whole ? [[]] : [[stay.entry..<max(stay.entry, min(converted, exit))]]
        }
        let guest = guests.covers(stay).map { Right(covers: $0.covers, since: $0.since) }
        let all = (stay.plate.flatMap { rights[$0] } ?? []) + guest
        let known = all.filter { second - $0.since > Self.delay }
        let may = Self.without(all.map(\.covers), whole)
        return known.count == all.count ? [may] : [may, Self.without(known.map(\.covers), whole)]
    }

    private static func without(_ covers: [Range<Int64>], _ whole: Range<Int64>) -> [Range<Int64>] {
        var left = [whole]
        for cover in covers {
            left = left.flatMap { part -> [Range<Int64>] in
                guard part.overlaps(cover) else { return [part] }
                let before = part.lowerBound..<max(part.lowerBound, min(cover.lowerBound, part.upperBound))
                let after = min(part.upperBound, max(cover.upperBound, part.lowerBound))..<part.upperBound
                return [before, after].filter { !$0.isEmpty }
            }
        }
        return left
    }
}
