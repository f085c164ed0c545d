// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Why the wall clock is not believed.
package enum ClockDoubt: Hashable, Sendable {
    /// No Gatehouse ran before: a clock that says so came up without a battery.
    case early
    /// Somebody, or something, set it and nothing vouches for it.
    case stepped(by: Duration)
    /// It was in doubt before this process, in the same boot.
    case inherited
    /// A device's clock, which had no part in ours, says otherwise by this much, and none agrees.
    case contradicted(by: String, offset: Duration)
}

/// How far the wall clock can be believed. Synchronised is what the kernel says so of. Without that it is in
/// doubt (architecture, "clock in doubt") when it cannot be right, from a step on, or while a device says
/// otherwise. Doubt ends with synchronisation, with a technician who sets the clock, and with a device whose own
/// clock agrees; what is left is a clock that runs on by itself.
package struct ClockJudge: Sendable {
    /// The day this program was first built for.
    package static let earliest = WallTime(milliseconds: 1_767_225_600_000)
    /// Both clocks are set by hand somewhere: less is no contradiction.
    private static let contradiction = Duration.seconds(60)
    /// From the record of a setting to the setting.
    private static let patience = Duration.seconds(30)
    /// Older than this, what a device said of the clock is not held against it.
    private static let memory = Duration.seconds(86_400)

    private var latest: Moment?
    private var steppedAt: Uptime?
    private var own: ClockDoubt?
    private var announced: Announced?
    /// Devices that said otherwise when a technician set the clock: heard and overruled until they agree once.
    private var overruled: Set<String> = []
    package private(set) var doubt: ClockDoubt?

    private struct Announced: Sendable {
        var wall: WallTime
        var at: Uptime
    }

    /// - Parameter past: from where the clocks must have run on, see `past(_:)`.
    package init(after past: Moment?) {
        latest = past
        own = past?.quality == .doubtful ? .inherited : nil
        doubt = own
    }

    /// A technician is about to set the clock so that it reads `wall` at this uptime. What moves it there within half
    /// a minute is no step that nobody vouches for.
    package mutating func expect(_ wall: WallTime, at uptime: Uptime) {
        announced = Announced(wall: wall, at: uptime)
    }

    /// To be asked every second.
    package mutating func judge(
        _ now: Moment, isSynchronised: Bool, witnesses: [(name: String, clock: DeviceClock)] = []
    ) -> ClockQuality {
        noticeStep(now)
        guard !isSynchronised else {
            (own, doubt, announced, overruled) = (nil, nil, nil, [])
            return .synchronised
        }
        let heard = witnesses.filter {
            now.uptime - $0.clock.readAt <= Self.memory && $0.clock.readAt > steppedAt ?? .zero
        }
        let agreeing = heard.filter { $0.clock.opinion == .agrees }.map(\.name)
        let differing = heard.compactMap { witness -> (name: String, offset: Duration)? in
            guard case .differs(let offset) = witness.clock.opinion, offset.magnitude > Self.contradiction
            else { return nil }
            return (witness.name, offset)
        }
        if isAsAnnounced(now) {
            own = nil
            overruled.formUnion(witnesses.map(\.name))
        }
        overruled.subtract(agreeing)
        if now.wall < Self.earliest { own = .early } else if !agreeing.isEmpty { own = nil }
        let contradictor = differing.first { !overruled.contains($0.name) }
        let contradiction = agreeing.isEmpty ? contradictor : nil
        doubt = own ?? contradiction.map { .contradicted(by: $0.name, offset: $0.offset) }
        return doubt == nil ? .holdover : .doubtful
    }

    private mutating func noticeStep(_ now: Moment) {
        let step = latest.map { now.step(since: $0) } ?? .zero
        latest = now
        guard step.magnitude >= EngineState.clockStepThreshold else { return }
        own = .stepped(by: step)
        steppedAt = now.uptime
    }

    private mutating func isAsAnnounced(_ now: Moment) -> Bool {
        guard let wanted = announced else { return false }
        let waited = now.uptime - wanted.at
        guard waited <= Self.patience else {
            announced = nil
            return false
        }
        let isThere = (now.wall - (wanted.wall + waited)).magnitude < EngineState.clockStepThreshold
        if isThere { announced = nil }
        return isThere
    }

    /// What the last record says of the clocks now. In the same boot they must have run on together; after
    /// another one nothing is known but that no time goes back.
    package static func past(_ last: Moment, isSameBoot: Bool, now: Moment) -> Moment? {
        if isSameBoot { return last }
        return now.wall < last.wall ? Moment(uptime: now.uptime, wall: last.wall, quality: .holdover) : nil
    }
}

extension Moment {
    /// How far the wall clock moved against the one that only runs.
    func step(since earlier: Moment) -> Duration { (wall - earlier.wall) - (uptime - earlier.uptime) }
}

extension Duration {
    var magnitude: Duration { self < .zero ? .zero - self : self }
}
