// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// The cells of lanes.md §4 where the answer depends on who lowers the arm, or on a safety that says nothing.
struct LaneCellVariantTests {
    /// The barrier controller lowers, and neither close nor hold is wired: an opening is a pulse, a lowering is none
    /// of ours, and every pulse counts (n4, n5).
    static let controlled = Cell.rows(
        of: """
            readKnown     = = opening+O = opening+O = = = = = = = = = = = = =
            paid          = = = opening+O opening+O = = = = = = = = = = = = =
            presenceOff   = = = = clear = = = = = = = = = = = = =
            safetyOn      = = = = = = passing passing = passing passing+O = = = = = = =
            safetyUnknown = = = = = = = = = = clearing+O = = = = = = =
            upOn          = open open open open open open = = = open = = open = = = =
            downOn        = = = = = = opening+O opening+O passing+O clear clear heldOpen+O fire+O = clear = clear =
            upOff         = = = = = = = opening+O passing+O closing = heldOpen+O fire+O = = = fault_safety+O =
            personOpen    opening+O opening+O opening+O opening+O opening+O opening+O = = = open+O opening+O = = \
            fault_arm+O fault_down+O fault_lost+O fault_safety+O fault_output+O
            personClose   = = = = = = clearing clearing = = = = = = = = = =
            holdOpen      = heldOpen+O heldOpen+O heldOpen+O heldOpen+O heldOpen+O heldOpen+O heldOpen+O heldOpen+O \
            heldOpen+O heldOpen+O heldOpen+O = heldOpen+O heldOpen+O heldOpen+O heldOpen+O heldOpen+O
            holdClosed    = heldClosed heldClosed heldClosed heldClosed = = = = = = clearing = = = = = =
            release       = = = = = clear = = = = = clearing = present clearing = = =
            fireOn        fire+O fire+O fire+O fire+O fire+O fire+O fire+O fire+O fire+O fire+O fire+O fire+O = \
            fire+O fire+O fire+O fire+O fire+O
            inputsFail    = = = = = = = = = = clearing+O = = = = = = =
            restartSeen   = = = = = = = = = = clearing+O = = = = = = =
            """.replacing("\\\n", with: ""), under: Cell.columns)

    /// Every phase has lost its safety a moment ago, so what was CLOSING has opened again and is CLEARING.
    static let unseen = Cell.rows(
        of: """
            readKnown     = = opening+O = opening+O = = = = = clearing = = = = = = =
            paid          = = = opening+O opening+O = = = = = clearing = = = = = = =
            presenceOff   = = = = clear = = = = = clearing = = = = = = =
            safetyOn      = = = = = = passing passing = passing passing = = = = = = =
            upOn          = open open open open open open = = = clearing = = open = = = =
            downOn        = = = = = = opening+O opening+O passing+O clear clear heldOpen+H fire+H = clear = clear =
            upOff         = = = = = = = open+O passing+O clearing+O clearing heldOpen+H fire+H = fault_down+O = \
            fault_safety+O =
            personOpen    opening+O opening+O opening+O opening+O opening+O opening+O = = = open opening+O = = \
            fault_arm+O fault_down+O fault_lost+O fault_safety+O fault_output+O
            personClose   = = = = = = = = = = clearing = = = = = = =
            holdClosed    = heldClosed heldClosed heldClosed heldClosed = = = = = clearing clearing = = = = = =
            release       = = = = = clear = = = = clearing clearing = present clearing = = =
            fireOn        fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H fire+H = \
            fire+H fire+H fire+H fire+H fire+H
            openExpired   = = = = = = = = = = clearing+O = = = = = = =
            """.replacing("\\\n", with: ""), under: Cell.columns)

    @Test(arguments: controlled)
    func `a cell of a lane whose controller closes does what it says`(_ cell: Cell) {
        #expect(cell.outcome(in: LaneHarness.at(cell.phase, .controlled())) == cell.wanted)
    }

    @Test(arguments: unseen)
    func `H-11 a cell with safety unknown does what it says and never lowers the arm`(_ cell: Cell) {
        var lane = LaneHarness.at(cell.phase)
        lane.set(.safety(0), .unknown)
        lane.advance(.milliseconds(20))
        lane.forget()
        #expect(cell.outcome(in: lane) == cell.wanted)
    }

    @Test func `the tables of the variants have a cell for every phase`() {
        #expect(Self.controlled.count == 16 * Cell.columns.count)
        #expect(Self.unseen.count == 13 * Cell.columns.count)
    }
}
