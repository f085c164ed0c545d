// SPDX-License-Identifier: Apache-2.0

/// From passages to stay facts, row by row of `lanes.md` §6.5.
extension StayBook {
    /// Facts in the order in which they are to be recorded and applied; `next` is the record of the first.
    package func facts(for passage: StayPassage, next: Sequence) -> [StayFact] {
        withUnderflows(passage.entersArea ? entering(passage, next) : leaving(passage))
    }

    private func entering(_ passage: StayPassage, _ next: Sequence) -> [StayFact] {
        var opening = passage.opening
        if opening.plate == nil { opening.plate = freeCode(from: next) }
        var facts: [StayFact] = []
        // The plate is outside by the proof of its being here: whatever stay it still had is over.
        if let plate = passage.plate, !plate.hasWildcard, let old = stay(of: plate) {
            if old.opening.isAtExit, old.exit == nil {
                facts.append(.closed(old.id, .cancelled, nil, flags: ["repeated_entry"], nil))
            } else if old.exit != nil {
                facts.append(.closed(old.id, .closed, old.exit, flags: ["repeated_entry"], nil))
            } else if old.isCountedInside, let exit = likelyExit(of: old) {
                facts.append(.matched(old.id, exit: exit, .repeatedEntry))
            } else {
                facts.append(.closed(old.id, .missedExit, nil, flags: ["repeated_entry"], nil))
            }
        }
        return facts + [.opened(opening)]
    }

    /// Six digits for a car without a plate: the last of its stay's number, so that the two are told apart by
    /// nobody; the next free ones while an older stay still has them.
    private func freeCode(from next: Sequence) -> Plate? {
        let start = Int(next.number % 1_000_000)
        for step in 0...stays.count {
            let code = Plate.temporaryCode((start + step) % 1_000_000)
            if let code, stay(of: code) == nil { return code }
        }
        return nil
    }

    /// The unmatched exit by which a vehicle that is back must have left: the nearest look-alike since its entry,
    /// else the oldest that nobody could read, since a later one may be needed for who came in later. Counted for
    /// itself as well, one vehicle would have left twice.
    private func likelyExit(of stay: Stay) -> Sequence? {
        guard let plate = stay.plate else { return nil }
        let since = unmatchedExits.inOrder.filter {
            $0.value.area == stay.opening.area && $0.value.exit.passedAt >= stay.opening.passedAt
        }
        let near = since.compactMap { number, exit -> (distance: Int, number: Sequence)? in
            guard let read = exit.plate else { return nil }
            let color = exit.exit.reading?.color ?? .unknown
            let distance = PlateLookAlike.distance(read: read, color: color, to: plate)
            return distance <= 2 * PlateLookAlike.other ? (distance, number) : nil
        }
        if let best = near.min(by: { ($0.distance, $1.number) < ($1.distance, $0.number) }) {
            return best.number
        }
        return since.first { $0.value.plate == nil }?.key
    }

    private func leaving(_ passage: StayPassage) -> [StayFact] {
        var exit = UnmatchedExit(
            area: passage.area, plate: passage.plate, exit: passage.exit, flags: passage.flags)
        guard let stay = stay(for: passage) else { return [.unmatchedExit(exit)] }
        guard stay.opening.isAtExit else { return [ending(stay, passage)] }
        exit.flags.append(UnmatchedExit.asked)
        return [ending(stay, passage), .unmatchedExit(exit)]
    }

    private func ending(_ stay: Stay, _ passage: StayPassage) -> StayFact {
        if passage.passage.isReverse {
            return .marked(stay.id, .suspectedLeft, passage.exit, flags: passage.flags)
        }
        switch passage.passage.cause {
        case .granted, .resumed, .held, .convoy, .unidentified, .free:
            return .closed(stay.id, .closed, passage.exit, flags: passage.flags, nil)
        case .manual, .unattributed:
            return .closed(stay.id, .releasedByHand, passage.exit, flags: passage.flags + ["review"], nil)
        case .ungranted:
            return .marked(stay.id, .suspectedLeft, passage.exit, flags: passage.flags)
        case .fire:
            return .marked(stay.id, .review, passage.exit, flags: passage.flags)
        }
    }

    /// The stay that the decision named, else the one of the plate; never a look-alike without a decision.
    private func stay(for passage: StayPassage) -> Stay? {
        if let id = passage.decision?.stay, let stay = stay(id) { return stay }
        return passage.plate.flatMap { stay(of: $0) }
    }

    /// Adds [countUnderflow] where a sum falls below zero: a car left that was never seen to come.
    func withUnderflows(_ facts: [StayFact]) -> [StayFact] {
        var changes: Table<String, Int> = Table()
        for fact in facts {
            guard let (area, change) = occupancyChange(by: fact) else { continue }
            changes[area, default: 0] += change
        }
        let underflows = changes.inOrder.compactMap { area, change -> StayFact? in
            let before = occupancy(of: area)
            guard before >= 0, before + change < 0 else { return nil }
            return .countUnderflow(area: area, occupancy: before + change)
        }
        return facts + underflows
    }

    private func occupancyChange(by fact: StayFact) -> (area: String, change: Int)? {
        switch fact {
        case .opened(let opening), .imported(let opening, _):
            return opening.isAtExit ? nil : (opening.area, 1)
        case .unmatchedExit(let exit): return (exit.area, -1)
        case .closed(let id, let state, let exit, _, _), .marked(let id, let state, let exit, _):
            guard let stay = stay(id) else { return nil }
            var after = stay
            after.state = state
            after.exit = exit
            let isPaper = state.isFinal && exit?.lane == nil
            if isPaper, let recount = count(of: stay.opening.area).recountedAt, id < recount { return nil }
            return (stay.opening.area, (after.isCountedInside ? 1 : 0) - (stay.isCountedInside ? 1 : 0))
        case .corrected, .claimed, .matched, .areaRecounted, .countUnderflow: return nil
        }
    }
}
