// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// When what breaks, and for how long. All of it is whole again when the quiet tail begins.
extension Simulation {
    func planFaults() {
        for kind in FaultKind.allCases where kind.isInjected && mix.has(kind) {
            agenda.plan(.fault(kind), at: now + first(kind))
        }
    }

    private func first(_ kind: FaultKind) -> Duration {
        if kind.isOfFeet { return crowd.milliseconds(300_000...3_600_000) }
        if kind.hasOwnStream { return screens.milliseconds(300_000...3_600_000) }
        return mishap.milliseconds(600_000...14_400_000)
    }

    private func again(_ kind: FaultKind) {
        var after = Duration.zero
        if kind.isOfFeet {
            after = crowd.milliseconds(300_000...5_400_000)
        } else if kind.hasOwnStream {
            after = screens.milliseconds(300_000...7_200_000)
        } else {
            after = mishap.milliseconds(900_000...18_000_000) * (3 * options.pace - 2)
        }
        agenda.plan(.fault(kind), at: now + after)
    }

    func strike(_ kind: FaultKind) {
        guard now < faultsEnd + .seconds(-60) else { return }
        again(kind)
        if kind.isOfFeet { return inflict(kind, way: crowd.below(ways.count)) }
        if kind.isOfOpeners { return inflict(kind, answering: screens.below(cameras.count)) }
        if kind.isOfDisplays { return inflict(kind, sign: screens.below(signs.count)) }
        inflict(kind, gate: mishap.below(gates.count))
    }

    func inflict(_ kind: FaultKind, gate: Int) {
        if kind.isOfDisplays { return inflict(kind, sign: gate) }
        if kind.isOfOpeners { return inflict(kind, answering: gate) }
        let room = faultsEnd - now
        func lasting(_ range: ClosedRange<Int>) -> Uptime { now + min(room, mishap.milliseconds(range)) }
        say("fault", at: gate, kind.rawValue)
        checkers.troubled(gate: gate, kind, at: now)
        switch kind {
        case .boardMute:
            if mishap.chance(1, in: 2) {
                gates[gate].board.faults.isMute = true
            } else {
                gates[gate].board.faults.isDeaf = true
            }
            agenda.plan(.heal(kind, gate: gate), at: lasting(300...120_000))
        case .boardGarbled:
            gates[gate].board.faults.corruptsReplies = true
            agenda.plan(.heal(kind, gate: gate), at: lasting(200...60_000))
        case .boardRestart:
            // Board and detectors share a supply that is gone for seconds.
            gates[gate].board.restart(at: now)
            checkers.poweredUp(gate)
            gates[gate].board.faults.isDeaf = true
            agenda.plan(.heal(kind, gate: gate), at: lasting(2500...8000))
        case .inputStuckOn, .inputStuckOff:
            let channel = 1 + mishap.below(6)
            let isNormallyClosed = channel == Estate.Input.safety
            gates[gate].fault.stuck = (channel, (kind == .inputStuckOn) != isNormallyClosed)
            agenda.plan(.heal(kind, gate: gate), at: lasting(60_000...3_600_000))
        case .relayWelded:
            gates[gate].fault.willWeld = true
            agenda.plan(.heal(kind, gate: gate), at: lasting(60_000...1_200_000))
        case .cameraSilent:
            silentCameras.insert(gate)
            gates[gate].fault.isOpenerShaky = answering[gate] != nil
            agenda.plan(.heal(kind, gate: gate), at: lasting(60_000...3_600_000))
        case .cameraClock:
            cameras[gate].clockError = .seconds(mishap.below(7200) - 3600)
            agenda.plan(.heal(kind, gate: gate), at: lasting(600_000...7_200_000))
        case .diskFails, .diskStalls, .diskFull, .diskDoubt: strikeDisk(kind, until: lasting(2000...240_000))
        case .powerCut: crash(power: true)
        case .kill: crash(power: false)
        case .engineStall:
            let until = now + mishap.milliseconds(50...1500)
            gateway?.stalledUntil = until
            agenda.plan(.resumed, at: until)
        case .uplinkDark, .uplinkFlaps, .uplinkRefuses:
            strikeUplink(kind)
            agenda.plan(.heal(kind, gate: gate), at: lasting(10_000...14_400_000))
        case .clockStep: clockOffset += .seconds(mishap.below(4000) - 2000)
        default: strikePeople(kind, gate)
        }
        stir(gate)
    }

