// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Sets of lanes of which one opens at a time (1.3-5).
struct InterlockRules {
    let draft: SiteDraft
    let log: IssueLog

    func judge() {
        for lane in draft.lanes where lane.interlock != nil {
            if !lane.plan.hasLimitDown, lane.fields["limit_down"] == nil {
                lane.error(
                    at: "interlock",
                    "an interlocked arm must be known to be down; limit_down is missing (H-33)",
                    hint: "wire limit_down: device.inN")
            }
        }
        for name in Set(draft.lanes.compactMap(\.interlock)).sorted() {
            let members = draft.lanes.filter { $0.interlock == name }
            if let only = members.first, members.count == 1 {
                only.error(at: "interlock", "the set \(name) has no other lane")
            }
        }
        for set in draft.interlocks { judge(set) }
    }

    private func judge(_ set: InterlockDraft) {
        guard draft.lanes.contains(where: { $0.interlock == set.name }) else {
            return set.field.error(
                "no lane names this set", hint: "write interlock: \(set.name) in its lanes")
        }
        guard set.isAirlock else {
            set.between?.error("nothing reads between without airlock: true", hint: "leave it out")
            return
        }
        guard let between = set.between else {
            return set.field.error(
                "an airlock needs a presence sensor between its arms (H-30)",
                hint: "write between: lane.clear, the role of the sensor that sees who stands there")
        }
        guard let text = between.raw(expecting: "lane.clear or lane.presence") else { return }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let lane = draft.lanes.first { $0.name == parts.first.map(String.init) && $0.interlock == set.name }
        guard parts.count == 2, let lane, let role = InterlockDraft.sensors[String(parts[1])], lane.has(role)
        else {
            return between.error("no such sensor in a lane of this set (H-30)", found: text)
        }
    }
}
