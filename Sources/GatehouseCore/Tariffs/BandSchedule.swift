// SPDX-License-Identifier: Apache-2.0

/// Which band is in force when. Without bands there is one without an end.
struct BandSchedule {
    /// A band on the day on which it starts, or the time up to the next one, which is free.
    struct Piece: Hashable {
        /// Of the band; nil in between.
        var index: Int?
        var date: CivilDate
        var span: TimeSpan
    }

    static let always = "ALL"

    private let pricing: Pricing
    private let clock: DayClock

    init(_ pricing: Pricing, _ clock: DayClock) {
        self.pricing = pricing
        self.clock = clock
    }

    /// `limit`: nobody asks beyond it.
    func piece(at second: Int64, limit: Int64) -> Piece {
        guard case .bands(let bands) = pricing else {
            return Piece(index: 0, date: CivilDate(daysSince1970: 0), span: TimeSpan(.min, .max))
        }
        let today = clock.date(at: second)
        // An edge in a spring gap reads later than it is: of two that hold then, the one that began first goes on.
        var found: Piece?
        for date in [today.previous, today] {
            for index in bands.indices where clock.calendar.matches(date, bands[index].span.days) {
                let span = clock.span(bands[index].span, on: date)
                guard span.start <= second && second < span.end else { continue }
                if found.map({ span.start < $0.span.start }) ?? true {
                    found = Piece(index: index, date: date, span: span)
                }
            }
        }
        if let found { return found }
        let end = nextStart(bands, after: second, from: today, limit: limit)
        return Piece(index: nil, date: today, span: TimeSpan(second, end))
    }

    private func nextStart(
        _ bands: [Band], after second: Int64, from today: CivilDate, limit: Int64
    ) -> Int64 {
        var date = today
        while true {
            let starts = bands.filter { clock.calendar.matches(date, $0.span.days) }
                .map { clock.span($0.span, on: date) }
                .filter { $0.start > second && !$0.isEmpty }.map(\.start)
            if let first = starts.min() { return min(first, limit) }
            if clock.midnight(date) >= limit { return limit }
            date = date.next
        }
    }

    func name(_ piece: Piece) -> String {
        guard case .bands(let bands) = pricing, let index = piece.index else { return Self.always }
        return bands[index].name
    }

    func rate(_ piece: Piece) -> Rate {
        guard let index = piece.index else { return .free }
        switch pricing {
        case .one(let rate): return rate
        case .bands(let bands): return bands[index].rate
        }
    }

    func cap(_ piece: Piece) -> Money? {
        guard case .bands(let bands) = pricing, let index = piece.index else { return nil }
        return bands[index].cap
    }
}
