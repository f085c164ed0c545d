// SPDX-License-Identifier: Apache-2.0

/// What follows from the state alone, said once per change: faults of inputs, the shared lane's token, the
/// alarm for an arm left open, lamps and the text.
extension Lane {
    mutating func keepUp() {
        // Fire does not wait for its timer's turn.
        if let due = fire.contact.due, due <= now.uptime { settleFire() }
        if phase != .starting { judgeInputs() }
        watchServed()
        watchOtherEnd()
        freeIfDone()
        watchOpenArm()
        showLamps()
        showText()
    }

    private mutating func judgeInputs() {
        let isFaulted = phase == .fault(.safety)
        setFault(.safetyUnknown, safety.isSilent)
        setFault(.safetySuspect, isFaulted && safety.isSuspect)
        setFault(.presenceUnknown, hasPresence && presenceLoop.reaction.level == .unknown)
        setFault(.limitsContradict, inputs.upIsDoubted || inputs.downIsDoubted)
        let silentLimit =
            plan.hasLimitUp && inputs.limitUp.level == .unknown
            || plan.hasLimitDown && inputs.limitDown.level == .unknown
        setFault(.limitUnknown, silentLimit)
    }

    /// What the first granted vehicle does while safety is silent, nobody sees.
    private mutating func watchServed() {
        guard safety.isSilent, position != .down, phase != .starting,
            let index = grants.firstIndex(where: { !$0.isCrossing })
        else { return }
        grants[index].wasUnseen = true
    }

    /// A shared lane is given back when the crossing is over and nobody is on any loop of it (§7.2, §7.3).
    private mutating func freeIfDone() {
        guard arm.claimed != nil, grants.isEmpty else { return }
        // A flooded or silent safety under an arm that is seen down keeps nobody out for ever (H-13, H-33).
        let isEmpty = sequencer.crossing == nil && safety.level == .off
        guard isEmpty || phase.isIdle && downLimit == .on else { return }
        if plan.kind == .twoWay {
            guard !sequencer.clearIsOfPassage, phase.isIdle || presenceLoop.reaction.level != .on else {
                return
            }
        }
        if plan.interlockSet != nil { guard position == .down else { return } }
        arm.claimed = nil
        emit(.free)
    }

    private mutating func watchOpenArm() {
        let isLeft =
            switch phase {
            case .open, .clearing, .closing, .fault: position != .down && safety.level != .on
            default: false
            }
        if !isLeft {
            stopTimer(.holdOpenAlarm)
        } else if timers.deadline(.holdOpenAlarm) == nil {
            startTimer(.holdOpenAlarm, after: plan.timers.holdOpenAlarm)
        }
    }

    private mutating func showLamps() {
        var wanted: Set<LaneOutput> = []
        // Nobody is waved towards a vehicle on duty.
        let isOpposed = hold?.going.map { $0 != heading } ?? false
        let isGo = phase == .open || phase == .heldOpen && !isOpposed
        wanted.insert(isGo ? .green : .red)
        if timers.deadline(.warnBeforeClose) != nil || (phase == .closing && plan.closing == .gateway) {
            wanted.insert(.warn)
        }
        for lamp in [LaneOutput.red, .green, .warn] where plan.outputs.contains(lamp) {
            let isOn = wanted.contains(lamp)
            guard isOn != lamps.contains(lamp) else { continue }
            if isOn { lamps.insert(lamp) } else { lamps.remove(lamp) }
            emit(
                .command(lamp, isOn ? .on : .off, .grant, life: Lane.lampLife, cause: .lamp))
        }
    }

    private mutating func showText() {
        let text = wantedText
        guard text != shown else { return }
        shown = text
        emit(.show(text))
    }

    /// One owner at a time: the vehicle nearest the arm (lanes.md 3.7).
    var wantedText: LaneText {
        switch phase {
        case .starting: return LaneText(.wait)
        case .fire: return LaneText(.fire)
        case .heldOpen: return LaneText(.laneOpen)
        case .heldClosed: return LaneText(.closed)
        case .fault: return LaneText(notice ?? .fault)
        case .opening, .open: return textForServed
        case .passing: return LaneText(notice ?? .dontFollow)
        case .clearing, .closing:
            if let notice { return LaneText(notice) }
            return LaneText(approach.isHere ? .dontFollow : .closing)
        case .clear: return LaneText(notice ?? .idle)
        case .present, .waiting, .refused: return textForLine
        }
    }

    private var textForServed: LaneText {
        guard let grant = served ?? grants.first else { return LaneText(.laneOpen) }
        let decision = grant.decision
        // A person's hand lets go whoever waits, and thanks nobody for a payment.
        let isPaid = decision?.verdict == .grant && decision?.reason == .paid
        let key: LaneTextKey = isPaid ? .paid : grant.direction == .in ? .welcome : .goodbye
        var text = LaneText(
            key, plate: grant.plate, daysLeft: decision?.daysLeft,
            isResident: decision?.permit != nil || decision?.isHousehold == true)
        text.isByHand = grant.isManual
        text.isInGrace = decision?.reason == .permitGrace
        text.quota = decision?.reason == .quotaAsTemporary ? .temporary : nil
        return text
    }

    private var textForLine: LaneText {
        if let notice = notice ?? approach.notice { return LaneText(notice) }
        guard let decision = approach.asked?.decision else { return LaneText(.wait) }
        let key: LaneTextKey =
            switch (decision.verdict, decision.reason) {
            case (.deny, .areaFull), (.deny, .quotaFull): .full
            case (.deny, .laneOutOfService): .closed
            case (.deny, _): .refused
            case (.pending, .paymentDue): .pay
            case (.pending, .opposingUse): .opposing
            case (.pending, .confirmNeeded) where approach.asked?.request.isContested == true: .back
            case (.pending, _), (.grant, _): .wait
            }
        let isAboutMoney = key == .pay || decision.reason == .zeroDue
        return LaneText(key, plate: isAboutMoney ? decision.plate : nil)
    }
}
