// SPDX-License-Identifier: Apache-2.0

/// How long a quote holds: until the first second at which something else would be due, at most `longest` (§10.1).
///
/// What is due changes at edges only (units, bands, cycles, graces, coupons), and units are whole minutes: it is asked
/// at every minute and then narrowed down within the first one that differs. Two edges within one minute whose changes
/// undo one another are not seen; no rule of the form makes such a pair but a coupon that ends with a unit.
package enum QuoteLife {
    /// - Parameters:
    ///   - now: when the quote was made, seconds since 1970.
    ///   - due: what is due at an instant; nil where nobody can say.
    package static func validUntil(
        _ now: Int64, longest: Int64, due: (Int64) -> Money?
    ) -> Int64 {
        let first = due(now)
        var same = now
        while same < now + longest {
            let next = min(same + 60, now + longest)
            if due(next) != first { return firstChange(after: same, by: next) { due($0) != first } }
            same = next
        }
        return now + longest
    }

    private static func firstChange(after low: Int64, by high: Int64, differs: (Int64) -> Bool) -> Int64 {
        var (low, high) = (low, high)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if differs(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
