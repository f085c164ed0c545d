// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Draft to plan: the drafts' parts by index, and what follows from several lanes together.
enum PlanAssembly {
    static func complete(_ draft: inout SiteDraft) {
        draft.plan.devices = draft.devices.map {
            DevicePlan(
                name: $0.name, profile: $0.profile?.name ?? "", driver: $0.profile?.driver ?? "",
                address: $0.address, settings: $0.settings, line: $0.profile?.line ?? SerialLine(),
                through: $0.through?.port)
        }
        let sets = Set(draft.lanes.compactMap(\.interlock)).sorted()
        for index in draft.lanes.indices {
            draft.lanes[index].plan.isLastExit = isLastExit(draft.lanes[index], of: draft)
            draft.lanes[index].plan.interlockSet = draft.lanes[index].interlock.flatMap(sets.firstIndex)
        }
        draft.plan.lanes = draft.lanes.map(\.plan)
        draft.plan.walkways = draft.walkways.map(\.plan)
        draft.plan.airlocks = draft.interlocks.compactMap { airlock($0, of: draft, sets) }
        for (index, lane) in draft.lanes.enumerated() {
            let id = LaneID(index)
            draft.plan.inputs += lane.inputs.map { wire($0, lanes: [id]) }
            draft.plan.outputs += lane.outputs.map {
                OutputWire(terminal: $0.terminal, lane: id, output: $0.output)
            }
            draft.plan.cameras += lane.cameras
            draft.plan.displays += lane.displays.map(\.wire)
            if let scanner = lane.scanner { draft.plan.scanners.append(scanner.wire) }
            draft.plan.paymentCodes[id] = lane.paymentCode
        }
        for (index, walkway) in draft.walkways.enumerated() {
            let id = LaneID(draft.lanes.count + index)
            draft.plan.inputs += walkway.inputs.map { wire($0, lanes: [id]) }
            draft.plan.outputs += walkway.outputs.map {
                OutputWire(terminal: $0.terminal, lane: id, output: $0.output)
            }
            draft.plan.readers += walkway.readers
        }
        if let fire = draft.fire {
            draft.plan.inputs += [fire.input, fire.reset].compactMap { $0 }.map {
                wire($0, lanes: fire.lanes)
            }
        }
    }

    /// The only lane by which a vehicle can leave this area.
    static func isLastExit(_ lane: LaneDraft, of draft: SiteDraft) -> Bool {
        guard lane.plan.kind != .entry else { return false }
        return draft.lanes.filter {
            $0.plan.kind != .entry && $0.plan.area == lane.plan.area
        }.count == 1
    }

    private static func airlock(
        _ set: InterlockDraft, of draft: SiteDraft, _ sets: [String]
    ) -> AirlockPlan? {
        guard set.isAirlock, let number = sets.firstIndex(of: set.name),
            let parts = set.between?.word?.split(separator: "."), parts.count == 2,
            let lane = draft.lanes.firstIndex(where: { $0.name == parts[0] }),
            let sensor = InterlockDraft.sensors[String(parts[1])]
        else { return nil }
        return AirlockPlan(interlockSet: number, lane: LaneID(lane), sensor: sensor)
    }

    private static func wire(_ input: InputDraft, lanes: [LaneID]) -> InputWire {
        let meaning: InputWire.Meaning =
            switch input.role {
            case .lane(let role): .lane(lanes.first ?? LaneID(0), role)
            case .walkway(let role): .walkway(lanes.first ?? LaneID(0), role)
            case .fire: .fire(lanes)
            case .fireReset: .fireReset(lanes)
            }
        return InputWire(
            terminal: input.terminal, meaning: meaning, contact: input.contact, source: input.source,
            staleAfter: input.staleAfter, isBrokenWireUnnoticed: input.isBrokenWireUnnoticed)
    }
}

extension InputDraft {
    /// A cut wire reads as the harmless level of an input whose other level protects somebody.
    var isBrokenWireUnnoticed: Bool { contact == .normallyOpen && (role.isSafety || role.isFire) }
}
