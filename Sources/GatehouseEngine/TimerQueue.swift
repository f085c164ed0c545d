// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Armed timers by deadline; equal deadlines fire in the order they were armed. Some dozens at most, so a
/// plain array is both the simplest and the fastest.
package struct TimerQueue<Timer: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var timer: Timer
        var deadline: Uptime
        var order: UInt64
    }

    private var entries: [Entry] = []
    private var armed: UInt64 = 0

    package init() {}

    package var next: Uptime? { entries.map(\.deadline).min() }

    /// A timer set again replaces the old one.
    package mutating func start(_ timer: Timer, at deadline: Uptime) {
        stop(timer)
        armed += 1
        entries.append(Entry(timer: timer, deadline: deadline, order: armed))
    }

    package mutating func stop(_ timer: Timer) { entries.removeAll { $0.timer == timer } }

    package mutating func takeDue(at now: Uptime) -> Timer? {
        var due: Int?
        for (index, entry) in entries.enumerated() where entry.deadline <= now {
            guard let best = due else {
                due = index
                continue
            }
            if (entry.deadline, entry.order) < (entries[best].deadline, entries[best].order) { due = index }
        }
        return due.map { entries.remove(at: $0).timer }
    }
}
