// SPDX-License-Identifier: Apache-2.0

/// A read judged against known plates (`plates.md` §7). Never chooses between two that are about equally
/// likely: that is a person's choice, recorded (H-36).
package struct PlateMatch: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The plate itself is known.
        case exact(Plate)
        /// One look-alike, far enough from the next.
        case single(Plate)
        /// Look-alikes within the limit, but none that may be taken without a person.
        case several
        case none
    }

    /// A plate that was known and how far the read is from it.
    package struct Near: Hashable, Comparable, Sendable {
        package var plate: Plate
        package var distance: Int

        package init(plate: Plate, distance: Int) {
            self.plate = plate
            self.distance = distance
        }

        package static func < (a: Near, b: Near) -> Bool {
            (a.distance, a.plate) < (b.distance, b.plate)
        }
    }

    /// One similar pair, or the province alone.
    package static let limit = 5
    /// The second best must be this much farther (tenths) than the best: a listed province more.
    package static let margin = 3
    /// How many are shown to a person.
    package static let shown = 5

    package var outcome: Outcome
    /// Nearest first, each plate once.
    package var ranked: [Near]

    /// `known` in any order, repeats allowed; must hold everything within `limit + margin` of the read.
    package init(
        read: Plate, color: PlateColor, known: [Plate], limit: Int = limit, margin: Int = margin
    ) {
        let all = known.map {
            Near(plate: $0, distance: PlateLookAlike.distance(read: read, color: color, to: $0))
        }
        ranked = all.filter { $0.distance < PlateLookAlike.never }.sorted().reduce(into: []) {
            distinct, next in
            if distinct.last != next { distinct.append(next) }
        }
        guard let best = ranked.first, best.distance <= limit else {
            outcome = .none
            return
        }
        let second = ranked.dropFirst().first?.distance ?? PlateLookAlike.never
        if best.distance == 0 {
            outcome = .exact(best.plate)
        } else if second - best.distance >= margin, Self.mayStandFor(read, best.plate, color) {
            outcome = .single(best.plate)
        } else {
            outcome = .several
        }
    }

    /// Without a person only the same shape with a similar symbol, or the province lost. A lost last symbol
    /// fits dozens of plates, and an agency letter O is an official's, opened for only when exactly listed.
    private static func mayStandFor(_ read: Plate, _ known: Plate, _ color: PlateColor) -> Bool {
        if read.symbol(0).isProvince, read.symbol(1) == PlateSymbol("O") { return false }
        if read.count == known.count {
            return read.hasWildcard
                || PlateGrammar.kind(of: read, color: color) == PlateGrammar.kind(of: known, color: color)
        }
        return known.symbol(0).isProvince && read.symbols == Array(known.symbols.dropFirst())
    }
}
