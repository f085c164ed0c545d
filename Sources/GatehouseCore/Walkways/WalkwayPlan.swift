// SPDX-License-Identifier: Apache-2.0

/// What a way for people is: equipment and settings. Made and validated by `GatehouseConfig`, constant while a plan is
/// in force. The refusals of `lanes.md` §9 and §10 hold for every value that reaches a machine.
package struct WalkwayPlan: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case turnstile, door }

    package var name: String
    package var kind: Kind
    /// The area that `in` leads into.
    package var area: AreaID
    package var inputs: Set<WalkwayInput> = []
    package var outputs: Set<LaneOutput> = []
    /// Ways that the unit itself leaves free: nothing is released and nobody is asked.
    package var freeWays: Set<TravelDirection> = []
    package var isEscapeRoute = false
    /// Somebody can be shut in between its arms (全高闸).
    package var isFullHeight = false
    package var timers = WalkwayTimers()

    package init(name: String, kind: Kind, area: AreaID) {
        self.name = name
        self.kind = kind
        self.area = area
    }

    package func has(_ input: WalkwayInput) -> Bool { inputs.contains(input) }
}

/// Named times and limits of `lanes.md` §9 and §10. Ranges are enforced by configuration from `specifications`.
package struct WalkwayTimers: Hashable, Sendable {
    package var releasePulse: Duration = .milliseconds(300)
    /// As the unit is set: it locks by itself after this.
    package var unitTimeout: Duration = .seconds(5)
    package var dedupe: Duration = .seconds(3)
    package var queueDepth = 2
    package var unlock: Duration = .seconds(5)
    package var openMax: Duration = .seconds(30)
    package var exitShunt: Duration = .seconds(5)
    package var fireUnknownAfter: Duration = .seconds(5)

    package init() {}

    /// Beyond the unit's own time: its contact may lag.
    static let passMargin: Duration = .milliseconds(1500)
    static let commandLife: Duration = .seconds(2)
    static let startWait: Duration = .seconds(3)
    /// A grant of the process before that is older was not about to be used.
    static let resumeWindow: Duration = .seconds(120)
    /// A passage contact that is on for longer lies.
    static let passageStuck: Duration = .seconds(2)
    /// Two edges nearer than this are one person.
    static let passageGap: Duration = .milliseconds(300)
    /// An alarm so soon after a passage is somebody who followed.
    static let tailgate: Duration = .seconds(2)
    /// Nobody gets through a release that ends so soon.
    static let lastMoment: Duration = .seconds(1)
    /// From the button to the end of one's own passage it takes longer.
    static let anothersPress: Duration = .milliseconds(500)
    static let notHome: Duration = .seconds(10)
    static let rescue: Duration = .seconds(15)
    static let notice: Duration = .seconds(2)
    static let openAgain: Duration = .seconds(300)
    static let emergency: Duration = .seconds(180)

    /// How long a release is waited upon.
    var passWait: Duration { unitTimeout + Self.passMargin }
}

package struct WalkwayTimerSpecification: Sendable {
    package enum Setting: Sendable {
        case duration(any WritableKeyPath<WalkwayTimers, Duration> & Sendable, ClosedRange<Duration>)
        case count(any WritableKeyPath<WalkwayTimers, Int> & Sendable, ClosedRange<Int>)
    }

    package var key: String
    package var kinds: Set<WalkwayPlan.Kind>
    package var setting: Setting
}

extension WalkwayTimers {
    package static let specifications: [WalkwayTimerSpecification] = [
        WalkwayTimerSpecification(
            key: "release_pulse", kinds: [.turnstile],
            setting: .duration(\.releasePulse, .milliseconds(200) ... .milliseconds(500))),
        WalkwayTimerSpecification(
            key: "unit_timeout", kinds: [.turnstile],
            setting: .duration(\.unitTimeout, .seconds(1) ... .seconds(60))),
        WalkwayTimerSpecification(
            key: "queue_depth", kinds: [.turnstile], setting: .count(\.queueDepth, 0...2)),
        WalkwayTimerSpecification(
            key: "unlock", kinds: [.door], setting: .duration(\.unlock, .seconds(3) ... .seconds(30))),
        WalkwayTimerSpecification(
            key: "open_max", kinds: [.door], setting: .duration(\.openMax, .seconds(10) ... .seconds(300))),
        WalkwayTimerSpecification(
            key: "exit_shunt", kinds: [.door],
            setting: .duration(\.exitShunt, .seconds(1) ... .seconds(30))),
        WalkwayTimerSpecification(
            key: "dedupe", kinds: [.turnstile, .door],
            setting: .duration(\.dedupe, .seconds(1) ... .seconds(10))),
        WalkwayTimerSpecification(
            key: "fire_unknown_after", kinds: [.turnstile, .door],
            setting: .duration(\.fireUnknownAfter, .seconds(1) ... .seconds(30))),
    ]
}
