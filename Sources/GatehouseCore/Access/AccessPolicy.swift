// SPDX-License-Identifier: Apache-2.0

/// Who may pass (`access-rules.md` §3). Rules in a fixed order, the first verdict wins; a site sets their
/// parameters, never their order. Every rule asked leaves a step with what it compared.
///
///     0 fire │ 1 lane │ 2 free passage │ 3 operator │ 4 emergency │ 5 who is it │ 6 ended │ 7 blocklist
///     8 exit │ 9 allowlist │ 10 validity, right │ 11 schedule │ 12 counts │ 13 already inside
///     14 interlock, token │ 15 quota, space │ 16 second credential │ 17 class, arrears │ 18 granted
///
/// Rule 14 binds every opening but those of fire, a person's hand and emergency vehicles: a grant of an
/// earlier rule is put to it before it counts, or two interlocked barriers would open (checker S3).
package enum AccessPolicy {
    package static func decide(
        _ request: AccessRequest, plan: AccessPolicyPlan, zone: ZoneRules, area: AreaPlan,
        directory: Directory, situation: AccessSituation, at now: Moment
    ) -> Decision {
        func decide(_ request: AccessRequest) -> Decision {
            evaluate(
                AccessCase(
                    request, plan: plan, zone: zone, area: area, directory: directory, situation: situation,
                    at: now))
        }
        guard request.isContested, let read = request.read,
            let other = request.otherReads.first(where: { $0.reading.plate != read.reading.plate })
        else { return decide(request) }
        var first = request
        first.isContested = false
        var second = first
        second.read = other
        return settle(
            decide(first), decide(second),
            isExitOpen: request.direction == .out && !situation.isStoreAvailable)
    }

    /// Two strong plates in one presence (`lanes.md` n2): both may pass, or a person looks.
    private static func settle(_ first: Decision, _ second: Decision, isExitOpen: Bool) -> Decision {
        let isUndisputed: (Decision) -> Bool = { $0.verdict == .grant && ($0.rule <= 4 || $0.isEmergency) }
        if isUndisputed(first) { return first }
        if isUndisputed(second) { return second }
        if first.verdict == .grant, second.verdict == .grant || isExitOpen { return first }
        var contested = first
        contested.verdict = .pending
        contested.reason = .confirmNeeded
        contested.rule = 5
        contested.waitsFor = "confirm"
        contested.steps = [
            Decision.Step(
                rule: 5,
                answer:
                    "two plates in one presence: \(first.plate?.text ?? "none") \(first.reason.rawValue), "
                    + "\(second.plate?.text ?? "none") \(second.reason.rawValue)")
        ]
        return contested
    }

    private static func evaluate(_ asked: AccessCase) -> Decision {
        var steps: [Decision.Step] = []
        for rule in AccessRules.inOrder {
            let answer = rule.ask(asked)
            steps.append(Decision.Step(rule: rule.number, answer: "\(rule.name): \(answer.text)"))
            guard var verdict = answer.verdict else { continue }
            var number = rule.number
            if verdict.waitsFor == "confirm", asked.isPlateConfirmed {
                verdict = .grant(.operatorOpen)
                steps.append(Decision.Step(rule: 3, answer: "operator: confirmed \(asked.plate?.text ?? "")"))
            }
            if verdict.kind == .grant, !verdict.outranksInterlock, number < 14 {
                let busy = AccessRules.interlock(asked)
                steps.append(Decision.Step(rule: 14, answer: "interlock: \(busy.text)"))
                if let wait = busy.verdict { (verdict, number) = (wait, 14) }
            }
            return decision(verdict, rule: number, asked, steps)
        }
        // The table ends with a rule that always decides.
        return decision(.pending(.review, waitsFor: "confirm"), rule: 18, asked, steps)
    }

    private static func decision(
        _ verdict: AccessRules.Verdict, rule: Int, _ asked: AccessCase, _ steps: [Decision.Step]
    ) -> Decision {
        let permit = asked.permits.carrier
        return Decision(
            verdict: verdict.kind, reason: verdict.reason, rule: rule, flags: asked.flags,
            plate: asked.plate, card: asked.card?.masked, permit: permit?.id ?? asked.stay?.permit,
            household: permit?.household ?? asked.stay?.household, listEntry: verdict.listEntry,
            stay: asked.isEntry ? nil : asked.stay?.id, isHousehold: asked.isHousehold,
            isEmergency: verdict.isEmergency, candidates: asked.candidates, steps: steps,
            waitsFor: verdict.waitsFor, daysLeft: asked.permits.daysLeft)
    }
}
