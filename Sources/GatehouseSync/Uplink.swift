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
        var isStopping = false
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
        var pump = OutboxPump(
            settings, cursor: cursor, durable: max(known.durable, cursor), at: now)
        var told: UplinkStatus?
        while !known.isStopping {
            perform(pump.step(.durable(through: known.durable), at: now), &pump)
            for event in known.events { perform(pump.step(event, at: now), &pump) }
            for answer in known.answers { link.answer(answer) }
            if let due = pump.nextDeadline, due <= now { perform(pump.step(.time, at: now), &pump) }
            if told != pump.status {
                told = pump.status
                listener.changed(pump.status)
            }
            let heard = link.wait(pump.nextDeadline.map { max(.zero, $0 - clock()) })
            now = clock()
            for event in heard {
                if let event = own(event) { perform(pump.step(event, at: now), &pump) }
            }
            known = take()
        }
        perform(pump.step(.stopping, at: now), &pump)
    }

    private func awaitCursor() -> Sequence? {
        while !inbox.withLock({ $0.isStopping }) {
            if let cursor = try? journal.outboxCursor() { return cursor }
            _ = link.wait(.seconds(1))
        }
        return nil
    }

    /// What concerns the outbox; calls are handed over at once.
    private func own(_ event: BrokerLink.Event) -> OutboxPump.Event? {
        switch event {
        case .connected(let window): return .connected(window: window)
        case .ended(let why, let fault): return .ended(why, fault: fault)
        case .answered(let sequence, let answer): return .answered(sequence, answer)
        case .received(let call): calls?.received(call)
        case .subscribed(let why): calls?.subscribed(refused: why)
        }
        return nil
    }

    private func perform(_ effects: [OutboxPump.Effect], _ pump: inout OutboxPump) {
        for effect in effects {
            switch effect {
            case .connect: link.open()
            case .disconnect: link.close()
            case .publish(let one): link.publish(one.record.sequence, message.bytes(one))
            case .read(let after, let limit):
                let answer: OutboxPump.Event
                do throws(StoreFault) {
                    answer = .records(try journal.outbox(after: after, limit: limit))
                } catch { answer = .unreadable }
                perform(pump.step(answer, at: clock()), &pump)
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
