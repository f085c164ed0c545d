// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// An old read decides about nobody but the vehicle that was read (lanes.md n3).
struct LaneReadLifeTests {
    private static let reasons: [ReconsiderReason] = [
        .directory, .interlock, .token, .payment, .confirmed, .refused, .hold,
    ]

    /// Lets in the plate that was read first, and nobody else.
    private func lettingInTheFirst(_ request: AccessRequest) -> Decision {
        request.read?.reading.plate == LaneHarness.plate(1)
            ? LaneHarness.grant(request) : LaneHarness.deny(request)
    }

    private func payingExit(presence: SensorKind? = .loop) -> LaneHarness {
        var lane = LaneHarness.ready(.controlled(.exit).with { $0.presence = presence })
        lane.answer = { LaneHarness.pay($0) }
        if presence != nil { lane.settle(.presence, .on) }
        lane.read(1)
        lane.answer = { LaneHarness.grant($0) }
        lane.forget()
        return lane
    }

    // MARK: Who wants in

    @Test(arguments: reasons)
    func `H-18 a refused vehicle's plate of minutes ago lets nobody in, whatever changed`(
        _ reason: ReconsiderReason
    ) {
        var lane = LaneHarness.at(.refused)
        lane.advance(.seconds(130))
        lane.forget()
        lane.send(.reconsider(reason))
        #expect(lane.opens == 0)
        #expect(lane.decisions.isEmpty)
        #expect(lane.phase == .refused)
        #expect(lane.triggers == 1, "the camera is asked who stands there")
        lane.read(1)
        #expect(lane.opens == 1)
    }

    @Test func `H-18 under a loop that never falls the next vehicle is judged by its own plate`() {
        var lane = LaneHarness.at(.refused)
        lane.answer = lettingInTheFirst
        lane.advance(.seconds(600))
        lane.forget()
        lane.send(.reconsider(.directory))
        lane.read(2)
        #expect(lane.opens == 0)
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(2)])
    }

    @Test func `a vehicle that is still seen, or was read a while ago under a sound loop, goes at once`() {
        var lane = LaneHarness.at(.refused)
        lane.advance(.seconds(110))
        lane.send(.reconsider(.directory))
        #expect(lane.opens == 1)
        var seen = LaneHarness.at(.refused)
        seen.answer = { LaneHarness.deny($0) }
        for _ in 0..<20 {
            seen.advance(.seconds(10))
            seen.read(1)
        }
        seen.answer = { LaneHarness.grant($0) }
        seen.send(.reconsider(.directory))
        #expect(seen.opens == 1)
    }

    @Test func `a loop that was silent meanwhile vouches for nobody until the next read`() {
        var lane = LaneHarness.at(.waiting)
        lane.set(.presence, .unknown)
        lane.advance(.seconds(5))
        lane.settle(.presence, .on)
        lane.advance(.seconds(15))
        lane.send(.reconsider(.directory))
        #expect(lane.opens == 0)
        #expect(lane.phase == .waiting)
        #expect(lane.triggers == 1)
        lane.read(1)
        #expect(lane.opens == 1)
        // Read again since, it is watched without a break.
        var read = LaneHarness.at(.refused)
        read.set(.presence, .unknown)
        read.advance(.seconds(5))
        read.settle(.presence, .on)
        read.read(1)
        read.advance(.seconds(60))
        read.send(.reconsider(.directory))
        #expect(read.opens == 1)
    }

    @Test func `where the camera is dark a person is called to look`() {
        var lane = LaneHarness.at(.refused)
        lane.send(.fault(.camera, isRaised: true))
        lane.advance(.seconds(130))
        lane.forget()
        lane.send(.reconsider(.directory))
        #expect(lane.opens == 0)
        #expect(lane.triggers == 0)
        #expect(lane.effects.contains(.callGuard("camera_lost")))
    }

    @Test func `with reads alone the plate is good for camera_presence`() {
        for (later, opens) in [(Duration.seconds(2), 1), (.seconds(8), 0)] {
            var lane = LaneHarness.ready(.controlled().with { $0.presence = nil })
            lane.answer = { LaneHarness.pay($0) }
            lane.read(1)
            lane.advance(.seconds(10))
            // Somebody is there still, too badly read to be asked about.
            lane.read(2, confidence: 50)
            lane.advance(later)
            lane.answer = lettingInTheFirst
            lane.forget()
            lane.send(.reconsider(.directory))
            #expect(lane.opens == opens, "\(later)")
        }
    }

    // MARK: Who wants out

    @Test func `n3 money that comes as the vehicle leaves opens nothing, and opens when it is there again`() {
        var lane = payingExit()
        lane.settle(.presence, .off)
        lane.send(.reconsider(.payment))
        #expect(lane.opens == 0)
        #expect(lane.phase == .waiting)
        var gone = lane
        gone.advance(.seconds(3))
        #expect(gone.phase == .clear)
        #expect(gone.opens == 0)
        lane.settle(.presence, .on)
        #expect(lane.opens == 1)
    }

    @Test func `n3 who stands at the exit and has paid goes, however long ago it was read`() {
        var lane = payingExit()
        lane.advance(.seconds(500))
        lane.send(.reconsider(.payment))
        #expect(lane.opens == 1)
        var silent = payingExit()
        silent.advance(.seconds(100))
        silent.set(.presence, .unknown)
        silent.advance(.seconds(10))
        silent.send(.reconsider(.payment))
        #expect(silent.opens == 1)
    }

    @Test func `n3 with reads alone another vehicle does not go for the money of the one before`() {
        var lane = payingExit(presence: nil)
        lane.advance(.seconds(10))
        lane.read(2, confidence: 50)
        lane.advance(.seconds(10))
        lane.forget()
        lane.send(.reconsider(.payment))
        #expect(lane.opens == 0)
        #expect(lane.triggers == 1)
        lane.read(1)
        #expect(lane.opens == 1, "it had not gone")
    }

    @Test func `n3 a picture without a plate speaks against nobody who has paid`() {
        var lane = payingExit(presence: nil)
        lane.advance(.seconds(10))
        lane.readNoPlate(confidence: 50)
        lane.advance(.seconds(10))
        lane.send(.reconsider(.payment))
        #expect(lane.opens == 1)
    }
}
