// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Guards and technicians, and the quiet end of the day when everything must work again.
extension Simulation {
    func order(_ lane: LaneID, _ action: LaneOrder.Action, isOnSite: Bool) {
        guard let mine = gateway else { return }
        let name = estate.plan.name(of: lane)
        say("hand", at: lane.index, "\(action)")
        checkers.ordered(gate: lane.index, action, isOnSite: isOnSite, at: now)
        let order = LaneOrder(action: action, by: Self.technician, reason: "duty", isOnSite: isOnSite)
        mine.inbox.offer(.site(.order(lane: name, order, reply: mine.newReply())))
    }

    /// The guard at the booth hears that a lane needs somebody.
    func guardCalled(_ lane: LaneID, _ why: String) {
        say("guard", at: lane.index, "called: \(why)")
    }

    func planTail() {
        planTidying(from: faultsEnd + .seconds(180))
        agenda.plan(.probe(0), at: faultsEnd + .seconds(2300))
        agenda.plan(.probe(1), at: faultsEnd + .seconds(2600))
    }

    func planTidying(from start: Uptime) {
        for (step, seconds) in [0, 60, 240, 420].enumerated() {
            agenda.plan(.tidy(step), at: start + .seconds(seconds))
        }
    }

    /// What people do after a bad day: reset the fire release on site, end holds, look at each lane.
    func tidy(_ step: Int) {
        if estate.prices != nil { settleEscapes() }
        switch step {
        case 0:
            guard gateway != nil else { return agenda.plan(.tidy(0), at: now + .seconds(30)) }
            isResetPressed = true
            checkers.fireReset(at: now)
            stirFire()
            agenda.plan(.resetReleased, at: now + .seconds(1))
        default:
            for gate in gates.indices {
                let isEmpty = !gates[gate].road.bodies.contains { body in
                    body.parts(at: now).contains { $0.overlaps(-50..<900) }
                }
                if isEmpty { order(LaneID(gate), .seenEmpty, isOnSite: true) }
                order(LaneID(gate), .release, isOnSite: true)
            }
            for way in ways { order(way.lane, .release, isOnSite: true) }
        }
    }

    /// A resident comes home and another one leaves: L1.
    func probe(_ index: Int) {
        let wantsIn = index == 0
        let busy = gates.contains { !$0.queue.isEmpty }
        guard !busy else { return agenda.plan(.probe(index), at: now + .seconds(60)) }
        let candidate = cars.indices.first { number in
            cars[number].isResident && Self.spaces(of: Self.household(of: number)) > 1
                && cars[number].state == .away && cars[number].isInside != wantsIn
                && (wantsIn || !probed.contains(number))
        }
        guard let car = candidate else { return }
        probed.insert(car)
        cars[car].isProbe = true
        cars[car].intent += 1
        say("probe", plate: cars[car].plate.text, wantsIn ? "in" : "out")
        startTrip(car)
        agenda.plan(.checkProbe(car, wantsIn ? .in : .out), at: now + .seconds(150))
    }

    func checkProbe(_ car: Int, _ direction: TravelDirection) {
        // One that comes the other way has passed and is back.
        let isUnderWay = cars[car].state != .away && cars[car].state != .crossing
        let hasPassed = !isUnderWay || cars[car].direction != direction
        if !hasPassed {
            let lane = cars[car].gate.map { estate.plan.lanes[$0].name } ?? ""
            let phase = cars[car].gate.flatMap { gate in
                gateway.map { "\($0.engine.site.lanes[gate].phase.name)" }
            }
            checkers.report(
                "L1",
                "\(cars[car].plate.text) with a permit waits at \(lane) for 150 s after faults ended, "
                    + "lane is \(phase ?? "without process")", at: now)
        }
        cars[car].isProbe = false
    }

    // MARK: Scenes

    func play(_ act: Scene.Act) {
        switch act {
        case .fault(let kind, let gate): inflict(kind, gate: gate)
        case .heal(let kind, let gate): heal(kind, gate)
        case .car(let number, let habit):
            guard cars.indices.contains(number) else { return }
            forcedHabit = habit
            startTrip(number)
            forcedHabit = nil
        case .presses(let way): press(way)
        case .walker(let number, let way, let habit): comes(number, to: way, habit)
        case .order(let gate, let action): order(LaneID(gate), action, isOnSite: true)
        }
    }
}
