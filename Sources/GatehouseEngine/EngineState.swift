// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// One entry of the engine's only stream.
package enum EngineInput: Sendable {
    case site(SiteEvent)
    case journal(JournalResult)
    /// The time of `nextDeadline` has come.
    case wake
    /// A self-sent tick that proves progress to the watchdog.
    case tick
    /// A look at the site between two events, for diagnostics. The site is borrowed: no copy may be kept.
    case inspect(@Sendable (borrowing Site) -> Void)
}

/// What the shell has to do now, in this order.
package struct EngineOutput: Sendable {
    package var withdrawals: [Terminal] = []
    package var commands: [DeviceCommand] = []
    /// For the journal now; some were made earlier and waited for company.
    package var records: [Record] = []
    /// Made in this step, for whoever watches.
    package var made: [Record] = []
    package var answers: [(reply: ReplyID, answer: Answer)] = []
    package var notices: [EngineNotice] = []

    package init() {}
}

/// Effects that nobody waits for.
package enum EngineNotice: Hashable, Sendable {
    case triggerCamera(DeviceID)
    case show(LaneID, LaneText)
    case callGuard(LaneID, String)
    case directoryChanged(through: Sequence)
    /// Its record is durable.
    case collect(CollectionRequest)
    case collectionOver(Sequence)
    case store(StoreCondition)
}

