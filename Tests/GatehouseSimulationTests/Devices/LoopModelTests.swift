// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import Testing

private func at(_ seconds: Int) -> Uptime { .zero + .seconds(seconds) }

@Suite struct LoopModelTests {
    @Test func `a vehicle that drives through wakes P, S and C in this order and leaves them free`() {
        var road = LoopModel()
        _ = road.add(LoopModel.Vehicle(front: -100, speed: 200), at: at(0))
        var edges: [String] = []
        var before: [String: Bool] = [:]
        for tenth in 0..<100 {
            road.advance(to: .zero + .milliseconds(tenth * 100))
            for name in ["P", "S", "C"] where road.isOn(name) != (before[name] ?? false) {
                before[name] = road.isOn(name)
                edges.append(name + (road.isOn(name) ? "+" : "-"))
            }
        }
        #expect(edges == ["P+", "S+", "P-", "C+", "S-", "C-"])
    }

    @Test func `H-14 a vehicle that stands too long is forgotten although it is there`() {
        var road = LoopModel()
        _ = road.add(LoopModel.Vehicle(front: 450), at: at(0))
        road.advance(to: at(299))
        #expect(road.isOn("S"))
        road.advance(to: at(300))
        #expect(!road.isOn("S"))
        #expect(road.isOccupied("S"))
    }

    @Test func `H-15 a detector that re-tunes takes what stands there for the empty road until it has gone`()
    {
        var road = LoopModel()
        let car = road.add(LoopModel.Vehicle(front: 450), at: at(0))
        road.retune(at: at(1))
        #expect(!road.isOn("S") && road.isOccupied("S"))
        road.drive(car, speed: 500, at: at(2))
        road.advance(to: at(10))
        _ = road.add(LoopModel.Vehicle(front: 450), at: at(10))
        #expect(road.isOn("S"))
    }

    @Test func `H-03 what the loop does not see keeps it free`() {
        var road = LoopModel()
        _ = road.add(LoopModel.Vehicle(front: 400, length: 180, isInvisible: true), at: at(0))
        #expect(!road.isOn("S"))
        #expect(road.isOccupied("S"))
        #expect(!road.isOn("nothing"))
    }
}
