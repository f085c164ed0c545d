// SPDX-License-Identifier: Apache-2.0

/// What permits leave to be billed (§6.1).
struct PermitCover {
    private(set) var billed: [TimeSpan]
    private(set) var isExpiredMidStay = false
    private(set) var isInGrace = false

    init(_ permits: [BilledPermit], _ stay: TimeSpan, _ rule: PermitBilling, _ clock: DayClock) {
        billed = [stay]
        guard !permits.isEmpty, !stay.isEmpty else { return }
        let passes = Self.unbroken(permits.map { Pass($0, stay, rule, clock) }, rule)
        let covered = passes.flatMap(\.covered)
        billed = stay.without(covered)
        // One that another follows at once has not expired.
        let ends = TimeSpan.union(passes.map(\.extended)).map(\.end).filter {
            stay.start < $0 && $0 < stay.end
        }
        isExpiredMidStay = !ends.isEmpty
        let byDate = passes.flatMap { pass in pass.covered.map { $0.intersection(pass.valid) } }
        isInGrace = covered.contains { !$0.without(byDate).isEmpty }
        let hasRule = passes.contains { !$0.isVisit && ends.contains($0.extended.end) }
        guard hasRule else { return }
        switch rule.midStayExpiry {
        case .afterExpiry: break
        case .wholeStay:
            billed = [stay]
            isInGrace = false
        case .freeThisStay: billed = []
        }
    }

    private struct Pass {
        /// By its dates, and with its days of grace.
        var valid: TimeSpan
        var extended: TimeSpan
        /// Of the stay.
        var inside: TimeSpan
        var covered: [TimeSpan]
        var isVisit: Bool

        init(_ permit: BilledPermit, _ stay: TimeSpan, _ rule: PermitBilling, _ clock: DayClock) {
            isVisit = permit.visit != nil
            if let visit = permit.visit {
                (valid, extended, inside) = (visit, visit, stay.intersection(visit))
                covered = inside.isEmpty ? [] : [inside]
                return
            }
            let start = clock.midnight(permit.validFrom)
            let end = permit.validTo.next
            valid = TimeSpan(start, clock.midnight(end))
            extended = TimeSpan(start, clock.midnight(end.advanced(by: rule.graceDays)))
            inside = stay.intersection(extended)
            covered = inside.isEmpty ? [] : PermitCover.windows(permit, in: inside, rule, clock)
        }
    }

    /// Whoever is outside the windows of a pass, with no other one, gives that pass up for this stay.
    private static func unbroken(_ passes: [Pass], _ rule: PermitBilling) -> [Pass] {
        guard rule.outOfWindow == .wholeStay else { return passes }
        let covered = passes.flatMap(\.covered)
        return passes.filter { $0.inside.without(covered).isEmpty }
    }

    private static func windows(
        _ permit: BilledPermit, in span: TimeSpan, _ rule: PermitBilling, _ clock: DayClock
    ) -> [TimeSpan] {
        guard let windows = permit.windows else { return [span] }
        let margin = Int64(rule.edgeToleranceMinutes) * 60
        var found: [TimeSpan] = []
        // A window may have begun on the day before, and reach so far by its tolerance.
        var date = clock.date(at: span.start).previous.previous
        let last = clock.date(at: span.end).next
        while date <= last {
            for window in windows where clock.calendar.matches(date, window.days) {
                let bare = clock.span(window, on: date)
                guard !bare.isEmpty else { continue }
                found.append(TimeSpan(bare.start - margin, bare.end + margin).intersection(span))
            }
            date = date.next
        }
        return TimeSpan.union(found)
    }
}
