// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

/// What can happen in a cell of lanes.md §10, by a short name.
enum DoorHappening: String, CaseIterable, Sendable {
    case card, denied, button, opens, shuts, contactUnknown, unlockEnds, maxEnds
    case fireOn, fireUnknown, fireReset, outputsFail, outputsReturn, inputsFail
    case open, holdOpen, holdClosed, release, expired, tamper

    func happen(to door: inout WalkwayHarness<Door>) {
        switch self {
        case .card: door.read(9)
        case .denied:
            door.answer = { WalkwayHarness<Door>.deny($0) }
            door.read(9)
        case .button: door.press()
        case .opens: door.settle(.doorContact, .on)
        case .shuts: door.settle(.doorContact, .off)
        case .contactUnknown: door.set(.doorContact, .unknown)
        case .unlockEnds: door.advance(.milliseconds(5000))
        case .maxEnds: door.advance(.seconds(30))
        case .fireOn: door.fire(.on)
        case .fireUnknown: door.fire(.unknown, for: .seconds(5))
        case .fireReset:
            door.fire(.off, for: .milliseconds(2100))
            door.send(.fireReset)
        case .outputsFail: door.send(.fault(.outputs, isRaised: true))
        case .outputsReturn: door.send(.fault(.outputs, isRaised: false))
        case .inputsFail: door.loseInputs()
        case .open: door.person(.open)
        case .holdOpen: door.person(.holdOpen(until: nil))
        case .holdClosed: door.person(.holdClosed(until: nil))
        case .release: door.person(.release)
        case .expired: door.send(.command(.unlock, .expired))
        case .tamper: door.settle(.tamper, .on)
        }
    }
}

struct DoorCell: CustomTestStringConvertible, Sendable {
    var phase: Door.Phase
    var happening: DoorHappening
    /// Phase afterwards, then what moved.
    var expected: String

    var testDescription: String { "\(phase.rawValue) × \(happening.rawValue) → \(expected)" }

    static let columns: [Door.Phase] = [
        .starting, .secured, .unlocked, .open, .held, .forced, .free, .fire, .fault,
    ]

    /// `=`: the phase stays and nothing moves. Worked out from lanes.md §10; card 1 was granted in `unlocked` and `open`,
    /// the door stands open in `open`, `held` and `forced`. `U` unlocks, `u` locks.
    static let table = """
        card           = unlocked+U = = = forced+U = = unlocked+U
        denied         = = = = = = = = =
        button         unlocked+U unlocked+U = = = forced+U = = unlocked+U
        opens          open forced open = = = = = =
        shuts          secured+u = = secured+u secured+u secured = = =
        contactUnknown = = = = = = = = =
        unlockEnds     secured+u = secured+u = = = = = =
        maxEnds        secured+u = secured+u held = = = = =
        fireOn         fire+U fire+U fire+U fire+U fire+U fire+U fire+U = fire+U
        fireUnknown    fire+uU fire+U fire+U fire+U fire+U fire+U fire+U = fire+U
        fireReset      = = = = = = = secured+u =
        outputsFail    = fault fault = = = = = =
        outputsReturn  = = = = = = free+U fire+U secured+u
        inputsFail     = = = = = = = = =
        open           unlocked+U unlocked+U = = = forced+U = = =
        holdOpen       = free+U free free free free+U = = free+U
        holdClosed     = = = = = = = = =
        release        = = secured+u = = = secured+u = =
        expired        = = secured+u = = = free+U = =
        tamper         = = = = = = = = =
        """

    static let all: [DoorCell] = table.split(separator: "\n").flatMap { line -> [DoorCell] in
        let words = line.split(separator: " ").map(String.init)
        guard let happening = words.first.flatMap({ DoorHappening(rawValue: $0) }) else { return [] }
        return zip(columns, words.dropFirst()).map { phase, word in
            DoorCell(phase: phase, happening: happening, expected: word == "=" ? phase.rawValue : word)
        }
    }

    static func at(_ phase: Door.Phase) -> WalkwayHarness<Door> {
        var door = WalkwayHarness<Door>(.door())
        guard phase != .starting else {
            door.send(.started(LaneMemory()))
            door.send(.fire(.off, since: door.now.uptime))
            for input in door.machine.plan.inputs.sorted() where input != .doorContact {
                door.settle(input, .off)
            }
            door.forget()
            return door
        }
        door.start()
        door.advance(.seconds(4))
        switch phase {
        case .unlocked: door.read(1)
        case .open, .held:
            door.read(1)
            door.settle(.doorContact, .on)
            if phase == .held { door.advance(.seconds(31)) }
        case .forced: door.settle(.doorContact, .on)
        case .free: door.person(.holdOpen(until: nil))
        case .fire: door.fire(.on)
        case .fault: door.send(.fault(.outputs, isRaised: true))
        case .starting, .secured: break
        }
        door.forget()
        return door
    }

    func outcome(in door: WalkwayHarness<Door>) -> (text: String, door: WalkwayHarness<Door>) {
        var door = door
        happening.happen(to: &door)
        return (door.moves.isEmpty ? door.phase : "\(door.phase)+\(door.moves)", door)
    }
}

struct DoorCellTests {
    @Test func `every phase is reached by the set-up of the table, and every cell is in it`() {
        for phase in DoorCell.columns { #expect(DoorCell.at(phase).phase == phase.rawValue) }
        #expect(DoorCell.columns.count == Door.Phase.allCases.count)
        #expect(DoorCell.all.count == DoorHappening.allCases.count * DoorCell.columns.count)
    }

    @Test(arguments: DoorCell.all)
    func `a cell of the door does what it says`(_ cell: DoorCell) {
        let (found, door) = cell.outcome(in: DoorCell.at(cell.phase))
        #expect(found == cell.expected)
        #expect(door.violations == [])
    }

    /// Every pair of happenings in every phase: what must never be, whatever the order.
    @Test(arguments: DoorCell.columns)
    func `no two happenings break a promise`(_ phase: Door.Phase) {
        for first in DoorHappening.allCases {
            var after = DoorCell.at(phase)
            first.happen(to: &after)
            for second in DoorHappening.allCases {
                var door = after
                door.forget()
                second.happen(to: &door)
                let way = "\(phase.rawValue), \(first.rawValue), \(second.rawValue)"
                #expect(door.violations == [], "\(way)")
                if door.phase == "fire" || door.phase == "free" {
                    #expect(door.outputs.contains(.unlock), "\(way)")
                }
                if second == .fireOn { #expect(door.phase == "fire", "\(way)") }
                if door.phase == "secured" { #expect(!door.outputs.contains(.unlock), "\(way)") }
                // A door that is shut is locked within a minute, unless it is to stand open.
                door.answer = { WalkwayHarness<Door>.deny($0) }
                door.settle(.doorContact, .off)
                door.advance(.seconds(60))
                #expect(["secured", "free", "fire", "fault"].contains(door.phase), "\(way): \(door.phase)")
                // While the board is silent nothing is locked; it is when the board is back.
                if door.phase == "fault" { door.send(.fault(.outputs, isRaised: false)) }
                if !["free", "fire"].contains(door.phase) {
                    #expect(door.phase == "secured" && !door.outputs.contains(.unlock), "\(way)")
                }
                #expect(door.violations == [], "\(way)")
            }
        }
    }
}
