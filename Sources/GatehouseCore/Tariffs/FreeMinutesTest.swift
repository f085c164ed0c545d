// SPDX-License-Identifier: Apache-2.0

/// Drops or shortens what is billed by the free minutes (§4.1).
struct FreeMinutesTest {
    struct Outcome {
        var segments: [TimeSpan]
        /// Seconds taken off the front.
        var deducted: Int64 = 0
    }

    private let free: FreeMinutes?
    private let join: SegmentJoin
    private let cycles: CycleClock

    init(_ rules: TariffRules, cycles: CycleClock, _ facts: StayFacts, _ terms: RatingTerms) {
        let isUsed = rules.free?.scope == .firstOfDay && facts.freeMinutesUsedToday
        free = terms.hasFreeMinutes && !isUsed ? rules.free : nil
        join = rules.segments
        self.cycles = cycles
    }

    func judge(_ segments: [TimeSpan]) -> Outcome {
        guard let free else { return Outcome(segments: segments) }
        if free.scope == .cycle { return each(segments.flatMap(cycles.cut), free) }
        return join == .continue ? whole(segments, free) : each(segments, free)
    }

    private func isWithin(_ length: Int64, _ free: FreeMinutes) -> Bool {
        let limit = Int64(free.minutes) * 60
        return free.boundary == .inclusive ? length <= limit : length < limit
    }

    private func each(_ segments: [TimeSpan], _ free: FreeMinutes) -> Outcome {
        var outcome = Outcome(segments: [])
        let shift = free.isDeducted ? Int64(free.minutes) * 60 : 0
        for segment in segments {
            guard !isWithin(segment.length, free) else { continue }
            let rest = TimeSpan(segment.start + shift, segment.end)
            guard !rest.isEmpty else { continue }
            outcome.deducted = shift
            outcome.segments.append(rest)
        }
        return outcome
    }

    /// One running time, one test.
    private func whole(_ segments: [TimeSpan], _ free: FreeMinutes) -> Outcome {
        let length = segments.reduce(0) { $0 + $1.length }
        if isWithin(length, free) { return Outcome(segments: []) }
        guard free.isDeducted else { return Outcome(segments: segments) }
        let shift = Int64(free.minutes) * 60
        return Outcome(segments: segments.droppingFirst(shift), deducted: shift)
    }
}
