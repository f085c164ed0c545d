// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine

/// People on foot, the cards that they show and the ways that they take.
extension Simulation {
    private static let walkersWithRight = 9

    func populateFootways() {
        for number in 0..<Self.walkersWithRight {
            walkers.append(Walker(number: number, right: .resident))
        }
        for right in [Walker.Right.expired, .lost, .unknown] {
            walkers.append(Walker(number: walkers.count, right: right))
        }
        for number in walkers.indices { plan(walkOf: number, after: 30_000...1_800_000) }
    }

    private func plan(walkOf number: Int, after range: ClosedRange<Int>) {
        agenda.plan(.walk(number), at: now + crowd.milliseconds(range))
    }

    func cardPermits() -> [DirectoryChange] {
        let past = ZoneRules.utc.civil(Self.wallOrigin + .seconds(-10 * 86_400)).date
        return walkers.compactMap { walker in
            guard walker.right != .unknown, let card = Walker.card(walker.number) else { return nil }
            return .permitSet(
                Permit(
                    id: Int64(9501 + walker.number), credential: .card(card),
                    validTo: walker.right == .expired ? past : nil,
                    endedAt: walker.right == .lost ? Self.wallOrigin + .seconds(-10 * 86_400) : nil))
        }
    }

    // MARK: Coming

    func startWalk(_ number: Int) {
        plan(walkOf: number, after: 600_000 * options.pace...5_400_000 * options.pace)
        guard walkers[number].isAway else { return }
        // Whoever has no right comes on days when such people come; nobody of them is ever inside.
        guard walkers[number].right == .resident || mix.has(.strangers) && !isQuietTail else { return }
        begin(number, way: crowd.below(ways.count))
    }

    /// In a scene.
    func comes(_ number: Int, to way: Int, _ habit: Walker.Habit) {
        guard walkers.indices.contains(number), walkers[number].isAway else { return }
        begin(number, way: way, habit)
    }

    /// Eight in the morning.
    func crowdComes() {
        let free = walkers.indices.filter { walkers[$0].isAway && walkers[$0].right == .resident }
        for number in free.prefix(9) {
            walkers[number].intent += 1
            walkers[number].isAway = false
            walkers[number].way = nil
            let intent = walkers[number].intent
            agenda.plan(.walker(number, intent: intent), at: now + crowd.milliseconds(0...12_000))
        }
    }

    private func begin(_ number: Int, way: Int, _ habit: Walker.Habit? = nil) {
        var one = walkers[number]
        one.isAway = false
        one.way = way
        one.direction = one.isInside ? .out : .in
        one.arrivedAt = now
        one.showings = 0
        one.habit = habit ?? usual(one, at: ways[way])
        one.intent += 1
        walkers[number] = one
        ways[way].queue.append(number)
        say(
            "foot", at: ways[way].lane.index,
            "\(number) \(one.right.rawValue) \(one.direction.rawValue), \(one.habit)")
        walkerActs(number)
    }

    private func usual(_ walker: Walker, at way: Footway) -> Walker.Habit {
        guard walker.right == .resident, !isQuietTail else { return .ordinary }
        var wild: [Walker.Habit] = []
        if mix.has(.standsStill) { wild.append(.standsStill) }
        if mix.has(.showsTwice) { wild.append(.showsTwice) }
        if mix.has(.follows) { wild.append(.follows) }
        if mix.has(.forces) { wild.append(.forces) }
        if mix.has(.propsOpen), !way.isTurnstile {
            wild.append(.props(crowd.milliseconds(20_000...600_000)))
        }
        guard !wild.isEmpty, crowd.chance(1, in: 3) else { return .ordinary }
        return crowd.pick(wild)
    }

    private func later(_ number: Int, _ range: ClosedRange<Int>) {
        agenda.plan(
            .walker(number, intent: walkers[number].intent), at: now + crowd.milliseconds(range))
    }

    // MARK: At the reader and the arm

