// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// What can happen in a cell of lanes.md §4, by a short name.
enum Happening: String, CaseIterable, Sendable {
    case readKnown, readDenied, readOwing, paid, presenceOn, presenceOff, safetyOn, safetyUnknown, clearOn,
        upOn, downOn, upOff, boomOn
    case personOpen, personClose, holdOpen, holdClosed, release, button, emergency, fireOn
    case presenceUnknown, clearUnknown, upUnknown, downUnknown, outputsReturn, refuseVehicle, fireUnknown
    case openExpired, outputsFail, inputsFail, cameraFails, restartSeen

    func happen(to lane: inout LaneHarness) {
        switch self {
        case .readKnown: lane.read(9)
        case .readDenied:
            lane.answer = { LaneHarness.deny($0) }
            lane.read(9)
        case .readOwing:
            lane.answer = { LaneHarness.pay($0) }
            lane.read(9)
        case .presenceUnknown: lane.set(.presence, .unknown)
        case .clearUnknown: lane.set(.clear, .unknown)
        case .upUnknown: lane.set(.limitUp, .unknown)
        case .downUnknown: lane.set(.limitDown, .unknown)
        case .outputsReturn: lane.send(.fault(.outputs, isRaised: false))
        case .refuseVehicle: lane.person(.refuse)
        case .fireUnknown: lane.send(.fire(.unknown, since: lane.now.uptime))
        case .paid: lane.send(.reconsider(.payment))
        case .openExpired: lane.send(.command(.open, .expired))
        case .presenceOn: lane.settle(.presence, .on)
        case .presenceOff: lane.settle(.presence, .off)
        case .safetyOn: lane.set(.safety(0), .on)
        case .safetyUnknown: lane.set(.safety(0), .unknown)
        case .clearOn:
            lane.set(.clear, .on)
            lane.advance(.milliseconds(70))
        case .upOn:
            lane.set(.limitDown, .off)
            lane.set(.limitUp, .on)
            lane.advance(.milliseconds(60))
        case .downOn:
            lane.set(.limitUp, .off)
            lane.set(.limitDown, .on)
            lane.advance(.milliseconds(60))
        case .upOff:
            lane.set(.limitUp, .off)
            lane.advance(.milliseconds(60))
        case .boomOn:
            lane.set(.boomBreak, .on)
            lane.advance(.milliseconds(110))
        case .personOpen: lane.person(.open)
        case .personClose: lane.person(.close)
        case .holdOpen: lane.person(.holdOpen(until: nil))
        case .holdClosed: lane.person(.holdClosed(until: nil))
        case .release: lane.person(.release)
        case .button:
            lane.set(.guardButton, .on)
            lane.advance(.milliseconds(50))
            lane.set(.guardButton, .off)
            lane.advance(.milliseconds(50))
        case .emergency: lane.person(.emergency)
        case .fireOn: lane.send(.fire(.on, since: lane.now.uptime + .milliseconds(-100)))
        case .outputsFail: lane.send(.fault(.outputs, isRaised: true))
        case .inputsFail: lane.loseInputs()
        case .cameraFails: lane.send(.fault(.camera, isRaised: true))
        case .restartSeen: lane.send(.detectorsRestarted)
        }
    }
}

struct Cell: CustomTestStringConvertible, Sendable {
    var phase: LanePhase
    var happening: Happening
    /// Phase afterwards, then what is commanded: `O` open, `C` close, `H` hold.
    var expected: String

    var testDescription: String { "\(phase.name) × \(happening.rawValue) → \(expected)" }

    /// The table below, one row per happening.
    static let all = rows(of: table, under: columns)

    static func rows(of table: String, under columns: [LanePhase]) -> [Cell] {
        table.split(separator: "\n").flatMap { line -> [Cell] in
            let words = line.split(separator: " ").map(String.init)
            guard let happening = words.first.flatMap({ Happening(rawValue: $0) }) else { return [] }
            return zip(columns, words.dropFirst()).map { phase, word in
                Cell(phase: phase, happening: happening, expected: word == "=" ? phase.name : word)
            }
        }
    }

    /// What became of it: the phase, then what was commanded.
    func outcome(in lane: LaneHarness) -> String {
        var lane = lane
        happening.happen(to: &lane)
        var found = lane.phase.name
        if lane.opens > 0 { found += "+O" }
        if lane.closes > 0 { found += "+C" }
        if lane.holds > 0 { found += "+H" }
        return lane.opens > 1 ? found + " twice" : found
    }

