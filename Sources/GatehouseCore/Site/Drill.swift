// SPDX-License-Identifier: Apache-2.0

/// A fire drill (lanes.md §8.1): while it is on, what fire release does is recorded as drill. Lanes are not told, so
/// that motion, latch and reset cannot differ.
package struct Drill: Hashable, Sendable {
    package static let longestMinutes = 480

    package var by: Operator
    package var reason: String
    /// It ends by itself then, so that nobody forgets it.
    package var until: WallTime

    package init(by: Operator, reason: String, until: WallTime) {
        self.by = by
        self.reason = reason
        self.until = until
    }

    package func write(to fields: inout FieldWriter) {
        by.write(to: &fields)
        fields.put("reason", reason)
        fields.put("until_ms", until.milliseconds)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            by: try Operator(from: fields.object("by")), reason: try fields.string("reason"),
            until: WallTime(milliseconds: try fields.integer("until_ms")))
    }
}

/// What a person wants of it.
package enum DrillOrder: Hashable, Sendable {
    case start(minutes: Int, reason: String)
    case end(reason: String)
}

extension Site {
    mutating func drill(_ order: DrillOrder, _ by: Operator, _ reply: ReplyID, _ out: inout Effects) {
        switch order {
        case .start(let minutes, let reason):
            guard (1...Drill.longestMinutes).contains(minutes) else {
                let message = "a drill lasts 1 to \(Drill.longestMinutes) minutes, not \(minutes)"
                return refuse(reply, "refused", message, &out)
            }
            if let drill = memory.drill {
                let message = "a drill is on until \(drill.until.rfc3339): `gatehouse drill end` ends it"
                return refuse(reply, "refused", message, &out)
            }
            let length = Duration.seconds(60 * minutes)
            let drill = Drill(by: by, reason: reason, until: out.now.wall + length)
            if record(.drillStarted(drill), &out) != nil {
                // What stands from now on stands for the drill, and afterwards not.
                standing = StandingOrders()
                awaitEndOfDrill(length, &out)
            }
        case .end(let reason):
            guard memory.drill != nil else { return refuse(reply, "refused", "no drill is on", &out) }
            endDrill(by, reason: reason, &out)
        }
        done(reply, &out)
    }

    /// After a restart: for what is left of it, at most the longest, whatever the clock says now.
    mutating func resumeDrill(_ out: inout Effects) {
        guard let drill = memory.drill else { return }
        let left = min(drill.until - out.now.wall, .seconds(60 * Drill.longestMinutes))
        if left > .zero { awaitEndOfDrill(left, &out) } else { drillIsOver(&out) }
    }

    mutating func drillIsOver(_ out: inout Effects) {
        guard memory.drill != nil else { return }
        endDrill(Operator(channel: "schedule", name: "until"), reason: nil, &out)
    }

    private mutating func endDrill(_ by: Operator, reason: String?, _ out: inout Effects) {
        guard record(.drillEnded(by: by, reason: reason), &out) != nil else {
            // A journal that takes nothing: again until it does.
            return awaitEndOfDrill(.seconds(60), &out)
        }
        standing = StandingOrders()
        out.effects.append(.stopTimer(.drill))
    }

    private func awaitEndOfDrill(_ length: Duration, _ out: inout Effects) {
        out.effects.append(.startTimer(.drill, at: out.now.uptime + length))
    }
}
