// SPDX-License-Identifier: Apache-2.0

/// One request with everything that was looked up for it once, before the rules are asked.
struct AccessCase {
    let request: AccessRequest
    let plan: AccessPolicyPlan
    let area: AreaPlan
    let situation: AccessSituation
    let now: Moment
    let reading: PlateReading?
    /// As read; a person's confirmation replaces it.
    let readPlate: Plate?
    let isPlateConfirmed: Bool
    /// What the decision is about: the read plate, or the look-alike taken for it.
    let plate: Plate?
    /// Of a person, who is asked for it alone.
    let card: Card?
    let match: PlateMatch?
    let candidates: [Decision.Candidate]
    let permits: PermitVerdict
    /// In force now, of the plate.
    let entries: [ListEntry]
    let household: Household?
    let stay: AccessSituation.OpenStay?
    let isBlocklistLookAlike: Bool
    /// Rows were last confirmed longer ago than the plan allows.
    let isStale: Bool

    init(
        _ request: AccessRequest, plan: AccessPolicyPlan, zone: ZoneRules, area: AreaPlan,
        directory: Directory, situation: AccessSituation, at now: Moment
    ) {
        self.request = request
        self.plan = plan
        self.area = area
        self.situation = situation
        self.now = now
        reading = request.read?.reading
        var confirmed: Plate?
        if case .confirm(as: let plate?) = situation.operatorCommand { confirmed = plate }
        isPlateConfirmed = confirmed != nil
        readPlate = confirmed ?? reading?.plate
        let search = LookAlikeSearch(
            readPlate, color: isPlateConfirmed ? .unknown : reading?.color ?? .unknown, request: request,
            plan: plan, directory: directory, situation: situation, at: now)
        match = search.match
        candidates = search.candidates
        isBlocklistLookAlike = search.isBlocklistLookAlike
        let plate = search.taken ?? readPlate
        self.plate = plate
        card = request.card
        let credential = request.card.map(Credential.card) ?? plate.map(Credential.plate)
        permits = PermitVerdict(
            credential.map { directory.permits(for: $0) } ?? [], area: area.name,
            direction: request.direction,
            plan: plan, zone: zone, carsInside: situation.carsInside, visits: situation.visits,
            directory: directory, at: now)
        entries = plate.map { directory.listEntries(for: $0).filter { $0.isInForce(at: now.wall) } } ?? []
        stay = situation.openStays.filter { $0.plate == plate }.max { $0.id < $1.id }
        // A visitor takes none of its host's spaces.
        let own = permits.carrier.flatMap { $0.visit == nil ? $0.household : nil }
        household = (own ?? stay?.household).flatMap { directory.household($0) }
        isStale = directory.confirmedAt.map { now.wall - $0 > plan.staleAfter } ?? false
    }

    var isEntry: Bool { request.direction == .in }

    /// On foot: nobody counts spaces, stays or money.
    var isPerson: Bool { card != nil }

    /// Without a right of their own vehicles may enter as temporary ones; a person is let in by a right or by a hand.
    var admitsStrangers: Bool { plan.admitsTemporary && !isPerson }

    /// On duty by its plate's class, or by name.
    var isEmergency: Bool {
        reading?.isEmergency(among: plan.emergencyKinds) ?? false || emergencyEntry != nil
    }

    /// Never of a look-alike: that is not the vehicle that somebody answered for.
    var emergencyEntry: ListEntry? { isFuzzy ? nil : entry(.emergency) }

    /// Nothing may ever be refused to it, or it kept, for money (architecture §14): it has a permit in force,
    /// came in on one, or stands on the allowlist. Not so a visitor, who is a temporary vehicle beyond its pass.
    var isHousehold: Bool {
        let cameOnPermit = stay?.permit != nil && stay?.vehicleClass != .visitor
        return isPerson || permits.isHouseholds || entry(.allow) != nil || stay?.household != nil
            || cameOnPermit || stay?.vehicleClass == .allowlist
    }

    /// Of the stay that it is about.
    var payment: AccessSituation.Payment { stay.flatMap { situation.payments[$0.id] } ?? .none }

    /// Enters without a right of its own; a visitor finds no place that is kept for residents.
    var isTemporary: Bool { permits.usable.map { $0.visit != nil } ?? true || isBeyondQuota }

    func entry(_ list: ListEntry.List) -> ListEntry? { entries.first { $0.list == list } }

    /// The entry that refuses most.
    var blockEntry: ListEntry? {
        entries.first { $0.list == .block && $0.variant == .denyBoth } ?? entry(.block)
    }

    /// Cars that have a space of the household, this one not counted.
    var householdInside: Int {
        guard let id = household?.id else { return 0 }
        let own = stay.map { $0.household == id && $0.takesSpace } ?? false
        return max(0, (situation.carsInside[id] ?? 0) - (own ? 1 : 0))
    }

    var isBeyondQuota: Bool {
        guard !isPerson, permits.usable?.household != nil, permits.usable?.visit == nil,
            let spaces = household?.spaces
        else { return false }
        return householdInside >= spaces
    }

    /// nil: the area is not counted against.
    var freeSpaces: Int? {
        isPerson ? nil : area.capacity.map { max(0, $0 - max(0, situation.occupancy)) }
    }

    /// The look-alike was taken for the read.
    var isFuzzy: Bool { plate != readPlate }

    var flags: [DecisionFlag] {
        let conditions: [(DecisionFlag, Bool)] = [
            (.watchlist, entry(.watch) != nil), (.staleRules, isStale),
            (.clockUntrusted, now.quality == .doubtful), (.fuzzyMatch, isFuzzy),
            (.cloneHint, request.hasCloneHint), (.presenceAssumed, !request.isPresenceConfirmed),
            (.alreadyInside, isEntry && stay?.isCountedInside == true),
            (.colorContradiction, reading?.hasColorContradiction ?? false),
            (.blocklistLookAlike, isBlocklistLookAlike), (.drill, situation.isDrill),
            (.storeUnavailable, !situation.isStoreAvailable),
        ]
        return conditions.filter(\.1).map(\.0).sorted()
    }
}
