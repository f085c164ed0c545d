// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// When the directory is to be built anew: when what changed it is on disk, one build at a time, and again
/// after a build that failed, a second later at first, a minute later at most.
package struct BuildSchedule: Sendable {
    private var wanted = Sequence(0)
    private var durable = Sequence(0)
    private var built = Sequence(0)
    private var isBuilding = false
    private var pause = BuildSchedule.shortest
    private var notBefore: Uptime?

    private static let shortest = Duration.seconds(1)
    private static let longest = Duration.seconds(60)

    package init() {}

    /// Records up to here change it; they are on their way to the disk or there already.
    package mutating func changed(through sequence: Sequence) { wanted = max(wanted, sequence) }

    package mutating func committed(through sequence: Sequence) { durable = max(durable, sequence) }

    /// The record that a build begun now will stand for; nil when none is due. Only what is on disk counts as
    /// read: a change that was made while a build ran may not be there yet.
    package mutating func begin(at now: Uptime) -> Sequence? {
        guard !isBuilding, wanted > built, durable >= wanted, notBefore.map({ now >= $0 }) ?? true
        else { return nil }
        isBuilding = true
        return wanted
    }

    package mutating func succeeded(_ sequence: Sequence) {
        built = sequence
        isBuilding = false
        pause = Self.shortest
        notBefore = nil
    }

    package mutating func failed(at now: Uptime) {
        isBuilding = false
        notBefore = now + pause
        pause = min(pause * 2, Self.longest)
    }
}
