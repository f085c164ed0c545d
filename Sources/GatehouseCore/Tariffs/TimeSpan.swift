// SPDX-License-Identifier: Apache-2.0

/// `[start, end)` in seconds since 1970.
package struct TimeSpan: Hashable, Sendable {
    package var start: Int64
    package var end: Int64

    package init(_ start: Int64, _ end: Int64) {
        self.start = start
        self.end = end
    }

    package var length: Int64 { max(0, end.subtractingSaturated(start)) }
    package var isEmpty: Bool { end <= start }
}

extension TimeSpan {
    func intersection(_ other: TimeSpan) -> TimeSpan {
        TimeSpan(max(start, other.start), min(end, other.end))
    }

    /// In order, those that touch as one.
    static func union(_ spans: [TimeSpan]) -> [TimeSpan] {
        var result: [TimeSpan] = []
        for span in spans.filter({ !$0.isEmpty }).sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            if let last = result.indices.last, span.start <= result[last].end {
                result[last].end = max(result[last].end, span.end)
            } else {
                result.append(span)
            }
        }
        return result
    }

    /// What is left of it, in order.
    func without(_ others: [TimeSpan]) -> [TimeSpan] {
        var rest: [TimeSpan] = []
        var from = start
        for other in TimeSpan.union(others) where other.end > start && other.start < end {
            if other.start > from { rest.append(TimeSpan(from, other.start)) }
            from = max(from, other.end)
        }
        if from < end { rest.append(TimeSpan(from, end)) }
        return rest
    }
}

extension [TimeSpan] {
    /// So many seconds less, from the front on.
    func droppingFirst(_ seconds: Int64) -> [TimeSpan] {
        var left = seconds
        return compactMap { segment in
            let used = Swift.min(left, segment.length)
            left -= used
            let rest = TimeSpan(segment.start + used, segment.end)
            return rest.isEmpty ? nil : rest
        }
    }

    /// So many seconds less, from the back on.
    func droppingLast(_ seconds: Int64) -> [TimeSpan] {
        var left = seconds
        return reversed().compactMap { segment -> TimeSpan? in
            let used = Swift.min(left, segment.length)
            left -= used
            let rest = TimeSpan(segment.start, segment.end - used)
            return rest.isEmpty ? nil : rest
        }.reversed()
    }

    /// The first so many seconds.
    func first(_ seconds: Int64) -> [TimeSpan] {
        let length = reduce(0) { $0 + $1.length }
        return droppingLast(Swift.max(0, length - seconds))
    }
}
