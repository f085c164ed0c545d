// SPDX-License-Identifier: Apache-2.0

/// What a vehicle's permits come to at one place and time: the union of rights, cut by denials
/// (`access-rules.md` §1.3, §3).
struct PermitVerdict {
    enum Answer: Hashable {
        /// No permit, ever.
        case none
        /// All ended before their time.
        case ended
        /// None valid today.
        case notValid
        /// A visitor's pass in force today, which as many entries as it gives were made on.
        case usedUp
        /// None for this area and direction.
        case noRight
        /// None open at this time of the week.
        case outOfSchedule
        /// A denial cuts.
        case denied(Int64)
        case usable
    }

    let answer: Answer
    /// Opens here and now.
    let usable: Permit?
    /// In force today, though perhaps not here or at this hour: the vehicle is a household's all the same.
    let carrier: Permit?
    /// One in force today is a household's own, not a visitor's pass: its vehicle is never kept for money.
    let isHouseholds: Bool
    /// `usable` lives on the days of grace after its end.
    let isGrace: Bool
    /// Until the last valid day, that one not counted; nil without an end.
    let daysLeft: Int?
    /// What was compared, for explanations.
    let text: String

    init(
        _ permits: [Permit], area: String, direction: TravelDirection, plan: AccessPolicyPlan,
        zone: ZoneRules,
        carsInside: Table<Int64, Int>, visits: VisitEntries, besides stay: StayID? = nil,
        directory: Directory, at now: Moment
    ) {
        let times = Self.times(now, plan: plan, zone: zone)
        let today = zone.civil(now.wall).date
        func isValid(_ permit: Permit, grace: Int) -> Bool {
            times.contains { permit.isValid(at: $0.wall, on: $0.civil.date, graceDays: grace) }
        }
        func isOpen(_ permit: Permit) -> Bool { times.contains { permit.isOpen(at: $0.civil) } }

        let living = permits.filter { !$0.hasEnded(at: now.wall) }
        let rights = living.filter { !$0.isDenial }
        let inForce = rights.filter { isValid($0, grace: plan.permitGraceDays) }
        let valid = inForce.filter { !visits.areUsedUp(of: $0, besides: stay) }
        let here = valid.filter { $0.covers(area: area) && $0.direction.covers(direction) }
        let open = here.filter(isOpen)
        // A denial binds by our best clock only: tolerance favours entry.
        let civil = zone.civil(now.wall)
        let denial = living.first {
            $0.isDenial && $0.isValid(at: now.wall, on: civil.date) && $0.covers(area: area)
                && $0.direction.covers(direction) && $0.isOpen(at: civil)
        }
        // Among several rights the one that serves best: no visitor's, not on grace, its household with a free space.
        func rank(_ permit: Permit) -> (Int, Int, Int, Int64) {
            let spaces = permit.household.flatMap { directory.household($0)?.spaces }
            let inside = permit.household.flatMap { carsInside[$0] } ?? 0
            return (
                permit.visit == nil ? 0 : 1, isValid(permit, grace: 0) ? 0 : 1,
                spaces.map { inside >= $0 ? 1 : 0 } ?? 0, permit.id
            )
        }
        let chosen = open.min { rank($0) < rank($1) }
        if let denial {
            answer = .denied(denial.id)
        } else if chosen != nil {
            answer = .usable
        } else if permits.isEmpty {
            answer = .none
        } else if living.isEmpty {
            answer = .ended
        } else if valid.isEmpty {
            answer = inForce.isEmpty ? .notValid : .usedUp
        } else {
            answer = here.isEmpty ? .noRight : .outOfSchedule
        }
        usable = denial == nil ? chosen : nil
        carrier = usable ?? valid.min { rank($0) < rank($1) }
        isHouseholds = valid.contains { $0.visit == nil }
        isGrace = usable.map { !isValid($0, grace: 0) } ?? false
        daysLeft = usable?.validTo.map { max(0, $0.daysSince1970 - today.daysSince1970) }
        text = Self.explain(permits, visits, civil, zone)
    }

    /// A doubtful clock is believed within the plan's tolerance, for whoever wants to enter.
    private static func times(
        _ now: Moment, plan: AccessPolicyPlan, zone: ZoneRules
    ) -> [(wall: WallTime, civil: CivilTime)] {
        let tolerance = plan.clockTolerance
        let walls =
            now.quality == .doubtful
            ? [now.wall, now.wall + tolerance, now.wall + (.zero - tolerance)] : [now.wall]
        return walls.map { ($0, zone.civil($0)) }
    }

    private static func explain(
        _ permits: [Permit], _ visits: VisitEntries, _ now: CivilTime, _ zone: ZoneRules
    ) -> String {
        guard !permits.isEmpty else { return "no permit" }
        let clock = clockText(minute: now.minuteOfDay)
        let list = permits.prefix(4).map { permit in
            let windows = permit.windows.map { $0.isEmpty ? "never" : $0.map(\.text).joined(separator: " ") }
            let areas = permit.areas.map { $0.joined(separator: " ") } ?? "all areas"
            let kind = permit.isDenial ? "denial" : "permit"
            let ended = permit.endedAt.map { ", ended \($0.rfc3339)" } ?? ""
            let validity = permit.visit?.text(zone, used: visits.count(of: permit.id)) ?? permit.validityText
            return "\(kind) \(permit.id) \(validity), \(permit.direction.rawValue), \(areas), "
                + "\(windows ?? "always")\(ended)"
        }
        return "\(list.joined(separator: "; ")); today \(now.date.text) \(clock)"
    }
}

extension Directory {
    /// By whose right a plate is inside when no decision says so: tailgaters, claims, corrections, imports.
    /// - Parameter stay: the one that it is about, where it has begun already.
    package func holder(
        of plate: Plate, plan: AccessPolicyPlan, zone: ZoneRules, area: String, visits: VisitEntries,
        besides stay: StayID? = nil, at now: Moment
    ) -> StayHolder {
        let verdict = PermitVerdict(
            permits(for: plate), area: area, direction: .in, plan: plan, zone: zone, carsInside: Table(),
            visits: visits, besides: stay, directory: self, at: now)
        if let permit = verdict.carrier {
            if permit.visit != nil { return StayHolder(.visitor, permit: permit.id) }
            return StayHolder(.permit, permit: permit.id, household: permit.household)
        }
        let lists = listEntries(for: plate).filter { $0.isInForce(at: now.wall) }.map(\.list)
        if lists.contains(.emergency) { return StayHolder(.emergency) }
        return StayHolder(lists.contains(.allow) ? .allowlist : .temporary)
    }
}
