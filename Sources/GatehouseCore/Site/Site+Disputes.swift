// SPDX-License-Identifier: Apache-2.0

/// What a person says about the facts of a charge, and what becomes of a charge that somebody contests.
extension Site {
    /// The vehicle's kind, and with it the price; the money that was asked for so far lapses.
    mutating func classify(
        _ target: PaymentTarget, _ said: Classification, _ reason: String, _ by: Operator,
        _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let stay = stay(target) else { return refuseTarget(target, reply, &out) }
        guard !said.isEmpty else {
            return refuse(reply, "refused", "say a class, an energy or why it never pays", &out)
        }
        if let name = said.vehicleClass, let known = plan.pricing?.classNames, !known.contains(name) {
            return refuse(
                reply, "refused", "no class \(name): this site has \(known.joined(separator: ", "))", &out)
        }
        let day = plan.zone.civil(out.now.wall).date
        if let why = said.exemption.flatMap({ usedUp($0, on: day) }) {
            return refuse(reply, "refused", why, &out)
        }
        var classification = said
        classification.by = by.name
        let sequence = record(
            .money(
                .classified(
                    ClassifiedFact(
                        stay: stay, classification: classification, reason: reason, by: by, day: day))), &out)
        reconsider(stay, &out)
        done(reply, saying: sequence, &out)
    }

    /// It may go, whatever it owes.
    mutating func dispute(
        _ target: PaymentTarget, _ reason: String, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let stay = stay(target) ?? debt(target) else { return refuseTarget(target, reply, &out) }
        guard !isDisputed(stay) else {
            return refuse(reply, "refused", "stay \(stay.number) is disputed already", &out)
        }
        let sequence = record(.money(.disputed(DisputeFact(stay: stay, reason: reason, by: by))), &out)
        reconsider(stay, &out)
        done(reply, saying: sequence, &out)
    }

    mutating func settleDispute(
        _ stay: StayID, _ letOff: Money?, _ reason: String, _ by: Operator, _ reply: ReplyID,
        _ out: inout Effects
    ) {
        guard isDisputed(stay) else {
            return refuse(reply, "not_found", "nothing is disputed about stay \(stay.number)", &out)
        }
        // Of a vehicle that is still here there is no debt yet: what it pays is changed by a release.
        let owed = memory.money.debts[stay]?.amount ?? .zero
        let amount = letOff ?? owed
        guard amount >= .zero, amount <= owed else {
            return refuse(
                reply, "refused", "stay \(stay.number) owes \(words(owed)), not \(words(amount))", &out)
        }
        let end = DisputeEnd(stay: stay, letOff: amount, reason: reason, by: by)
        let sequence = record(.money(.disputeSettled(end)), &out)
        reconsider(stay, &out)
        done(reply, saying: sequence, &out)
    }

    private func isDisputed(_ stay: StayID) -> Bool {
        memory.money.debts[stay]?.isDisputed ?? memory.money.account(of: stay).isDisputed
    }

    /// Of a stay that is over.
    private func debt(_ target: PaymentTarget) -> StayID? {
        switch target {
        case .stay(let id): memory.money.debts[id]?.stay
        case .plate(let plate): memory.money.arrears(of: plate).last?.stay
        case .lane: nil
        }
    }
}

extension PricingPlan {
    /// Those that the tariffs price apart or that a rule gives, in order.
    package var classNames: [String] {
        var names = Table([("small", true), ("large", true), ("xl", true), ("motorcycle", true)])
        for rule in classes { names[rule.vehicleClass] = true }
        for edition in editions {
            for rules in [edition.tariff.rules] + edition.tariff.rulesOfClass.inOrder.map(\.value) {
                for name in rules.multipliers.keysInOrder { names[name] = true }
            }
            for name in edition.tariff.rulesOfClass.keysInOrder { names[name] = true }
        }
        return names.keysInOrder
    }
}
