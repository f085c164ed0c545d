// SPDX-License-Identifier: Apache-2.0

/// A loop at the line, filtered twice: a vehicle is believed gone late, but counted by quick edges.
struct LineLoop: Hashable, Sendable {
    var reaction = LevelFilter(on: .milliseconds(60), off: .milliseconds(300))
    var counting = LevelFilter(on: .milliseconds(60), off: .milliseconds(100))

    var due: Uptime? { [reaction.due, counting.due].compactMap { $0 }.min() }

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
    var fire = LevelFilter(on: .milliseconds(100), off: .seconds(2))

    mutating func take(_ input: LaneInput, _ level: Level, since: Uptime, at now: Uptime) {
        switch input {
        case .presence: outer.take(level, since: since, at: now)
        case .clear: inner.take(level, since: since, at: now)
        case .limitUp: limitUp.take(level, since: since, at: now)
        case .limitDown: limitDown.take(level, since: since, at: now)
        case .guardButton: guardButton.take(level, since: since, at: now)
        case .boomBreak: boomBreak.take(level, since: since, at: now)
        case .safety: break
        }
    }

    mutating func settle(_ input: LaneInput, at now: Uptime) {
        switch input {
        case .presence: outer.settle(at: now)
        case .clear: inner.settle(at: now)
        case .limitUp: limitUp.settle(at: now)
        case .limitDown: limitDown.settle(at: now)
        case .guardButton: guardButton.settle(at: now)
        case .boomBreak: boomBreak.settle(at: now)
        case .safety: break
        }
    }

    func due(_ input: LaneInput) -> Uptime? {
        switch input {
        case .presence: outer.due
        case .clear: inner.due
        case .limitUp: limitUp.due
        case .limitDown: limitDown.due
        case .guardButton: guardButton.due
        case .boomBreak: boomBreak.due
        case .safety: nil
        }
    }
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
        return inputs
    }
}
