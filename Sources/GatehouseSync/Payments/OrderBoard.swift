// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What is asked of whoever comes and fetches it: the newest wish of each open order. It may be read any number of times;
/// an order is carried out once. It lives in memory alone, since what has to last is in the journal.
package struct OrderBoard: Sendable {
    /// A code is a minute's secret: a wallet shows another one then.
    package static let codeLife: Duration = .seconds(60)

    private struct Line: Sendable {
        var request: CollectionRequest
        var revision: Int64
        var codeEnds: Uptime
    }

    private var lines = Table<Sequence, Line>()
    /// Of the whole board.
    package private(set) var revision: Int64

    /// - Parameter revision: another than any that a board before this one had, or who comes with one of those misses what
    ///   is here.
    package init(beginningAt revision: Int64) { self.revision = revision }

    package mutating func put(_ request: CollectionRequest, at now: Uptime) {
        revision += 1
        lines[request.number] = Line(request: request, revision: revision, codeEnds: now + Self.codeLife)
        dropCodes(at: now)
    }

    package mutating func remove(_ number: Sequence) { lines.remove(number) }

    package mutating func removeAll() { lines.removeAll() }

    /// A revision that this board has not had yet is of an earlier process whose clock was ahead: then everything is news.
    package mutating func news(for query: OrderQuery, at now: Uptime) -> [CollectionRequest] {
        dropCodes(at: now)
        let after = query.after.map { $0 > revision ? 0 : $0 } ?? 0
        return lines.inOrder.map(\.value).filter { line in
            line.revision > after && query.ways?.contains(line.request.order.way) ?? true
        }.map(\.request)
    }

    /// An asking whose code is gone can be carried out by nobody; its order is asked about soon.
    private mutating func dropCodes(at now: Uptime) {
        for (number, line) in lines.inOrder where line.request.code != nil && now >= line.codeEnds {
            lines.remove(number)
        }
    }
}
