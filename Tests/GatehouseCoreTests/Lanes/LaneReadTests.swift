// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// To which of two vehicles a read belongs (lanes.md §7.1).
struct LaneReadTests {
    /// The first vehicle has passed; another stands on presence since a moment ago.
    private func behindAnother() -> LaneHarness {
        var lane = LaneHarness.at(.clearing)
        lane.advance(.milliseconds(200))
        lane.settle(.presence, .on)
        lane.forget()
        return lane
    }

    @Test func `H-36 a late picture of the vehicle that has gone does not speak for the next one`() {
        var lane = behindAnother()
        lane.read(1, age: .seconds(2))
        #expect(lane.decisions.isEmpty)
        #expect(lane.notes == [.duplicateRead])
        #expect(lane.opens == 0)
        lane.read(2)
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(2)])
    }

    @Test func `H-36 the rear camera's read of the vehicle that has gone does not speak for the next one`() {
        var lane = behindAnother()
        lane.read(1, role: .rear)
        #expect(lane.decisions.isEmpty)
        #expect(lane.opens == 0)
    }

    @Test func `H-36 a misread of the vehicle that has gone is no vote for the next one`() throws {
        var lane = behindAnother()
        lane.read(try #require(Plate("沪A1111L")), known: false, age: .seconds(2))
        lane.advance(.seconds(1))
        #expect(lane.decisions.isEmpty)
    }

    @Test func `the same plate read anew of the next vehicle is decided, with a hint of a clone`() {
        var lane = behindAnother()
        var hints: [Bool] = []
        lane.answer = {
            hints.append($0.hasCloneHint)
            return LaneHarness.grant($0)
        }
        lane.read(1)
        #expect(lane.decisions.count == 1)
        #expect(hints == [true])
    }

    @Test func `H-36 the vehicle under the arm is not read as the one behind its follower`() {
        var lane = LaneHarness.at(.passing)
        lane.settle(.presence, .off)
        lane.settle(.presence, .on)
        lane.read(2)
        lane.forget()
        var asked: [Plate?] = []
        lane.answer = {
            asked.append($0.read?.reading.plate)
            return LaneHarness.grant($0)
        }
        lane.read(1, role: .rear)
        lane.set(.clear, .on)
        lane.advance(.milliseconds(200))
        lane.set(.safety(0), .off)
        lane.advance(.milliseconds(700))
        lane.set(.clear, .off)
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.settle(.presence, .off)
        lane.settle(.presence, .on)
        #expect(!asked.contains(LaneHarness.plate(1)))
    }

    @Test func `a look-alike that is known itself does not take the place of a known vehicle's grant`() throws
    {
        let other = try #require(Plate("沪A1111L"))
        var lane = LaneHarness.at(.present)
        lane.read(1, confidence: 86)
        lane.forget()
        lane.read(other, confidence: 99, known: true)
        #expect(lane.decisions.isEmpty)
        #expect(!lane.notes.contains(.plateCorrected))
        #expect(lane.lane.status(at: lane.now).granted == [LaneHarness.plate(1)])
    }
}