    private func strikeUplink(_ kind: FaultKind) {
        switch kind {
        case .uplinkDark: upstream.isDark = true
        case .uplinkRefuses: upstream.refuses = true
        default: upstream.cutsPerHundred = 1 + line.below(40)
        }
    }

    private func strikeDisk(_ kind: FaultKind, until: Uptime) {
        let until = kind == .diskStalls ? min(until, now + .seconds(20)) : until
        checkers.store(takesRecords: false, at: now)
        switch kind {
        case .diskStalls: disk.trouble = .stalls(until: until)
        case .diskFull: disk.trouble = .fails(.diskFull)
        case .diskDoubt: disk.trouble = .doubts
        default: disk.trouble = .fails(.failed("disk I/O error"))
        }
        agenda.plan(.heal(kind, gate: 0), at: until)
    }

    private func strikePeople(_ kind: FaultKind, _ gate: Int) {
        switch kind {
        case .fire:
            isFireOn = true
            checkers.fire(isOn: true, at: now)
            agenda.plan(
                .heal(.fire, gate: gate), at: min(faultsEnd, now + mishap.milliseconds(1000...900_000)))
            stirFire()
        case .fob:
            checkers.fob(gate: gate, self, at: now)
            gates[gate].barrier.pressFob(at: now)
        case .guardButton:
            gates[gate].isButtonPressed = true
            agenda.plan(.buttonReleased(gate), at: now + mishap.milliseconds(200...5000))
        case .technician:
            let span = Duration.seconds(60 + mishap.below(1800))
            let choices: [LaneOrder.Action] = [
                .open, .close, .holdOpen(until: wall + span), .holdOpen(until: nil),
                .holdClosed(until: wall + span),
                .release, .emergency, .confirm, .refuse,
            ]
            order(LaneID(gate), mishap.pick(choices), isOnSite: mishap.chance(1, in: 2))
            agenda.plan(.order(LaneID(gate), .release, isOnSite: true), at: now + span)
        case .directoryChanges: changeDirectory()
        case .recount:
            // People miscount.
            let counted = mishap.chance(1, in: 2) ? checkers.trulyInside : mishap.below(Estate.capacity)
            operate(.stays([.recount(area: Estate.area, counted: counted)], reason: "counted"))
        default: break
        }
    }

    private func changeDirectory() {
        // A visitor's car gets a permit or stands on a list for a while; residents keep theirs.
        guard cars.count > Self.residents else { return }
        let car = cars[Self.residents + mishap.below(cars.count - Self.residents)]
        if mishap.chance(1, in: 2) {
            operate(.directory([.permitSet(Permit(id: 0, plate: car.plate))], reason: nil))
        } else {
            let entry = ListEntry(
                id: 0, list: .watch, plate: car.plate, effectiveFrom: wall,
                effectiveTo: wall + .seconds(7200),
                reason: "noise", author: "office")
            operate(.directory([.listEntrySet(entry)], reason: nil))
        }
    }

    func heal(_ kind: FaultKind, _ gate: Int) {
        say("heal", at: gate, kind.rawValue)
        switch kind {
        case .boardMute:
            gates[gate].board.faults.isMute = false
            gates[gate].board.faults.isDeaf = false
        case .boardRestart:
            gates[gate].board.faults.isDeaf = false
            gates[gate].road.retune(at: now)
        case .boardGarbled: gates[gate].board.faults.corruptsReplies = false
        case .inputStuckOn, .inputStuckOff: gates[gate].fault.stuck = nil
        case .relayWelded:
            gates[gate].fault.willWeld = false
            gates[gate].board.faults.welded = []
        case .cameraSilent:
            silentCameras.remove(gate)
            gates[gate].fault.isOpenerShaky = false
        case .cameraClock: cameras[gate].clockError = .zero
        case .diskFails, .diskStalls, .diskFull, .diskDoubt:
            disk.trouble = .none
            checkers.store(takesRecords: true, at: now)
        case .uplinkDark: upstream.isDark = false
        case .uplinkRefuses: upstream.refuses = false
        case .uplinkFlaps: upstream.cutsPerHundred = 0
        case .fire:
            isFireOn = false
            checkers.fire(isOn: false, at: now)
            stirFire()
            // Within a day nobody comes before its end; of many days each fire is cleared up after.
            if options.offlineDays != nil { planTidying(from: now + .seconds(900)) }
            for way in ways {
                agenda.plan(
                    .order(way.lane, .release, isOnSite: true),
                    at: now + crowd.milliseconds(10_000...600_000))
            }
        default: break
        }
        checkers.troubled(gate: gate, kind, at: now)
        stir(gate)
    }
}
