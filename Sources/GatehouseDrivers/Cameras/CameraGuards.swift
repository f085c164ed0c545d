// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The latest event identities: a repeat or a replay of one of them is dropped (H-21, H-38).
struct RecentKeys: Sendable {
    private var keys: Set<String> = []
    private var order: [String] = []
    private var oldest = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    func contains(_ key: String) -> Bool { keys.contains(key) }

    /// Whether it is new.
    @discardableResult
    mutating func insert(_ key: String) -> Bool {
        guard keys.insert(key).inserted else { return false }
        if order.count < capacity {
            order.append(key)
        } else {
            keys.remove(order[oldest])
            order[oldest] = key
            oldest = (oldest + 1) % capacity
        }
        return true
    }
}

/// Events of one camera: those on their way to the journal, with the requests that wait to hear that they are there,
/// and the latest that are.
struct EventsInHand: Sendable {
    private struct Event: Sendable {
        var key: String?
        var waiting: [PushID]
    }

    private var seen = RecentKeys(capacity: 256)
    private var events = Table<PushID, Event>()
    private var pushes: [String: PushID] = [:]

    /// It is durable.
    func isSeen(_ key: String?) -> Bool { key.map(seen.contains) ?? false }

    /// The request that brought it first.
    mutating func begin(_ push: PushID, key: String?) {
        events[push] = Event(key: key, waiting: [push])
        if let key { pushes[key] = push }
    }

    /// The same event again, while the first is not durable yet: both get the one answer.
    mutating func join(_ push: PushID, key: String?) -> Bool {
        guard let key, let first = pushes[key] else { return false }
        events[first]?.waiting.append(push)
        return true
    }

    /// The requests that wait for it.
    mutating func settle(_ push: PushID, isDurable: Bool) -> [PushID] {
        guard let event = events.remove(push) else { return [] }
        if let key = event.key {
            pushes[key] = nil
            if isDurable { seen.insert(key) }
        }
        return event.waiting
    }
}

/// So many events a minute, in bursts of at most a sixth of that.
struct RateBudget: Sendable {
    private let refill: Duration
    private let burst: Int
    private var tokens: Int
    private var lastRefill: Uptime

    init(perMinute: Int, at now: Uptime) {
        refill = .seconds(60) / max(1, perMinute)
        burst = max(1, perMinute / 6)
        tokens = burst
        lastRefill = now
    }

    /// Half of the burst is there again.
    var isRested: Bool { tokens * 2 >= burst }

    mutating func spend(at now: Uptime) -> Bool {
        let elapsed = (now - lastRefill).inNanoseconds
        let earned = elapsed / max(1, refill.inNanoseconds)
        if earned > 0 {
            tokens = Int(min(Int64(burst), Int64(tokens) + earned))
            lastRefill = tokens == burst ? now : lastRefill + refill * Int(earned)
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
