// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What `gatehouse check` prints after the issues: what each lane can know with its sensors, how long a
/// command may wait, and which statements of persons the plan rests on.
package struct CheckReport: Hashable, Sendable {
    package struct Lane: Hashable, Sendable {
        package var name: String
        /// `entry, closing by the controller, passages confirmed`
        package var summary: String
        /// One sentence for each sensor that is not there.
        package var costs: [String]
        /// `anti_crush confirmed by … on …`
        package var statements: [String]
    }

    package var lanes: [Lane]
    package var buses: [BusTiming]
    /// Where each camera that pushes has to push to: it is set in the camera.
    package var pushes: [String]
    /// Standing conditions that the installer accepted.
    package var notices: [String]

    init(_ draft: SiteDraft) {
        lanes =
            draft.lanes.filter(\.isComplete).map { Self.lane($0, draft) }
            + draft.walkways.filter(\.knowsArea).map(Self.walkway)
        buses = BusTiming.all(draft)
        let port = draft.plan.network.cameraListener.split(separator: ":").last ?? "8080"
        pushes = draft.devices.filter { $0.profile?.transport == .httpPush }.map {
            "camera \($0.name) has to push to http://GATEWAY:\(port)/camera/\($0.name)"
        }
        let inputs =
            draft.lanes.flatMap(\.inputs) + draft.walkways.flatMap(\.inputs)
            + [draft.fire?.input, draft.fire?.reset].compactMap { $0 }
        notices = inputs.filter { $0.isBrokenWireUnnoticed && $0.acceptsBrokenWire }.map {
            "\($0.field.path): broken_wire_unnoticed, accepted by the installer"
        }
        for device in draft.devices {
            guard let camera = device.through?.port.camera else { continue }
            notices.append("\(device.name): behind \(camera), so nobody will know whether it is there")
        }
        for device in draft.devices where device.ownListOutput != nil {
            notices.append("\(device.name): opens by its own list; such openings are recorded as by others")
        }
    }

    private static func lane(_ lane: LaneDraft, _ draft: SiteDraft) -> Lane {
        var statements: [String] = []
        if let statement = lane.antiCrush {
            statements.append("anti_crush confirmed by \(statement.confirmedBy) on \(statement.date)")
        }
        if let statement = lane.fireHardwired {
            statements.append("fire_hardwired confirmed by \(statement.confirmedBy) on \(statement.date)")
        }
        for output in lane.outputs where draft.device(output.terminal.device).profile?.kind == .camera {
            let camera = draft.device(output.terminal.device).name
            statements.append("opened by the answers to \(camera): an order waits until that camera asks")
            for card in draft.devices where card.through?.port.camera == camera {
                statements.append(
                    "and then up to 30 ms for the text of \(card.name), which the same answer carries")
            }
        }
        let kind = lane.plan.kind == .twoWay ? "two-way" : lane.plan.kind.rawValue
        let owner = lane.plan.closing == .gateway ? "the gateway" : "the \(lane.plan.closing.rawValue)"
        let last = lane.plan.isLastExit ? ", the only way out of its area" : ""
        return Lane(
            name: lane.name, summary: "\(kind), lowered by \(owner), passages \(certainty(lane))\(last)",
            costs: costs(lane), statements: statements)
    }

    private static func walkway(_ walkway: WalkwayDraft) -> Lane {
        var statements: [String] = []
        if let statement = walkway.freeExit {
            statements.append("free_exit confirmed by \(statement.confirmedBy) on \(statement.date)")
        }
        if let statement = walkway.fireHardwired {
            statements.append("fire_hardwired confirmed by \(statement.confirmedBy) on \(statement.date)")
        }
        let plan = walkway.plan
        let sees: [WalkwayInput] = plan.kind == .door ? [.doorContact] : [.passageIn, .passageOut]
        let certainty = sees.contains(where: plan.has) ? "confirmed" : "assumed"
        let escape = plan.isEscapeRoute ? ", an escape route" : ""
        let waits =
            plan.kind == .door
            ? "unlocked for \(plan.timers.unlock.planText), held after \(plan.timers.openMax.planText)"
            : "the unit locks by itself after \(plan.timers.unitTimeout.planText)"
        return Lane(
            name: walkway.name, summary: "\(plan.kind.rawValue) for people, passages \(certainty)\(escape)",
            costs: [waits], statements: statements)
    }

    /// lanes.md §1.2.
    private static func certainty(_ lane: LaneDraft) -> String {
        if lane.safety.isEmpty { return "assumed" }
        return lane.plan.presence == nil && lane.plan.clear == nil ? "single" : "confirmed"
    }

    /// lanes.md §1.1 and the end of §1.3.
    private static func costs(_ lane: LaneDraft) -> [String] {
        let plan = lane.plan
        var costs: [String] = []
        if plan.presence == nil {
            costs.append(
                "no presence: camera reads stand in for "
                    + "\(plan.timers.cameraPresence.planText), every request says so; turning back cannot be seen"
            )
        }
        if lane.safety.isEmpty {
            costs.append("no safety: the gateway never sends close; every passage is assumed")
        }
        if plan.clear == nil {
            costs.append("no clear: direction, and two cars in one long signal, are known less well")
        }
        switch (plan.hasLimitUp, plan.hasLimitDown) {
        case (true, true): break
        case (true, false):
            costs.append(
                "no limit_down: the arm is taken for down \(plan.timers.moveDown.planText) after it began to lower; "
                    + "openings by fob are invisible and interlock is impossible")
        case (false, true):
            costs.append(
                "no limit_up: the arm is taken for up \(plan.timers.moveUp.planText) after the pulse")
        case (false, false):
            costs.append(
                "no limits: the arm's position is assumed by time; a stuck arm shows only in crossings that never come"
            )
        }
        if !plan.hasGuardButton {
            costs.append(
                "no guard_button: a button parallel on the controller is seen only through the limits")
        }
        if !plan.hasBoomBreak {
            costs.append("no boom_break: a lost arm is inferred when down never returns and crossings go on")
        }
        return costs
    }

    package var lines: [String] {
        var lines: [String] = []
        for lane in lanes {
            lines.append("lane \(lane.name): \(lane.summary)")
            lines += lane.costs.map { "  \($0)" }
            lines += lane.statements.map { "  \($0)" }
        }
        lines += buses.map(\.line)
        lines += pushes
        lines += notices.map { "notice: \($0)" }
        return lines
    }
}
