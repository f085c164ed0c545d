// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseSync

/// What the gateway asks of providers: it lies at the desk for those who come over HTTP, and goes to those who listen at
/// the broker. What is lost on its way is asked about by the site.
extension PaymentService {
    /// From the engine's thread; never waits.
    func collect(_ request: CollectionRequest) {
        desk.put(request)
        guard let (topic, key, count) = broker() else { return }
        let plan = gateway.currentPlan
        let body = request.body(sender: plan.gateway, count: count, at: gateway.clock.now().wall)
        gateway.uplink.answer(
            BrokerAnswer(topic: topic, payload: body, signature: key.signature(of: .collect, body)))
    }

    /// Says so when nobody comes for the orders of a site that has no other way to give them.
    func watch(_ pricing: PricingPlan?) -> Task<Void, Never>? {
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
