// SPDX-License-Identifier: Apache-2.0

/// What this process knows of an open order: how far it has gone with asking. What has to outlive the process is in the
/// records; an order that is found open at a start is asked for, and then reversed.
struct CollectionWatch: Hashable, Sendable {
    /// asked ─ timeout ─▶ queried ─ no result ─▶ reversing ─ again and again ─▶ (paid | refused | reversed)
    enum Stage: Hashable, Sendable { case asked, queried, reversing }

    var stage = Stage.asked
    /// The stage is over, or its request is said again.
    var next: Uptime
    /// A guard is offered what to do; nil: was, or need not be.
    var unknownAt: Uptime?
    /// The user confirms on the phone.
    var isConfirming = false
    /// The provider said something of it.
    var isHeard = false
    var isUnknown = false
    var reversals = 0

    /// For an answer to a query.
    static let patience: Duration = .seconds(10)
    static let deferredRepeat: Duration = .seconds(300)
    private static let longestPause: Duration = .seconds(300)

    var state: CollectionState {
        if stage == .reversing { return .reversing }
        return isUnknown ? .unknown : isConfirming ? .confirming : .asked
    }

    /// 10 s, 20 s … 5 min: until the provider says that it is void, nobody else may be asked.
    var pause: Duration {
        min(Self.longestPause, Self.patience * (1 << min(reversals, 5)))
    }

    var due: Uptime { unknownAt.map { min($0, next) } ?? next }
}

extension Site {
    /// Found open by a process that starts: nobody knows what was said meanwhile. One that waits until somebody can be
    /// asked may never have been said at all.
    mutating func resumeCollections(_ out: inout Effects) {
        for (number, order) in memory.money.collections.open {
            collections[number] = CollectionWatch(
                next: out.now.uptime + CollectionWatch.patience, isHeard: !order.isDeferred,
                isUnknown: !order.isDeferred)
        }
        if !collections.isEmpty { armCollections(&out) }
    }

    mutating func watchCollections(_ out: inout Effects) {
        for number in collections.keysInOrder { watch(number, &out) }
        reviewCollections(&out)
    }

    private mutating func watch(_ number: Sequence, _ out: inout Effects) {
        guard var watch = collections[number], let order = memory.money.collections[number]?.order else {
            return
        }
        let now = out.now.uptime
        if let at = watch.unknownAt, now >= at {
            watch.unknownAt = nil
            offerGuard(&watch, order, &out)
        }
        if now >= watch.next {
            switch watch.stage {
            case .asked where order.isDeferred && out.now.wall < order.until:
                if !watch.isHeard, !isChannelDown { request(.ask, number, &out) }
                watch.next = now + CollectionWatch.deferredRepeat
            case .asked:
                // Not a word in all its time: whoever it is does not answer (§10.4).
                if !watch.isHeard { isProviderSilent = true }
                watch.unknownAt = nil
                watch.stage = .queried
                watch.next = now + CollectionWatch.patience
                offerGuard(&watch, order, &out)
                request(.query, number, &out)
            case .queried, .reversing: reverse(number, &watch, &out)
            }
        }
        collections[number] = watch
    }

    private mutating func reverse(
        _ number: Sequence, _ watch: inout CollectionWatch, _ out: inout Effects
    ) {
        watch.stage = .reversing
        watch.unknownAt = nil
        watch.next = out.now.uptime + watch.pause
        watch.reversals += 1
        request(.reverse, number, &out)
    }

    /// Open with a debt, other means, ask again: a person's choice, never the program's.
    private mutating func offerGuard(
        _ watch: inout CollectionWatch, _ order: CollectionOrder, _ out: inout Effects
    ) {
        guard !watch.isUnknown else { return }
        watch.isUnknown = true
        if let lane = lane(of: order.stay) { out.effects.append(.callGuard(lane, "payment_unknown")) }
    }

    /// Orders that ended are forgotten, and those that nobody needs any more are taken back: their vehicle was paid for by
    /// other means, or let go for nothing.
    mutating func reviewCollections(_ out: inout Effects) {
        guard !collections.isEmpty else { return }
        for number in collections.keysInOrder {
            guard memory.money.collections.isOpen(number), var watch = collections[number],
                let order = memory.money.collections[number]?.order
            else {
                collections.remove(number)
                out.effects.append(.collectionOver(number))
                continue
            }
            guard watch.stage != .reversing, !isOwed(order.stay, at: out.now.wall) else { continue }
            reverse(number, &watch, &out)
            collections[number] = watch
        }
        armCollections(&out)
    }

    private func isOwed(_ stay: StayID, at now: WallTime) -> Bool {
        if let debt = memory.money.debts[stay] { return !debt.isDisputed }
        guard let billing, let stay = memory.stays.stay(stay), !memory.money.account(of: stay.id).isDisputed
        else { return false }
        return [.due, .later, .trusted].contains(payment(of: stay, billing, at: now))
    }

    func armCollections(_ out: inout Effects) {
        let next = collections.inOrder.map(\.value.due).min()
        out.effects.append(next.map { .startTimer(.collections, at: $0) } ?? .stopTimer(.collections))
    }

    // MARK: What the provider says

    /// The money is taken. Of an order of another journal none of the numbers is ours, and who stands at the lane by now
    /// is not who was asked; the plate still says whose it is.
    func withoutOrderOfAnother(_ notice: PaymentNotice) -> PaymentNotice {
        var notice = notice
        let order = notice.order.flatMap { memory.money.collections[$0]?.order }
        let isOurs = order?.isMeant(by: notice.orderAskedAt) ?? true
        notice.orderAskedAt = nil
        if !isOurs { (notice.order, notice.quote, notice.stay, notice.lane) = (nil, nil, nil, nil) }
        return notice
    }

    /// Said once or often, it is the same.
    mutating func hear(
        _ answer: CollectionAnswer, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let entry = memory.money.collections[answer.order], entry.order.isMeant(by: answer.askedAt)
        else {
            let when = answer.askedAt.map { " asked at \($0.milliseconds) ms" } ?? ""
            return refuse(reply, "not_found", "no order \(answer.order.number)\(when)", &out)
        }
        if let end = entry.end {
            guard answer.state != .pending, end.outcome != .paid else {
                return refuse(
                    reply, "conflict",
                    "order \(answer.order.number) is \(end.outcome.rawValue): record \(end.record.number)",
                    &out)
            }
            return out.effects.append(.answer(reply, .done(end.record), after: end.record))
        }
        collections[answer.order]?.isHeard = true
        let outcome: CollectionEnding.Outcome
        switch answer.state {
        case .pending:
            collections[answer.order]?.isConfirming = true
            collections[answer.order]?.unknownAt = nil
            armCollections(&out)
            out.effects.append(.answer(reply, .done(answer.order), after: answer.order))
            return
        case .refused: outcome = .refused
        case .reversed: outcome = .reversed
        }
        let ending = CollectionEnding(
            order: answer.order, stay: entry.order.stay, way: entry.order.way, outcome: outcome,
            reason: answer.reason, by: by)
        let record = record(.money(.collectionEnded(ending)), &out)
        reviewCollections(&out)
        reconsider(entry.order.stay, &out)
        done(reply, saying: record, &out)
    }
}
