// SPDX-License-Identifier: Apache-2.0

/// While a fault of the uplink stands nobody upstream hears of it, nor of anything else that goes wrong here: then a lamp
/// at the pole says so, or the text of a board where nobody is. The uplink waits a minute before it calls a link lost, so
/// neither flickers with a link that does.
extension Site {
    /// What comes of it goes out as any lamp does: the last of what waits for a board, and nothing waits for it.
    mutating func signalLink(_ out: inout Effects) {
        let isDown = memory.faults.inOrder.contains { $0.value.subject == SiteService.uplink.rawValue }
        guard isDown != isLinkDown else { return }
        isLinkDown = isDown
        for index in 0..<plan.laneCount { lightLinkLamp(at: LaneID(index), &out) }
    }

    mutating func lightLinkLamp(at lane: LaneID, _ out: inout Effects) {
        command(lane, .linkLamp, isLinkDown ? .on : .off, .safety, .seconds(5), .lamp, &out)
    }

    /// Somebody at a pole may see that the link is down.
    var isLinkSignalled: Bool {
        isLinkDown && (plan.uplink?.showsOffline == true || plan.outputs.contains { $0.output == .linkLamp })
    }
}
