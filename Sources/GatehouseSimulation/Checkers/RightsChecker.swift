// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S9, the rights floor as far as records say it, and the truth behind grants: nobody is refused or kept who has
/// a right, nobody is let in on a plate that no camera saw or on a re-sent picture. `ExitChecker` sees who stands.
struct RightsChecker {
    private let estate: Estate
    /// By plate: household and its spaces.
    private var residents: [String: (household: Int64, spaces: Int)] = [:]
    /// By the masked text of each card: whether it lets in.
    private var cards: [String: Bool] = [:]
    private var reads: [Int64: (raw: String, isLive: Bool)] = [:]
    /// By lane and text: when a camera last truly looked at it.
    private var lastSeen: [String: Uptime] = [:]
    /// A car that stands at the line is looked at again every few seconds.
    private static let memory = Duration.seconds(120)

    init(estate: Estate) {
        self.estate = estate
        for number in 0..<Simulation.residents {
            residents[PlateMaker.plate(number).text] = (
                Simulation.household(of: number), Simulation.spaces(of: Simulation.household(of: number))
            )
        }
    }

    mutating func seen(_ text: String, gate: Int, at now: Uptime) {
        lastSeen["\(estate.plan.lanes[gate].name) \(text)"] = now
    }

    /// A card at a reader, and what the office says of it.
    mutating func shown(
        _ card: String, _ lane: String, _ direction: TravelDirection, lets isIn: Bool, at now: Uptime
    ) {
        lastSeen["\(lane) \(direction.rawValue) \(card)"] = now
        cards[card] = isIn
    }

    private func onFoot(_ card: String, _ record: Record, _ fields: Fields, _ made: Uptime) -> (
        String, String
    )? {
        let number = record.sequence.number
        let (lane, direction) = (fields.text("lane") ?? "", fields.text("direction") ?? "")
        let reason = fields.text("reason") ?? ""
        guard record.kind == "accessGranted" else {
            let isHeld = reason == ReasonCode.laneOutOfService.rawValue
            guard direction == "in", cards[card] == true, !isHeld else { return nil }
            return ("S9", "record \(number) refuses a resident's card \(card): \(reason)")
        }
        guard let seen = lastSeen["\(lane) \(direction) \(card)"], made - seen < .seconds(10) else {
            return ("S1", "record \(number) grants card \(card), which nobody showed at \(lane)")
        }
        let isOpenToAll = reason == ReasonCode.fireRelease.rawValue
        guard direction == "in", cards[card] != true, !isOpenToAll else { return nil }
        return ("S1", "record \(number) lets card \(card) in, which has no right: \(reason)")
    }

    mutating func durable(_ record: Record, books: BookChecker, made: Uptime) -> (String, String)? {
        switch record.kind {
        case "plateRead":
            guard let fields = try? Fields(record.payload) else { return nil }
            if reads.count > 4000 { reads = [:] }
            reads[record.sequence.number] = (
                (try? fields.string("raw")) ?? "",
                ((try? fields.bool("live")) ?? true) && ((try? fields.bool("fresh")) ?? true)
            )
            return nil
        case "accessGranted": return granted(record, books, made)
        case "accessDenied", "accessHeld": return refused(record, books)
        case "holdStarted": return held(record)
        default: return nil
        }
    }

    private func granted(_ record: Record, _ books: BookChecker, _ made: Uptime) -> (String, String)? {
        guard let fields = try? Fields(record.payload) else { return nil }
        let number = record.sequence.number
        let reason = (try? fields.string("reason")) ?? ""
        let direction = (try? fields.string("direction")) ?? ""
        let isTemporary =
            reason == ReasonCode.temporaryVehicle.rawValue || reason == ReasonCode.quotaAsTemporary.rawValue
        let free = Estate.capacity - max(0, books.occupancy)
        if isTemporary, direction == "in", free <= Estate.reserve {
            return (
                "S4", "record \(number) grants \(reason) with \(free) places free, reserve \(Estate.reserve)"
            )
        }
        let flags = (try? fields.strings("flags")) ?? []
        let plate = (try? fields.stringIfPresent("plate")) ?? nil
        if let card = fields.text("card") { return onFoot(card, record, fields, made) }
        if let read = (try? fields.integerIfPresent("read")) ?? nil, let source = reads[read], !source.isLive
        {
            return ("S1", "record \(number) grants on read \(read), which was re-sent or old")
        }
        let isByHand = reason == ReasonCode.operatorOpen.rawValue || reason == ReasonCode.fireRelease.rawValue
        guard let plate, !flags.contains("FUZZY_MATCH"), !isByHand, !plate.hasPrefix("TMP-") else {
            return nil
        }
        let lane = (try? fields.string("lane")) ?? ""
        // Who was held at an exit is let out on the read that asked, however long it stood.
        let held = direction == TravelDirection.out.rawValue ? longestHold(lane) : .zero
        guard let seen = lastSeen["\(lane) \(plate)"], made - seen < Self.memory + held else {
            return (
                "S1",
                "record \(number) grants \(plate), which no camera saw at \(lane) lately, and no flag says why"
            )
        }
        return nil
    }

    private func longestHold(_ lane: String) -> Duration {
        estate.plan.lanes.first { $0.name == lane }?.timers.exitPendingMax ?? .zero
    }

    private func refused(_ record: Record, _ books: BookChecker) -> (String, String)? {
        guard let fields = try? Fields(record.payload), let reason = try? fields.string("reason") else {
            return nil
        }
        let number = record.sequence.number
        let plate = fields.text("plate")
        // The estate bars nobody for arrears, and nobody's exit waits for them.
        if reason == ReasonCode.arrears.rawValue {
            return ("S9", "record \(number) stops \(plate ?? "") for arrears")
        }
        let own = plate.flatMap { residents[$0] }
        if reason == ReasonCode.paymentDue.rawValue, own != nil || fields.flag("is_household") {
            return ("S9", "record \(number) keeps a household's vehicle for money")
        }
        guard record.kind == "accessDenied" else { return nil }
        if let card = fields.text("card"), let wrong = onFoot(card, record, fields, .zero) { return wrong }
        // An operator's word stands above the exit's rule (access-rules.md §3); the deadline lets out all the same.
        let mayDeny: Set<String> = [
            ReasonCode.laneOutOfService.rawValue, ReasonCode.operatorRefused.rawValue,
            ReasonCode.holdTimeout.rawValue, ReasonCode.interlockWait.rawValue,
            ReasonCode.opposingUse.rawValue,
        ]
        if fields.text("direction") == "out" {
            return mayDeny.contains(reason) ? nil : ("S9", "record \(number) refuses an exit: \(reason)")
        }
        guard let plate, let own else { return nil }
        // Beyond its household's spaces a car enters as a temporary one, and such find the area full.
        let isBeyond = books.inside(of: own.household, but: plate) >= own.spaces
        let free = Estate.capacity - max(0, books.occupancy)
        if reason == ReasonCode.areaFull.rawValue, isBeyond, free <= Estate.reserve { return nil }
        return mayDeny.contains(reason)
            ? nil : ("S9", "record \(number) refuses resident \(plate): \(reason)")
    }

    /// Nobody is locked in: each form has one way out, so that is never held closed.
    private func held(_ record: Record) -> (String, String)? {
        guard let fields = try? Fields(record.payload), let name = fields.text("lane"),
            (try? fields.strings("flags"))?.contains("closed") == true,
            let lane = estate.plan.lanes.first(where: { $0.name == name }), lane.kind != .entry
        else { return nil }
        return ("S9", "record \(record.sequence.number) holds the only exit \(name) closed")
    }
}
