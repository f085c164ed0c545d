// SPDX-License-Identifier: Apache-2.0
import GatehouseCore

/// What truly stands and moves at a lane: vehicles on a road of a few places, and an arm with its drive.
/// Everything may stop and wait anywhere; nothing jumps.
struct Surroundings: Sendable {
    enum Place: Int, Hashable, Sendable, Comparable {
        case atTheLine, noseUnderArm, underArm, tailUnderArm, beyond

        static func < (a: Place, b: Place) -> Bool { a.rawValue < b.rawValue }
    }

    struct Vehicle: Hashable, Sendable {
        var role: LanePlateRole
        var place: Place
    }

    enum Position: Int, Hashable, Sendable { case down, between, up }
    enum Drive: Int, Hashable, Sendable { case rest, raising, lowering }

    let plan: LanePlan
    /// The foremost first.
    private(set) var vehicles: [Vehicle] = []
    private var position = Position.down
    private var drive = Drive.rest
    private var isHeld = false
    /// An input that says something else than the truth.
    private(set) var lie: (input: LaneInput, level: Level)?

    init(plan: LanePlan) { self.plan = plan }

    func mix(into print: inout LaneFingerprint) {
        print.mix(vehicles.count, bits: 3)
        for vehicle in vehicles {
            print.mix(Int(vehicle.role.rawValue), bits: 2)
            print.mix(vehicle.place.rawValue, bits: 3)
        }
        print.mix(position.rawValue, bits: 2)
        print.mix(drive.rawValue, bits: 2)
        print.mix(isHeld)
        print.mix(lie != nil)
        if let lie {
            print.mix(plan.wiredInputs.firstIndex(of: lie.input) ?? 15, bits: 4)
            print.mix(lie.level)
        }
    }

    /// What an input says.
    func level(_ input: LaneInput) -> Level {
        if let lie, lie.input == input { return lie.level }
        return truth(input) ? .on : .off
    }

    private func truth(_ input: LaneInput) -> Bool {
        switch input {
        case .presence: vehicles.contains { $0.place <= .noseUnderArm }
        case .safety: vehicles.contains { $0.place > .atTheLine && $0.place < .beyond }
        case .clear: vehicles.contains { $0.place >= .tailUnderArm }
        case .limitUp: position == .up
        case .limitDown: position == .down
        case .guardButton, .boomBreak, .helpKey: false
        }
    }

    // MARK: Moves

    func moves(_ scope: ExplorerScope) -> [LaneMove] {
        var moves: [LaneMove] = []
        if vehicles.count < scope.vehicles, vehicles.last.map({ $0.place > .atTheLine }) ?? true {
            moves += scope.roles.map { .arrives($0) }
        }
        for index in vehicles.indices {
            if mayGoOn(index) { moves.append(.drives(index)) }
            if mayGoBack(index) { moves.append(.backs(index)) }
            if vehicles[index].place <= .noseUnderArm { moves.append(.read(vehicles[index].role)) }
        }
        if drive != .rest { moves.append(.armMoves) }
        if plan.closing == .controller, position != .down, drive != .lowering, !isHeld,
            !vehicles.contains(where: { $0.place > .atTheLine && $0.place < .beyond })
        {
            moves.append(.controllerLowers)
        }
        moves.append(.remoteControl)
        if lie == nil {
            for input in plan.wiredInputs {
                for level in Level.allCases where level != self.level(input) {
                    moves.append(.lies(input, level))
                }
            }
        } else {
            moves.append(.tellsTheTruth)
        }
        return moves
    }

    /// Not into the one before, and not through a lowered arm.
    private func mayGoOn(_ index: Int) -> Bool {
        let place = vehicles[index].place
        if place == .noseUnderArm, position == .down { return false }
        guard index > 0, let next = Place(rawValue: place.rawValue + 1) else { return true }
        return vehicles[index - 1].place > next || next == .noseUnderArm && vehicles[index - 1].place > place
    }

    private func mayGoBack(_ index: Int) -> Bool {
        guard vehicles[index].place < .beyond else { return false }
        guard index + 1 < vehicles.count else { return true }
        return vehicles[index + 1].place.rawValue < vehicles[index].place.rawValue - 1
    }

    mutating func make(_ move: LaneMove) {
        switch move {
        case .arrives(let role): vehicles.append(Vehicle(role: role, place: .atTheLine))
        case .drives(let index):
            if let place = Place(rawValue: vehicles[index].place.rawValue + 1) {
                vehicles[index].place = place
            } else {
                vehicles.remove(at: index)
            }
        case .backs(let index):
            if let place = Place(rawValue: vehicles[index].place.rawValue - 1) {
                vehicles[index].place = place
            } else {
                vehicles.remove(at: index)
            }
        case .armMoves: moveArm()
        case .controllerLowers: drive = .lowering
        case .remoteControl: raise()
        case .lies(let input, let level): lie = (input, level)
        case .tellsTheTruth: lie = nil
        default: break
        }
    }

    private mutating func raise() { drive = position == .up ? .rest : .raising }

    private mutating func moveArm() {
        switch (drive, position) {
        case (.raising, .down), (.lowering, .up): position = .between
        case (.raising, _):
            position = .up
            drive = .rest
        case (.lowering, _):
            position = .down
            drive = .rest
        case (.rest, _): break
        }
    }

    /// A contact of ours closes or opens.
    mutating func obey(_ output: LaneOutput, _ action: OutputAction) {
        switch (output, action) {
        case (.hold, .off): isHeld = false
        case (.hold, _):
            isHeld = true
            raise()
        case (.open, .pulse), (.open, .on): raise()
        case (.close, .pulse), (.close, .on):
            if !isHeld, position != .down { drive = .lowering }
        default: break
        }
    }
}
