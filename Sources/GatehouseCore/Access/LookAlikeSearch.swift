// SPDX-License-Identifier: Apache-2.0

/// Which known vehicle a misread may have meant (`plates.md` §7, `access-rules.md` §5.3): at an entry among
/// permits and the allowlist, at an exit among the vehicles inside. Exact knowledge of the read plate ends
/// the search.
struct LookAlikeSearch {
    var match: PlateMatch?
    /// For people, nearest first, at most five.
    var candidates: [Decision.Candidate] = []
    /// Taken for the read without a person.
    var taken: Plate?
    var isBlocklistLookAlike = false

    init(
        _ read: Plate?, color: PlateColor, request: AccessRequest, plan: AccessPolicyPlan,
        directory: Directory, situation: AccessSituation, at now: Moment
    ) {
        guard let read, !read.isTemporaryCode else { return }
        let near = directory.candidates(near: read, color: color)
        isBlocklistLookAlike = near.contains { candidate in
            candidate.distance > 0 && candidate.distance <= PlateMatch.limit
                && Self.entry(.block, of: candidate.plate, in: directory, at: now) != nil
        }
        let isInside = situation.openStays.contains { $0.plate == read }
        guard plan.fuzzy != .off, !isInside, !directory.isKnown(read) else { return }
        let known: [Plate] =
            request.direction == .in
            ? near.map(\.plate).filter { Self.mayBeMeant($0, in: directory, situation.visits, at: now) }
            : situation.openStays.map(\.plate)
        let match = PlateMatch(read: read, color: color, known: known)
        self.match = match
        candidates = match.ranked.prefix(PlateMatch.shown).map { near in
            Self.candidate(near, directory: directory, situation: situation, request: request)
        }
        // A plate refused on sight is never taken for another's read, nor may the read be its own.
        let rivals = near.filter { Self.entry(.block, of: $0.plate, in: directory, at: now) != nil }
        let nearest = match.ranked.first?.distance ?? PlateLookAlike.never
        let isRivalled = rivals.contains { $0.distance < nearest + PlateMatch.margin }
        guard case .single(let plate) = match.outcome, plan.fuzzy == .autoIfSingle,
            (request.read?.confidence ?? 0) >= plan.fuzzyConfidence, request.direction == .out || !isRivalled
        else { return }
        taken = plate
    }

    /// Holds a right to enter: an ended permit would only turn a visitor into somebody's old car.
    private static func mayBeMeant(
        _ plate: Plate, in directory: Directory, _ visits: VisitEntries, at now: Moment
    ) -> Bool {
        directory.permits(for: plate).contains {
            !$0.isDenial && !$0.hasEnded(at: now.wall) && !visits.areUsedUp(of: $0)
        }
            || entry(.allow, of: plate, in: directory, at: now) != nil
    }

    private static func entry(
        _ list: ListEntry.List, of plate: Plate, in directory: Directory, at now: Moment
    ) -> ListEntry? {
        directory.listEntries(for: plate).first { $0.list == list && $0.isInForce(at: now.wall) }
    }

    private static func candidate(
        _ near: PlateMatch.Near, directory: Directory, situation: AccessSituation, request: AccessRequest
    ) -> Decision.Candidate {
        let stay = situation.openStays.filter { $0.plate == near.plate }.max { $0.id < $1.id }
        if request.direction == .out, let stay {
            return Decision.Candidate(
                plate: near.plate, distance: near.distance, source: "stay", reference: stay.id.number)
        }
        if let permit = directory.permits(for: near.plate).first {
            return Decision.Candidate(
                plate: near.plate, distance: near.distance, source: "permit", reference: permit.id)
        }
        return Decision.Candidate(
            plate: near.plate, distance: near.distance, source: "list",
            reference: directory.listEntries(for: near.plate).first?.id ?? 0)
    }
}
