// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `charging.collect`, `charging.offline` and `charging.offline_trust_limit`: what providers are asked for, and what holds
/// while nobody can be asked.
enum CollectingSection {
    static func read(_ reader: MappingReader, into plan: inout PricingPlan) {
        let hasChannel = reader.optional("channel") != nil
        if let section = reader.section("collect") {
            plan.collecting = collecting(section)
            if !hasChannel {
                section.log.add(
                    at: section.mark, path: section.path, "nobody can be asked: there is no channel:",
                    hint: "channel: {key: payment-key, http: 127.0.0.1:8091}")
            }
        }
        let field = reader.optional("offline")
        if let rule = field?.choice(OfflineRule.allCases) { plan.offline = rule }
        let limit = reader.optional("offline_trust_limit")
        plan.offlineTrustLimit = limit?.money()
        if plan.offline != .strict, !hasChannel {
            field?.error(
                "without a channel nobody is ever asked, so this would hold always",
                found: plan.offline.rawValue, hint: "add channel:, or leave offline out")
        }
        if plan.offline == .trustLimit, limit == nil {
            field?.error("it needs a limit", found: plan.offline.rawValue, hint: "offline_trust_limit: 2000")
        }
        let asksPlates = plan.collecting?.ways.contains(.plateBound) ?? false
        if let limit, plan.offline != .trustLimit, !asksPlates {
            limit.warning(
                "nothing uses it", hint: "offline: trust_limit, or plate_bound among the ways of collect")
        }
    }

    private static func collecting(_ reader: MappingReader) -> CollectingPlan? {
        var ways: [PaymentWay] = []
        for field in reader.required("ways", "ways to ask for, in their order")?.oneOrMany() ?? [] {
            guard let way = field.choice(CollectingPlan.possibleWays) else { continue }
            if ways.contains(way) { field.error("it stands here twice", found: way.rawValue) }
            ways.append(way)
        }
        var plan = CollectingPlan(ways: ways)
        if let value = reader.optional("timeout")?.duration(in: .seconds(5)...(.seconds(120))) {
            plan.timeout = value
        }
        if let value = reader.optional("unknown_wait")?.duration(in: .seconds(5)...(.seconds(120))) {
            plan.unknownWait = value
        }
        reader.finish()
        return ways.isEmpty ? nil : plan
    }
}
