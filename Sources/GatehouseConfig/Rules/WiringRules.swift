// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One terminal, one meaning (1.3-2, 1.3-4); how contacts are wired; modes of a board that act without us.
struct WiringRules {
    let draft: SiteDraft
    let log: IssueLog

    private struct Use {
        var terminal: Terminal
        var field: Field
        var lane: String?
        var what: String
    }

    func judge() {
        twice(inputUses, "in", "one input cannot be two things (H-17)")
        twice(outputUses, "out", "one output has one lane and one writer (H-12)")
        linkSignals()
        cameraOnce()
        displayOnce()
        readerOnce()
        for input in allInputs { wire(input) }
        for device in draft.devices where device.hasLinkedModes {
            device.field.log.add(
                at: device.field.mark, path: device.field.path,
                "this board's inputs may drive its outputs without the gateway (H-12)",
                hint: "switch the linked modes off at the board and write linked_modes: false")
        }
    }

    private var allInputs: [InputDraft] {
        draft.lanes.flatMap(\.inputs) + draft.walkways.flatMap(\.inputs)
            + [draft.fire?.input, draft.fire?.reset].compactMap { $0 }
    }

    private var inputUses: [Use] {
        allInputs.map { Use(terminal: $0.terminal, field: $0.field, what: $0.field.path) }
    }

    private var outputUses: [Use] {
        let wired = draft.lanes.flatMap { lane in
            lane.outputs.map {
                Use(terminal: $0.terminal, field: $0.field, lane: lane.name, what: $0.field.path)
            }
        }
        let people = draft.walkways.flatMap { walkway in
            walkway.outputs.map {
                Use(terminal: $0.terminal, field: $0.field, lane: walkway.name, what: $0.field.path)
            }
        }
        let autonomous = draft.devices.enumerated().compactMap { index, device in
            device.ownListOutput.map {
                Use(
                    terminal: Terminal(DeviceID(index), $0), field: device.field,
                    what: "\(device.field.path).own_list_opens")
            }
        }
        return autonomous + wired + people
    }

    private func twice(_ uses: [Use], _ prefix: String, _ message: String) {
        for (index, use) in uses.enumerated() {
            guard let first = uses[..<index].first(where: { $0.terminal == use.terminal }) else { continue }
            let name = "\(draft.device(use.terminal.device).name).\(prefix)\(use.terminal.channel)"
            let line = first.field.mark.map { " in line \($0.line)" } ?? ""
            use.field.error("it is \(first.what)\(line) already; \(message)", found: name)
        }
    }

    /// What would never say anything.
    private func linkSignals() {
        let lamps = (draft.lanes.flatMap(\.outputs) + draft.walkways.flatMap(\.outputs)).filter {
            $0.output == .linkLamp
        }
        if !draft.hasUplink {
            for lamp in lamps {
                lamp.field.error("no uplink, so there is no link to be down", hint: "leave link_lamp out")
            }
        } else if draft.plan.uplink?.showsOffline == true, draft.lanes.allSatisfy(\.displays.isEmpty) {
            log.add(
                .warning, at: nil, path: "uplink.show_offline", "no lane has a display to show it on",
                hint: "name one in a lane, or wire a lamp: link_lamp: relays.out8")
        }
    }

    private func cameraOnce() {
        var seen: [DeviceID: String] = [:]
        for lane in draft.lanes {
            for wire in lane.cameras {
                if let other = seen[wire.device], other != lane.name || lane.plan.kind != .twoWay {
                    let name = draft.device(wire.device).name
                    let key = lane.fields["camera"] == nil ? "cameras" : "camera"
                    lane.error(at: key, "\(name) looks at lane \(other) already; one camera, one lane (H-36)")
                }
                seen[wire.device] = lane.name
            }
        }
    }

    /// One text owner at a time (lanes.md 3.7): a card that two lanes write to shows neither.
    private func displayOnce() {
        var seen: [DeviceID: DisplayDraft] = [:]
        for display in draft.lanes.flatMap(\.displays) {
            if let first = seen[display.wire.device] {
                let lane = draft.lanes[first.wire.lane.index].name
                let line = first.field.mark.map { " in line \($0.line)" } ?? ""
                display.field.error(
                    "it shows the texts of lane \(lane)\(line) already; one display, one lane",
                    found: draft.device(display.wire.device).name)
            }
            seen[display.wire.device] = seen[display.wire.device] ?? display
        }
    }

    private func readerOnce() {
        var seen: [DeviceID: String] = [:]
        for walkway in draft.walkways {
            for wire in walkway.readers {
                let key = wire.direction == .in ? "reader_in" : "reader_out"
                if let other = seen[wire.device] {
                    let name = draft.device(wire.device).name
                    walkway.error(at: key, "\(name) serves \(other) already; one reader, one way")
                }
                seen[wire.device] = "\(walkway.name).\(key)"
            }
        }
    }

    private func wire(_ input: InputDraft) {
        guard input.isBrokenWireUnnoticed else { return }
        if input.acceptsBrokenWire {
            log.add(
                .notice, at: input.field.mark, path: input.field.path,
                "a cut wire reads as the harmless level here; accepted by the installer (H-11)")
        } else {
            let what = input.role.isFire ? "\"no fire\"" : "\"nobody under the arm\""
            input.field.error(
                "a cut wire of a normally open contact reads \(what) (H-11)",
                hint: "wire it normally closed, or write broken_wire_unnoticed: accepted")
        }
    }
}
