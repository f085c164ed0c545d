// SPDX-License-Identifier: Apache-2.0

/// The walk along the billed time (§4.2): at each instant the band and the cycle in force say what the next unit is.
struct ChargeWalk {
    private let rules: TariffRules
    private let bands: BandSchedule
    private let cycles: CycleClock
    private(set) var tally: ChargeTally

    /// Where "first hour" begins in the newest band of each name, and in the cycle.
    private var seenBands: [(name: String, date: CivilDate, anchor: Int64)] = []
    private var seenCycle: (name: CycleName, anchor: Int64)?
    /// The newest of each: bands of one name may count by different scopes.
    private var visited: [(name: String, scope: VisitScope, date: CivilDate?, cycle: CycleName?)] = []
    /// Billed time before the segment under way, where segments are one running time.
    private var billedBefore: Int64 = 0
    private var segmentStart: Int64 = 0
    private var start: Int64 = 0

    private var band: BandSchedule.Piece?
    private var cycle: CycleClock.Piece?

    init(_ rules: TariffRules, bands: BandSchedule, cycles: CycleClock, tally: ChargeTally) {
        self.rules = rules
        self.tally = tally
        self.bands = bands
        self.cycles = cycles
    }

    mutating func walk(_ segments: [TimeSpan]) throws(MoneyOverflow) {
        var credit: Int64 = 0
        for segment in segments where !segment.isEmpty {
            segmentStart = segment.start
            if rules.segments == .independent { forget() }
            let used = min(credit, segment.length)
            credit -= used
            let left = try walk(TimeSpan(segment.start + used, segment.end))
            if rules.segments == .continue {
                credit += left
                billedBefore += segment.length
            }
        }
    }

    /// Each is a small stay of its own, with a first hour; a visit is one visit all the same.
    private mutating func forget() {
        seenBands = []
        seenCycle = nil
    }

    /// The time of a charged unit that is left beyond the end.
    private mutating func walk(_ segment: TimeSpan) throws(MoneyOverflow) -> Int64 {
        start = segment.start
        var second = segment.start
        var left: Int64 = 0
        while second < segment.end {
            let (end, isCharged) = try step(at: second, until: segment.end)
            left = isCharged ? max(0, end - segment.end) : 0
            second = end
        }
        return left
    }

    private mutating func step(at second: Int64, until end: Int64) throws(MoneyOverflow) -> (
        end: Int64, isCharged: Bool
    ) {
        let band = bandPiece(at: second, until: end)
        let cycle = cyclePiece(at: second)
        see(second, band, cycle)
        switch bands.rate(band) {
        case .free: return (min(band.span.end, end), false)
        case .visit(let price, let scope):
            var stop = min(band.span.end, end)
            if scope == .cycle { stop = min(stop, cycle.span.end) }
            if isFirstVisit(scope, band, cycle) {
                try charge(price, TimeSpan(second, stop), band, cycle)
            }
            return (stop, false)
        case .table(let rows):
            let stop = min(cycle.span.end, end)
            let length = stop - second
            let row = rows.first { $0.uptoMinutes.map { length <= Int64($0) * 60 } ?? true }
            if let row { try charge(row.total, TimeSpan(second, stop), band, cycle) }
            return (stop, false)
        case .steps(let rate): return try unit(rate, at: second, until: end, band, cycle)
        }
    }

    private mutating func unit(
        _ rate: StepRate, at second: Int64, until end: Int64, _ band: BandSchedule.Piece,
        _ cycle: CycleClock.Piece
    ) throws(MoneyOverflow) -> (end: Int64, isCharged: Bool) {
        let since = billed(at: second) - anchor(band)
        let step = rate.steps.first { $0.uptoMinutes.map { since < Int64($0) * 60 } ?? true }
        guard let step = step ?? rate.steps.last else { return (end, false) }
        let whole = second + Int64(step.unitMinutes) * 60
        var stop = whole
        if let upto = step.uptoMinutes, since < Int64(upto) * 60 {
            stop = min(stop, second + Int64(upto) * 60 - since)
        }
        if rules.bandEdge == .restart { stop = min(stop, band.span.end) }
        if rules.cycle.edge == .restart { stop = min(stop, cycle.span.end) }
        let isCharged =
            switch rate.rounding {
            case .floor: stop <= end && stop == whole
            case .ceiling:
                stop <= end || second == segmentStart || end - second > Int64(rate.toleranceMinutes) * 60
            }
        if isCharged { try charge(step.price, TimeSpan(second, min(stop, end)), band, cycle) }
        return (stop, isCharged)
    }

    private mutating func charge(
        _ price: Money, _ span: TimeSpan, _ band: BandSchedule.Piece, _ cycle: CycleClock.Piece
    ) throws(MoneyOverflow) {
        try tally.add(
            ChargedUnit(
                name: bands.name(band), date: band.date, bandCap: bands.cap(band), cycle: cycle.name,
                span: span, price: price))
    }

    // MARK: Where the walk is

    private mutating func bandPiece(at second: Int64, until end: Int64) -> BandSchedule.Piece {
        if let band, band.span.start <= second, second < band.span.end { return band }
        let piece = bands.piece(at: second, limit: end)
        band = piece
        return piece
    }

    private mutating func cyclePiece(at second: Int64) -> CycleClock.Piece {
        if let cycle, cycle.span.start <= second, second < cycle.span.end { return cycle }
        let piece = cycles.piece(at: second)
        cycle = piece
        return piece
    }

    /// Time as "first hour" counts it: elapsed, or billed where segments are one running time.
    private func billed(at second: Int64) -> Int64 {
        rules.segments == .continue ? billedBefore + (second - segmentStart) : second
    }

    /// Also time that is free lies in a band and a cycle, and counts from there.
    private mutating func see(_ second: Int64, _ band: BandSchedule.Piece, _ cycle: CycleClock.Piece) {
        let here = billed(at: second)
        if seenCycle?.name != cycle.name { seenCycle = (cycle.name, here) }
        guard rules.stepsAnchor == .band, band.index != nil else { return }
        let name = bands.name(band)
        let index = seenBands.firstIndex { $0.name == name }
        if let index, seenBands[index].date == band.date { return }
        if let index {
            seenBands[index] = (name, band.date, here)
        } else {
            seenBands.append((name, band.date, here))
        }
    }

    private func anchor(_ band: BandSchedule.Piece) -> Int64 {
        let ofStay = rules.segments == .continue ? 0 : start
        switch rules.stepsAnchor {
        case .stay: return ofStay
        case .band: return seenBands.first { $0.name == bands.name(band) }?.anchor ?? ofStay
        case .cycle: return seenCycle?.anchor ?? ofStay
        }
    }

    private mutating func isFirstVisit(
        _ scope: VisitScope, _ band: BandSchedule.Piece, _ cycle: CycleClock.Piece
    ) -> Bool {
        let name = bands.name(band)
        let date = scope == .band ? band.date : nil
        let inCycle = scope == .cycle ? cycle.name : nil
        guard let index = visited.firstIndex(where: { $0.name == name && $0.scope == scope }) else {
            visited.append((name, scope, date, inCycle))
            return true
        }
        guard visited[index].date != date || visited[index].cycle != inCycle else { return false }
        visited[index] = (name, scope, date, inCycle)
        return true
    }
}
