// SPDX-License-Identifier: Apache-2.0

/// A vehicle at an exit that nobody saw come in (`tariffs.md` §6.6).
extension Site {
    /// Opens an account for it where the tariff has an amount and no stay can be meant: it can be asked, pay and go without
    /// a guard. It is never counted inside. With a stay that may be its own a person decides first, and one that a right or
    /// a household lets out is not asked anything at all: no decision of it comes here.
    mutating func asksWithoutEntry(
        _ decision: Decision, _ request: AccessRequest, _ out: inout Effects
    ) -> Bool {
        guard decision.verdict == .pending, decision.reason == .noEntryRecord, decision.candidates.isEmpty,
            let reading = request.read?.reading, let plate = reading.plate, !plate.hasWildcard,
            hasPriceWithoutEntry(at: out.now.wall.second)
        else { return false }
        forgetWhoTurnedBack(at: request.lane, &out)
        let opening = StayOpening(
            area: plan.area(of: request.lane).name, lane: plan.name(of: request.lane), plate: plate,
            reading: reading, holder: StayHolder(.temporary), recognisedAt: out.now.wall,
            passedAt: out.now.wall, flags: ["no_entry_record"],
            clock: memory.clock.stamp(out.now.quality), isAtExit: true)
        record(stays: [.opened(opening)], &out)
        return memory.stays.stay(of: plate) != nil
    }

    /// Of a vehicle that waits to be let out: those of the decision, and those that its quote reckons with.
    func candidates(_ line: SiteStatus.LaneLine) -> [Decision.Candidate] {
        guard let waiting = line.waiting else { return [] }
        let decided = waiting.candidates.filter {
            $0.source == "stay" && $0.reference != waiting.stay?.number
        }
        let quoted = (line.quote?.entries ?? []).compactMap { entry -> Decision.Candidate? in
            guard !decided.contains(where: { $0.reference == entry.stay.number }),
                let plate = memory.stays.stay(entry.stay)?.plate
            else { return nil }
            let distance = waiting.plate.map {
                PlateLookAlike.distance(read: $0, color: .unknown, to: plate)
            }
            return Decision.Candidate(
                plate: plate, distance: distance ?? PlateLookAlike.never, source: "stay",
                reference: entry.stay.number)
        }
        return decided + quoted
    }

    private func hasPriceWithoutEntry(at now: Int64) -> Bool {
        guard let edition = plan.pricing?.edition(entry: nil, exit: now) else { return false }
        let charge = try? edition.tariff.price(StayFacts(entry: nil, exit: now), in: edition.zone)
        return charge?.due != nil
    }

    /// Whoever was asked at this exit before and neither waits nor passes has turned back.
    private mutating func forgetWhoTurnedBack(at lane: LaneID, _ out: inout Effects) {
        let name = plan.name(of: lane)
        let gone = memory.stays.atExit.filter { id in
            guard let stay = memory.stays.stay(id), stay.opening.lane == name, stay.exit == nil else {
                return false
            }
            let isHere = lanes.contains { lane in
                lane.waitingStay == id || lane.grants.contains { $0.decision?.stay == id }
            }
            return !isHere && memory.lanes[name]?.unfinishedGrant?.decision.stay != id
        }
        record(stays: gone.map { .closed($0, .cancelled, nil, flags: ["turned_back"], nil) }, &out)
    }
}
