// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Whoever takes the drivers' money: hears of quotes when they are durable, and tells the gateway of each payment until
/// it is confirmed.
struct PaymentPlatform {
    /// A payment that the gateway has not confirmed.
    struct Outstanding {
        var notice: PaymentNotice
        var attempts = 0
    }

    /// By serial.
    var outstanding: [String: Outstanding] = [:]
    /// Serials by the replies that this process owes.
    var awaited: [UInt64: String] = [:]
    /// What was paid for each stay, told or not.
    var paid: [Int64: Int64] = [:]
    /// A driver is about to pay for it.
    var isPaying: Set<Int64> = []
    /// Took the gateway's word that it has it.
    var confirmed: [String: Int64] = [:]

    /// The process is gone, and with it what it was asked.
    mutating func hangUp() { awaited = [:] }
}

extension Estate {
    /// Thirty minutes are free and lost when exceeded; then 2 yuan for each begun half hour, at most 20 in 24 hours from the
    /// entry; a quarter of an hour to leave.
    static let pricing: PricingPlan = {
        var rules = TariffRules()
        rules.free = FreeMinutes(minutes: MoneyOracle.freeMinutes)
        rules.pricing = .one(
            .steps(StepRate(steps: [Step(unitMinutes: 30, price: Money(MoneyOracle.unitPrice))])))
        rules.cycle.kind = .rolling
        rules.cycle.minutes = 1440
        rules.cycle.cap = Money(MoneyOracle.dayCap)
        rules.payGrace = PayGrace(minutes: MoneyOracle.graceMinutes)
        let tariff = Tariff(id: "estate", version: 1, currency: "CNY", zone: "UTC", rules: rules)
        return PricingPlan(editions: [
            TariffEdition(from: .min, tariff: tariff, zone: .utc, text: "estate", hash: "0")
        ])
    }()
}
