// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The ways for people. S9: who wants out gets out, and a resident gets in. S1: nothing stands open, and nobody breaks in,
/// without its record. S2: no bolt is thrown on an open door. S4: each passage is counted once. H-27: fire opens and keeps
/// open. L1: a refusal is shown, and a door that stands open for too long is reported. All of it as somebody sees it who
/// stands there; what is promised of equipment is asked of equipment that was whole for a while.
struct FootChecker {
    private struct Due {
        enum Kind: Equatable {
            case opens(TravelDirection), red, counts(TravelDirection, mustBeForced: Bool), forced
            /// Behind somebody who broke through it is an intrusion.
            case tailgated(behindForced: Bool)
        }

        var kind: Kind
        var deadline: Uptime
        var checker: String
        var what: String
    }

    private struct Passing {
        var direction: TravelDirection
        var at: Uptime
        var isRecorded = false
        /// Of it no record says that somebody was let through.
        var wasForced = false
    }

    private struct Place {
        var plan: WalkwayPlan
        /// When something last happened to the equipment, or somebody with authority spoke.
        var troubledAt = Uptime.zero
        var poweredAt: Uptime?
        var isWhole = true
        var isHeld = false
        var mayBurn = false
        var isKnownToBurn = false
        var dues: [Due] = []
        var passings: [Passing] = []
        /// By reader: the last card and when it was shown.
        var shown: [TravelDirection: (number: Int, at: Uptime)] = [:]
        var askedAt: Uptime?
        var pressedAt: Uptime?
        /// When the unit was last released that way.
        var releasedAt: [TravelDirection: Uptime] = [:]
        /// Outputs that are on, and since when.
        var on: [String: Uptime] = [:]
        var isRedOn = false
        var unlockEndedAt: Uptime?
        var leafSince: Uptime?
        var shutAt = Uptime.zero
        var wasForced = false
        var isHeldTold = false

        var isTurnstile: Bool { plan.kind == .turnstile }
    }

    /// After a repair a board is tried again at growing intervals.
    private static let calm = Duration.seconds(40)
    /// Debounce, a poll, the wait for the disk, the bus.
    private static let soon = Duration.milliseconds(1500)

    private var places: [Place]
    private var aliveSince: Uptime?
    private var fireSince: Uptime?
    private var fireOffSince: Uptime?
    private var counted: Set<Int64> = []
    private var lookedAt = Uptime.zero
    private(set) var wrong: (String, String)?

    init(_ plan: SitePlan) { places = plan.walkways.map { Place(plan: $0) } }

    private mutating func report(_ checker: String, _ what: String) {
        if wrong == nil { wrong = (checker, what) }
    }

    /// Since when everything there works and nobody has interfered; nil: it does not.
    private func quietSince(_ way: Int) -> Uptime? {
        guard let aliveSince, places[way].isWhole else { return nil }
        return max(aliveSince, places[way].troubledAt)
    }

    private func isCalm(_ way: Int, for span: Duration = calm, at now: Uptime) -> Bool {
        quietSince(way).map { now - $0 > span } ?? false
    }

    private func isOrdinary(_ way: Int, at now: Uptime) -> Bool {
        isCalm(way, at: now) && !places[way].isHeld && !places[way].mayBurn
    }

    // MARK: What happens to the equipment

    mutating func started(at now: Uptime) { aliveSince = now }

    mutating func crashed(at now: Uptime) {
        aliveSince = nil
        for way in places.indices { places[way].dues = [] }
    }

    mutating func troubled(_ way: Int, at now: Uptime) {
        guard places.indices.contains(way) else { return }
        places[way].troubledAt = now
        places[way].dues = []
    }

    mutating func everywhereTroubled(at now: Uptime) {
        for way in places.indices { troubled(way, at: now) }
    }

    mutating func condition(_ way: Int, isWhole: Bool) { places[way].isWhole = isWhole }

    mutating func powered(_ way: Int, at now: Uptime) {
        troubled(way, at: now)
        places[way].poweredAt = now
    }

