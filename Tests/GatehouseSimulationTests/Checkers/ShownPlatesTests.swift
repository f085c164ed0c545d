// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// What the count by plates can know, and what it cannot.
@Suite struct ShownPlatesTests {
    private func car(_ number: Int, _ direction: TravelDirection, shows: Int?) -> Car {
        let plate = PlateMaker.plate(number)
        var car = Car(number: number, plate: plate, shows: shows.map(PlateMaker.plate), isResident: true)
        car.direction = direction
        return car
    }

    @Test func `a second car under a plate that is inside takes its stay`() {
        var plates = ShownPlates()
        plates.crossed(car(1, .in, shows: 1))
        #expect(plates.isTaken(by: car(2, .in, shows: 1)))
        #expect(!plates.isTaken(by: car(2, .in, shows: 2)))
        #expect(!plates.isTaken(by: car(2, .in, shows: nil)))
        plates.crossed(car(1, .out, shows: 1))
        #expect(!plates.isTaken(by: car(2, .in, shows: 1)))
    }

    @Test func `a car that left under another's plate is back while its own is still inside`() {
        var plates = ShownPlates()
        plates.crossed(car(1, .in, shows: 1))
        #expect(!plates.isTaken(by: car(1, .out, shows: 2)))
        plates.crossed(car(1, .out, shows: 2))
        #expect(plates.isTaken(by: car(1, .in, shows: 1)))
    }

    @Test func `an exit that nobody could read excuses no wrong count`() {
        var plates = ShownPlates()
        plates.crossed(car(1, .in, shows: 1))
        plates.crossed(car(1, .out, shows: nil))
        #expect(!plates.isTaken(by: car(1, .in, shows: 1)))
    }

    /// The scene really comes, and nothing is found wrong with it.
    @Test func `two cars under one plate are no violation`() throws {
        let scenario = try #require(
            PinnedScenario.all.first { $0.name == "two cars come in under one plate" })
        var options = scenario.options
        options.traces = true
        let result = simulate(options)
        #expect(result.violation == nil)
        #expect(result.transcript.contains { $0.contains("missed_exit") })
    }
}
