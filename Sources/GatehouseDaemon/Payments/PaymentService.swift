// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseSync
internal import GatehouseTransport
internal import Logging
internal import Synchronization

/// The payment channel in the daemon (docs/payment-channel.md): who may speak, how many wait, and both ways in. What is
/// said is `PaymentClerk`'s.
final class PaymentService: Sendable {
    private struct State: Sendable {
        var plan: PaymentChannelPlan?
        var topics: PaymentTopics?
        var key: PaymentKey?
        var listener: SupervisedListener?
        var freshness = PaymentFreshness()
        var strangerAt: Uptime?
        var keeper: Task<Void, Never>?
        /// Our calls over the broker.
        var sent: Int64 = 0
    }

    let gateway: Gateway
    private let state = Mutex(State())
    private let told = Mutex(ToldFaults())
    /// 64 in all.
    private let calls = PaymentQueue(width: 8, places: 56)
    private let cancellations = PaymentQueue(width: 1, places: 8)
    /// They wait for orders and take no place of the others.
    private let fetches = PaymentQueue(width: 8, places: 8)
    let desk: OrderDesk

    init(gateway: Gateway) {
        self.gateway = gateway
        desk = OrderDesk(clock: gateway.clock)
    }

    /// At the start and after a reload, which reads the key anew.
    func obey(_ plan: SitePlan) async {
        let channel = plan.pricing?.channel
        let key = channel.flatMap(key)
        let (old, isOther) = state.withLock { state in
            let isOther = state.plan?.http != channel?.http
            state.plan = channel
            state.topics = plan.uplink.map { PaymentTopics(besides: $0.topic) }
            state.key = key
            state.keeper?.cancel()
            state.keeper = watch(plan.pricing)
            defer { if isOther { state.listener = nil } }
            return (state.listener, isOther)
        }
        guard isOther else { return }
        await old?.stop()
        guard let address = channel?.http else { return }
        let listener = listener(at: address)
        state.withLock { $0.listener = listener }
        await listener.start()
    }

    func stop() async {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            state.key = nil
            state.keeper?.cancel()
            return state.listener
        }
        desk.dismiss()
        await listener?.stop()
    }

    var topics: PaymentTopics? { state.withLock { $0.topics } }

    /// Orders go to the broker and nowhere else.
    var usesBrokerAlone: Bool { state.withLock { $0.plan?.usesBroker == true && $0.plan?.http == nil } }

    /// Where our own calls go and what signs them; nil: not over a broker, or nothing can be signed.
    func broker() -> (topic: String, key: PaymentKey, count: Int64)? {
        state.withLock { state in
            guard state.plan?.usesBroker == true, let topics = state.topics, let key = state.key else {
                return nil
            }
            state.sent += 1
            return (topics.topic(.collect), key, state.sent)
        }
    }

    /// false: whoever it is does not have the key, or we have none.
    func isSigned(_ word: PaymentWord, _ body: [UInt8], by signature: String?) -> Bool {
        guard let key = state.withLock({ $0.key }) else { return false }
        return signature.map { key.isValid($0, of: word, body) } ?? false
    }

    /// Of a sender that is known. From any thread; answered once, from any other, signed if it names itself.
    /// - Parameter connection: with it goes whoever waits.
    func receive(
        _ word: PaymentWord, _ body: [UInt8], by connection: PushConnection? = nil,
        _ reply: @escaping @Sendable (PaymentReply) -> Void
    ) {
        do throws(PaymentFault) {
            let call = try PaymentCall(word, body)
            let queue =
                switch word {
                case .cancel: cancellations
                case .orders: fetches
                case .quote, .payment, .collection, .collect: calls
                }
            let key = state.withLock { $0.key }
            let answered = { @Sendable (answer: PaymentReply) in
                reply(key.map { answer.signed(by: $0, to: word, serial: call.serial) } ?? answer)
            }
            let isTaken = queue.add { [self] in answered(await answer(call, by: connection)) }
            if !isTaken {
                answered(PaymentReply(PaymentFault(.busy, "\(queue.places) such calls wait already")))
            }
        } catch { reply(PaymentReply(error)) }
    }

    private func answer(_ call: PaymentCall, by connection: PushConnection?) async -> PaymentReply {
        // What tells something is fresh or not told: a quote, and orders with their codes.
        switch call.request {
        case .payment, .cancel, .collection: break
        case .quote, .orders:
            do throws(PaymentFault) {
                let now = gateway.clock.now()
                try state.withLock { state throws(PaymentFault) in
                    try state.freshness.admit(call, at: now)
                }
            } catch { return PaymentReply(error) }
        }
        if case .orders(let query) = call.request {
            clear(.nobodyFetches)
            return await desk.fetch(query, by: connection)
        }
        return await PaymentClerk(gateway: gateway, sender: call.sender).reply(to: call)
    }

    /// Said once a minute at most: whoever tries can do so fast.
    func noteStranger(_ way: String) {
        let now = gateway.clock.uptime()
        let isNews = state.withLock { state in
            if let last = state.strangerAt, now - last < .seconds(60) { return false }
            state.strangerAt = now
            return true
        }
        if isNews { gateway.logger.warning("payment channel: a call by \(way) without a valid signature") }
    }

    private func key(_ plan: PaymentChannelPlan) -> PaymentKey? {
        do throws(Credentials.Missing) {
            let path = try Credentials().path(plan.key)
            let file = FileManager.default.contents(atPath: path).map { [UInt8]($0) }
            if let key = file.flatMap(PaymentKey.init(file:)) {
                clear(.noKey)
                return key
            }
            refuse(
                "credential \(plan.key) has fewer than \(PaymentKey.shortest) bytes; `openssl rand -hex 32` makes one"
            )
        } catch { refuse(error.text) }
        return nil
    }

    private func refuse(_ why: String) {
        gateway.logger.warning("payment channel: \(why)")
        raise(.noKey, .critical, "nobody can pay over the channel: \(why)")
    }

    func raise(_ fault: PaymentChannelFault, _ severity: FaultSeverity, _ detail: String) {
        let event = DeviceEvent.faultRaised(code: fault.rawValue, severity: severity, detail: detail)
        tell(event) { $0.raise(fault, detail) }
    }

    func clear(_ fault: PaymentChannelFault) {
        tell(.faultCleared(code: fault.rawValue)) { $0.clear(fault) }
    }

    /// Under the lock: of two that come at once, the site hears the one last that is remembered.
    private func tell(_ event: DeviceEvent, ifNews isNews: (inout ToldFaults) -> Bool) {
        told.withLock { told in
            guard isNews(&told) else { return }
            gateway.inbox.offer(.site(.service(.paymentChannel, event)))
        }
    }
}
