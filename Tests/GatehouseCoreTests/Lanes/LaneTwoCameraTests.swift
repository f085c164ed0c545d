// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// Two cameras of one lane: their reads make one vehicle, one decision and one passage (lanes.md §7.1).
struct LaneTwoCameraTests {
    /// The front camera took the vehicle for another; it has the arm up and drives through.
    private func misread() throws -> LaneHarness {
        var lane = LaneHarness.ready(.controlled())
        lane.settle(.presence, .on)
        lane.read(try #require(Plate("沪A1111L")), known: false)
        lane.advance(.seconds(1))
        lane.raise()
        #expect(lane.opens == 1)
        return lane
    }

    @Test func `two cameras that read the same decide at once, open once and make one passage`() {
        var lane = LaneHarness.ready(.controlled())
        lane.settle(.presence, .on)
        lane.read(1, confidence: 75, known: false, key: "left|1")
        #expect(lane.decisions.isEmpty)
        lane.read(1, confidence: 72, known: false, key: "right|1")
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(1)])
        lane.read(1, confidence: 99, known: false, key: "right|2")
        lane.raise()
        lane.passThrough()
        #expect(lane.opens == 1 && lane.decisions.count == 1)
        #expect(lane.passages.map(\.reading?.plate) == [LaneHarness.plate(1)])
    }

    @Test func `the better of two reads decides and the other one is on record beside it`() throws {
        var lane = LaneHarness.ready(.controlled())
        var asked: [AccessRequest] = []
        lane.answer = {
            asked.append($0)
            return LaneHarness.grant($0)
        }
        lane.settle(.presence, .on)
        lane.read(try #require(Plate("沪A1111L")), confidence: 80, known: false, key: "left|1")
        lane.read(1, confidence: 95, key: "right|1")
        #expect(asked.map(\.read?.reading.plate) == [LaneHarness.plate(1)])
        #expect(asked.first?.otherReads.count == 1)
    }

    @Test func `front before rear at equal confidence, and a rear read alone is one`() {
        for (front, rear) in [(1, 2), (2, 1)] as [(UInt64, UInt64)] {
            var lane = LaneHarness.ready(.controlled())
            lane.settle(.presence, .on)
            lane.read(rear, confidence: 80, known: false, role: .rear)
            lane.read(front, confidence: 80, known: false)
            lane.advance(.seconds(1))
            #expect(lane.decisions.first?.plate == LaneHarness.plate(front))
        }
        var lane = LaneHarness.ready(.controlled())
        lane.settle(.presence, .on)
        lane.read(3, confidence: 80, known: false, role: .rear)
        lane.advance(.seconds(1))
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(3)])
    }

    @Test func `front and rear of one vehicle are one passage`() {
        var lane = LaneHarness.ready(.controlled())
        lane.openForVehicle()
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.read(1, role: .rear)
        lane.passThrough()
        lane.read(1, role: .rear)
        lane.lower()
        lane.advance(.seconds(20))
        #expect(lane.opens == 1 && lane.decisions.count == 1 && lane.passages.count == 1)
        #expect(lane.passages.map(\.flags) == [[]])
    }

    @Test func `H-36 what the rear camera reads under the arm is not kept for the next vehicle`() throws {
        var lane = try misread()
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        // A resident whose plate the front camera missed; the next one is a stranger.
        lane.read(1, role: .rear)
        lane.passThrough()
        lane.forget()
        lane.settle(.presence, .on)
        lane.advance(.seconds(1))
        #expect(lane.decisions.isEmpty && lane.opens == 0)
        lane.read(2)
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(2)])
    }

    @Test func `H-36 what the rear camera reads of a vehicle that has left does not speak for the next one`()
        throws
    {
        var lane = try misread()
        lane.passThrough()
        lane.forget()
        lane.read(1, role: .rear)
        #expect(lane.notes == [.duplicateRead])
        lane.advance(.seconds(1))
        lane.settle(.presence, .on)
        lane.advance(.seconds(1))
        #expect(lane.decisions.isEmpty && lane.opens == 0)
        lane.read(2)
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(2)])
    }
}
