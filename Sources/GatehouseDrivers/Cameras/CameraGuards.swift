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
