// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A barrier with its maker's controller: an arm that takes time, limits, reversing, automatic closing after
/// its own loop, a fob. Time is an argument and only goes forward.
package struct BarrierModel: Hashable, Sendable {
    package enum Motion: String, Hashable, Sendable { case still, rising, lowering }

    package struct Settings: Hashable, Sendable {
        package var raise: Duration = .seconds(3)
        package var lower: Duration = .seconds(3)
        /// After the safety loop is free; nil: automatic closing is off.
        package var closesAfter: Duration? = .seconds(2)
        /// An arm that nobody drives through comes down after this; nil: it stays up.
        package var closesUnused: Duration?
        /// Openings add up: each wants one passage before the arm comes down.
        package var countsOpenings = false
        /// An open during lowering raises again (a controller without that is unsafe).
        package var reverses = true

        package init() {}
    }

    package struct Event: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable { case rises, lowers, isUp, isDown, stops }

        package var kind: Kind
        package var at: Uptime
    }

    package let settings: Settings
    package private(set) var motion = Motion.still
    package private(set) var events: [Event] = []
    /// The arm does not move whatever it is told.
    package var isStuck = false
    /// Where the arm was when the present motion began, 0 is down and 1000 is up, and when.
    private var origin = 0
    private var originAt: Uptime
    private var now: Uptime
    private var inputs = Inputs()
    private var safety = false
    private var pendingOpenings = 0
    private var closesAt: Uptime?

    private struct Inputs: Hashable, Sendable {
        var open = false
        var close = false
        var hold = false
    }

    package init(_ settings: Settings = Settings(), at now: Uptime = .zero) {
        self.settings = settings
        self.now = now
        originAt = now
    }

    /// 0 is down, 1000 is up.
    package var position: Int {
        guard motion != .still else { return origin }
        let moved = Int((now - originAt).inMilliseconds * Int64(Self.top) / max(1, travel.inMilliseconds))
        return motion == .rising ? min(Self.top - 1, origin + moved) : max(1, origin - moved)
    }

    private var travel: Duration { motion == .rising ? settings.raise : settings.lower }

    package var isUp: Bool { position == Self.top }
    package var isDown: Bool { position == 0 }
    private static let top = 1000

    /// The contacts of the gateway's relays, and the controller's own safety loop.
    package mutating func drive(
        open: Bool, close: Bool = false, hold: Bool = false, safety: Bool, at now: Uptime
    ) {
        advance(to: now)
        let before = (inputs, wasOccupied: self.safety)
        inputs = Inputs(open: open, close: close, hold: hold)
        self.safety = safety
        if open, !before.0.open { openPulse() }
        if hold, !isUp { raise() }
        if safety, motion == .lowering { raise() }
        if close, !before.0.close, !safety, !open, !hold { startLowering() }
        if before.wasOccupied, !safety { passed() }
        if before.0.hold, !hold { scheduleClosing(settings.closesAfter) }
    }

    /// Somebody presses a fob: an opening that no relay caused.
    package mutating func pressFob(at now: Uptime) {
        advance(to: now)
        openPulse()
    }

    package mutating func advance(to target: Uptime) {
        while now < target {
            let next = min(target, nextChange ?? target)
            move(until: max(next, now))
            if let closesAt, closesAt <= now, !safety, !inputs.hold, !inputs.open {
                self.closesAt = nil
                startLowering()
            } else if let closesAt, closesAt <= now {
                self.closesAt = nil
            }
        }
    }

    /// When the arm arrives or begins to close by itself, if nothing else happens.
    package var nextChange: Uptime? {
        [arrival, closesAt.map { max($0, now) }].compactMap { $0 }.min()
    }

    private var arrival: Uptime? {
        switch motion {
        case .still: nil
        case .rising: originAt + settings.raise * (Self.top - origin) / Self.top
        case .lowering: originAt + settings.lower * origin / Self.top
        }
    }

    private mutating func move(until target: Uptime) {
        now = target
        guard let arrival, arrival <= target else { return }
        let wasRising = motion == .rising
        (motion, origin, originAt) = (.still, wasRising ? Self.top : 0, arrival)
        note(wasRising ? .isUp : .isDown, at: arrival)
        if wasRising, !safety, let unused = settings.closesUnused { closesAt = arrival + unused }
    }

    private mutating func begin(_ direction: Motion) {
        (origin, originAt) = (position, now)
        motion = direction
        note(direction == .rising ? .rises : .lowers, at: now)
    }

    private mutating func openPulse() {
        pendingOpenings = settings.countsOpenings ? pendingOpenings + 1 : 1
        closesAt = nil
        guard motion != .lowering || settings.reverses else { return }
        raise()
    }

    private mutating func raise() {
        closesAt = nil
        guard !isStuck, motion != .rising, !isUp else { return }
        begin(.rising)
    }

    private mutating func startLowering() {
        guard !isStuck, motion != .lowering, !isDown else { return }
        pendingOpenings = 0
        begin(.lowering)
    }

    /// The loop under the arm came free: a vehicle has gone.
    private mutating func passed() {
        pendingOpenings = max(0, pendingOpenings - 1)
        if pendingOpenings == 0 { scheduleClosing(settings.closesAfter) }
    }

    private mutating func scheduleClosing(_ delay: Duration?) {
        guard let delay, !isDown else { return }
        closesAt = now + delay
    }

    private mutating func note(_ kind: Event.Kind, at instant: Uptime) {
        events.append(Event(kind: kind, at: instant))
    }
}
