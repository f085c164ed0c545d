// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `movement:` and `timers:` of a lane, with the defaults that follow from its character (lanes.md §5).
struct LaneTimersSection {
    func read(_ reader: MappingReader, _ lane: inout LaneDraft) {
        defaults(&lane)
        movement(reader.optional("movement"), &lane)
        guard let timers = reader.section("timers") else { return }
        for entry in timers.entries {
            lane.givenTimers.insert(entry.key)
            lane.fields["timers.\(entry.key)"] = entry.field
        }
        for specification in LaneTimers.specifications {
            guard let field = timers.optional(specification.key) else { continue }
            switch specification.setting {
            case .duration(let path, let range):
                if let value = span(field, range, lane) { lane.plan.timers[keyPath: path] = value }
            case .count(let path, let range):
                if let value = field.integer(in: range) { lane.plan.timers[keyPath: path] = value }
            }
        }
        timers.finish()
    }

    /// Two ranges are somebody's life or freedom, so their messages say so.
    private func span(_ field: Field, _ range: ClosedRange<Duration>, _ lane: LaneDraft) -> Duration? {
        let before = field.log.errorCount
        let value = field.duration(in: range)
        guard value == nil, field.log.errorCount > before else { return value }
        if field.path.hasSuffix(".vanish_delay") {
            field.log.add(
                .notice, at: field.mark, path: field.path,
                "a granted motorcycle that no loop sees stands under the arm while this runs (H-03)")
        } else if field.path.hasSuffix(".exit_pending_max") {
            field.log.add(
                .notice, at: field.mark, path: field.path,
                "the rights floor: nobody is kept at an exit for money longer than this (H-32)")
        }
        return nil
    }

    private func defaults(_ lane: inout LaneDraft) {
        if lane.plan.presence == nil { lane.plan.timers.waitForVehicle = .seconds(30) }
        if lane.plan.isMixedUse { lane.plan.timers.clearDelay = .seconds(2) }
        if lane.hasTrailers {
            lane.plan.timers.clearDelay = .milliseconds(2500)
            lane.plan.timers.mergeGap = .milliseconds(1200)
        }
        if lane.plan.outputs.contains(.warn) { lane.plan.timers.warnBeforeClose = .seconds(1) }
        if lane.plan.countsOpenings { lane.plan.timers.openRetry = 0 }
    }

    private func movement(_ field: Field?, _ lane: inout LaneDraft) {
        let classes: [String: Duration] = ["fast": .seconds(3), "ordinary": .seconds(7), "slow": .seconds(9)]
        var travel = Duration.seconds(7)
        if let field {
            if let word = field.word, let known = classes[word] {
                travel = known
            } else if field.word.flatMap(ScalarForms.duration) != nil {
                travel = field.duration(in: .seconds(2)...(.seconds(15))) ?? travel
            } else {
                field.error("use fast, ordinary, slow or a time from 2 s to 15 s", found: field.word)
            }
        }
        lane.plan.timers.moveUp = travel
        switch lane.plan.closing {
        case .controller: lane.plan.timers.moveDown = lane.closeDelay.map { $0 + travel } ?? .seconds(15)
        case .gateway, .guard: lane.plan.timers.moveDown = travel
        }
    }
}
