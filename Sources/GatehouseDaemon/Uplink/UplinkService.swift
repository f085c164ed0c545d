// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Dispatch
internal import Foundation
internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import GatehouseSync
internal import Logging
internal import Synchronization

/// The uplink in the daemon: from the plan and the credentials to a running thread, and its faults on their way into
/// the site. Without `uplink:` there is none.
final class UplinkService: Sendable {
    private struct State: Sendable {
        var plan: UplinkPlan?
        var takesCalls = false
        var running: Running?
        var durable: Sequence
    }

    private struct Running: Sendable {
        let uplink: Uplink
        let ended: DispatchSemaphore
    }

    static let noCredential = "no_credential"

    private let store: Store
    private let inbox: Inbox
    private let replies: Replies
    private let clock: SystemClock
    private let logger: Logger
    private let state: Mutex<State>
    private let known = Mutex<UplinkStatus?>(nil)
    private let calls = Mutex<(any BrokerCalls)?>(nil)

    init(
        store: Store, inbox: Inbox, replies: Replies, clock: SystemClock, durable: Sequence, logger: Logger
    ) {
        self.store = store
        self.inbox = inbox
        self.replies = replies
        self.clock = clock
        self.logger = logger
        state = Mutex(State(durable: durable))
    }

    /// nil without an uplink.
    var status: UplinkStatus? { known.withLock { $0 } }

    /// From the journal's thread; never waits.
    func durable(through sequence: Sequence) {
        let uplink = state.withLock { state in
            state.durable = max(state.durable, sequence)
            return state.running?.uplink
        }
        uplink?.durable(through: sequence)
    }

    /// Who is called over the broker, where the plan has it so. Before `obey`.
    func hand(callsTo calls: any BrokerCalls) { self.calls.withLock { $0 = calls } }

    func answer(_ answer: BrokerAnswer) { state.withLock { $0.running }?.uplink.answer(answer) }

    func post(_ answer: BrokerAnswer, of order: Sequence, until: Uptime) {
        state.withLock { $0.running }?.uplink.post(answer, of: order.number, until: until)
    }

    func withdraw(_ order: Sequence) { state.withLock { $0.running }?.uplink.withdraw(order.number) }

    func replay(after sequence: Sequence) -> Bool {
        guard let running = state.withLock({ $0.running }) else { return false }
        running.uplink.replay(after: sequence)
        return true
    }

    /// At the start and after a reload: one that is the same goes on.
    func obey(_ plan: SitePlan) {
        let takesCalls = plan.pricing?.channel?.usesBroker ?? false
        guard state.withLock({ $0.plan != plan.uplink || $0.takesCalls != takesCalls }) else { return }
        stop()
        clearAll()
        state.withLock { state in
            state.plan = plan.uplink
            state.takesCalls = takesCalls
        }
        guard let wanted = plan.uplink else { return }
        do throws(Credentials.Missing) {
            start(try broker(wanted, plan), wanted, plan)
        } catch {
            raise(Self.noCredential, .critical, error.text)
        }
    }

    /// Stores how far upstream is, if that is possible soon.
    func stop() {
        let running = state.withLock { state in
            defer { state.running = nil }
            return state.running
        }
        known.withLock { $0 = nil }
        guard let running else { return }
        running.uplink.stop()
        // A name that is being looked up may take longer; the thread then ends by itself.
        _ = running.ended.wait(timeout: .now() + 2)
    }

    private func start(_ broker: BrokerSettings, _ plan: UplinkPlan, _ site: SitePlan) {
        var settings = OutboxPump.Settings()
        settings.window = plan.window
        settings.acceptsNoSubscribers = plan.acceptsNoSubscribers
        settings.name = broker.clientID
        let uplink = Uplink(
            broker, settings, message: CloudEvent(site: site.id, gateway: site.gateway),
            journal: StoredOutbox(store: store), listener: self, calls: calls.withLock { $0 },
            clock: { [clock] in clock.uptime() })
        guard let uplink else {
            return raise(
                "no_resources", .critical,
                "libmosquitto.so.1 cannot be loaded (Debian: libmosquitto1), or no memory or descriptors are left"
            )
        }
        let running = Running(uplink: uplink, ended: DispatchSemaphore(value: 0))
        let durable = state.withLock { state in
            state.running = running
            return state.durable
        }
        uplink.durable(through: durable)
        let thread = Thread { @Sendable in
            // Years of backlog go up beside the lanes and never before them.
            gh_thread_background()
            running.uplink.run()
            running.ended.signal()
        }
        thread.name = "uplink"
        thread.start()
        logger.info(
            "uplink", metadata: ["broker": "\(broker.host):\(broker.port)", "topic": "\(broker.topic)"])
    }

