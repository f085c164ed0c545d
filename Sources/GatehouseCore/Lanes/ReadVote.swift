// SPDX-License-Identifier: Apache-2.0

/// The reads of one presence and which of them speaks for the vehicle (lanes.md §7.1). A read's weight is
/// its confidence, times the number of equal reads, times the camera's role.
package struct ReadVote: Hashable, Sendable {
    package struct Candidate: Hashable, Sendable {
        /// The most confident of equal reads.
        package var best: PlateRead
        /// Confidence summed over equal reads, in tenths of a per cent.
        package var weight: Int
        package var count: Int
        /// When the newest of equal reads was taken.
        package var lastAt: Uptime
        /// Equal reads of at least 70 %.
        var firm: Int
    }

    /// By arrival; bounded, because a camera at a wall of plates must not grow a lane.
    package private(set) var candidates: [Candidate] = []
    package static let capacity = 8

    package init() {}

    package var isEmpty: Bool { candidates.isEmpty }

    /// The heaviest; of equals the earliest.
    package var winner: Candidate? {
        candidates.reduce(nil) { best, next in
            guard let best else { return next }
            return next.weight > best.weight ? next : best
        }
    }

    /// The question is settled before its time: an exact match of at least 85 %, or two equal reads of 70 %.
    package var isDecisive: Bool {
        guard let winner else { return false }
        return (winner.best.isKnown && winner.best.confidence >= 85) || winner.firm >= 2
    }

    /// Another plate that is no look-alike of the winner and not clearly lighter (lanes.md n2).
    package var isContested: Bool {
        guard let winner, let plate = winner.best.reading.plate else { return false }
        return candidates.contains { other in
            guard let its = other.best.reading.plate, its != plate else { return false }
            return !PlateLookAlike.areLookAlikes(plate, its) && other.weight * 10 >= winner.weight * 6
        }
    }

    /// A plate that is no look-alike of the winner's was read, and the winner not since.
    package var endsWithAnother: Bool {
        guard let winner, let plate = winner.best.reading.plate else { return false }
        return candidates.contains { other in
            guard let its = other.best.reading.plate, other.lastAt > winner.lastAt else { return false }
            return !PlateLookAlike.areLookAlikes(plate, its)
        }
    }

    /// Everything but the winner, heaviest first.
    package var others: [PlateRead] {
        guard let winner else { return [] }
        return candidates.filter { $0.best.record != winner.best.record }
            .sorted { $0.weight > $1.weight }.map { $0.best }
    }

    /// Whether this vehicle was read as this already.
    package func contains(_ reading: PlateReading) -> Bool {
        candidates.contains { ReadVote.isSame($0.best.reading, reading) }
    }

    package func weight(of reading: PlateReading) -> Int {
        candidates.first { ReadVote.isSame($0.best.reading, reading) }?.weight ?? 0
    }

    package func count(of reading: PlateReading) -> Int {
        candidates.first { ReadVote.isSame($0.best.reading, reading) }?.count ?? 0
    }

    package mutating func add(_ read: PlateRead) {
        let weight = ReadVote.weight(of: read)
        let firm = read.confidence >= 70 ? 1 : 0
        if let index = candidates.firstIndex(where: { ReadVote.isSame($0.best.reading, read.reading) }) {
            candidates[index].weight += weight
            candidates[index].count = min(candidates[index].count + 1, 99)
            candidates[index].lastAt = max(candidates[index].lastAt, read.capturedAt)
            candidates[index].firm = min(candidates[index].firm + firm, 99)
            if read.confidence > candidates[index].best.confidence { candidates[index].best = read }
        } else {
            if candidates.count == ReadVote.capacity { candidates.removeFirst() }
            candidates.append(
                Candidate(best: read, weight: weight, count: 1, lastAt: read.capturedAt, firm: firm))
        }
    }

    /// Reads too old to belong to the vehicle that has just come.
    @discardableResult
    package mutating func dropReads(before instant: Uptime) -> [PlateRead] {
        let old = candidates.filter { $0.best.capturedAt < instant }.map { $0.best }
        candidates.removeAll { $0.best.capturedAt < instant }
        return old
    }

    package mutating func drop(_ reading: PlateReading) {
        candidates.removeAll { ReadVote.isSame($0.best.reading, reading) }
    }

    package static func weight(of read: PlateRead) -> Int {
        let confidence = min(max(read.confidence, 0), 100)
        return confidence * (read.role == .front ? 10 : 8)
    }

    package static func isSame(_ a: PlateReading, _ b: PlateReading) -> Bool {
        if let plate = a.plate { return plate == b.plate }
        return b.plate == nil && a.raw == b.raw
    }
}
