// SPDX-License-Identifier: Apache-2.0
import GatehouseCore

extension LaneHarness {
    /// A lane brought into a phase the way a site would bring it there. Effects so far are forgotten.
    static func at(_ phase: LanePhase, _ plan: LanePlan = .entryWithAll) -> LaneHarness {
        var lane = LaneHarness(plan)
        if phase == .starting {
            lane.send(.started(.quiet))
            lane.forget()
            return lane
        }
        lane.start()
        lane.drive(to: phase)
        lane.forget()
        return lane
    }

    private mutating func drive(to phase: LanePhase) {
        switch phase {
        case .starting, .clear: break
        case .present: settle(.presence, .on)
        case .waiting:
            answer = { LaneHarness.pay($0) }
            settle(.presence, .on)
            read()
            answer = { LaneHarness.grant($0) }
        case .refused:
            answer = { LaneHarness.deny($0) }
            settle(.presence, .on)
            read()
            answer = { LaneHarness.grant($0) }
        case .heldClosed: person(.holdClosed(until: nil))
        case .opening:
            settle(.presence, .on)
            read()
            set(.limitDown, .off)
            advance(.milliseconds(60))
        case .open: openForVehicle()
        case .passing:
            openForVehicle()
            set(.safety(0), .on)
            advance(.milliseconds(100))
        case .clearing:
            openForVehicle()
            passThrough()
        case .closing:
            openForVehicle()
            passThrough()
            advance(.seconds(6))
            set(.limitUp, .off)
            advance(.milliseconds(60))
        case .heldOpen:
            person(.holdOpen(until: nil))
            raise()
        case .fire:
            send(.fire(.on, since: now.uptime))
            advance(.milliseconds(100))
            raise()
        case .fault(let kind): drive(to: kind)
        }
    }

    private mutating func drive(to kind: LaneFaultKind) {
        switch kind {
        case .arm:
            settle(.presence, .on)
            read()
            advance(.seconds(4))
        case .down:
            openForVehicle()
            passThrough()
            advance(.seconds(60))
        case .lost:
            set(.boomBreak, .on)
            advance(.milliseconds(110))
        case .safety:
            openForVehicle()
            set(.safety(0), .on)
            advance(.milliseconds(500))
            set(.presence, .off)
            set(.safety(0), .unknown)
            advance(.seconds(11))
        case .output: send(.fault(.outputs, isRaised: true))
        }
    }
}
