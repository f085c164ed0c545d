// SPDX-License-Identifier: Apache-2.0

/// Waits between the tries of something that failed: 1 s unless told, doubled to `longest` (60 s), spread by up to
/// a quarter so that what failed together is not tried together. The spread is a function of the seed: a run can be
/// told again.
package struct Backoff: Hashable, Sendable {
    package static let shortest = Duration.seconds(1)

    private let shortest: Duration
    private let longest: Duration
    private var state: UInt64
    private var failures = 0

    package init(seed: UInt64, shortest: Duration = Self.shortest, longest: Duration = .seconds(60)) {
        self.shortest = shortest
        self.longest = longest
        state = seed
    }

    /// Seeded by a name: of a device, of a listener.
    package init(of name: String, shortest: Duration = Self.shortest, longest: Duration = .seconds(60)) {
        let seed = name.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        self.init(seed: seed, shortest: shortest, longest: longest)
    }

    /// After one more failure.
    package mutating func next() -> Duration {
        let base = min(longest, shortest * (1 << min(failures, 6)))
        failures += 1
        let spread = base * Int(random() % 251) / 1000
        return min(longest, base + spread)
    }

    /// It worked.
    package mutating func reset() { failures = 0 }

    /// SplitMix64.
    private mutating func random() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