    func walkerActs(_ number: Int) {
        guard !walkers[number].isAway else { return }
        guard let way = walkers[number].way else { return begin(number, way: crowd.below(ways.count)) }
        let one = walkers[number]
        let waited = now - one.arrivedAt
        if one.habit == .forces, waited > .seconds(1) { return breaksThrough(number, way) }
        if one.habit == .standsStill, one.showings > 0, waited > .seconds(2) { return goAway(number, way) }
        if waited > .seconds(18) { return goAway(number, way) }
        if wantsToShow(one, waited) {
            if show(number, way) { walkers[number].showings += 1 }
            return later(number, 250...600)
        }
        if one.habit != .standsStill, isTheirTurn(number, way), push(number, way) { return }
        later(number, 200...500)
    }

    /// At once, again when nothing happened for long, and those who are restless again at once.
    private func wantsToShow(_ one: Walker, _ waited: Duration) -> Bool {
        if one.habit == .forces { return false }
        // Who follows shows nothing, unless nobody goes ahead.
        if one.habit == .follows, waited < .seconds(8) { return false }
        if one.showings == 0 { return true }
        if one.habit == .showsTwice, one.showings == 1 { return true }
        return one.showings < 4 && waited > .seconds(6 * one.showings)
    }

    /// A card where there is a reader for that way, the button where there is none or the card is forgotten.
    private func show(_ number: Int, _ way: Int) -> Bool {
        let one = walkers[number]
        let reader = readers.indices.first {
            readers[$0].wire.lane == ways[way].lane && readers[$0].wire.direction == one.direction
        }
        if one.direction == .out, reader == nil || crowd.chance(1, in: 3) {
            press(way)
            return true
        }
        // One card at a time lies on a reader, and the next one a moment later.
        guard let reader, readers[reader].until + .milliseconds(200) <= now else { return false }
        readers[reader].until = now + crowd.milliseconds(250...900)
        readers[reader].model.place(Walker.tag(number), at: now)
        say("foot", at: ways[way].lane.index, "\(number) shows a card, \(one.direction.rawValue)")
        stir(ways[way].lane.index)
        if let card = Walker.card(number) {
            checkers.rights.shown(
                card.masked, estate.plan.name(of: ways[way].lane), one.direction,
                lets: one.right == .resident,
                at: now)
        }
        checkers.feet.shows(
            way, number, one, reads: isReading(reader), unit: ways[way].unit, at: now)
        readerSends(reader)
        return true
    }

    func press(_ way: Int) {
        ways[way].unit.pressExit(at: now)
        say("foot", at: ways[way].lane.index, "presses the exit button")
        stir(ways[way].lane.index)
        checkers.feet.presses(way, ways[way].unit, at: now)
    }

    /// In the order of their coming, one step apart. Who follows waits for nobody.
    private func isTheirTurn(_ number: Int, _ way: Int) -> Bool {
        guard now - ways[way].lastPush >= .milliseconds(700) else { return false }
        if walkers[number].habit == .follows { return true }
        let direction = walkers[number].direction
        let first = ways[way].queue.first {
            walkers[$0].direction == direction && walkers[$0].showings > 0
                && walkers[$0].habit != .standsStill
        }
        return first == number
    }

    /// Whether they got through.
    private func push(_ number: Int, _ way: Int) -> Bool {
        let direction = walkers[number].direction
        ways[way].unit.advance(to: now)
        let isOpen = ways[way].unit.isOpen(direction, at: now)
        if ways[way].isTurnstile {
            if walkers[number].habit == .follows, now - ways[way].lastPush < .seconds(2) {
                return slipsThrough(number, way)
            }
            guard isOpen, walkers[number].habit != .follows else { return false }
            ways[way].turnstile { $0.push(direction, at: now) }
            checkers.feet.passes(way, direction, wasOpen: true, at: now)
        } else {
            guard isOpen else { return false }
            open(way, by: walkers[number])
        }
        through(number, way)
        return true
    }

    /// Behind another, before the arm is at rest.
    private func slipsThrough(_ number: Int, _ way: Int) -> Bool {
        ways[way].turnstile { $0.follow(at: now) }
        say("foot", at: ways[way].lane.index, "\(number) slips through behind somebody")
        stir(ways[way].lane.index)
        checkers.feet.follows(way, at: now)
        through(number, way)
        return true
    }

