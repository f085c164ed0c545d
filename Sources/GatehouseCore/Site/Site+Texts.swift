// SPDX-License-Identifier: Apache-2.0

/// What lanes show, with what only the site knows: free places, and whether upstream hears.
extension Site {
    mutating func show(_ text: LaneText, at lane: LaneID, _ out: inout Effects) {
        var text = text
        text.free = freePlaces(at: lane, showing: text)
        text.isOffline = isOffline(text)
        text.charge = charge(at: lane, showing: text)
        texts[lane.index] = text
        out.effects.append(.show(lane, text))
    }

    /// A number on a board that stood there before the last passage is wrong.
    mutating func refreshTexts(_ out: inout Effects) {
        for lane in routes.shownLanes {
            let text = texts[lane.index]
            let isOld =
                text.free != freePlaces(at: lane, showing: text) || text.isOffline != isOffline(text)
            if isOld { show(text, at: lane, &out) }
        }
    }

    private func isOffline(_ text: LaneText) -> Bool {
        isLinkDown && text.key == .idle && plan.uplink?.showsOffline == true
    }

    /// Of the vehicle whose plate is shown.
    private func charge(at lane: LaneID, showing text: LaneText) -> ShownCharge? {
        guard [.pay, .paid, .goodbye].contains(text.key), let plate = text.plate,
            let stay = memory.stays.stay(of: plate), let quote = memory.money.account(of: stay.id).quote,
            quote.lane == plan.name(of: lane),
            let edition = plan.pricing?.edition(entry: stay.opening.passedAt.second, exit: quote.computedAt)
        else { return nil }
        let seconds = quote.computedAt - stay.opening.passedAt.second
        return ShownCharge(
            due: quote.due, currency: edition.tariff.currency, minutes: Int(clamping: max(0, seconds) / 60),
            freeBy: quote.freeBy)
    }

    /// Nil where nobody reads it, and in areas that are not counted.
    private func freePlaces(at lane: LaneID, showing text: LaneText) -> Int? {
        guard text.key == .idle, routes.shownLanes.contains(lane) else { return nil }
        let area = plan.areas[plan.lanes[lane.index].area.index]
        return area.capacity.map { memory.stays.count(of: area.name).free(of: $0) }
    }
}
