// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `fire:`: the contact of the fire panel, the lanes that it releases and the reset on site.
struct FireSection {
    let devices: [DeviceDraft]
    /// Of all lanes, in the order of their numbers.
    let names: [String]

    func read(_ field: Field) -> FireDraft? {
        guard let reader = field.mapping() else { return nil }
        let inputs = InputReader(devices: devices)
        let input = reader.required("input", "the contact of the fire panel")
            .flatMap { inputs.read($0, as: .fire) }
        let reset = reader.optional("reset").flatMap { inputs.read($0, as: .fireReset) }
        let lanes = reader.optional("lanes").map(lanes) ?? allLanes
        reader.finish()
        return FireDraft(field: field, input: input, reset: reset, lanes: lanes)
    }

    private var allLanes: [LaneID] { names.indices.map { LaneID($0) } }

    private func lanes(_ field: Field) -> [LaneID] {
        if field.word == "all" { return allLanes }
        return field.oneOrMany().compactMap { element in
            guard let name = element.raw(expecting: "the name of a lane") else { return nil }
            if let index = names.firstIndex(of: name) { return LaneID(index) }
            let hint = nearest(to: name, among: names).map { "did you mean \($0)?" }
            element.error("no such lane", found: name, hint: hint ?? "use all or a list of lanes")
            return nil
        }
    }
}
