// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Cars and their drivers.
extension Simulation {
    static let residents = 24

    func populate() {
        for number in 0..<Self.residents {
            let plate = PlateMaker.plate(number)
            cars.append(Car(number: number, plate: plate, shows: plate, isResident: true))
            agenda.plan(.trip(number), at: now + traffic.milliseconds(30_000...7_200_000))
        }
        agenda.plan(.visitor, at: now + traffic.milliseconds(60_000...1_800_000))
        for index in (estate.prices?.lastDays ?? []).indices {
            let number = Self.residents + index
            let plate = PlateMaker.plate(number)
            cars.append(Car(number: number, plate: plate, shows: plate, isResident: false, comesAgain: true))
            agenda.plan(.trip(number), at: now + purse.milliseconds(30_000...3_600_000))
        }
    }

    func initialDirectory() -> [DirectoryChange] {
        var changes: [DirectoryChange] = []
        for number in 0..<Self.residents {
            let household = Self.household(of: number)
            if number % 2 == 0 {
                let spaces = Self.spaces(of: household)
                changes.append(
                    .householdSet(Household(id: household, name: "1-\(number / 2)", spaces: spaces)))
            }
            changes.append(
                .permitSet(Permit(id: Int64(9101 + number), plate: cars[number].plate, household: household)))
        }
        for (index, last) in (estate.prices?.lastDays ?? []).enumerated() {
            let number = Self.residents + index
            changes.append(
                .permitSet(Permit(id: Int64(9101 + number), plate: cars[number].plate, validTo: last)))
        }
        return changes + cardPermits()
    }

    static func household(of resident: Int) -> Int64 { Int64(9001 + resident / 2) }
    /// One space for two cars in every third household.
    static func spaces(of household: Int64) -> Int { (household - 9001) % 3 == 0 ? 1 : 2 }

    var isQuietTail: Bool { now >= faultsEnd }

    func visitorComes() {
        agenda.plan(.visitor, at: now + traffic.milliseconds(120_000...2_400_000) * options.pace)
        guard !isQuietTail else { return }
        let number = cars.count
        let colour = estate.prices == nil ? Car.Colour.blue : Car.Colour(number: number)
        let plate = PlateMaker.plate(number, colour)
        cars.append(Car(number: number, plate: plate, shows: plate, isResident: false, colour: colour))
        startTrip(number)
    }

    func startTrip(_ number: Int) {
        guard cars[number].state == .away, !isQuietTail || cars[number].isProbe else { return }
        let direction: TravelDirection = cars[number].isInside ? .out : .in
        guard var gate = gates.indices.first(where: { serves($0, direction) }) else { return }
        var car = cars[number]
        car.habit = forcedHabit ?? (car.isProbe ? .ordinary : habit(of: car))
        if car.habit == .wrongWay, let other = gates.indices.first(where: { !serves($0, direction) }) {
            gate = other
        } else if car.habit == .wrongWay {
            car.habit = .ordinary
        }
        // Who sees somebody come the other way waits outside, as people do; but not on every day.
        let own = heading(of: car, gate, direction)
        let isOpposed = gates[gate].queue.contains { heading(of: cars[$0], gate) != own }
        guard gates[gate].queue.count < 4, !isOpposed || mix.has(.wrongWay) || car.isProbe else {
            return agenda.plan(.trip(number), at: now + .seconds(120))
        }
        car.direction = direction
        car.gate = gate
        car.state = .approaching
        car.arrivedAt = nil
        car.hasCalled = false
        car.intent += 1
        car.shows = shown(by: car)
        cars[number] = car
        var body = Road.Body(car: number, heading: own, nose: Gate.start(own), at: now)
        if car.habit == .rides {
            body.length = 180
            body.isUnseen = [false, true, false]
        }
        if car.habit == .pullsTrailer {
            body.length = 1000
            body.hollow = 440..<540
        }
        gates[gate].road.enter(body)
        gates[gate].queue.append(number)
        checkers.arrives(car, gate: gate, at: now)
        say("car", at: gate, plate: car.plate.text, "\(direction.rawValue), \(car.habit)")
        advance(number)
        if direction == .out { drawTailgater(behind: number) }
    }

