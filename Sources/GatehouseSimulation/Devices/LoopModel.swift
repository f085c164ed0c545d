// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A lane's road with its inductive loops, and the vehicles on it. Positions in centimetres along the
/// direction of entry. The detectors behave as the field's do: they forget a standing vehicle after a while
/// and re-tune to whatever stands on them when power returns (H-14, H-15).
package struct LoopModel: Hashable, Sendable {
    package struct Loop: Hashable, Sendable {
        package var name: String
        package var road: Range<Int>
        /// A vehicle that stands longer than this is forgotten; nil: never.
        package var forgetsAfter: Duration?

        package init(_ name: String, _ road: Range<Int>, forgetsAfter: Duration? = .seconds(300)) {
            self.name = name
            self.road = road
            self.forgetsAfter = forgetsAfter
        }
    }

    package struct Vehicle: Hashable, Sendable {
        package var front: Int
        package var length: Int
        /// Centimetres per second; negative in reverse.
        package var speed: Int
        /// A loop that misses it (H-01, H-03): a bicycle, a rider.
        package var isInvisible: Bool

        package init(front: Int, length: Int = 450, speed: Int = 0, isInvisible: Bool = false) {
            self.front = front
            self.length = length
            self.speed = speed
            self.isInvisible = isInvisible
        }

        var road: Range<Int> { (front - max(1, length))..<front }
    }

    /// P before the arm, S under it, C behind it.
    package static let threeLoops = [Loop("P", 0..<200), Loop("S", 300..<500), Loop("C", 700..<850)]

    package let loops: [Loop]
    package private(set) var vehicles: [Vehicle] = []
    private var detectors: [Detector]
    private var now: Uptime

    private struct Detector: Hashable, Sendable {
        /// Vehicles on the loop that it was tuned to: they do not count.
        var tunedTo: Set<Int> = []
        var onSince: Uptime?
    }

    package init(_ loops: [Loop] = LoopModel.threeLoops, at now: Uptime = .zero) {
        self.loops = loops
        self.now = now
        detectors = loops.map { _ in Detector() }
    }

    /// Number of the vehicle, for `drive`.
    package mutating func add(_ vehicle: Vehicle, at now: Uptime) -> Int {
        advance(to: now)
        vehicles.append(vehicle)
        detect()
        return vehicles.count - 1
    }

    package mutating func drive(_ vehicle: Int, speed: Int, at now: Uptime) {
        advance(to: now)
        guard vehicles.indices.contains(vehicle) else { return }
        vehicles[vehicle].speed = speed
    }

    /// Whether the detector says "occupied".
    package func isOn(_ name: String) -> Bool {
        guard let index = loops.firstIndex(where: { $0.name == name }) else { return false }
        return detectors[index].onSince != nil
    }

    /// Whether something truly stands there, whatever the detector says.
    package func isOccupied(_ name: String) -> Bool {
        guard let loop = loops.first(where: { $0.name == name }) else { return false }
        return vehicles.contains { $0.road.overlaps(loop.road) }
    }

    /// Power returns: each detector takes what is on it for the empty road.
    package mutating func retune(at now: Uptime) {
        advance(to: now)
        for index in loops.indices {
            detectors[index].tunedTo = visible(on: loops[index])
            detectors[index].onSince = nil
        }
    }

    /// In steps of 10 ms, far below what any debounce resolves.
    package mutating func advance(to target: Uptime) {
        while now < target {
            let step = min(target - now, .milliseconds(10))
            let milliseconds = Int(step.inMilliseconds)
            let isMoving = vehicles.contains { $0.speed != 0 }
            guard isMoving, milliseconds > 0 else {
                now = isMoving ? target : min(target, nextForgetting ?? target)
                detect()
                continue
            }
            now = now + step
            for index in vehicles.indices { move(index, milliseconds) }
            detect()
        }
    }

    private var nextForgetting: Uptime? {
        loops.indices.compactMap { index -> Uptime? in
            guard let since = detectors[index].onSince, let after = loops[index].forgetsAfter else {
                return nil
            }
            return max(since + after, now + .milliseconds(1))
        }.min()
    }

    private mutating func move(_ index: Int, _ milliseconds: Int) {
        // Whole centimetres only at whole steps: speeds are multiples of 100 in the scenarios.
        vehicles[index].front += vehicles[index].speed * milliseconds / 1000
    }

    private func visible(on loop: Loop) -> Set<Int> {
        Set(vehicles.indices.filter { !vehicles[$0].isInvisible && vehicles[$0].road.overlaps(loop.road) })
    }

    private mutating func detect() {
        for index in loops.indices {
            let present = visible(on: loops[index])
            detectors[index].tunedTo.formIntersection(present)
            guard !present.subtracting(detectors[index].tunedTo).isEmpty else {
                detectors[index].onSince = nil
                continue
            }
            let since = detectors[index].onSince ?? now
            detectors[index].onSince = since
            if let after = loops[index].forgetsAfter, now - since >= after {
                detectors[index].tunedTo = present
                detectors[index].onSince = nil
            }
        }
    }
}
