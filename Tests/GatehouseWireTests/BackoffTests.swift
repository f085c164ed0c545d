// SPDX-License-Identifier: Apache-2.0

import GatehouseWire
import Testing

@Suite struct BackoffTests {
    @Test func `waits double from one second to sixty and never leave those bounds`() {
        var backoff = Backoff(of: "/dev/gatehouse/relays")
        let waits = (0..<12).map { _ in backoff.next() }
        for (index, wait) in waits.enumerated() {
            let base = Duration.seconds(min(60, 1 << min(index, 6)))
            #expect(wait >= base && wait <= min(.seconds(60), base * 5 / 4), "try \(index): \(wait)")
        }
        backoff.reset()
        #expect(backoff.next() < .seconds(2))
    }

    @Test func `nothing waits longer than it was told`() {
        var backoff = Backoff(of: "/dev/gatehouse/relays", longest: .seconds(10))
        let waits = (0..<12).map { _ in backoff.next() }
        #expect(waits.dropFirst(4).allSatisfy { $0 == .seconds(10) } && waits[3] >= .seconds(8), "\(waits)")
    }

    @Test func `one name waits the same in every run, two names differently`() {
        func waits(_ name: String) -> [Duration] {
            var backoff = Backoff(of: name)
            return (0..<5).map { _ in backoff.next() }
        }
        #expect(waits("north") == waits("north"))
        #expect(waits("north") != waits("south"))
    }
}