    private func breaksThrough(_ number: Int, _ way: Int) {
        guard now - ways[way].lastPush >= .milliseconds(700) else { return later(number, 300...900) }
        let direction = walkers[number].direction
        ways[way].unit.advance(to: now)
        say("foot", at: ways[way].lane.index, "\(number) breaks through")
        if ways[way].isTurnstile {
            let wasOpen = ways[way].unit.isOpen(direction, at: now)
            ways[way].turnstile { wasOpen ? _ = $0.push(direction, at: now) : $0.force(direction, at: now) }
            checkers.feet.passes(way, direction, wasOpen: wasOpen, at: now)
        } else {
            open(way, by: walkers[number])
        }
        through(number, way)
    }

    private func open(_ way: Int, by walker: Walker) {
        let wasShut = ways[way].door?.openSince == nil
        let wasUnlocked = ways[way].door?.isUnlocked ?? false
        ways[way].door { $0.force(at: now) }
        var open = crowd.milliseconds(1500...5000)
        if case .props(let span) = walker.habit { open = min(span, max(open, faultsEnd - now)) }
        ways[way].keptOpenUntil = max(ways[way].keptOpenUntil, now + open)
        if wasShut {
            say("foot", at: ways[way].lane.index, "the leaf opens")
            checkers.feet.leaf(way, isOpen: true, wasUnlocked: wasUnlocked, at: now)
        }
        agenda.plan(.leafShuts(way), at: ways[way].keptOpenUntil)
        stir(ways[way].lane.index)
    }

    func leafShuts(_ way: Int) {
        guard ways[way].keptOpenUntil <= now, ways[way].door?.openSince != nil else { return }
        ways[way].door { $0.shut(at: now) }
        say("foot", at: ways[way].lane.index, "the leaf shuts")
        checkers.feet.leaf(way, isOpen: false, wasUnlocked: ways[way].door?.isUnlocked ?? false, at: now)
        stir(ways[way].lane.index)
    }

    private func through(_ number: Int, _ way: Int) {
        ways[way].lastPush = now
        walkers[number].isInside = walkers[number].direction == .in
        say(
            "foot", at: ways[way].lane.index,
            "\(number) is \(walkers[number].isInside ? "inside" : "outside")")
        stir(ways[way].lane.index)
        goAway(number, way)
    }

    private func goAway(_ number: Int, _ way: Int) {
        ways[way].queue.removeAll { $0 == number }
        walkers[number].way = nil
        walkers[number].isAway = true
        walkers[number].intent += 1
    }

    // MARK: Readers

    func connectReaders() {
        guard let mine = gateway else { return }
        for index in mine.readers.indices {
            if readers[index].isUnplugged {
                lineOf(index, isLost: true)
            } else {
                mine.readers[index].connected(at: mine.uptime(now))
            }
        }
    }

    func lineOf(_ reader: Int, isLost: Bool) {
        guard let mine = gateway else { return }
        let device = readers[reader].wire.device
        if !isLost { mine.readers[reader].connected(at: mine.uptime(now)) }
        mine.tell(
            device,
            isLost
                ? .faultRaised(code: "line_lost", severity: .critical, detail: "unplugged")
                : .faultCleared(code: "line_lost"))
    }

    private func isReading(_ reader: Int) -> Bool {
        gateway != nil && !readers[reader].isUnplugged && !readers[reader].garbles
            && !readers[reader].isSilent
    }

    /// What the reader has to say by now; again while the card lies there.
    func readerSends(_ index: Int) {
        let bytes = readers[index].model.bytes(until: now)
        if readers[index].until <= now {
            readers[index].model.takeAway()
        } else {
            agenda.plan(.readerSends(index), at: now + CardReaderModel.period)
        }
        guard !bytes.isEmpty, let mine = gateway, !readers[index].isUnplugged, !readers[index].isSilent else {
            return
        }
        var sent = bytes
        if readers[index].garbles { sent[crowd.below(sent.count)] ^= 1 << UInt8(crowd.below(7)) }
        let device = readers[index].wire.device
        for output in mine.readers[index].receive(sent, at: mine.uptime(now)) {
            switch output {
            case .presented(let card, let at):
                mine.inbox.offer(
                    .site(.presented(CardPresented(device: device, card: card, receivedAt: at))))
            case .faultRaised(let fault):
                mine.tell(
                    device, .faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): mine.tell(device, .faultCleared(code: code))
            }
        }
    }

    // MARK: Boards and faults

