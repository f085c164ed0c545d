// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins

/// One lane with what can be played there. Every step waits for what the road or the arm does, with a limit.
struct Scene: Sendable {
    let name: String
    let lane: RelayTwin
    let camera: CameraTwin
    let card: DisplayTwin

    private static let limit = Duration.seconds(15)

    /// A car comes to the line; the camera reads it when the presence loop does.
    func arrive(_ plate: String?, confidence: Int = 97) throws -> Int {
        let car = lane.with { $0.arrive(stop: 150) }
        try waiting(for: "a car at the line of \(name)", within: Self.limit) {
            lane.with { $0.loops.isOn("P") } ? true : nil
        }
        if let plate { camera.send(PlateCameraModel.Sight(plate: plate, confidence: confidence)) }
        try waiting(for: "the car to stop at the line of \(name)", within: Self.limit) {
            lane.with { $0.stands(car) } ? true : nil
        }
        return car
    }

    func waitArmUp() throws {
        try waiting(for: "the arm of \(name) to be up", within: Self.limit) {
            lane.with { $0.barrier.isUp } ? true : nil
        }
    }

    func waitArmDown(within limit: Duration = .seconds(25)) throws {
        try waiting(for: "the arm of \(name) to be down", within: limit) {
            lane.with { $0.barrier.isDown } ? true : nil
        }
    }

    func driveThrough(_ car: Int) throws {
        lane.with { $0.drive(car) }
        try waiting(for: "the car to leave \(name)", within: Self.limit) {
            lane.with { $0.crossed(car) } ? true : nil
        }
    }

    func driveUnderArm(_ car: Int) throws {
        lane.with { $0.drive(car, stop: 450) }
        try waiting(for: "the car to stand under the arm of \(name)", within: Self.limit) {
            lane.with { $0.stands(car) && $0.loops.isOccupied("S") } ? true : nil
        }
    }

    func backOut(_ car: Int) throws {
        lane.with { $0.drive(car, speed: -300) }
        try waiting(for: "the car to back out of \(name)", within: Self.limit) {
            lane.with { $0.stands(car) && !$0.loops.isOccupied("P") } ? true : nil
        }
    }

    /// What stands beside the arm: lines, or a code for phones with words in their place.
    struct Shown: Sendable {
        let words: String
        let code: DisplayCardModel.Screen?

        init(_ card: DisplayCardModel) {
            code = card.screen
            words = card.screen?.words ?? card.lines.filter { !$0.isEmpty }.joined(separator: " / ")
        }
    }

    /// What the driver reads, once this is part of it.
    func shown(_ text: String, withCode: Bool = false) throws -> Shown {
        try waiting(for: "\"\(text)\" on the display of \(name)", within: Self.limit) {
            let shown = card.with { Shown($0) }
            return shown.words.contains(text) && (!withCode || shown.code != nil) ? shown : nil
        }
    }

    /// The same printed, with what was said last.
    func read(_ text: String) throws {
        let words = try shown(text).words
        let voice = card.with { $0.spoken.last.map { " 🔊 \($0)" } } ?? ""
        say("  \(name) display: \(words)\(voice)")
    }

    /// Until the gateway sees the lane clear, so that each scene stands for itself.
    func rest(_ view: SiteView) throws {
        camera.sendHeartbeat()
        try view.wait(name, phase: ["clear"], within: .seconds(30))
    }

    /// A whole ordinary passage; the display greets by name.
    func pass(_ plate: String) throws {
        let car = try arrive(plate)
        try waitArmUp()
        try read(plate.bare)
        try driveThrough(car)
        try waitArmDown()
    }
}
