// SPDX-License-Identifier: Apache-2.0

/// What diagnostics see of the site: a small value, made on the engine's own thread. The site itself is never
/// handed out, because a kept copy would make the next change clone its tables.
package struct SiteStatus: Hashable, Sendable {
    package struct LaneLine: Hashable, Sendable {
        package var name: String
        /// `entry`, `exit`, `two_way`, `turnstile`, `door`.
        package var kind: String
        /// `clear`, `present`, `opening`, `fault arm` …
        package var phase: String
        /// `up`, `down`, `between`, `assumed down` …; empty where there is none.
        package var arm: String
        /// Role and level in the order of travel; `off?` is a suspect off.
        package var levels: [Reading]
        /// `open`, `closed`, `emergency`.
        package var hold: String?
        package var isFireLatched: Bool
        /// Who stands before the arm or has the grant.
        package var plate: Plate?
        package var text: LaneText
        package var waiting: LaneStatus.Waiting?
        /// Stays whose entry may be that of who waits: what a guard compares the pictures of.
        package var candidates: [Decision.Candidate] = []
        /// What who waits was asked for.
        package var quote: StayAccount.Quote?
        /// What a provider was asked for it, and has not settled.
        package var collection: OpenCollection?
        package var offered: [OfferedOrder]

        package struct Reading: Hashable, Sendable {
            package var role: String
            package var level: String

            package init(role: String, level: String) {
                self.role = role
                self.level = level
            }
        }
    }

    package struct AreaLine: Hashable, Sendable {
        package var name: String
        package var inside: Int
        package var capacity: Int?
        package var free: Int?
        package var reserve: Int
    }

    /// The cash drawer of a site that charges.
    package struct Drawer: Hashable, Sendable {
        /// Whose it is; nil: nobody has opened it.
        package var holder: String?
        package var cash: Money
        package var currency: String
        /// Classes that a vehicle may be said to be of.
        package var classes: [String] = []
        /// Who may bear a coupon, by word, with the name for people.
        package var merchants: Table<String, String> = Table()
    }

    package var lanes: [LaneLine]
    /// nil: the site charges nothing.
    package var drawer: Drawer?
    package var areas: [AreaLine]
    package var faults: [FaultRow]
    /// Permits and list entries in force or not; households.
    package var credentials: Int
    package var households: Int
    package var openStays: Int
    package var unmatchedExits: Int
    package var lastRecord: Sequence
    /// nil: the journal takes records.
    package var storeTrouble: String?
    package var factsDropped: Int
    package var drill: Drill?
    /// A lamp or a board at a pole says that the link is down.
    package var isLinkSignalled: Bool
}

extension SiteStatus.LaneLine {
    init(_ lane: LaneStatus, _ plan: LanePlan, _ text: LaneText) {
        name = plan.name
        kind = plan.kind.rawValue
        phase = lane.phase.name
        let isSeen = plan.hasLimitUp || plan.hasLimitDown
        arm = isSeen || lane.arm == .unknown ? lane.arm.rawValue : "assumed \(lane.arm.rawValue)"
        levels = lane.inputs.map { input in
            Reading(
                role: input.input.role,
                level: input.isSuspect ? "\(input.level.rawValue)?" : input.level.rawValue)
        }
        hold = lane.hold?.kind.rawValue
        isFireLatched = lane.isFireLatched
        plate = lane.waiting?.plate ?? lane.granted.first ?? nil
        self.text = text
        waiting = lane.waiting
        offered = lane.offered
    }
}

extension SiteStatus.LaneLine {
    init(_ walkway: Walkway, _ text: LaneText) {
        let frame = walkway.frame
        name = frame.plan.name
        kind = frame.plan.kind.rawValue
        phase = walkway.phaseName
        arm = ""
        levels = WalkwayInput.allCases.filter(frame.plan.has).map {
            Reading(role: $0.rawValue, level: frame.level($0).rawValue)
        }
        hold = frame.hold?.kind.rawValue
        isFireLatched = frame.fire.isLatched
        plate = nil
        self.text = text
        waiting = nil
        offered = walkway.offered
    }
}

extension LaneInput {
    /// The key of `site.yaml`.
    package var role: String {
        switch self {
        case .presence: "presence"
        case .safety(0): "safety"
        case .safety(let index): "safety\(index + 1)"
        case .clear: "clear"
        case .limitUp: "limit_up"
        case .limitDown: "limit_down"
        case .guardButton: "guard_button"
        case .boomBreak: "boom_break"
        case .helpKey: "help_key"
        }
    }
}
