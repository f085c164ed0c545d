// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseSync

/// What the gateway asks of providers: it lies at the desk for those who come over HTTP, and goes to those who listen at
/// the broker. What the broker does not take is said again until the order is over; what is lost behind it is asked about by
/// the site.
extension PaymentService {
    /// From the engine's thread; never waits.
    func collect(_ request: CollectionRequest) {
        desk.put(request)
        guard let (topic, key, count) = broker() else { return }
        let now = gateway.clock.now()
        let body = request.body(sender: gateway.currentPlan.gateway, count: count, at: now.wall)
        gateway.uplink.post(
            BrokerAnswer(topic: topic, payload: body, signature: key.signature(of: .collect, body)),
            of: request.number, until: now.uptime + request.life(at: now.wall))
    }

    /// From the engine's thread; never waits.
    func forget(_ order: Sequence) {
        desk.remove(order)
        gateway.uplink.withdraw(order)
    }

    /// On the uplink's thread. Where orders lie at the desk as well, nobody has to listen at the broker.
    func posted(_ answer: PublishAnswer) {
        switch answer {
        case .accepted: clear(.ordersNotTaken)
        case .noSubscribers:
            if usesBrokerAlone { tellNotTaken("nobody listens at …/\(PaymentWord.collect.rawValue)") }
        case .refused(let why), .refusedAlone(let why):
            tellNotTaken("\(why); look at the rights of uplink.username")
        }
    }

    private func tellNotTaken(_ why: String) {
        raise(.ordersNotTaken, .warning, "the broker does not take orders for providers: \(why)")
    }

    /// Says so when nobody comes for the orders of a site that has no other way to give them.
    func watch(_ pricing: PricingPlan?) -> Task<Void, Never>? {
        if pricing?.collecting == nil || pricing?.channel?.usesBroker != true { clear(.ordersNotTaken) }
        guard pricing?.collecting != nil, let channel = pricing?.channel, channel.http != nil,
            !channel.usesBroker
        else {
            clear(.nobodyFetches)
            return nil
        }
        let start = gateway.clock.uptime()
        return Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(5))
                guard let self, !Task.isCancelled else { return }
                guard desk.isLonely(since: start) else { continue }
                raise(
                    .nobodyFetches, .warning,
                    "nobody fetched orders for a minute: look at the provider's program, or leave charging.collect out"
                )
            }
        }
    }
}
