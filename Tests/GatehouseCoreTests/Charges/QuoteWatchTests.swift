// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// The look every two seconds at whoever waits with a quote does not begin the deadlines of its lane anew.
struct QuoteWatchTests {
    private typealias Bench = ChargeBench

    private static let other = PlateGrammar.parse("沪B12345", color: .blue)

    private func see(_ reading: PlateReading, _ bench: inout ChargeBench) {
        bench.bench.send(
            .observed(
                Observation(
                    device: DeviceID(1),
                    plate: PlateObservation(raw: reading.raw, color: reading.color, confidence: 80),
                    capturedAt: bench.bench.now.uptime, receivedAt: bench.bench.now.uptime), reply: nil))
    }

    @Test func `H-32 who has paid and waits for a person since two plates were read is heard of in time`()
        throws
    {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        _ = try bench.inside(Self.other, minutes: 95)
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.bench.level(Bench.presence, .on)
        see(Bench.plate, &bench)
        see(Self.other, &bench)
        bench.bench.advance(.seconds(1))
        #expect(bench.bench.site.lanes[0].waitingReason == .confirmNeeded)
        bench.bench.forget()
        // `hold_timeout` of a confirmation is 120 s.
        bench.bench.advance(.seconds(150))
        let isCalled = bench.bench.effects.contains {
            if case .callGuard(_, "exit_waits") = $0 { true } else { false }
        }
        #expect(isCalled, "it is asked anew every two seconds, and its deadline with it")
    }
}