    mutating func ordered(_ way: Int, _ action: LaneOrder.Action, isOnSite: Bool, at now: Uptime) {
        switch action {
        case .holdOpen, .holdClosed, .emergency: places[way].isHeld = true
        case .release where places[way].mayBurn:
            // It is about the fire; a hold that was given meanwhile stands on.
            if isOnSite { reset(way, at: now) }
        case .release:
            // With a silent board the fire contact is unknown, and the release is refused.
            if isCalm(way, at: now) { places[way].isHeld = false }
            if isOnSite { reset(way, at: now) }
        default: break
        }
        troubled(way, at: now)
        places[way].askedAt = now
    }

    mutating func fire(isOn: Bool, at now: Uptime) {
        if isOn, fireSince == nil || fireOffSince != nil { fireSince = now }
        fireOffSince = isOn ? nil : now
        for way in places.indices {
            if isOn {
                places[way].mayBurn = true
            } else if !places[way].isKnownToBurn {
                troubled(way, at: now)
            }
            places[way].dues = []
        }
    }

    mutating func fireReset(at now: Uptime) { for way in places.indices { reset(way, at: now) } }

    /// Effective for sure when the contact has been off for long and everything works; until then it may be.
    private mutating func reset(_ way: Int, at now: Uptime) {
        guard let fireOffSince, now - fireOffSince >= .seconds(2) else { return }
        places[way].isKnownToBurn = false
        if now - fireOffSince >= .seconds(3), isCalm(way, for: .seconds(5), at: now) {
            places[way].mayBurn = false
        }
        troubled(way, at: now)
    }

    // MARK: What people do

    mutating func shows(
        _ way: Int, _ number: Int, _ walker: Walker, reads: Bool, unit: any FootUnit, at now: Uptime
    ) {
        let direction = walker.direction
        let last = places[way].shown[direction]
        let isAlone = places[way].askedAt.map { now - $0 > .seconds(21) } ?? true
        places[way].shown[direction] = (number, now)
        places[way].askedAt = now
        // A contact is heard of at the next poll, a card at once: whoever shows one just after a button was pressed may be
        // the first.
        if places[way].isTurnstile, let pressed = places[way].pressedAt, now - pressed < .milliseconds(200) {
            let behind = now + servingBound(way)
            for index in places[way].dues.indices where places[way].dues[index].kind == .opens(.out) {
                places[way].dues[index].deadline = max(places[way].dues[index].deadline, behind)
            }
        }
        guard reads, isOrdinary(way, at: now),
            last.map({ $0.number != number || now - $0.at > .seconds(10) }) ?? true
        else { return }
        let isBusy = places[way].isTurnstile ? !isAlone : unit.isOpen(direction, at: now)
        guard !isBusy, wasShutFor(.seconds(1), way, at: now) else { return }
        if walker.right == .resident || direction == .out {
            expect(
                way, .opens(direction), within: Self.soon, "S9", "who shows a good card stays before it",
                at: now)
        } else if !places[way].isRedOn {
            expect(way, .red, within: Self.soon, "L1", "a card is refused and nothing says so", at: now)
        }
    }

    private func wasShutFor(_ span: Duration, _ way: Int, at now: Uptime) -> Bool {
        places[way].isTurnstile || places[way].leafSince == nil && now - places[way].shutAt > span
    }

    mutating func presses(_ way: Int, _ unit: any FootUnit, at now: Uptime) {
        places[way].pressedAt = now
        defer { places[way].askedAt = now }
        guard isCalm(way, at: now), !unit.isOpen(.out, at: now) else { return }
        // Somebody who is being let in passes first, and two who wait.
        let isServing =
            places[way].shown.values.contains { now - $0.at < .seconds(21) }
            || places[way].releasedAt[.in].map { now - $0 < .seconds(8) } ?? false
        let bound = places[way].isTurnstile && isServing ? servingBound(way) : Self.soon
        expect(
            way, .opens(.out), within: bound, "S9", "the exit button was pressed and nothing opens", at: now)
    }

    mutating func passes(_ way: Int, _ direction: TravelDirection, wasOpen: Bool, at now: Uptime) {
        places[way].passings.removeAll { now - $0.at > .seconds(5) }
        let isReleased = places[way].releasedAt[direction].map { now - $0 < .seconds(10) } ?? false
        places[way].passings.append(
            Passing(direction: direction, at: now, wasForced: !wasOpen))
        satisfy(way) { $0 == .opens(direction) }
        guard isCalm(way, at: now) else { return }
        // Just before the bolt gives way for whoever asked, nobody can tell the two apart.
        let isExpected = places[way].askedAt.map { now - $0 < Self.soon } ?? false
        let mustBeForced = !wasOpen && !isReleased && !isExpected && isOrdinary(way, at: now)
        expect(
            way, .counts(direction, mustBeForced: mustBeForced), within: Self.soon,
            mustBeForced ? "S1" : "S4",
            mustBeForced ? "somebody broke through and no record says so" : "a passage is not counted",
            at: now)
    }

