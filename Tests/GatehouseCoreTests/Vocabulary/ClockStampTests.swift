// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct ClockStampTests {
    private func payload(_ fact: Fact) -> String {
        String(decoding: fact.payload(inDrill: false), as: UTF8.self)
    }

    @Test func `a step carries the sum of all steps, and one of an earlier version carries none`() throws {
        #expect(
            payload(.clockStepped(milliseconds: -3000, moved: 2000)) == #"{"step_ms":-3000,"moved_ms":2000}"#)
        let old = try Fact(remembering: "clockStepped", Fields(Array(#"{"step_ms":-3000}"#.utf8)))
        #expect(old == .clockStepped(milliseconds: -3000, moved: nil))
        var memory = SiteMemory()
        let now = Moment(uptime: .zero, wall: WallTime(milliseconds: 0))
        #expect(memory.apply(.clockStepped(milliseconds: -3000), Sequence(1), at: now).isEmpty)
        #expect(memory.clock == ClockHistory())
    }

    @Test func `an entry's stamp stands in its record where there is something to say`() throws {
        let wall = WallTime(milliseconds: 1000)
        var opening = StayOpening(
            area: "main", lane: "north", plate: nil, reading: nil, holder: StayHolder(.temporary),
            recognisedAt: wall, passedAt: wall)
        let plain =
            #"{"area":"main","lane":"north","class":"temporary","recognised_at":1000,"passed_at":1000"#
        #expect(payload(.stay(.opened(opening))) == plain + "}")
        opening.clock = ClockStamp(moved: 7, doubt: 0)
        opening.isAtExit = true
        let text = plain + #","clock":{"moved_ms":7,"doubt_ms":0},"at_exit":true}"#
        #expect(payload(.stay(.opened(opening))) == text)
        #expect(try StayOpening(from: Fields(Array(text.utf8))) == opening)
        let exit = Stay.Exit(
            lane: "south", recognisedAt: wall, passedAt: wall, clock: ClockStamp(moved: -7))
        let written = FieldWriter.object(exit.write)
        #expect(
            String(decoding: written, as: UTF8.self)
                == #"{"lane":"south","recognised_at":1000,"passed_at":1000,"clock":{"moved_ms":-7}}"#)
        #expect(try Stay.Exit(from: Fields(written)) == exit)
    }

    @Test func `in doubt a stamp says how far the clock was moved since it was believed`() throws {
        var clock = ClockHistory()
        clock.take(moved: 5000)
        #expect(clock.stamp(.doubtful) == ClockStamp(moved: 5000, doubt: 5000))
        #expect(clock.stamp(.holdover) == ClockStamp(moved: 5000))
        clock.note(.doubtful)
        #expect(clock.stamp(.doubtful).doubt == 5000)
        clock.note(.synchronised)
        #expect(clock.stamp(.doubtful).doubt == 0)
        let written = FieldWriter.object(clock.write)
        #expect(String(decoding: written, as: UTF8.self) == #"{"moved_ms":5000,"believed_ms":5000}"#)
        #expect(try ClockHistory(from: Fields(written)) == clock)
    }
}
