// SPDX-License-Identifier: Apache-2.0

import GatehouseSimulation
import GatehouseTwins

/// The exit where money is asked for: a car from its coming to the lowered arm, and one line that says what happened.
struct Till: Sendable {
    private let stage: Stage
    private let scene: Scene

    struct Visit: Sendable {
        let plate: String
        let car: Int
        /// What it was asked for; nil: it was not.
        var asked: Scene.Shown?
    }

    init(_ stage: Stage) {
        self.stage = stage
        scene = stage.south
    }

    /// It comes and is asked: the board has the amount, nobody takes it meanwhile, and the arm is down.
    func asks(_ plate: String) throws -> Visit {
        var visit = try comes(plate)
        visit.asked = try scene.shown("请缴费\(yuan(PaidExit.price))元", withCode: true)
        guard scene.lane.with({ $0.barrier.isDown }) else {
            throw TwinError("the arm of \(scene.name) is not down before \(visit.plate) has paid")
        }
        return visit
    }

    /// It comes, and nobody at the exit has to do anything.
    func comes(_ plate: String) throws -> Visit {
        Visit(plate: plate.bare, car: try scene.arrive(plate))
    }

    func opens() throws { try scene.waitArmUp() }

    /// The board says `text`, the arm rises, the car goes.
    /// - Parameters:
    ///   - how: by what it was paid, or why not, for whoever looks on.
    ///   - price: what the stay cost.
    func leaves(
        _ visit: Visit, _ how: String, _ text: String, price: Int64 = PaidExit.price,
        _ payments: [Sale.Payment], outcome: String = "paid"
    ) throws -> Sale {
        try opens()
        let thanks = try scene.shown(text).words
        try scene.driveThrough(visit.car)
        try scene.waitArmDown()
        try scene.rest(SiteView(stage.site))
        let asked = visit.asked.map { "\"\($0.words)\" → " } ?? ""
        say("  ¥ \(visit.plate): \(asked)\(how) → \"\(thanks)\" → 开闸 opened")
        return Sale(plate: visit.plate, price: price, payments: payments, outcome: outcome)
    }

    /// A person at the desk.
    func order(_ words: String...) throws { try order(words) }

    func order(_ words: [String]) throws {
        let ended = try stage.site.gatehouse(words)
        guard ended.isSuccess else {
            throw TwinError("gatehouse \(words.joined(separator: " ")): \(ended.status) \(ended.errors)")
        }
    }

    /// Until the stay is over in the books too: what is paid from then on is a debt's.
    func waitForCharge(_ plate: String) throws {
        try waiting(for: "the end of \(plate)'s stay on record", within: .seconds(10)) {
            try stage.site.records().contains {
                $0.kind == "stayCharged" && $0.text("plate") == plate
            } ? true : nil
        }
    }
}