    mutating func follows(_ way: Int, at now: Uptime) {
        guard isOrdinary(way, at: now), let first = places[way].passings.last,
            now - first.at < .milliseconds(1700)
        else { return }
        expect(
            way, .tailgated(behindForced: first.wasForced), within: Self.soon, "S4",
            "somebody slipped through and no record says so", at: now)
    }

    mutating func leaf(_ way: Int, isOpen: Bool, wasUnlocked: Bool, at now: Uptime) {
        places[way].isHeldTold = false
        guard isOpen else {
            places[way].leafSince = nil
            places[way].shutAt = now
            satisfy(way) { $0 == .forced }
            return
        }
        places[way].leafSince = now
        satisfy(way) { if case .opens = $0 { true } else { false } }
        let isByHand = places[way].pressedAt.map { now - $0 < .seconds(8) } ?? false
        let wasShut = places[way].unlockEndedAt.map { now - $0 > .seconds(1) } ?? true
        places[way].wasForced = !wasUnlocked && !isByHand
        guard !wasUnlocked, !isByHand, wasShut, isOrdinary(way, at: now) else { return }
        expect(way, .forced, within: Self.soon, "S1", "the door was forced and no record says so", at: now)
    }

    /// Behind whoever is let through, and everybody who may wait there.
    private func servingBound(_ way: Int) -> Duration {
        let timers = places[way].plan.timers
        return (timers.unitTimeout + Self.soon) * (timers.queueDepth + 1) + Self.soon
    }

    private mutating func expect(
        _ way: Int, _ kind: Due.Kind, within span: Duration, _ checker: String, _ what: String, at now: Uptime
    ) {
        let text = "\(places[way].plan.name): \(what), since \(Transcript.clock(now))"
        places[way].dues.append(Due(kind: kind, deadline: now + span, checker: checker, what: text))
    }

    private mutating func satisfy(_ way: Int, _ fits: (Due.Kind) -> Bool) {
        places[way].dues.removeAll { fits($0.kind) }
    }

    // MARK: What the relays do

    mutating func relay(_ edge: RelayBoardModel.Edge, _ unit: any FootUnit, _ way: Int) {
        let at = edge.at
        if edge.relay == unit.redRelay {
            places[way].isRedOn = edge.isClosed
            satisfy(way) { $0 == .red }
        }
        guard let output = unit.openings[edge.relay] else { return }
        places[way].on[output] = edge.isClosed ? at : nil
        if edge.isClosed {
            if output == "release_in" { places[way].releasedAt[.in] = at }
            if output == "release_out" { places[way].releasedAt[.out] = at }
            for direction in [TravelDirection.in, .out] where unit.isOpen(direction, at: at) {
                satisfy(way) { $0 == .opens(direction) }
            }
            // Unlocked for another before anybody could know that the leaf had moved: a poll, its debounce, a write.
            if let since = places[way].leafSince, at - since <= .milliseconds(200) {
                satisfy(way) { $0 == .forced }
            }
            return
        }
        guard output == "unlock" else { return }
        places[way].unlockEndedAt = at
        let isByPower = places[way].poweredAt == at
        let isTold = places[way].isWhole && at - places[way].troubledAt > .seconds(3)
        if let since = places[way].leafSince, at - since > .milliseconds(300), !isByPower, isTold {
            report("S2", "the bolt of \(places[way].plan.name) is thrown while the door stands open")
        }
    }

    // MARK: What the records say

