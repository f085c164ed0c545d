// SPDX-License-Identifier: Apache-2.0

/// The deadlines that a lane waits for. A timer's event counts only if its deadline is here and has come, so
/// one that was replaced or stopped meanwhile is harmless. A dozen at most, hence a plain array.
package struct ArmedTimers<Timer: Hashable & Sendable>: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var timer: Timer
        package var at: Uptime
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    package func deadline(_ timer: Timer) -> Uptime? {
        entries.first { $0.timer == timer }?.at
    }

    package mutating func set(_ timer: Timer, at deadline: Uptime) {
        if let index = entries.firstIndex(where: { $0.timer == timer }) {
            entries[index].at = deadline
        } else {
            entries.append(Entry(timer: timer, at: deadline))
        }
    }

    package mutating func remove(_ timer: Timer) -> Bool {
        guard let index = entries.firstIndex(where: { $0.timer == timer }) else { return false }
        entries.remove(at: index)
        return true
    }
}
