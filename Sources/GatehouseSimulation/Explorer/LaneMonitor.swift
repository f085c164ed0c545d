// SPDX-License-Identifier: Apache-2.0
package import GatehouseCore

/// Judges a lane from outside: it sees the events and the effects, keeps its own books from raw inputs, and
/// shares no code with the lane's close guard. Each sentence that it returns is a broken promise.
package struct LaneMonitor: Sendable {
    private struct Sensor: Sendable {
        var level = Level.unknown
        var since = Uptime.zero
        var isLoop: Bool
        var isSuspect = false
        var onSince: Uptime?
    }

    private let plan: LanePlan
    private var sensors: [Sensor]
    private var isFireOn = false
    private var isFireLatched = false
    private var fireOnSince = Uptime.zero
    private var isHoldOn = false
    private var openUntil: Uptime?
    /// A close went out and neither an open nor the arm's arrival followed.
    private var isLowering = false
    private var closedAt = Uptime.zero
    private var limitDown = Level.unknown
    private var live: Set<RequestID> = []
    private var consumed: Set<RequestID> = []
    private var corrections: Set<RequestID> = []

    package init(plan: LanePlan) {
        self.plan = plan
        sensors = plan.safety.map { Sensor(isLoop: $0 == .loop) }
    }

    /// What the lane's future promises depend on, for the identity of explored states.
    package func mix(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(isLowering && now.uptime - closedAt < plan.timers.moveDown)
        print.mix(isHoldOn)
        print.mix(isFireOn)
        print.mix(isFireLatched)
        print.mix(openUntil.map { now.uptime < $0 } ?? false)
        print.mix(min(live.count, 7), bits: 3)
        for sensor in sensors {
            print.mix(sensor.isSuspect)
            print.mix(sensor.onSince != nil)
            print.mix(sensor.level == .off && now.uptime - sensor.since < plan.timers.clearDelay)
        }
    }

    /// What the event says, before the lane answers.
    package mutating func witness(_ event: LaneEvent, at now: Moment) {
        switch event {
        case .started(let memory):
            isFireLatched = memory.isFireLatched
            if memory.detectorsMayHaveRestarted { distrust() }
        case .detectorsRestarted: distrust()
        case .person(let order) where order.action == .seenEmpty && order.isOnSite:
            for index in sensors.indices { sensors[index].isSuspect = false }
        case .input(.safety(let index), let level, let since): sense(index, level, min(since, now.uptime))
        case .input(.limitDown, let level, _):
            limitDown = level
        case .fire(let level, let since):
            isFireOn = level == .on
            fireOnSince = min(since, now.uptime)
        default: break
        }
        if isFireOn && now.uptime - fireOnSince >= .milliseconds(100) { isFireLatched = true }
    }

    private mutating func distrust() {
        for index in sensors.indices where sensors[index].isLoop {
            sensors[index].isSuspect = true
            sensors[index].onSince = nil
        }
    }

    private mutating func sense(_ index: Int, _ level: Level, _ since: Uptime) {
        guard sensors.indices.contains(index) else { return }
        let before = sensors[index]
        if level != before.level || since > before.since { sensors[index].since = since }
        sensors[index].level = level
        switch level {
        case .on: if before.level != .on { sensors[index].onSince = since }
        case .unknown: sensors[index].onSince = nil
        case .off:
            if let onSince = before.onSince, since - onSince >= .milliseconds(60) {
                sensors[index].isSuspect = false
            }
            sensors[index].onSince = nil
        }
    }

    /// What is wrong with the answer.
    package mutating func judge(
        _ event: LaneEvent, _ effects: [LaneEffect], _ lane: Lane, at now: Moment
    ) -> [String] {
        var broken: [String] = []
        // An arm that was sent down is down after its time, whatever its limits say.
        if now.uptime - closedAt >= plan.timers.moveDown { isLowering = false }
        let wasLowering = isLowering
        var hasOpened = false
        for effect in effects {
            switch effect {
            case .command(.open, .pulse(let length), _, _, _):
                hasOpened = true
                isLowering = false
                openUntil = now.uptime + length + plan.timers.pulseGap
            case .command(.hold, .on, _, _, _):
                hasOpened = true
                isLowering = false
                isHoldOn = true
            case .command(.hold, .off, _, _, _): isHoldOn = false
            case .command(.close, .pulse, _, _, _):
                broken += reasonsAgainstClosing(at: now).map { "close sent although \($0)" }
                isLowering = true
                closedAt = now.uptime
            case .command(.stop, _, _, _, _): broken.append("stop sent")
            case .record(let fact): broken += book(fact)
            case .decide(let id, _) where effects.contains(where: isCorrection): corrections.insert(id)
            default: break
            }
        }
        if wasLowering, case .input(.safety, let level, _) = event, level != .off, !hasOpened {
            broken.append("safety \(level) while lowering and no opening in the same step")
        }
        if isFireLatched && lane.phase != .fire && event != .fireReset && !isRelease(event) {
            broken.append("fire and the lane is \(lane.phase.name)")
        }
        if lane.phase != .fire { isFireLatched = isFireLatched && isFireOn }
        if limitDown == .on && lane.position == .down { isLowering = false }
        broken += unbounded(lane)
        if lane.phase.isIdle, lane.awaitsGranted {
            broken.append("a grant is live behind a lowered arm")
        }
        return broken
    }

    private func isRelease(_ event: LaneEvent) -> Bool {
        if case .person(let order) = event { order.action == .release && order.isOnSite } else { false }
    }

    private func isCorrection(_ effect: LaneEffect) -> Bool {
        if case .record(.note(let note)) = effect { note.kind == .plateCorrected } else { false }
    }

    private func reasonsAgainstClosing(at now: Moment) -> [String] {
        var reasons: [String] = []
        if plan.closing == .controller { reasons.append("the controller closes") }
        if sensors.isEmpty { reasons.append("no safety is wired") }
        for sensor in sensors {
            if sensor.level != .off { reasons.append("safety is \(sensor.level)") }
            if sensor.isSuspect { reasons.append("safety is suspect") }
            if now.uptime - sensor.since < plan.timers.clearDelay { reasons.append("safety fell just now") }
        }
        if isFireOn || isFireLatched { reasons.append("there is fire") }
        if isHoldOn { reasons.append("hold is on") }
        if let openUntil, now.uptime < openUntil { reasons.append("open was on just now") }
        if !live.isEmpty { reasons.append("a grant is live") }
        return reasons
    }

    private mutating func book(_ fact: LaneFact) -> [String] {
        switch fact {
        case .decided(let id, _, let decision):
            if decision.verdict == .grant && !corrections.contains(id) { live.insert(id) }
        case .passage(let passage):
            guard let id = passage.request else { return [] }
            live.remove(id)
            if !consumed.insert(id).inserted { return ["grant \(id.number) consumed twice"] }
        case .note(let note):
            let ends: [LaneNoteKind] = [.notPassed, .turnedBack, .undetermined]
            if ends.contains(note.kind), let id = note.request { live.remove(id) }
        }
        return []
    }

    /// A moving phase without anything that will end it.
    private func unbounded(_ lane: Lane) -> [String] {
        let isOccupied = sensors.contains { $0.level == .on }
        let ends: [LaneTimer]
        switch lane.phase {
        case .opening: ends = [.moveStart, .moveUp]
        case .open: ends = [.waitForVehicle, .vanishDelay, .assumedPass]
        case .closing: ends = [.moveDown]
        case .clearing where plan.closing != .guard:
            ends = [.clearDelay, .warnBeforeClose, .safetyWait]
        case .passing where !isOccupied:
            ends = [.mergeGap, .safetyWait] + sensors.indices.map { .settle(.safety($0)) }
        default: return []
        }
        return ends.contains { lane.timers.deadline($0) != nil }
            ? [] : ["nothing will end \(lane.phase.name)"]
    }
}