    mutating func made(_ record: Record, at now: Uptime) {
        guard
            [
                "passageCompleted", "passageReverse", "forcedOpen", "tailgated", "intrusion", "heldOpen",
            ].contains(record.kind),
            let fields = try? Fields(record.payload), let name = fields.text("lane"),
            let way = places.firstIndex(where: { $0.plan.name == name })
        else { return }
        switch record.kind {
        case "tailgated": satisfy(way) { if case .tailgated = $0 { true } else { false } }
        case "intrusion": satisfy(way) { $0 == .tailgated(behindForced: true) }
        case "heldOpen": places[way].isHeldTold = true
        case "forcedOpen" where !places[way].isTurnstile:
            satisfy(way) { $0 == .forced }
            places[way].isHeldTold = true
        case "passageCompleted" where !places[way].isTurnstile: break
        default: count(record, fields, way, at: now)
        }
    }

    private mutating func count(_ record: Record, _ fields: Fields, _ way: Int, at now: Uptime) {
        guard fields.text("certainty") != "assumed",
            let direction = fields.text("direction").flatMap(TravelDirection.init(rawValue:))
        else { return }
        // Released the other way just then it goes against the lane, and is said so.
        let isForced = record.kind == "forcedOpen" || record.kind == "passageReverse"
        let due = places[way].dues.firstIndex { due in
            guard case .counts(direction, let mustBeForced) = due.kind else { return false }
            return isForced || !mustBeForced
        }
        if let due { places[way].dues.remove(at: due) }
        let passing = places[way].passings.firstIndex {
            $0.direction == direction && !$0.isRecorded && now - $0.at < .seconds(3)
        }
        if let passing {
            places[way].passings[passing].isRecorded = true
        } else if isCalm(way, at: now) {
            report(
                "S4",
                "record \(record.sequence.number) of \(places[way].plan.name) counts a passage that nobody made"
            )
        }
    }

    /// One grant is one passage.
    mutating func durable(_ record: Record) -> (String, String)? {
        guard record.kind == "passageCompleted", let fields = try? Fields(record.payload),
            let decision = fields.number("decision"), let name = fields.text("lane"),
            places.contains(where: { $0.plan.name == name })
        else { return nil }
        return counted.insert(decision).inserted
            ? nil : ("S4", "record \(record.sequence.number) counts decision \(decision) a second time")
    }

    // MARK: Time

    mutating func look(at now: Uptime) {
        guard now - lookedAt >= .milliseconds(250) else { return }
        lookedAt = now
        for way in places.indices {
            if let late = places[way].dues.first(where: { $0.deadline < now }) {
                report(late.checker, late.what)
            }
            lookForFire(way, at: now)
            guard isOrdinary(way, at: now), let quiet = quietSince(way) else { continue }
            lookForLeaf(way, quiet, at: now)
            lookForOpen(way, quiet, at: now)
        }
    }

    private mutating func lookForFire(_ way: Int, at now: Uptime) {
        guard let fireSince, let quiet = quietSince(way) else { return }
        let isOn = fireOffSince == nil
        if isOn, now - max(fireSince, quiet) > .seconds(20) { places[way].isKnownToBurn = true }
        guard isOn || places[way].isKnownToBurn else { return }
        let wasCalm = fireSince - quiet > Self.calm
        guard now - max(fireSince, quiet) > (wasCalm ? Self.soon : Self.calm) else { return }
        let wanted = places[way].isTurnstile ? ["hold_in", "hold_out"] : ["unlock"]
        guard let shut = wanted.first(where: { places[way].on[$0] == nil }) else { return }
        report("H-27", "\(shut) of \(places[way].plan.name) is off in a fire release")
    }

    private mutating func lookForLeaf(_ way: Int, _ quiet: Uptime, at now: Uptime) {
        let place = places[way]
        guard let since = place.leafSince, !place.isHeldTold, !place.wasForced, quiet < since else { return }
        let renewed = max(since, place.askedAt ?? since)
        guard now - renewed > place.plan.timers.openMax + .seconds(2) else { return }
        report("L1", "\(place.plan.name) stands open since \(Transcript.clock(since)) and no record says so")
    }

    private mutating func lookForOpen(_ way: Int, _ quiet: Uptime, at now: Uptime) {
        let place = places[way]
        for output in ["hold_in", "hold_out", "unlock"] {
            guard let since = place.on[output], now - max(since, quiet) > Self.calm else { continue }
            let isInUse =
                place.leafSince != nil || now - max(place.shutAt, place.askedAt ?? .zero) < .seconds(15)
            if output == "unlock", isInUse { continue }
            report("S1", "\(output) of \(place.plan.name) is on since \(Transcript.clock(since)) for nobody")
        }
    }
}