    /// Who owes waits for somebody to follow.
    private func drawTailgater(behind number: Int) {
        guard estate.prices != nil, mix.has(.tailgate), !isQuietTail, !cars[number].isProbe,
            cars[number].habit != .tailgates, purse.chance(1, in: 3),
            let other = cars.indices.first(where: {
                $0 != number && cars[$0].isInside && cars[$0].state == .away && !cars[$0].isResident
            })
        else { return }
        agenda.plan(.tailgater(other), at: now + purse.milliseconds(600...2500))
    }

    func isSpare(_ number: Int) -> Bool {
        guard cars[number].spareTrips > 0 else { return false }
        cars[number].spareTrips -= 1
        return true
    }

    func comesClose(_ number: Int) {
        guard cars[number].isInside, cars[number].state == .away else { return }
        cars[number].spareTrips += 1
        forcedHabit = .tailgates
        startTrip(number)
        forcedHabit = nil
    }

    private func serves(_ gate: Int, _ direction: TravelDirection) -> Bool {
        gates[gate].kind == .twoWay || (gates[gate].kind == .entry) == (direction == .in)
    }

    func heading(of car: Car, _ gate: Int, _ direction: TravelDirection? = nil) -> Int {
        let own = gates[gate].heading(direction ?? car.direction)
        return car.habit == .wrongWay ? -own : own
    }

    private func habit(of car: Car) -> Car.Habit {
        let wild: [(FaultKind, Car.Habit)] = [
            (.turnBack, .turnsBack), (.reverseOff, .reversesOff), (.tailgate, .tailgates), (.rider, .rides),
            (.stall, .stalls(traffic.milliseconds(15_000...1_500_000))), (.trailer, .pullsTrailer),
            (.wrongWay, .wrongWay),
        ]
        let known = wild.filter { mix.has($0.0) }
        guard !known.isEmpty, traffic.chance(1, in: 3) else { return .ordinary }
        let chosen = traffic.pick(known).1
        // A long stall would reach into the quiet tail.
        if case .stalls(let span) = chosen, now + span >= faultsEnd + .seconds(-120) { return .ordinary }
        return chosen
    }

    private func shown(by car: Car) -> Plate? {
        if car.isProbe { return car.plate }
        if mix.has(.noPlate), traffic.chance(1, in: 15) { return nil }
        if mix.has(.forged), traffic.chance(1, in: 15) { return cars[traffic.below(Self.residents)].plate }
        return car.plate
    }

    // MARK: On the lane

    /// Drives as far as there is room: behind the car ahead, or to the line.
    func advance(_ number: Int) {
        let car = cars[number]
        guard let gate = car.gate, car.state == .approaching || car.state == .waiting else { return }
        let heading = heading(of: car, gate)
        var target = Gate.line(heading)
        if car.habit == .wrongWay { target = heading < 0 ? 760 : 0 }
        if let ahead = carAhead(number), let body = gates[gate].road[ahead] {
            let gap = mix.has(.bumper) ? 60 : 150
            let behind = body.tail(at: now) - heading * gap
            if (target - behind) * heading > 0 { target = behind }
        }
        guard let nose = gates[gate].road[number]?.nose(at: now), (target - nose) * heading >= 0 else {
            return
        }
        move(number, to: target, speed: 500)
    }

    private func carAhead(_ number: Int) -> Int? {
        let car = cars[number]
        guard let gate = car.gate, let place = gates[gate].queue.firstIndex(of: number) else { return nil }
        let heading = heading(of: car, gate)
        return gates[gate].queue[..<place].last { self.heading(of: cars[$0], gate) == heading }
    }

    private func isFirst(_ number: Int) -> Bool {
        guard let gate = cars[number].gate, let ahead = carAhead(number) else { return true }
        let heading = heading(of: cars[number], gate)
        guard let body = gates[gate].road[ahead] else { return true }
        return (body.tail(at: now) - Gate.line(heading)) * heading > 0
    }

    private func move(_ number: Int, to target: Int, speed: Int) {
        guard let gate = cars[number].gate else { return }
        cars[number].intent += 1
        let arrival = gates[gate].road.drive(number, to: target, speed: speed, at: now)
        agenda.plan(.car(number, intent: cars[number].intent), at: max(arrival, now + .milliseconds(10)))
        stir(gate)
    }

    private func later(_ number: Int, _ delay: Duration) {
        agenda.plan(.car(number, intent: cars[number].intent), at: now + delay)
    }

