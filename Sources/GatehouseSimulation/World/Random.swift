// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: small, fast, the same on every machine. A run draws from nothing else.
struct Random: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0..<bound; the slight bias of the remainder matters to nobody here.
    mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a choice among none")
        return Int(next() % UInt64(bound))
    }

    mutating func chance(_ part: Int, in whole: Int) -> Bool { below(whole) < part }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(range.lowerBound + below(range.count))
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// A stream of its own, so that one part's appetite does not shift another's.
    mutating func fork() -> Random { Random(seed: next()) }
}
