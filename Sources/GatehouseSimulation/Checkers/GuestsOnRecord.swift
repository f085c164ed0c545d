// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Residents' guests, as the records of the directory and of stays name them: when they may come, what is free for them,
/// and how often they came on passes that count it.
struct GuestsOnRecord {
    /// Free for so many seconds from the entry, and for all of the window without them.
    private struct Pass {
        /// Seconds since 1970, half open.
        var window: Range<Int64>
        var length: Int64?
        var since: Int64
        var endedAt: Int64?
        /// nil: it may come as often as it likes.
        var most: Int?
        /// Stays that began on it and were not cancelled.
        var stays: Set<Int64> = []

        var isUsedUp: Bool { most.map { stays.count >= $0 } ?? false }

        func covers(from entry: Int64) -> Range<Int64>? {
            guard entry < window.upperBound, endedAt.map({ entry < $0 }) ?? true else { return nil }
            let start = max(window.lowerBound, entry)
            let end = length.map { start + $0 } ?? window.upperBound
            return start < end ? start..<end : nil
        }

        /// Beyond doubt: whoever comes at its edges, or before everybody can know of it, is not judged.
        func surelyAdmits(at second: Int64) -> Bool {
            endedAt == nil && second - since > 600 && window.lowerBound - 1740 <= second
                && second < window.upperBound - 60
        }
    }

    private var passes: [Int64: Pass] = [:]
    private var passesOf: [String: [Int64]] = [:]
    /// The pass on which a stay began.
    private var passOf: [Int64: Int64] = [:]

    mutating func take(_ visit: Fields, _ fields: Fields, of plate: String, at second: Int64) {
        guard let id = fields.number("id"), let from = visit.number("from_ms"),
            let to = visit.number("to_ms"), from < to
        else { return }
        // Called off: it was known before.
        let old = passes[id]
        if old == nil { passesOf[plate] = ((passesOf[plate] ?? []) + [id]).sorted() }
        passes[id] = Pass(
            window: from / 1000..<to / 1000, length: visit.number("minutes").map { $0 * 60 },
            since: old?.since ?? second, endedAt: fields.number("ended_at").map { $0 / 1000 },
            most: visit.number("entries").map { Int($0) }, stays: old?.stays ?? [])
    }

    /// What is free for it, and since when that is on record. A pass that counts covers only who came in on it.
    func covers(_ stay: StayMoney) -> [(covers: Range<Int64>, since: Int64)] {
        (stay.plate.flatMap { passesOf[$0] } ?? []).compactMap { id in
            guard let pass = passes[id], pass.most == nil || stay.pass == id else { return nil }
            return pass.covers(from: stay.entry).map { ($0, pass.since) }
        }
    }

    // MARK: How often they come

    /// By whose right it is inside, as its newest record says; nil: it is not, and never was.
    mutating func note(_ id: Int64, _ stay: StayMoney?) -> (String, String)? {
        if let old = passOf.removeValue(forKey: id) { passes[old]?.stays.remove(id) }
        guard let stay, !stay.isAtExit, let number = stay.pass, let most = passes[number]?.most else {
            return nil
        }
        passOf[id] = number
        passes[number]?.stays.insert(id)
        let count = passes[number]?.stays.count ?? 0
        guard count > most else { return nil }
        return ("S7", "stay \(id) is entry \(count) on pass \(number), which gives \(most)")
    }

    /// Whoever has a pass with an entry left comes in on it, and nobody on one that has none.
    func judge(_ number: Int64, _ fields: Fields, at second: Int64) -> (String, String)? {
        guard fields.text("direction") == "in", let plate = fields.text("plate") else { return nil }
        switch fields.text("reason").flatMap(ReasonCode.init(rawValue:)) {
        case .visitorPass:
            guard let id = fields.number("permit"), let pass = passes[id], pass.isUsedUp else { return nil }
            return ("S1", "record \(number) lets \(plate) in on pass \(id), whose entries are used up")
        case .temporaryVehicle, .countExhausted:
            let open = admitting(plate, at: second).first { passes[$0]?.isUsedUp == false }
            return open.map { ("S9", "record \(number) does not know the pass \($0) of \(plate)") }
        default: return nil
        }
    }

    /// It has come as often as its pass says, and comes again.
    func isOnceTooOften(_ fields: Fields, at second: Int64) -> Bool {
        guard fields.text("direction") == "in", let plate = fields.text("plate") else { return false }
        return admitting(plate, at: second).contains { passes[$0]?.isUsedUp == true }
    }

    private func admitting(_ plate: String, at second: Int64) -> [Int64] {
        (passesOf[plate] ?? []).filter { id in
            passes[id].map { $0.most != nil && $0.surelyAdmits(at: second) } ?? false
        }
    }
}