    /// A leg of its way is done, or it thought for a while.
    func carActs(_ number: Int) {
        guard let gate = cars[number].gate, let body = gates[gate].road[number] else { return }
        switch cars[number].state {
        case .approaching: cameToRest(number, gate, body)
        case .waiting: waits(number, gate)
        case .crossing: crosses(number, gate, body)
        case .halted:
            if gates[gate].barrier.isUp { goOn(number) } else { staysOrGivesUp(number, gate, .seconds(5)) }
        case .leaving: leave(number, gate, crossed: false)
        case .away: break
        }
    }

    private func cameToRest(_ number: Int, _ gate: Int, _ body: Road.Body) {
        let car = cars[number]
        let atLine = body.nose(at: now) == Gate.line(body.heading) || car.habit == .wrongWay
        guard atLine, isFirst(number) else { return }
        cars[number].state = .waiting
        cars[number].arrivedAt = now
        if car.habit != .wrongWay {
            agenda.plan(
                .capture(car: number, gate: gate, extra: false), at: now + optics.milliseconds(50...900))
        }
        waits(number, gate)
    }

    private func waits(_ number: Int, _ gate: Int) {
        let car = cars[number]
        let waited = now - (car.arrivedAt ?? now)
        if gates[gate].barrier.isUp, isWayFree(number, gate) { return setOff(number, gate) }
        if car.habit == .turnsBack, waited > .seconds(8) { return backOut(number) }
        if car.habit == .wrongWay, waited > .seconds(20) { return backOut(number) }
        staysOrGivesUp(number, gate, .seconds(2))
    }

    /// Before a closed arm, at the line or stopped behind it while the arm came down.
    private func staysOrGivesUp(_ number: Int, _ gate: Int, _ step: Duration) {
        let car = cars[number]
        let waited = now - (car.arrivedAt ?? now)
        let patience: Duration =
            car.isProbe ? .seconds(600) : car.direction == .in ? .seconds(240) : .seconds(1800)
        if waited > patience { return backOut(number) }
        if waited > .seconds(45), !cars[number].hasCalled, car.habit != .wrongWay { call(number, gate) }
        // Cameras look again at a car that stands and moves a little.
        if waited > .seconds(12), optics.chance(1, in: 4), car.habit != .wrongWay {
            agenda.plan(.capture(car: number, gate: gate, extra: false), at: now + .milliseconds(300))
        }
        later(number, step)
    }

    /// Nobody drives into a car under the arm.
    private func isWayFree(_ number: Int, _ gate: Int) -> Bool {
        guard let own = gates[gate].road[number] else { return false }
        return !gates[gate].road.bodies.contains { other in
            guard other.car != number, other.heading != own.heading || other.car == carAhead(number) else {
                return false
            }
            let isAway = (other.tail(at: now) - Gate.line(own.heading)) * own.heading > 60
            if other.heading == own.heading { return !isAway }
            return cars[other.car].state == .crossing || cars[other.car].state == .halted
        }
    }

    private func call(_ number: Int, _ gate: Int) {
        cars[number].hasCalled = true
        guard !mix.has(.absentGuard) || isQuietTail, !cars[number].isProbe else { return }
        if cars[number].direction == .out, guardComes(to: gate) { return }
        let action: LaneOrder.Action =
            cars[number].direction == .out || traffic.chance(1, in: 2) ? .open : .confirm
        agenda.plan(
            .order(LaneID(gate), action, isOnSite: false), at: now + traffic.milliseconds(5000...40_000))
    }

    private func setOff(_ number: Int, _ gate: Int) {
        if cars[number].habit == .turnsBack, traffic.chance(1, in: 2) {
            return backOut(number)
        }
        cars[number].state = .crossing
        cars[number].intent += 1
        agenda.plan(.car(number, intent: cars[number].intent), at: now + traffic.milliseconds(300...2500))
    }

