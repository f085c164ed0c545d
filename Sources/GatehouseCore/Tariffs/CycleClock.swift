// SPDX-License-Identifier: Apache-2.0

/// The periods in which a cap counts and, with `restart`, units begin anew.
struct CycleClock {
    struct Piece: Hashable {
        var name: CycleName
        var span: TimeSpan
    }

    let cycle: PriceCycle
    /// Of rolling ones.
    let anchor: Int64
    let clock: DayClock

    func piece(at second: Int64) -> Piece {
        switch cycle.kind {
        case .none: return Piece(name: .whole, span: TimeSpan(.min, .max))
        case .rolling:
            let length = Int64(cycle.minutes) * 60
            let number = (second - anchor).floorDivided(by: length)
            let start = anchor + number * length
            return Piece(name: .number(number), span: TimeSpan(start, start + length))
        case .naturalDay:
            let date = clock.date(at: second)
            return Piece(
                name: .day(date), span: TimeSpan(clock.midnight(date), clock.midnight(date.next)))
        }
    }

    /// Where a span is cut by the edges of cycles.
    func cut(_ span: TimeSpan) -> [TimeSpan] {
        var pieces: [TimeSpan] = []
        var start = span.start
        while start < span.end {
            let end = min(piece(at: start).span.end, span.end)
            pieces.append(TimeSpan(start, end))
            start = end
        }
        return pieces
    }
}
