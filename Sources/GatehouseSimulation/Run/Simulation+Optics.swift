// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// What cameras make of cars.
extension Simulation {
    func camera(of gate: Int, _ direction: TravelDirection) -> Int? {
        estate.plan.cameras.firstIndex { $0.lane.index == gate && $0.direction == direction }
    }

    func capture(_ number: Int, _ gate: Int, isExtra: Bool) {
        let car = cars[number]
        guard car.gate == gate, car.isBeforeArm || isExtra, let camera = camera(of: gate, car.direction)
        else {
            return
        }
        if mix.has(.blockedPlate), !car.isProbe, optics.chance(1, in: 8) { return }
        var text = car.shows?.text ?? "unknown"
        var confidence = 92 + optics.below(8)
        if let shown = car.shows, mix.has(.misread), !car.isProbe, optics.chance(1, in: 6) {
            text = PlateMaker.misread(shown, &optics).text
            confidence = 70 + optics.below(28)
            let hasStay = Plate(text).map { gateway?.engine.site.memory.stays.stay(of: $0) != nil } ?? false
            checkers.misread(car, as: text, hasStay: hasStay)
        }
        var sight = PlateCameraModel.Sight(
            plate: text, confidence: confidence, overviewBytes: nil, cropBytes: nil)
        if car.shows == car.plate { sight.color = "\(car.colour)" }
        if text == "unknown" { sight.color = "unknown" }
        let request = record(sight, by: camera, at: cameraTime)
        var delay = optics.milliseconds(120...700)
        if mix.has(.cameraLate), !car.isProbe, optics.chance(1, in: 8) {
            delay = optics.milliseconds(4000...40_000)
        }
        checkers.seen(text, gate: gate, at: now)
        agenda.plan(.push(camera: camera, request, attempt: 0), at: now + delay)
        if mix.has(.cameraRepeats), optics.chance(1, in: 4) {
            agenda.plan(
                .push(camera: camera, request, attempt: 0), at: now + delay + optics.milliseconds(50...9000))
        }
        if mix.has(.readTwice), !isExtra, optics.chance(1, in: 3) {
            agenda.plan(
                .capture(car: number, gate: gate, extra: true), at: now + optics.milliseconds(300...1500))
        }
        if mix.has(.cameraResends), !car.isProbe, optics.chance(1, in: 6) {
            // After an outage the camera sends it again, marked, as a new event.
            sight.isResent = true
            let again = record(sight, by: camera, at: cameraTime)
            agenda.plan(
                .push(camera: camera, again, attempt: 0), at: now + optics.milliseconds(30_000...900_000))
        }
    }

    private var cameraTime: WallTime { Self.wallOrigin + (now - .zero) }

    /// The gateway asks for a picture.
    func triggered(_ camera: Int) {
        let wire = estate.plan.cameras[camera]
        let gate = wire.lane.index
        let car = gates[gate].queue.first {
            cars[$0].direction == wire.direction && cars[$0].isBeforeArm
        }
        guard let car, cars[car].habit != .wrongWay else { return }
        agenda.plan(.capture(car: car, gate: gate, extra: false), at: now + optics.milliseconds(200...600))
    }
}