/// The engine without its thread: what the loop drives, and the simulator drives the same. A disk that
/// stalls is here a `.committed` that comes late, like any other event.
///
/// Record, then act, by command class: `safety` leaves at once; `grant` waits for its record, at most
/// `JournalPlan.actWithin`; `settled` (answers) waits without a deadline to act, and gives up with an error.
package struct EngineState: Sendable {
    package private(set) var site: Site
    private var timers = TimerQueue<SiteTimer>()
    private var batch = RecordBatch()
    private var held: [HeldCommand] = []
    private var answers: [HeldAnswer] = []
    private var requests: [HeldRequest] = []
    private var traces = CommandTraces()
    private var store = StoreCondition.available
    private var latest: Moment?
    /// What follows from a step comes after all of its effects: records are numbered when the site makes them.
    private var next: [SiteEvent] = []
    private var isStepping = false

    private struct HeldCommand: Sendable {
        var command: DeviceCommand
        var until: Uptime
    }

    private struct HeldRequest: Sendable {
        var request: CollectionRequest
        var until: Uptime
    }

    private struct HeldAnswer: Sendable {
        var reply: ReplyID
        var answer: Answer
        var after: Sequence
        var until: Uptime
    }

    /// How long a technician or a camera waits for its record to be durable.
    package static let answerPatience = Duration.seconds(3)
    /// A difference of the two clocks beyond this is a step, journaled because bills depend on it.
    package static let clockStepThreshold = Duration.seconds(2)

    /// - Parameter past: where the clocks stood before this process, see `ClockJudge.past`.
    package init(site: Site, past: Moment? = nil) {
        self.site = site
        latest = past
    }

    /// When the loop has to come back with `.wake`, even if nothing happens.
    package var nextDeadline: Uptime? {
        var earliest = timers.next
        for candidate in [
            batch.deadline, held.map(\.until).min(), answers.map(\.until).min(),
            requests.map(\.until).min(),
        ] {
            guard let candidate else { continue }
            earliest = earliest.map { min($0, candidate) } ?? candidate
        }
        return earliest
    }

    package var isStoreAvailable: Bool { store == .available }
    package var recordsInFlight: Int { batch.inFlight }

    package mutating func absorb(_ input: EngineInput, at now: Moment) -> EngineOutput {
        var output = EngineOutput()
        noticeClockStep(now, &output)
        switch input {
        case .site(let event): step(event, at: now, &output)
        case .journal(let result): settle(result, at: now, &output)
        case .wake, .tick, .inspect: break
        }
        while let timer = timers.takeDue(at: now.uptime) { step(.timer(timer), at: now, &output) }
        releaseOverdue(at: now, &output)
        output.records = batch.takeDue(at: now.uptime)
        return output
    }

    // MARK: Stepping

    private mutating func step(_ event: SiteEvent, at now: Moment, _ output: inout EngineOutput) {
        next.append(event)
        guard !isStepping else { return }
        isStepping = true
        while !next.isEmpty { takeStep(next.removeFirst(), at: now, &output) }
        isStepping = false
    }

    private mutating func takeStep(_ event: SiteEvent, at now: Moment, _ output: inout EngineOutput) {
        if case .command(let id, let outcome) = event { trace(id, outcome, at: now, &output) }
        perform(site.step(event, at: now), at: now, &output)
        if case .plan = event { readdressHeld() }
    }

    /// What was decided before a reload reaches the output that it was meant for, or nothing.
    private mutating func readdressHeld() {
        held = held.compactMap { one in
            site.awaited(one.command.id).map { HeldCommand(command: $0, until: one.until) }
        }
    }

    private mutating func perform(_ effects: [SiteEffect], at now: Moment, _ output: inout EngineOutput) {
        for effect in effects {
            switch effect {
            case .record(let record): accept(record, at: now, &output)
            case .command(let command): hold(command, at: now, &output)
            case .withdraw(let terminals):
                output.withdrawals += terminals
                held.removeAll { terminals.contains($0.command.terminal) }
            case .startTimer(let timer, let deadline): timers.start(timer, at: deadline)
            case .stopTimer(let timer): timers.stop(timer)
            case .answer(let reply, let answer, let after): hold(reply, answer, after, at: now, &output)
            case .triggerCamera(let camera): output.notices.append(.triggerCamera(camera))
            case .show(let lane, let text): output.notices.append(.show(lane, text))
            case .callGuard(let lane, let why): output.notices.append(.callGuard(lane, why))
            case .directoryChanged(let through): output.notices.append(.directoryChanged(through: through))
            case .collect(let request, let until):
                requests.append(HeldRequest(request: request, until: until))
                releaseRequests(&output)
            case .collectionOver(let number):
                requests.removeAll { $0.request.number == number }
                output.notices.append(.collectionOver(number))
            }
        }
    }

    private mutating func accept(_ record: Record, at now: Moment, _ output: inout EngineOutput) {
        batch.append(record, at: now.uptime)
        output.made.append(record)
        if batch.room != .all { change(to: crowded, now, &output) }
    }

    /// With the words of the trouble that there was before.
    private var crowded: StoreCondition {
        if case .unavailable(let why, _) = store { return .unavailable(why, room: batch.room) }
        return .unavailable(RecordBatch.crowding, room: batch.room)
    }

    private mutating func noticeClockStep(_ now: Moment, _ output: inout EngineOutput) {
        defer { latest = now }
        guard let latest else { return }
        let step = now.step(since: latest)
        if step.magnitude >= Self.clockStepThreshold { self.step(.clockStepped(step), at: now, &output) }
    }

    // MARK: Held until durable

    private mutating func hold(_ command: DeviceCommand, at now: Moment, _ output: inout EngineOutput) {
        traces.decided(command, at: now.uptime)
        let isFree = command.commandClass == .safety || batch.isDurable(command.record)
        if isFree {
            if command.action == .off { withdrawHeld(before: command, at: now, &output) }
            release(command, at: now, &output)
        } else {
            // Without a store it leaves at the end of this input.
            held.append(HeldCommand(command: command, until: now.uptime + site.plan.journal.actWithin))
        }
    }

    /// An output that is let go now was not to be asserted later by what was decided before.
    private mutating func withdrawHeld(
        before command: DeviceCommand, at now: Moment, _ output: inout EngineOutput
    ) {
        let older = held.filter { $0.command.terminal == command.terminal }
        held.removeAll { $0.command.terminal == command.terminal }
        for one in older {
            step(
                .command(one.command.id, .withdrawn("let go before its record was durable")), at: now,
                &output)
        }
    }

    private mutating func release(
        _ command: DeviceCommand, at now: Moment, _ output: inout EngineOutput
    ) {
        traces.released(command.id, at: now.uptime)
        output.commands.append(command)
    }

    private mutating func hold(
        _ reply: ReplyID, _ answer: Answer, _ after: Sequence, at now: Moment, _ output: inout EngineOutput
    ) {
        if batch.isDurable(after) {
            output.answers.append((reply, answer))
        } else {
            answers.append(
                HeldAnswer(
                    reply: reply, answer: answer, after: after, until: now.uptime + Self.answerPatience))
        }
    }

    private mutating func settle(
        _ result: JournalResult, at now: Moment, _ output: inout EngineOutput
    ) {
        switch result {
        case .committed(let through):
            batch.committed(through: Sequence(through))
            let durable = held.filter { batch.isDurable($0.command.record) }
            held.removeAll { batch.isDurable($0.command.record) }
            for one in durable { release(one.command, at: now, &output) }
            for one in answers where batch.isDurable(one.after) {
                output.answers.append((one.reply, one.answer))
            }
            answers.removeAll { batch.isDurable($0.after) }
            releaseRequests(&output)
            if store != .available { change(to: batch.room == .all ? .available : crowded, now, &output) }
        case .commitFailed(_, let fault):
            change(to: .unavailable(fault.words, room: batch.room), now, &output)
        }
    }

    private mutating func releaseOverdue(at now: Moment, _ output: inout EngineOutput) {
        let isLate = { (one: HeldCommand) in now.uptime >= one.until }
        let canWait = store == .available
        let late = held.filter { !canWait || isLate($0) }
        held.removeAll { !canWait || isLate($0) }
        for one in late {
            release(one.command, at: now, &output)
            step(.actedBeforeDurable(one.command.record), at: now, &output)
        }
        for one in answers where now.uptime >= one.until {
            let why = "not durable within \(Self.answerPatience.inMilliseconds) ms"
            output.answers.append((one.reply, .notStored(why)))
        }
        answers.removeAll { now.uptime >= $0.until }
        // Nobody is asked late: what is not durable in time is as if it had not been asked.
        requests.removeAll { now.uptime >= $0.until }
    }

    private mutating func releaseRequests(_ output: inout EngineOutput) {
        for one in requests where batch.isDurable(one.request.number) {
            output.notices.append(.collect(one.request))
        }
        requests.removeAll { batch.isDurable($0.request.number) }
    }

    private mutating func change(
        to condition: StoreCondition, _ now: Moment, _ output: inout EngineOutput
    ) {
        guard store != condition else { return }
        store = condition
        output.notices.append(.store(condition))
        step(.store(condition), at: now, &output)
    }

    private mutating func trace(
        _ id: DeviceCommand.ID, _ outcome: CommandOutcome, at now: Moment, _ output: inout EngineOutput
    ) {
        guard let trace = traces.outcome(id, outcome) else { return }
        perform(site.step(.performed(trace), at: now), at: now, &output)
    }
}

extension StoreFault {
    package var words: String {
        switch self {
        case .diskFull: "the disk is full"
        case .readOnly: "the file system is read-only"
        case .corrupt(let detail): "the database is damaged: \(detail)"
        case .inUse(let detail): detail
        case .failed(let detail): "the database answered: \(detail)"
        }
    }
}