    private func broker(
        _ plan: UplinkPlan, _ site: SitePlan
    ) throws(Credentials.Missing) -> BrokerSettings {
        let credentials = Credentials()
        var broker = BrokerSettings(
            host: plan.host, port: plan.port, usesTLS: plan.usesTLS,
            clientID: "gatehouse-\(site.id)-\(site.gateway)", topic: plan.topic)
        broker.username = plan.username
        if let name = plan.password { broker.password = try credentials.text(name) }
        broker.authority = plan.authority
        if let name = plan.certificate { broker.certificate = try credentials.path(name) }
        if let name = plan.key { broker.key = try credentials.path(name) }
        if site.pricing?.channel?.usesBroker ?? false {
            broker.calls = PaymentTopics(besides: plan.topic).calls
        }
        return broker
    }

    private func clearAll() { inbox.offer(.site(.service(.uplink, .begins))) }

    private func raise(_ code: String, _ severity: FaultSeverity, _ detail: String) {
        logger.warning("uplink: \(detail)")
        inbox.offer(
            .site(.service(.uplink, .faultRaised(code: code, severity: severity, detail: detail))))
    }
}

extension UplinkService: UplinkListener {
    func raise(_ fault: UplinkFault, _ detail: String) {
        guard let plan = state.withLock({ $0.plan }) else { return }
        switch fault {
        case .address:
            let hint = "look at uplink.broker, the network and the broker"
            raise(fault.rawValue, .warning, "nobody at \(plan.host):\(plan.port): \(detail); \(hint)")
        case .certificate:
            let hint =
                "look at uplink.authority, certificate and key, the name in the broker's certificate, and the clock"
            raise(fault.rawValue, .critical, "no TLS with \(plan.host):\(plan.port): \(detail); \(hint)")
        case .login:
            let who = plan.username.map { "the user \($0)" } ?? "a gateway without a user name"
            let secret = plan.password.map { " and the credential \($0)" } ?? " and uplink.password"
            raise(
                fault.rawValue, .critical,
                "the broker does not let in \(who), \(detail); look at uplink.username\(secret)")
        case .lost, .refused, .noSubscribers: raise(fault.rawValue, .warning, detail)
        }
    }

    func clear(_ fault: UplinkFault) {
        inbox.offer(.site(.service(.uplink, .faultCleared(code: fault.rawValue))))
    }

    func setAside(_ sequence: Sequence, _ why: String, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        let reply = replies.expect { answer in
            if case .done = answer { isDurable(true) } else { isDurable(false) }
        }
        guard let reply else { return isDurable(false) }
        let fact = Housekeeping.recordSetAside(sequence, why: why)
        if inbox.offer(.site(.housekeeping(fact, reply: reply))) == .refused {
            replies.answer(reply, .notStored("stopping"))
        }
    }

    func changed(_ status: UplinkStatus) { known.withLock { $0 = status } }
}

/// The journal, or nothing as long as it does not open.
private struct StoredOutbox: OutboxJournal {
    let store: Store

    private func journal() throws(StoreFault) -> Journal {
        guard let journal = store.journal else { throw .failed("the journal is not open") }
        return journal
    }

    func outbox(after: Sequence, limit: Int) throws(StoreFault) -> [OutboxRecord] {
        try journal().outbox(after: after, limit: limit)
    }

    func outboxCursor() throws(StoreFault) -> Sequence { try journal().outboxCursor() }

    func moveOutboxCursor(to sequence: Sequence, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        guard let journal = store.journal else { return isDurable(false) }
        journal.moveOutboxCursor(to: sequence, isDurable)
    }
}
