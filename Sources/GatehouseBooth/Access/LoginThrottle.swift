// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// How often somebody may try a password: five times, then once in 30 s from one address; twenty times, then once in
/// 3 s from all together. An attempt counts whether or not it was right.
package struct LoginThrottle: Sendable {
    /// A bucket that a try fills and time empties, as the moment when it is empty.
    private struct Bucket: Sendable {
        var emptyAt = Uptime.zero

        /// How long until the next try, nil: now.
        func wait(_ pace: Pace, at now: Uptime) -> Duration? {
            let level = max(emptyAt - now, .zero)
            let room = pace.every * (pace.burst - 1)
            return level <= room ? nil : level - room
        }

        mutating func fill(_ pace: Pace, at now: Uptime) { emptyAt = max(emptyAt, now) + pace.every }
    }

    private struct Pace: Sendable {
        var burst: Int
        var every: Duration
    }

    private static let perAddress = Pace(burst: 5, every: .seconds(30))
    private static let overall = Pace(burst: 20, every: .seconds(3))
    /// So many addresses are told apart. When all are full, further ones share what is left for all.
    package static let maximumAddresses = 1024

    private var addresses: [String: Bucket] = [:]
    private var all = Bucket()

    package init() {}

    /// nil: it may be tried, and the try is counted; else how long to wait.
    package mutating func attempt(from address: String, at now: Uptime) -> Duration? {
        if addresses[address] == nil, addresses.count >= Self.maximumAddresses {
            addresses = addresses.filter { $0.value.emptyAt > now }
        }
        let isKnown = addresses[address] != nil || addresses.count < Self.maximumAddresses
        var own = addresses[address] ?? Bucket()
        let waits = [isKnown ? own.wait(Self.perAddress, at: now) : nil, all.wait(Self.overall, at: now)]
        if let wait = waits.compactMap(\.self).max() { return wait }
        own.fill(Self.perAddress, at: now)
        if isKnown { addresses[address] = own }
        all.fill(Self.overall, at: now)
        return nil
    }
}
