// SPDX-License-Identifier: Apache-2.0

/// A loop at the line, filtered twice: a vehicle is believed gone late, but counted by quick edges.
struct LineLoop: Hashable, Sendable {
    var reaction = LevelFilter(on: .milliseconds(60), off: .milliseconds(300))
    var counting = LevelFilter(on: .milliseconds(60), off: .milliseconds(100))

    var due: Uptime? { [reaction.due, counting.due].earliest }

    mutating func take(_ level: Level, since: Uptime, at now: Uptime) {
        reaction.take(level, since: since, at: now)
        counting.take(level, since: since, at: now)
    }

    mutating func settle(at now: Uptime) {
        reaction.settle(at: now)
        counting.settle(at: now)
    }
}

/// Every input but safety, debounced (lanes.md §2). In a two-way lane `outer` and `inner` change roles.
struct LaneInputs: Hashable, Sendable {
    var outer = LineLoop()
    var inner = LineLoop()
    var limitUp = LevelFilter(on: .milliseconds(50), off: .milliseconds(50))
    var limitDown = LevelFilter(on: .milliseconds(50), off: .milliseconds(50))
    var guardButton = LevelFilter(on: .milliseconds(40), off: .milliseconds(40))
    var boomBreak = LevelFilter(on: .milliseconds(100), off: .milliseconds(100))
    var helpKey = LevelFilter(on: .milliseconds(40), off: .milliseconds(40))
    /// Both limits read on at once, so one of them lies. Each is believed again when it has let go, or when the
    /// other has been off for as long as the arm travels: a welded one would else pass for the arm's arrival as
    /// soon as the honest one leaves (H-17).
    private(set) var upIsDoubted = false
    private(set) var downIsDoubted = false
    private var contradictSince: Uptime?
    private let travel: Duration
    /// Shorter is one sample taken apart on its way here.
    private static let contradiction = Duration.milliseconds(100)

    /// `travel`: the longest that the arm takes from limit to limit.
    init(travel: Duration) { self.travel = travel }

    mutating func take(_ input: LaneInput, _ level: Level, since: Uptime, at now: Uptime) {
        switch input {
        case .presence: outer.take(level, since: since, at: now)
        case .clear: inner.take(level, since: since, at: now)
        case .limitUp: limitUp.take(level, since: since, at: now)
        case .limitDown: limitDown.take(level, since: since, at: now)
        case .guardButton: guardButton.take(level, since: since, at: now)
        case .boomBreak: boomBreak.take(level, since: since, at: now)
        case .helpKey: helpKey.take(level, since: since, at: now)
        case .safety: break
        }
        judgeLimits(at: now)
    }

    mutating func settle(_ input: LaneInput, at now: Uptime) {
        switch input {
        case .presence: outer.settle(at: now)
        case .clear: inner.settle(at: now)
        case .limitUp: limitUp.settle(at: now)
        case .limitDown: limitDown.settle(at: now)
        case .guardButton: guardButton.settle(at: now)
        case .boomBreak: boomBreak.settle(at: now)
        case .helpKey: helpKey.settle(at: now)
        case .safety: break
        }
        judgeLimits(at: now)
    }

    private mutating func judgeLimits(at now: Uptime) {
        if limitUp.level == .on && limitDown.level == .on {
            contradictSince = contradictSince ?? max(limitUp.rawSince, limitDown.rawSince)
            upIsDoubted = true
            downIsDoubted = true
            return
        }
        if let since = contradictSince {
            contradictSince = nil
            let left = limitUp.level == .on ? limitDown : limitUp
            if left.rawSince - since < Self.contradiction {
                upIsDoubted = false
                downIsDoubted = false
            }
        }
        upIsDoubted = upIsDoubted && isDoubted(limitUp, beside: limitDown, at: now)
        downIsDoubted = downIsDoubted && isDoubted(limitDown, beside: limitUp, at: now)
    }

    private func isDoubted(_ limit: LevelFilter, beside other: LevelFilter, at now: Uptime) -> Bool {
        if limit.level == .off { return false }
        return trusted(limit, beside: other).map { $0 > now } ?? true
    }

    /// When an `on` is believed again though it has not let go.
    private func trusted(_ limit: LevelFilter, beside other: LevelFilter) -> Uptime? {
        limit.level == .on && other.level == .off ? other.rawSince + travel : nil
    }

    func due(_ input: LaneInput) -> Uptime? {
        switch input {
        case .presence: outer.due
        case .clear: inner.due
        case .limitUp: [limitUp.due, upIsDoubted ? trusted(limitUp, beside: limitDown) : nil].earliest
        case .limitDown: [limitDown.due, downIsDoubted ? trusted(limitDown, beside: limitUp) : nil].earliest
        case .guardButton: guardButton.due
        case .boomBreak: boomBreak.due
        case .helpKey: helpKey.due
        case .safety: nil
        }
    }
}

extension [Uptime?] {
    fileprivate var earliest: Uptime? { compactMap { $0 }.min() }
}

extension LanePlan {
    /// The inputs that this lane has, safety included.
    package var wiredInputs: [LaneInput] {
        var inputs: [LaneInput] = safety.indices.map { .safety($0) }
        if presence != nil { inputs.append(.presence) }
        if clear != nil { inputs.append(.clear) }
        if hasLimitUp { inputs.append(.limitUp) }
        if hasLimitDown { inputs.append(.limitDown) }
        if hasGuardButton { inputs.append(.guardButton) }
        if hasBoomBreak { inputs.append(.boomBreak) }
        if hasHelpKey { inputs.append(.helpKey) }
        return inputs
    }
}