    func settleWay(_ way: Int) {
        let edges = ways[way].unit.board.edges
        guard ways[way].edgesSeen < edges.count else { return }
        let lane = ways[way].lane.index
        ways[way].unit.advance(to: now)
        for edge in edges[ways[way].edgesSeen...] {
            say("relay", at: lane, "\(edge.relay) \(edge.isClosed ? "closes" : "opens")")
            checkers.footRelay(edge, ways[way], way: way)
        }
        ways[way].edgesSeen = edges.count
    }

    /// Supply lost and back: every relay opens.
    func restartBoard(ofWay way: Int) {
        checkers.feet.powered(way, at: now)
        ways[way].unit.board.restart(at: now)
        settleWay(way)
    }

    func stirFire() {
        stir(0)
        for way in ways { stir(way.lane.index) }
    }

    func inflict(_ kind: FaultKind, way: Int) {
        let room = faultsEnd - now
        func lasting(_ range: ClosedRange<Int>) -> Uptime { now + min(room, crowd.milliseconds(range)) }
        let lane = ways[way].lane.index
        say("fault", at: lane, kind.rawValue)
        checkers.feet.troubled(way, at: now)
        switch kind {
        case .footBoardMute:
            if crowd.chance(1, in: 2) {
                ways[way].unit.board.faults.isMute = true
            } else {
                ways[way].unit.board.faults.isDeaf = true
            }
            agenda.plan(.healWay(kind, way), at: lasting(300...120_000))
        case .footBoardGarbled:
            ways[way].unit.board.faults.corruptsReplies = true
            agenda.plan(.healWay(kind, way), at: lasting(200...60_000))
        case .footBoardRestart:
            restartBoard(ofWay: way)
            ways[way].unit.board.faults.isDeaf = true
            agenda.plan(.healWay(kind, way), at: lasting(2500...8000))
        case .footContactStuck:
            ways[way].unit.board.faults.stuck[1 + crowd.below(3)] = crowd.chance(1, in: 2)
            agenda.plan(.healWay(kind, way), at: lasting(60_000...3_600_000))
        case .readerSilent, .readerGarbled:
            let reader = crowd.below(readers.count)
            checkers.feet.troubled(readers[reader].wire.lane.index - gates.count, at: now)
            if kind == .readerGarbled {
                readers[reader].garbles = true
            } else if crowd.chance(1, in: 2) {
                readers[reader].isUnplugged = true
                lineOf(reader, isLost: true)
            } else {
                readers[reader].isSilent = true
            }
            agenda.plan(.healWay(kind, way), at: lasting(30_000...1_800_000))
        case .footGuard:
            let span = Duration.seconds(60 + crowd.below(1200))
            let choices: [LaneOrder.Action] = [
                .open, .holdOpen(until: wall + span), .holdOpen(until: nil), .holdClosed(until: wall + span),
                .release, .emergency,
            ]
            order(ways[way].lane, crowd.pick(choices), isOnSite: crowd.chance(1, in: 2))
            agenda.plan(.order(ways[way].lane, .release, isOnSite: true), at: now + span)
        case .crowd: crowdComes()
        default: break
        }
        tellCondition(way)
        stir(lane)
    }

    private func tellCondition(_ way: Int) {
        checkers.feet.condition(
            way, isWhole: ways[way].isLineSound && ways[way].unit.board.faults.stuck.isEmpty)
    }

    func heal(_ kind: FaultKind, way: Int) {
        say("heal", at: ways[way].lane.index, kind.rawValue)
        switch kind {
        case .footBoardMute:
            ways[way].unit.board.faults.isMute = false
            ways[way].unit.board.faults.isDeaf = false
        case .footBoardRestart: ways[way].unit.board.faults.isDeaf = false
        case .footBoardGarbled: ways[way].unit.board.faults.corruptsReplies = false
        case .footContactStuck: ways[way].unit.board.faults.stuck = [:]
        case .readerGarbled: for index in readers.indices { readers[index].garbles = false }
        case .readerSilent:
            for index in readers.indices {
                readers[index].isSilent = false
                guard readers[index].isUnplugged else { continue }
                readers[index].isUnplugged = false
                lineOf(index, isLost: false)
            }
        default: break
        }
        for one in ways.indices where one == way || kind.isOfReaders { checkers.feet.troubled(one, at: now) }
        tellCondition(way)
        stir(ways[way].lane.index)
    }
}
