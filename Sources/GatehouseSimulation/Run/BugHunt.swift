// SPDX-License-Identifier: Apache-2.0

/// How soon a planted bug is found.
package struct BugHunt: Sendable, CustomStringConvertible {
    package var bug: PlantedBug
    /// Seeds tried, the finding one included.
    package var seeds: Int
    package var violation: Violation?

    package var description: String {
        let verdict = violation.map { "found by \($0)" } ?? "NOT FOUND"
        return "\(left(bug.rawValue, 16)) \(right("\(seeds)", 3)) seeds  \(verdict)"
    }
}

/// A seed that fails without the bug proves nothing about it, so it is passed over, and so is a cry of a checker
/// that keeps another promise.
package func find(_ bug: PlantedBug, seeds: ClosedRange<UInt64>, hours: Int) -> BugHunt {
    var tried = 0
    for seed in seeds {
        tried += 1
        if bug.isOfMoney, !RunOptions(seed: seed, hours: hours).charges { continue }
        var options = RunOptions(seed: seed, hours: hours, bug: bug)
        options.form = bug.form?.rawValue
        let found = simulate(options)
        guard let violation = found.violation, bug.checkers.contains(violation.checker) else { continue }
        options.bug = nil
        if simulate(options).violation != nil { continue }
        return BugHunt(bug: bug, seeds: tried, violation: violation)
    }
    return BugHunt(bug: bug, seeds: tried, violation: nil)
}
