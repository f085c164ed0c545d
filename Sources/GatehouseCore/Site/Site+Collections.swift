// SPDX-License-Identifier: Apache-2.0

/// Asking a provider to take the money of an open quote. One order at most is open for a stay, on record before anybody
/// is asked, and none follows it until its money came or its provider said that it is void: so nobody is charged twice,
/// whatever is lost between here and there (`tariffs.md` §10.2).
extension Site {
    /// Why no order is made, as a stable word.
    enum CollectionObstacle: String {
        case nobodyWaits = "nobody_waits"
        case notCollected = "not_collected"
        case nothingDue = "nothing_due"
        case noPlate = "no_plate"
        case orderOpen = "order_open"
        case tooManyOpen = "too_many_open"
        case channelDown = "channel_down"
        case store
    }

    /// A debit that nobody can be asked for now is tried for so long.
    static let deferredLife: Duration = .seconds(7 * 86_400)

    /// A driver showed a code. Where no order comes of it the code is gone: nobody keeps it for later.
    mutating func scanned(_ code: PaymentCode, at lane: LaneID, _ out: inout Effects) {
        let stay = lanes.indices.contains(lane.index) ? lanes[lane.index].waitingStay : nil
        var obstacle = CollectionObstacle.nobodyWaits
        if let stay {
            guard let why = ask(.scannedCode, for: stay, at: lane, code: code, &out) else { return }
            obstacle = why
        }
        guard (0..<plan.laneCount).contains(lane.index) else { return }
        let ignored = IgnoredCode(stay: stay, obstacle: obstacle, at: out.now.uptime)
        if let last = codesIgnored[lane], !ignored.isNews(after: last) { return }
        codesIgnored[lane] = ignored
        let plate = stay.flatMap { memory.stays.stay($0)?.plate }
        let note = LaneNote(.codeIgnored, plate: plate, why: obstacle.rawValue)
        record(.laneNote(lane: plan.name(of: lane), note, decision: nil), &out)
    }

    /// What needs nobody's hand is tried at once, one way after the other.
    mutating func collect(after decision: Decision, at lane: LaneID, _ out: inout Effects) {
        guard let stay = decision.stay, let ways = plan.pricing?.collecting?.automaticWays else { return }
        let isCertain = decision.isOfPlateForCertain
        if decision.reason == .offlinePolicy {
            guard isCertain, ways.contains(.plateBound), isBound(stay), isWithinTrust(stay, at: out.now.wall),
                !memory.money.collections.hasFailed(.plateBound, for: stay)
            else { return }
            _ = ask(.plateBound, for: stay, at: lane, isDeferred: true, &out)
            return
        }
        guard decision.reason == .paymentDue, lanes[lane.index].waitingStay == stay, !isProviderSilent else {
            return
        }
        let way = ways.first {
            ($0 != .plateBound || isCertain) && !memory.money.collections.hasFailed($0, for: stay)
        }
        if let way { _ = ask(way, for: stay, at: lane, &out) }
    }

    /// A person has it tried again: how the open order stands, or else by a new one.
    mutating func collect(
        _ target: PaymentTarget, _ way: PaymentWay, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let stay = stay(target) else { return refuseTarget(target, reply, &out) }
        if let open = memory.money.collections.open(of: stay) {
            request(collections[open]?.stage == .reversing ? .reverse : .query, open, &out)
            return done(reply, saying: open, &out)
        }
        guard way != .scannedCode else {
            return refuse(
                reply, "refused", "an order by a code needs the code: it is shown to the scanner", &out)
        }
        guard let lane = lane(of: stay) else {
            return refuse(reply, "refused", "stay \(stay.number) waits at no exit", &out)
        }
        if let obstacle = ask(way, for: stay, at: lane, &out) {
            return refuse(reply, "refused", "no order for stay \(stay.number): \(obstacle.rawValue)", &out)
        }
        done(reply, &out)
    }

    /// nil: the order is made, and its provider is asked as soon as its record is durable.
    private mutating func ask(
        _ way: PaymentWay, for stay: StayID, at lane: LaneID, code: PaymentCode? = nil,
        isDeferred: Bool = false, _ out: inout Effects
    ) -> CollectionObstacle? {
        guard let collecting = plan.pricing?.collecting, collecting.ways.contains(way) else {
            return .notCollected
        }
        if let obstacle = obstacle(to: way, for: stay, isDeferred: isDeferred) { return obstacle }
        // One that has lapsed is made anew.
        quote(stay, at: lane, &out)
        // What opens first stays for days, and earlier debts are asked for elsewhere in that time.
        guard let quote = memory.money.account(of: stay).quote,
            case let amount = isDeferred ? quote.dueOfStay : quote.due, amount > .zero,
            let edition = plan.pricing?.edition(entry: nil, exit: quote.computedAt)
        else { return .nothingDue }
        let life = isDeferred ? Self.deferredLife : collecting.timeout
        let order = CollectionOrder(
            stay: stay, quote: quote.record, lane: plan.name(of: lane), way: way, amount: amount,
            currency: edition.tariff.currency, askedAt: out.now.wall, plate: memory.stays.stay(stay)?.plate,
            mark: code?.mark, until: out.now.wall + life, isDeferred: isDeferred)
        guard let number = record(.money(.collectionAsked(order)), &out) else { return .store }
        collections[number] = CollectionWatch(
            next: out.now.uptime + (isDeferred ? CollectionWatch.deferredRepeat : life),
            unknownAt: isDeferred ? nil : out.now.uptime + collecting.unknownWait)
        request(.ask, number, code: code, within: life, &out)
        armCollections(&out)
        return nil
    }

    private func obstacle(
        to way: PaymentWay, for stay: StayID, isDeferred: Bool
    ) -> CollectionObstacle? {
        guard store == .available else { return .store }
        guard memory.money.collections.open(of: stay) == nil else { return .orderOpen }
        guard memory.money.collections.openCount < CollectionBook.openLimit else { return .tooManyOpen }
        if way == .plateBound, memory.stays.stay(stay)?.plate == nil { return .noPlate }
        return isChannelDown && !isDeferred ? .channelDown : nil
    }

    /// - Parameter within: so long the request may wait for the disk; later it is not made.
    mutating func request(
        _ action: CollectionRequest.Action, _ number: Sequence, code: PaymentCode? = nil,
        within life: Duration = .seconds(10), _ out: inout Effects
    ) {
        guard let order = memory.money.collections[number]?.order else { return }
        let request = CollectionRequest(number: number, action: action, order: order, code: code)
        out.effects.append(.collect(request, until: out.now.uptime + life))
    }

    /// The open order of a stay, as it stands.
    package func openCollection(of stay: StayID) -> OpenCollection? {
        guard let number = memory.money.collections.open(of: stay),
            let order = memory.money.collections[number]?.order
        else { return nil }
        return OpenCollection(
            number: number, order: order, state: collections[number]?.state ?? .unknown)
    }
}

/// A code that no order came of. A scanner that sees a poster types all day: the same in the same minute is on record
/// once.
struct IgnoredCode: Hashable, Sendable {
    var stay: StayID?
    var obstacle: Site.CollectionObstacle
    var at: Uptime

    static let silence: Duration = .seconds(60)

    func isNews(after last: IgnoredCode) -> Bool {
        stay != last.stay || obstacle != last.obstacle || at - last.at >= Self.silence
    }
}

extension Decision {
    /// A plate that was not read exactly is no ground to take money of whoever owns the one that it looks like.
    var isOfPlateForCertain: Bool {
        flags.allSatisfy { ![.fuzzyMatch, .cloneHint, .colorContradiction].contains($0) }
    }
}
