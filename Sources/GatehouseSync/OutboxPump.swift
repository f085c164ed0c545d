// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseEngine
internal import GatehouseWire

/// Sends the journal upstream in its order, over a link that comes and goes. The outbox is a cursor on the journal and
/// no queue of its own: every connection starts from the cursor, at most `window` records are under way, and what the
/// broker has not confirmed is read from the journal again.
///
///     down ──retry──▶ connecting ──connected──▶ up ──refusal, silence, end──▶ down
///
/// The cursor moves over the unbroken prefix of what was confirmed with success, and is stored once per `batch` records
/// or `storeWithin`: a power cut in between sends those again, and upstream counts each once, by its id.
package struct OutboxPump: Sendable {
    package struct Settings: Hashable, Sendable {
        /// Records under way at most.
        package var window = 100
        /// "No matching subscribers" counts as delivered.
        package var acceptsNoSubscribers = false
        /// Seeds the spread of retries.
        package var name = ""
        package var shortestRetry = Duration.seconds(1)
        package var longestRetry = Duration.seconds(60)
        /// A broker that confirms nothing for so long is left.
        package var answerWithin = Duration.seconds(30)

        package init() {}
    }

    package enum Event: Sendable {
        /// Durable up to here.
        case durable(through: Sequence)
        /// `window`: what the broker takes at once.
        case connected(window: Int)
        /// `fault`: what kept it from coming about.
        case ended(String, fault: UplinkFault? = nil)
        /// What was asked for by `.read`.
        case records([OutboxRecord])
        case unreadable
        case answered(Sequence, PublishAnswer)
        case cursorStored(Sequence, isDurable: Bool)
        /// The journal took the record that says so, or did not.
        case setAside(Sequence, isDurable: Bool)
        /// A person wants everything after this sent again.
        case replay(after: Sequence)
        case time
        case stopping
    }

    package enum Effect: Hashable, Sendable {
        case connect
        case disconnect
        case read(after: Sequence, limit: Int)
        case publish(OutboxRecord)
        case storeCursor(Sequence)
        /// Refused alone, to be recorded and passed.
        case setAside(Sequence, String)
        case raise(UplinkFault, String)
        case clear(UplinkFault)
    }

    static let batch: Int64 = 1_000
    static let storeWithin = Duration.seconds(5)
    static let connectWithin = Duration.seconds(20)
    /// Without progress for so long the link counts as lost; shorter ones are everyday.
    static let lostAfter = Duration.seconds(60)
    /// So many refused alone, one after the other or not yet recorded, and it is the broker and not the records: each
    /// makes a record of its own, which would be refused as well, without end.
    static let aloneLimit = 10
    private static let setAsideKind = Fact.housekeeping(.recordSetAside(Sequence(0), why: "")).kind

    private enum Link: Hashable, Sendable {
        case down(retryAt: Uptime)
        case connecting(until: Uptime)
        case up(window: Int)
        case stopped
    }

    private struct Flight: Hashable, Sendable {
        enum State: Hashable, Sendable { case sent, refusedAlone, done }
        var sequence: Sequence
        var state: State
        /// It says of another that it was set aside.
        var isSetAside = false
    }

    private let settings: Settings
    private var link: Link
    private var backoff: Backoff
    private var durable: Sequence
    /// Confirmed without a gap.
    package private(set) var acknowledged: Sequence
    private var stored: Sequence
    private var isStoring = false
    private var cursorDue: Uptime?
    /// Ascending without gaps from the one after `acknowledged`.
    private var flights: [Flight] = []
    private var isReading = false
    /// Set aside durably, but not passed by the cursor yet.
    private var passed: Set<Sequence> = []
    /// Confirmed last, or nothing to confirm.
    private var progressAt: Uptime
    private var trouble = ""
    private var raised: Set<UplinkFault> = []
    /// Address, certificate and login were right once.
    private var wasConnected = false
    /// Refused before: one at a time until one is taken, or those behind it might be taken first.
    private var isCautious = false
    /// Refused alone since one was taken.
    private var alone = 0
    /// The same of the records that say so of another, since one of those was taken: each makes the next.
    private var aloneOfSetAsides = 0
    /// What the connection takes when nothing makes us cautious.
    private var wholeWindow = 1

    package init(_ settings: Settings, cursor: Sequence, durable: Sequence, at now: Uptime) {
        self.settings = settings
        backoff = Backoff(
            of: settings.name, shortest: settings.shortestRetry, longest: settings.longestRetry)
        link = .down(retryAt: now)
        acknowledged = min(cursor, durable)
        stored = cursor
        self.durable = durable
        progressAt = now
    }

    package var status: UplinkStatus {
        var isUp = false
        if case .up = link { isUp = true }
        return UplinkStatus(
            isUp: isUp, acknowledged: acknowledged, durable: durable, underWay: flights.count,
            trouble: isUp && raised.isEmpty ? nil : trouble)
    }

    /// When `.time` is due.
    package var nextDeadline: Uptime? {
        var deadlines = [isStoring ? nil : cursorDue, lostDeadline]
        switch link {
        case .down(let retry): deadlines.append(retry)
        case .connecting(let until): deadlines.append(until)
        case .up: deadlines.append(answerDeadline)
        case .stopped: return nil
        }
        return deadlines.compactMap { $0 }.min()
    }

    package mutating func step(_ event: Event, at now: Uptime) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .durable(let through):
            if durable == acknowledged { progressAt = now }
            durable = max(durable, through)
        case .connected(let window): connected(window, now, &effects)
        case .ended(let why, let fault): ended(why, fault, now, &effects)
        case .records(let records): publish(records, now, &effects)
        case .unreadable:
            isReading = false
            if isOpen { leave("the journal cannot be read", now, &effects) }
        case .answered(let sequence, let answer): answered(sequence, answer, now, &effects)
        case .cursorStored(let sequence, let isDurable): cursorStored(sequence, isDurable, now)
        case .setAside(let sequence, let isDurable): setAside(sequence, isDurable, now, &effects)
        case .replay(let after): replay(after, now, &effects)
        case .time: timePassed(now, &effects)
        case .stopping:
            if acknowledged != stored { effects.append(.storeCursor(acknowledged)) }
            if isOpen { effects.append(.disconnect) }
            link = .stopped
        }
        fill(&effects)
        store(now, &effects)
        return effects
    }

    // MARK: - The link

    private var isOpen: Bool {
        switch link {
        case .connecting, .up: true
        case .down, .stopped: false
        }
    }

    private mutating func connected(_ window: Int, _ now: Uptime, _ effects: inout [Effect]) {
        guard case .connecting = link else { return }
        wasConnected = true
        // From here on it has a minute again.
        if !raised.isDisjoint(with: UplinkFault.ofConnecting) { progressAt = now }
        for fault in UplinkFault.ofConnecting { clear(fault, &effects) }
        wholeWindow = max(1, min(window, settings.window))
        link = .up(window: isCautious ? 1 : wholeWindow)
        flights = []
        isReading = false
        if durable == acknowledged { progressAt = now }
    }

    private mutating func ended(
        _ why: String, _ fault: UplinkFault?, _ now: Uptime, _ effects: inout [Effect]
    ) {
        if case .connecting = link, let fault { refused(fault, why, &effects) }
        if isOpen { end(why, now) }
    }

    /// A broker that restarts is everyday; one that was never reached is a mistake of whoever sets up, who is still here.
    private mutating func refused(_ fault: UplinkFault, _ why: String, _ effects: inout [Effect]) {
        guard fault != .address || !wasConnected else { return }
        // Who came further than before has what stood in the way until then behind it.
        for earlier in UplinkFault.ofConnecting.prefix(while: { $0 != fault }) { clear(earlier, &effects) }
        raise(fault, why, &effects)
    }

    /// It is gone already.
    private mutating func end(_ why: String, _ now: Uptime) {
        if case .up = link, durable == acknowledged { progressAt = now }
        trouble = why
        flights = []
        isReading = false
        link = .down(retryAt: now + backoff.next())
    }

    private mutating func leave(_ why: String, _ now: Uptime, _ effects: inout [Effect]) {
        effects.append(.disconnect)
        end(why, now)
    }

    private mutating func timePassed(_ now: Uptime, _ effects: inout [Effect]) {
        switch link {
        case .down(let retry) where retry <= now:
            link = .connecting(until: now + Self.connectWithin)
            effects.append(.connect)
        case .connecting(let until) where until <= now:
            refused(.address, "no connection in time", &effects)
            leave("no connection in time", now, &effects)
        case .up: if let due = answerDeadline, due <= now { leave("no confirmation in time", now, &effects) }
        case .down, .connecting, .stopped: break
        }
        if let due = lostDeadline, due <= now {
            raise(.lost, trouble.isEmpty ? "nothing was confirmed" : trouble, &effects)
        }
    }

    private var answerDeadline: Uptime? {
        flights.contains { $0.state == .sent } ? progressAt + settings.answerWithin : nil
    }

    private var lostDeadline: Uptime? {
        guard !raised.contains(.lost), link != .stopped,
            raised.isDisjoint(with: UplinkFault.ofConnecting)
        else { return nil }
        if case .up = link, durable == acknowledged { return nil }
        return progressAt + Self.lostAfter
    }

    // MARK: - Records

    /// Asks for what may be sent. While there is a backlog half a window at a time: reading each by itself costs more.
    private mutating func fill(_ effects: inout [Effect]) {
        guard case .up(let window) = link, !isReading else { return }
        let last = flights.last?.sequence ?? acknowledged
        let backlog = durable.number - last.number
        let room = window - flights.count
        guard backlog > 0, room >= min(Int(clamping: backlog), (window + 1) / 2) else { return }
        isReading = true
        effects.append(.read(after: last, limit: room))
    }

    private mutating func publish(
        _ records: [OutboxRecord], _ now: Uptime, _ effects: inout [Effect]
    ) {
        guard isReading, case .up(let window) = link else { return }
        isReading = false
        if flights.isEmpty { progressAt = now }
        let before = flights.count
        for one in records {
            let next = (flights.last?.sequence ?? acknowledged).next
            guard one.record.sequence == next, flights.count < window else { continue }
            let isPassed = passed.contains(next)
            flights.append(
                Flight(
                    sequence: next, state: isPassed ? .done : .sent,
                    isSetAside: one.record.kind == Self.setAsideKind))
            if !isPassed { effects.append(.publish(one)) }
        }
        // Asking again at once would go on for ever.
        guard flights.count > before else {
            return leave("the journal does not give the record after \(acknowledged.number)", now, &effects)
        }
        advance(now, &effects)
    }

    private mutating func answered(
        _ sequence: Sequence, _ answer: PublishAnswer, _ now: Uptime, _ effects: inout [Effect]
    ) {
        guard let index = index(of: sequence), flights[index].state == .sent else { return }
        switch answer {
        case .accepted: flights[index].state = .done
        case .noSubscribers where settings.acceptsNoSubscribers: flights[index].state = .done
        case .noSubscribers:
            isCautious = true
            raise(.noSubscribers, "nobody upstream listens to the topic", &effects)
            return leave("nobody upstream listens to the topic", now, &effects)
        case .refusedAlone(let why) where mayBeAlone(flights[index]):
            alone += 1
            if flights[index].isSetAside { aloneOfSetAsides += 1 }
            flights[index].state = .refusedAlone
            effects.append(.setAside(sequence, why))
            return
        case .refusedAlone(let why), .refused(let why):
            isCautious = true
            raise(.refused, why, &effects)
            return leave("refused: \(why)", now, &effects)
        }
        alone = 0
        if flights[index].isSetAside { aloneOfSetAsides = 0 }
        if isCautious {
            isCautious = false
            link = .up(window: wholeWindow)
        }
        backoff.reset()
        for fault in raised.sorted() { clear(fault, &effects) }
        advance(now, &effects)
    }

    private func mayBeAlone(_ flight: Flight) -> Bool {
        let open = flights.count { $0.state == .refusedAlone }
        let chain = flight.isSetAside ? aloneOfSetAsides : 0
        return max(alone, open, chain) < Self.aloneLimit
    }

    private mutating func advance(_ now: Uptime, _ effects: inout [Effect]) {
        let done = flights.prefix { $0.state == .done }
        guard let last = done.last else { return }
        acknowledged = last.sequence
        flights.removeFirst(done.count)
        if !passed.isEmpty { passed = passed.filter { $0 > acknowledged } }
        progressAt = now
        cursorDue = cursorDue ?? now + Self.storeWithin
    }

    private func index(of sequence: Sequence) -> Int? {
        guard let first = flights.first?.sequence, sequence >= first else { return nil }
        let index = Int(clamping: sequence.number - first.number)
        return index < flights.count ? index : nil
    }

    private mutating func setAside(
        _ sequence: Sequence, _ isDurable: Bool, _ now: Uptime, _ effects: inout [Effect]
    ) {
        guard sequence > acknowledged else { return }
        if isDurable { passed.insert(sequence) }
        guard let index = index(of: sequence), flights[index].state == .refusedAlone else { return }
        guard isDurable else { return leave("the journal takes no records", now, &effects) }
        flights[index].state = .done
        advance(now, &effects)
    }

    private mutating func replay(_ after: Sequence, _ now: Uptime, _ effects: inout [Effect]) {
        guard after < acknowledged, link != .stopped else { return }
        if isOpen { effects.append(.disconnect) }
        acknowledged = after
        flights = []
        isReading = false
        cursorDue = now
        progressAt = now
        link = .down(retryAt: now)
    }

    // MARK: - The cursor

    private mutating func store(_ now: Uptime, _ effects: inout [Effect]) {
        guard !isStoring, link != .stopped, acknowledged != stored else { return }
        let isDue = cursorDue.map { $0 <= now } ?? false
        guard isDue || acknowledged.number - stored.number >= Self.batch else { return }
        isStoring = true
        cursorDue = nil
        effects.append(.storeCursor(acknowledged))
    }

    private mutating func cursorStored(_ sequence: Sequence, _ isDurable: Bool, _ now: Uptime) {
        isStoring = false
        if isDurable { stored = sequence }
        if acknowledged != stored { cursorDue = cursorDue ?? now + Self.storeWithin }
    }

    // MARK: - Faults

    private mutating func raise(_ fault: UplinkFault, _ detail: String, _ effects: inout [Effect]) {
        guard raised.insert(fault).inserted else { return }
        effects.append(.raise(fault, detail))
    }

    private mutating func clear(_ fault: UplinkFault, _ effects: inout [Effect]) {
        if raised.remove(fault) != nil { effects.append(.clear(fault)) }
    }
}
