// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseSimulation

/// One lane as the wires see it: a relay board, a barrier with its maker's controller, a road with loops and
/// the cars on it, wired together. Time is an argument; everything moves in steps of 10 ms.
///
/// The barrier's controller has a supply and a radar of its own under the arm (what `anti_crush` in a site
/// file confirms), so a power cut of board and detectors never lowers an arm onto a car.
package struct LaneTwinModel: Sendable {
    /// Terminals by number, as the maker prints them. Safety and fire are wired normally closed: current
    /// flows while nothing is there, and a cut wire reads as danger.
    package struct Wiring: Hashable, Sendable {
        package var open = 1
        package var hold = 2
        package var presence = 1
        package var safety = 2
        package var clear = 3
        package var limitUp = 4
        package var limitDown = 5
        package var fire: Int?
        package var reset: Int?

        package init() {}
    }

    /// A vehicle that left the lane past the arm.
    package struct Crossing: Hashable, Sendable {
        package var car: Int
        package var at: Uptime
    }

    package let wiring: Wiring
    package private(set) var board: RelayBoardModel
    package private(set) var barrier: BarrierModel
    package private(set) var loops: LoopModel
    package private(set) var crossings: [Crossing] = []
    /// How often the arm came down where a car stood. Must stay 0.
    package private(set) var strikes = 0
    package private(set) var restarts = 0
    /// When the supply of board and detectors failed: every relay opened.
    package private(set) var cuts: [Uptime] = []
    /// A display on the board's line; it has a supply of its own.
    package var card: DisplayCardModel?
    package var isFireOn = false
    package var isResetPressed = false
    private var now: Uptime
    private var stops: [Int?] = []
    private var hasCrossed: [Bool] = []
    private var isStriking = false
    private var isPowered = true
    /// A camera's own relay, wired to the open contact beside the board's.
    private var cameraPulseEnds = Uptime.zero

    private static let step: Int64 = 10_000_000
    /// The far end of the safety loop: a car whose rear is beyond has crossed.
    private static let beyondArm = 500

    package init(
        wiring: Wiring = Wiring(), barrier settings: BarrierModel.Settings = BarrierModel.Settings(),
        at now: Uptime = .zero
    ) {
        let start = Self.grid(now)
        self.wiring = wiring
        self.now = start
        board = RelayBoardModel()
        barrier = BarrierModel(settings, at: start)
        loops = LoopModel(at: start)
        readInputs()
    }

    // MARK: Time and bytes

    package mutating func advance(to target: Uptime) {
        while now.nanoseconds + Self.step <= target.nanoseconds {
            now = Uptime(nanoseconds: now.nanoseconds + Self.step)
            board.advance(to: now)
            loops.advance(to: now)
            stopCars()
            barrier.drive(
                open: board.isClosed(wiring.open) || now < cameraPulseEnds, hold: board.isClosed(wiring.hold),
                safety: loops.isOccupied("S"), at: now)
            readInputs()
            watchArm()
        }
    }

    package mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [RelayBoardModel.Reply] {
        advance(to: now)
        let shown = card?.receive(bytes, at: now) ?? []
        return board.receive(bytes, at: now)
            + shown.map { RelayBoardModel.Reply(bytes: $0.bytes, at: $0.at) }
    }

    // MARK: What happens on the road

    /// A car arrives before the lane and drives until its front is at `stop`, in centimetres; nil: it goes
    /// through. Returns its number.
    package mutating func arrive(stop: Int?, length: Int = 450, speed: Int = 400) -> Int {
        let car = loops.add(LoopModel.Vehicle(front: -100, length: length, speed: speed), at: now)
        stops.append(stop ?? Self.wayOut)
        hasCrossed.append(false)
        return car
    }

    /// Forwards, or in reverse with a negative speed, until the front is at `stop`.
    package mutating func drive(_ car: Int, stop: Int? = nil, speed: Int = 400) {
        guard stops.indices.contains(car) else { return }
        stops[car] = stop ?? (speed > 0 ? Self.wayOut : -100)
        loops.drive(car, speed: speed, at: now)
    }

    package func front(of car: Int) -> Int? {
        loops.vehicles.indices.contains(car) ? loops.vehicles[car].front : nil
    }

    package func stands(_ car: Int) -> Bool {
        loops.vehicles.indices.contains(car) && loops.vehicles[car].speed == 0
    }

    package func crossed(_ car: Int) -> Bool { crossings.contains { $0.car == car } }

    /// For half a second, as cameras do.
    package mutating func pulseByCamera() { cameraPulseEnds = now + .milliseconds(500) }

    package mutating func pressFob() { barrier.pressFob(at: now) }

    /// Board and detectors lose their supply: every relay opens, nobody answers.
    package mutating func cutPower() {
        board.restart(at: now)
        cuts.append(now)
        board.faults.isDeaf = true
        isPowered = false
    }

    /// The supply returns: the board starts, each detector takes what stands on it for the empty road (H-15).
    package mutating func restorePower() {
        board.restart(at: now)
        loops.retune(at: now)
        board.faults.isDeaf = false
        isPowered = true
        restarts += 1
        readInputs()
    }

    package mutating func setFaults(_ change: (inout RelayBoardModel.Faults) -> Void) {
        change(&board.faults)
    }

    /// Closings of the open relay so far.
    package var openClosings: [RelayBoardModel.Edge] {
        board.edges.filter { $0.relay == wiring.open && $0.isClosed }
    }

    /// Closings and openings of the hold relay so far.
    package var holdEdges: [RelayBoardModel.Edge] { board.edges.filter { $0.relay == wiring.hold } }

    private static let wayOut = 2000

    private static func grid(_ instant: Uptime) -> Uptime {
        Uptime(nanoseconds: instant.nanoseconds / step * step)
    }

    private mutating func stopCars() {
        for index in stops.indices {
            let vehicle = loops.vehicles[index]
            if let stop = stops[index],
                vehicle.speed > 0 && vehicle.front >= stop || vehicle.speed < 0 && vehicle.front <= stop
            {
                loops.drive(index, speed: 0, at: now)
                stops[index] = nil
            }
            if !hasCrossed[index], vehicle.front - vehicle.length >= Self.beyondArm {
                hasCrossed[index] = true
                crossings.append(Crossing(car: index, at: now))
            }
        }
    }

    private mutating func watchArm() {
        let isLow = barrier.position < 300 && loops.isOccupied("S")
        if isLow, !isStriking { strikes += 1 }
        isStriking = isLow
    }

    private mutating func readInputs() {
        func set(_ input: Int?, _ flows: Bool) {
            guard let input, board.inputs.indices.contains(input - 1) else { return }
            board.inputs[input - 1] = flows
        }
        set(wiring.presence, isPowered && loops.isOn("P"))
        set(wiring.safety, isPowered && !loops.isOn("S"))
        set(wiring.clear, isPowered && loops.isOn("C"))
        set(wiring.limitUp, barrier.isUp)
        set(wiring.limitDown, barrier.isDown)
        set(wiring.fire, !isFireOn)
        set(wiring.reset, isResetPressed)
    }
}