    /// Leg by leg, so that those behind can follow and a stall has its place.
    private func crosses(_ number: Int, _ gate: Int, _ body: Road.Body) {
        let nose = body.nose(at: now)
        let heading = body.heading
        let speed = 200 + 50 * traffic.below(5)
        let past = { (point: Int) in (nose - point) * heading >= 0 }
        let stall = heading > 0 ? 560 : 240
        let waypoint = heading > 0 ? 760 : 40
        if past(Gate.finish(heading)) { return leave(number, gate, crossed: true) }
        if !past(Gate.line(heading)) || nose == Gate.line(heading) {
            // Off the line: does the arm still stand?
            let dares = cars[number].habit == .tailgates && gates[gate].barrier.position > 600
            guard gates[gate].barrier.isUp || dares else {
                cars[number].state = .approaching
                return advance(number)
            }
            if cars[number].habit == .reversesOff {
                return move(number, to: heading > 0 ? 420 : 380, speed: 200)
            }
        }
        if cars[number].habit == .reversesOff, nose == (heading > 0 ? 420 : 380) {
            return move(number, to: nose - heading * 10, speed: 5)
        }
        if cars[number].habit == .reversesOff { return backOut(number) }
        if case .stalls(let span) = cars[number].habit {
            if nose == stall {
                cars[number].habit = .ordinary
                cars[number].intent += 1
                say("car", at: gates[gate].lane.index, plate: cars[number].plate.text, "stands under the arm")
                return later(number, span)
            }
            if !past(stall) { return move(number, to: stall, speed: speed) }
        }
        if !past(waypoint) { return move(number, to: waypoint, speed: speed) }
        follow(gate)
        move(number, to: Gate.finish(heading), speed: speed)
    }

    /// Those behind come up; a tailgater does not stop.
    private func follow(_ gate: Int) {
        for number in gates[gate].queue where cars[number].state == .approaching {
            if cars[number].habit == .tailgates, isFirst(number), !gates[gate].barrier.isDown {
                cars[number].state = .crossing
                move(number, to: Gate.line(heading(of: cars[number], gate)), speed: 400)
                if estate.prices != nil {
                    agenda.plan(
                        .capture(car: number, gate: gate, extra: true), at: now + purse.milliseconds(50...400)
                    )
                }
            } else {
                advance(number)
            }
        }
    }

    private func goOn(_ number: Int) {
        guard let gate = cars[number].gate, let body = gates[gate].road[number] else { return }
        cars[number].state = .crossing
        move(number, to: Gate.finish(body.heading), speed: 250)
    }

    private func backOut(_ number: Int) {
        guard let gate = cars[number].gate, let body = gates[gate].road[number] else { return }
        cars[number].state = .leaving
        checkers.turnsBack(gate: gate, inQueue: gates[gate].queue.count > 1, at: now)
        let out = body.heading > 0 ? -100 : 850
        move(number, to: cars[number].habit == .wrongWay ? (body.heading > 0 ? -100 : 1300) : out, speed: 200)
    }

    private func leave(_ number: Int, _ gate: Int, crossed: Bool) {
        gates[gate].road.leave(number)
        gates[gate].queue.removeAll { $0 == number }
        stir(gate)
        var car = cars[number]
        if crossed {
            car.isInside = car.direction == .in
            checkers.crossed(car, at: now)
            say("car", at: gate, plate: car.plate.text, car.isInside ? "is inside" : "is outside")
        }
        car.state = .away
        car.gate = nil
        car.intent += 1
        cars[number] = car
        for other in gates[gate].queue { advance(other) }
        if car.isProbe, !crossed { return }
        if !crossed, car.isInside { checkers.money.report.note(.turnedBackAndCameAgain) }
        guard car.isResident || car.comesAgain || car.isInside else { return }
        let pause =
            car.isCustomer
            ? customersStay() : traffic.milliseconds(600_000...14_400_000) * options.pace
        let trip = now + pause
        agenda.plan(.trip(number), at: trip)
        if car.isInside { drawGifts(number, until: trip) }
        if mix.has(.paysBefore), !car.isResident, car.isInside, purse.chance(1, in: 2) {
            agenda.plan(.driverAsks(number), at: max(now, trip + .seconds(-60 - purse.below(1800))))
        }
    }

    /// Drivers stop for a lowering arm if they still can.
    func armMoved(_ gate: Int, _ kind: BarrierModel.Event.Kind) {
        guard kind == .lowers || kind == .isUp else { return }
        for number in gates[gate].queue {
            guard let body = gates[gate].road[number] else { continue }
            let toArm = (Road.arm - body.nose(at: now)) * body.heading
            if kind == .lowers, cars[number].state == .crossing, toArm > 30, toArm < 260,
                body.isMoving(at: now)
            {
                cars[number].state = .halted
                // A tailgater who is stopped loses patience too; estates without money keep their days as they were.
                if estate.prices != nil, cars[number].arrivedAt == nil { cars[number].arrivedAt = now }
                move(number, to: body.nose(at: now) + body.heading * min(25, toArm - 5), speed: 100)
            }
            if kind == .isUp, cars[number].state == .waiting {
                cars[number].intent += 1
                later(number, traffic.milliseconds(400...2000))
            }
        }
    }
}
