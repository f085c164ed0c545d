// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

/// What can happen in a cell of lanes.md §9, by a short name.
enum TurnstileHappening: String, CaseIterable, Sendable {
    case cardIn, cardOut, denied, sameCard, passIn, passOut, alarm, waitEnds, button
    case fireOn, fireUnknown, fireReset, outputsFail, outputsReturn, inputsFail, readerFails
    case open, openOut, holdOpen, holdClosed, release, close, expired

    func happen(to lane: inout WalkwayHarness<Turnstile>) {
        switch self {
        case .cardIn: lane.read(9)
        case .cardOut: lane.read(9, .out)
        case .denied:
            lane.answer = { WalkwayHarness<Turnstile>.deny($0) }
            lane.read(9)
        case .sameCard: lane.read(1)
        case .passIn: lane.pass(.in)
        case .passOut: lane.pass(.out)
        case .alarm: lane.settle(.alarm, .on)
        case .waitEnds: lane.advance(.milliseconds(6500))
        case .button: lane.press()
        case .fireOn: lane.fire(.on)
        case .fireUnknown: lane.fire(.unknown, for: .seconds(5))
        case .fireReset:
            lane.fire(.off, for: .milliseconds(2100))
            lane.send(.fireReset)
        case .outputsFail: lane.send(.fault(.outputs, isRaised: true))
        case .outputsReturn: lane.send(.fault(.outputs, isRaised: false))
        case .inputsFail: lane.loseInputs()
        case .readerFails: lane.send(.fault(.reader, isRaised: true))
        case .open: lane.person(.open)
        case .openOut: lane.person(.open, going: .out)
        case .holdOpen: lane.person(.holdOpen(until: nil))
        case .holdClosed: lane.person(.holdClosed(until: nil))
        case .release: lane.person(.release)
        case .close: lane.person(.close)
        case .expired: lane.send(.command(.releaseIn, .expired))
        }
    }
}

struct TurnstileCell: CustomTestStringConvertible, Sendable {
    var phase: String
    var happening: TurnstileHappening
    /// Phase afterwards, then what moved.
    var expected: String

    var testDescription: String { "\(phase) × \(happening.rawValue) → \(expected)" }

    static let columns = ["starting", "locked", "in", "out", "free", "blocked", "fire", "fault"]

    /// `=`: the phase stays and nothing moves. Worked out from lanes.md §9 for a unit with every contact and outputs to
    /// stand open; in `in` and `out` card 1 was granted that way. `Ri` `Ro` are releases, `H` and `h` stand open and
    /// stand open no more.
    static let table = """
        cardIn        = in+Ri = = = = = =
        cardOut       = out+Ro = = = out+Ro = fault+Ro
        denied        = = = = = = = =
        sameCard      = in+Ri = = = = = =
        passIn        unattributed = locked = = = = =
        passOut       unattributed = = locked = = = =
        alarm         = = = = = = = =
        waitEnds      locked = locked locked = = = =
        button        out+Ro out+Ro = = = out+Ro = fault+Ro
        fireOn        fire+H fire+H fire+H fire+H fire+H fire+H = fire+H
        fireUnknown   fire+H fire+H fire+H fire+H fire+H fire+H = fire+H
        fireReset     = = = = = = locked+h =
        outputsFail   = fault fault fault = fault = =
        outputsReturn starting+h locked+h in+h out+h free+H blocked+h fire+H locked+h
        inputsFail    = = = = = = = =
        readerFails   = = = = = = = =
        open          in+Ri in+Ri = = = in+Ri = =
        openOut       out+Ro out+Ro = = = out+Ro = =
        holdOpen      free+H free+H free+H free+H = free+H = =
        holdClosed    = blocked = = blocked+h = = =
        release       = = = = locked+h locked = =
        close         = = = = = = = =
        expired       = = locked = = = = =
        """

    static let all: [TurnstileCell] = table.split(separator: "\n").flatMap { line -> [TurnstileCell] in
        let words = line.split(separator: " ").map(String.init)
        guard let happening = words.first.flatMap({ TurnstileHappening(rawValue: $0) }) else { return [] }
        return zip(columns, words.dropFirst()).map { phase, word in
            TurnstileCell(phase: phase, happening: happening, expected: word == "=" ? phase : word)
        }
    }

    static func at(_ phase: String) -> WalkwayHarness<Turnstile> {
        var lane = WalkwayHarness<Turnstile>(.turnstile())
        guard phase != "starting" else {
            lane.send(.started(LaneMemory()))
            lane.send(.fire(.off, since: lane.now.uptime))
            for input in lane.machine.plan.inputs.sorted() where input != .home {
                lane.settle(input, .off)
            }
            lane.forget()
            return lane
        }
        lane.start()
        switch phase {
        case "in": lane.read(1)
        case "out": lane.read(1, .out)
        case "free": lane.person(.holdOpen(until: nil))
        case "blocked": lane.person(.holdClosed(until: nil))
        case "fire": lane.fire(.on)
        case "fault": lane.send(.fault(.outputs, isRaised: true))
        default: break
        }
        lane.advance(.milliseconds(100))
        lane.forget()
        return lane
    }

    func outcome(in lane: WalkwayHarness<Turnstile>) -> (text: String, lane: WalkwayHarness<Turnstile>) {
        var lane = lane
        happening.happen(to: &lane)
        var found = lane.phase.hasPrefix("released ") ? String(lane.phase.dropFirst(9)) : lane.phase
        if !lane.moves.isEmpty { found += "+\(lane.moves)" }
        return (found, lane)
    }
}

struct TurnstileCellTests {
    @Test func `every phase is reached by the set-up of the table, and every cell is in it`() {
        for phase in TurnstileCell.columns {
            let found = TurnstileCell.at(phase).phase
            #expect(found == (phase == "in" || phase == "out" ? "released \(phase)" : phase))
        }
        #expect(
            TurnstileCell.all.count == TurnstileHappening.allCases.count * TurnstileCell.columns.count)
    }

    @Test(arguments: TurnstileCell.all)
    func `a cell of the turnstile does what it says`(_ cell: TurnstileCell) {
        let (found, lane) = cell.outcome(in: TurnstileCell.at(cell.phase))
        #expect(found == (cell.expected == "unattributed" ? "starting" : cell.expected))
        #expect(lane.violations == [])
        if cell.expected == "unattributed" { #expect(lane.passages.map(\.cause) == [.unattributed]) }
    }

    /// Every pair of happenings in every phase: what must never be, whatever the order.
    @Test(arguments: TurnstileCell.columns)
    func `no two happenings break a promise`(_ phase: String) {
        for first in TurnstileHappening.allCases {
            var after = TurnstileCell.at(phase)
            first.happen(to: &after)
            for second in TurnstileHappening.allCases {
                var lane = after
                lane.forget()
                second.happen(to: &lane)
                let way = "\(phase), \(first.rawValue), \(second.rawValue)"
                #expect(lane.violations == [], "\(way)")
                if lane.phase == "fire" {
                    #expect(lane.outputs.isSuperset(of: [.holdIn, .holdOut]), "\(way)")
                }
                if second == .fireOn { #expect(lane.phase == "fire", "\(way)") }
                if lane.phase == "locked" || lane.phase == "blocked" {
                    #expect(lane.outputs.isDisjoint(with: [.holdIn, .holdOut]), "\(way)")
                }
                // Whoever is released goes through, or the release ends by itself.
                lane.answer = { WalkwayHarness<Turnstile>.deny($0) }
                lane.advance(.seconds(60))
                #expect(!lane.phase.hasPrefix("released") && lane.phase != "starting", "\(way)")
            }
        }
    }
}