    var wanted: String {
        expected.replacing("heldOpen", with: "held_open").replacing("heldClosed", with: "held_closed")
    }

    static let columns: [LanePhase] = [
        .starting, .clear, .present, .waiting, .refused, .heldClosed, .opening, .open, .passing, .clearing,
        .closing, .heldOpen, .fire, .fault(.arm), .fault(.down), .fault(.lost), .fault(.safety),
        .fault(.output),
    ]

    /// `=`: the phase stays and nothing is commanded. Worked out from lanes.md §4 for a lane with every
    /// sensor, hold output and gateway closing; a car is on presence in present, waiting, refused, opening,
    /// open, passing and fault_arm.
    static let table = """
        readKnown     = = opening+O = opening+O = = = = = = = = = = = = =
        readDenied    = = refused = = = = = = = = = = = = = = =
        readOwing     = = waiting = waiting = = = = = = = = = = = = =
        paid          = = = opening+O opening+O = = = = = = = = = = = = =
        openExpired   = = = = = = = = = = = = = = = = = =
        presenceUnknown = = = = = = = = = = = = = = = = = =
        clearUnknown  = = = = = = = = = = = = = = = = = =
        upUnknown     = = = = = = = = = = = = = = = = = =
        downUnknown   = = = = = = = = = = = = = = = = = =
        outputsReturn = = = = = = = = = = = = = = = = = clear
        refuseVehicle = = = refused = = = = = = = = = = = = = =
        fireUnknown   = = = = = = = = = = = = = = = = = =
        presenceOn    = present = = = = = = = = = = = = = = = =
        presenceOff   = = = = clear = = = = = = = = = = = = =
        safetyOn      = = = = = = passing passing = passing passing+O = = = = = = =
        safetyUnknown = = = = = = = = = = clearing+O = = = = = = =
        clearOn       = = = = = = = = = = = = = = = = = =
        upOn          = open open open open open open = = = open = = open = = = =
        downOn        = = = = = = opening+O opening+O passing+O clear clear heldOpen+H fire+H = clear = clear =
        upOff         = = = = = = = opening+O passing+O closing = heldOpen+H fire+H = = = fault_safety+O =
        boomOn        fault_lost fault_lost fault_lost fault_lost fault_lost fault_lost fault_lost fault_lost fault_lost \
        fault_lost fault_lost = = fault_lost fault_lost = fault_lost fault_lost
        personOpen    opening+O opening+O opening+O opening+O opening+O opening+O = = = open opening+O = = \
        fault_arm+O fault_down+O fault_lost+O fault_safety+O fault_output+O
        personClose   = = = = = = clearing clearing = = closing+C = = = closing+C = = =
        holdOpen      = heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H \
        heldOpen+H heldOpen+H heldOpen+H = heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H
        holdClosed    = heldClosed heldClosed heldClosed heldClosed = = = = = = clearing = = = = = =
        release       = = = = = clear = = = = = clearing = present clearing = = =
        button        opening+O opening+O opening+O opening+O opening+O opening+O = = = open opening+O = = \
        fault_arm+O fault_down+O fault_lost+O fault_safety+O fault_output+O
        emergency     heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H \
        heldOpen+H heldOpen+H heldOpen+H heldOpen+H = heldOpen+H heldOpen+H heldOpen+H heldOpen+H heldOpen+H
        fireOn        fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H = \
        fire+H fire+H fire+H fire+H fire+H
        outputsFail   = fault_output fault_output fault_output fault_output fault_output fault_output \
        fault_output = fault_output fault_output = = fault_output fault_output fault_output fault_output =
        inputsFail    = = = = = = = = = = clearing+O = = = = = = =
        cameraFails   = = = = = = = = = = = = = = = = = =
        restartSeen   = = = = = = = = = = clearing+O = = = = = = =
        """.replacing("\\\n", with: "")
}

struct LaneCellTests {
    @Test func `every phase is reached by the set-up of the table`() {
        for phase in Cell.columns {
            #expect(LaneHarness.at(phase).phase == phase, "\(phase.name)")
        }
    }

    @Test func `the table has a cell for every phase and happening`() {
        #expect(Cell.all.count == Happening.allCases.count * LanePhase.allPhases.count)
    }

    @Test(arguments: Cell.all)
    func `a cell of the specification does what it says`(_ cell: Cell) {
        #expect(cell.outcome(in: LaneHarness.at(cell.phase)) == cell.wanted)
    }
}
