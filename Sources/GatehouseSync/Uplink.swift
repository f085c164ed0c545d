// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseEngine
internal import Synchronization

/// What the uplink tells the gateway. Called on the uplink's thread.
package protocol UplinkListener: Sendable {
    func raise(_ fault: UplinkFault, _ detail: String)
    func clear(_ fault: UplinkFault)
    /// Records that upstream refused this one; `isDurable` may come from any thread.
    func setAside(_ sequence: Sequence, _ why: String, _ isDurable: @escaping @Sendable (Bool) -> Void)
    func changed(_ status: UplinkStatus)
}

/// Carries what `OutboxPump` decides: one thread that waits on the broker's socket, reads the journal and publishes.
/// Nothing of the lanes waits for it. Its inbox is bounded by what may be under way: one word per kind and record.
package final class Uplink: Sendable {
    private struct Inbox: Sendable {
        var durable = Sequence(0)
        var events: [OutboxPump.Event] = []
        var answers: [BrokerAnswer] = []
        var letters: [Letter] = []
        var isStopping = false
    }

    private enum Letter: Sendable {
        case post(BrokerAnswer, of: Int64, until: Uptime)
        case withdraw(Int64)
    }

    private let link: BrokerLink
    private let message: CloudEvent
    private let settings: OutboxPump.Settings
    private let journal: any OutboxJournal
    private let listener: any UplinkListener
    private let calls: (any BrokerCalls)?
    private let clock: @Sendable () -> Uptime
    private let inbox = Mutex(Inbox())

    /// nil without libmosquitto, memory or descriptors.
    package init?(
        _ broker: BrokerSettings, _ settings: OutboxPump.Settings, message: CloudEvent,
        journal: any OutboxJournal, listener: any UplinkListener, calls: (any BrokerCalls)? = nil,
        clock: @escaping @Sendable () -> Uptime
    ) {
        guard let link = BrokerLink(broker, window: settings.window) else { return nil }
        self.link = link
        self.message = message
        self.settings = settings
        self.journal = journal
        self.listener = listener
        self.calls = calls
        self.clock = clock
    }

    /// Everything up to here is durable. From any thread; never waits.
    package func durable(through sequence: Sequence) {
        let isNews = inbox.withLock { inbox in
            defer { inbox.durable = max(inbox.durable, sequence) }
            return sequence > inbox.durable
        }
        if isNews { link.ring() }
    }

    package func replay(after sequence: Sequence) { offer(.replay(after: sequence)) }

    /// Says it where the call wanted it said, if the connection stands. From any thread; never waits.
    package func answer(_ answer: BrokerAnswer) {
        inbox.withLock { $0.answers.append(answer) }
        link.ring()
    }

    /// Says it unasked, and again until the broker has taken it, it is over or there is a newer word of its subject. From any
    /// thread; never waits.
    package func post(_ answer: BrokerAnswer, of subject: Int64, until: Uptime) {
        offer(.post(answer, of: subject, until: until))
    }

    /// There is nothing to say of it any more. From any thread; never waits.
    package func withdraw(_ subject: Int64) { offer(.withdraw(subject)) }

    private func offer(_ letter: Letter) {
        inbox.withLock { $0.letters.append(letter) }
        link.ring()
    }

    /// `run` returns soon.
    package func stop() {
        inbox.withLock { $0.isStopping = true }
        link.ring()
    }

    private func offer(_ event: OutboxPump.Event) {
        inbox.withLock { $0.events.append(event) }
        link.ring()
    }

    private func take() -> Inbox {
        inbox.withLock { inbox in
            defer {
                inbox.events = []
                inbox.answers = []
                inbox.letters = []
            }
            return inbox
        }
    }

    /// Until `stop`, on a thread of its own.
    package func run() {
        // Without its cursor everything would be sent again.
        guard let cursor = awaitCursor() else { return }
        var now = clock()
        var known = take()
        var duty = Duty(
            pump: OutboxPump(settings, cursor: cursor, durable: max(known.durable, cursor), at: now))
        var told: UplinkStatus?
        while !known.isStopping {
            perform(duty.pump.step(.durable(through: known.durable), at: now), &duty)
            for event in known.events { perform(duty.pump.step(event, at: now), &duty) }
            for answer in known.answers { link.answer(answer) }
            for letter in known.letters {
                switch letter {
                case .post(let answer, let subject, let until):
                    post(duty.postbox.put(answer, of: subject, until: until, at: now))
                case .withdraw(let subject): duty.postbox.withdraw(subject)
                }
            }
            if let due = duty.pump.nextDeadline, due <= now { perform(duty.pump.step(.time, at: now), &duty) }
            post(duty.postbox.due(at: now))
            if told != duty.pump.status {
                told = duty.pump.status
                listener.changed(duty.pump.status)
            }
            let deadlines = [duty.pump.nextDeadline, duty.postbox.nextDeadline]
            let heard = link.wait(deadlines.compactMap { $0 }.min().map { max(.zero, $0 - clock()) })
            now = clock()
            for event in heard { hear(event, &duty, at: now) }
            known = take()
        }
        perform(duty.pump.step(.stopping, at: now), &duty)
    }

    private func awaitCursor() -> Sequence? {
        while !inbox.withLock({ $0.isStopping }) {
            if let cursor = try? journal.outboxCursor() { return cursor }
            _ = link.wait(.seconds(1))
        }
        return nil
    }

    /// What one connection serves.
    private struct Duty {
        var pump: OutboxPump
        var postbox = Postbox()
    }

    private func hear(_ event: BrokerLink.Event, _ duty: inout Duty, at now: Uptime) {
        switch event {
        case .connected(let window):
            perform(duty.pump.step(.connected(window: window), at: now), &duty)
            post(duty.postbox.connected(at: now))
        case .ended(let why, let fault):
            duty.postbox.ended(at: now)
            perform(duty.pump.step(.ended(why, fault: fault), at: now), &duty)
        case .answered(let sequence, let answer):
            perform(duty.pump.step(.answered(sequence, answer), at: now), &duty)
        case .posted(let letter, let answer): post(duty.postbox.answered(letter, answer, at: now))
        case .received(let call): calls?.received(call)
        case .subscribed(let why): calls?.subscribed(refused: why)
        }
    }

    private func post(_ effects: [Postbox.Effect]) {
        for effect in effects {
            switch effect {
            case .send(let letter, let answer, let seconds): link.post(letter, answer, for: seconds)
            case .told(let answer): calls?.posted(answer)
            }
        }
    }

    private func perform(_ effects: [OutboxPump.Effect], _ duty: inout Duty) {
        for effect in effects {
            switch effect {
            case .connect:
                duty.postbox.ended(at: clock())
                link.open()
            case .disconnect:
                duty.postbox.ended(at: clock())
                link.close()
            case .publish(let one): link.publish(one.record.sequence, message.bytes(one))
            case .read(let after, let limit):
                let answer: OutboxPump.Event
                do throws(StoreFault) {
                    answer = .records(try journal.outbox(after: after, limit: limit))
                } catch { answer = .unreadable }
                perform(duty.pump.step(answer, at: clock()), &duty)
            case .storeCursor(let sequence):
                journal.moveOutboxCursor(to: sequence) { [self] in
                    offer(.cursorStored(sequence, isDurable: $0))
                }
            case .setAside(let sequence, let why):
                listener.setAside(sequence, why) { [self] in offer(.setAside(sequence, isDurable: $0)) }
            case .raise(let fault, let detail): listener.raise(fault, detail)
            case .clear(let fault): listener.clear(fault)
            }
        }
    }
}
