// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a lane offers to a guard is what it would do.
@Suite struct LaneOfferTests {
    private static let plans = [LanePlan.entryWithAll, .controlled(), .controlled(.exit)]

    private static func action(_ order: OfferedOrder) -> LaneOrder.Action {
        switch order {
        case .confirm: .confirm
        case .refuse: .refuse
        case .open: .open
        case .close: .close
        case .emergency: .emergency
        }
    }

    @Test(arguments: LanePhase.allPhases)
    func `in no phase is an offered order refused, nor one that would be taken kept back`(_ phase: LanePhase)
    {
        for plan in Self.plans where plan.closing == .gateway || phase == .clear || phase == .waiting {
            let lane = LaneHarness.at(phase, plan)
            let offered = lane.lane.status(at: lane.now).offered
            for order in OfferedOrder.allCases {
                var tried = lane
                tried.person(Self.action(order))
                let isRefused = tried.notes.contains(.orderRefused)
                #expect(!(isRefused && offered.contains(order)), "\(order) in \(phase)")
                // Opening what is open and rescuing twice are not refused, and nobody needs a button for them.
                guard order != .open, order != .emergency else { continue }
                #expect(isRefused != offered.contains(order), "\(order) in \(phase)")
            }
        }
    }

    @Test func `who waits for another arm cannot be confirmed, only refused`() throws {
        var lane = LaneHarness.at(.present)
        lane.answer = {
            Decision(verdict: .pending, reason: .interlockWait, rule: 14, plate: $0.read?.reading.plate)
        }
        lane.read()
        let status = lane.lane.status(at: lane.now)
        #expect(!status.offered.contains(.confirm) && status.offered.contains(.refuse))
        let waiting = try #require(status.waiting)
        #expect(
            waiting.reason == .interlockWait && waiting.verdict == .pending && waiting.read == Sequence(1))
    }

    @Test func `who waits names the stay that it would end and what would let it go`() throws {
        let lane = LaneHarness.at(.waiting)
        let waiting = try #require(lane.lane.status(at: lane.now).waiting)
        #expect(waiting.stay == Sequence(7) && waiting.waitsFor == "payment")
    }
}
