// SPDX-License-Identifier: Apache-2.0

/// The table of rules and what a rule can answer.
enum AccessRules {
    struct Verdict {
        var kind: Decision.Verdict
        var reason: ReasonCode
        var waitsFor: String?
        var listEntry: Int64?
        var isEmergency = false
        /// Fire, emergency and a person's hand open also while another barrier of the set is open.
        var outranksInterlock = false

        static func grant(_ reason: ReasonCode) -> Verdict { Verdict(kind: .grant, reason: reason) }
        static func deny(_ reason: ReasonCode) -> Verdict { Verdict(kind: .deny, reason: reason) }

        static func pending(_ reason: ReasonCode, waitsFor: String) -> Verdict {
            Verdict(kind: .pending, reason: reason, waitsFor: waitsFor)
        }

        static func overriding(_ reason: ReasonCode, isEmergency: Bool = false) -> Verdict {
            Verdict(kind: .grant, reason: reason, isEmergency: isEmergency, outranksInterlock: true)
        }

        func by(_ entry: ListEntry) -> Verdict {
            var verdict = self
            verdict.listEntry = entry.id
            return verdict
        }
    }

    struct Answer {
        var verdict: Verdict?
        /// For people, with the values and limits compared.
        var text: String

        static func next(_ text: String) -> Answer { Answer(verdict: nil, text: text) }
        static func end(_ verdict: Verdict, _ text: String) -> Answer { Answer(verdict: verdict, text: text) }
    }

    struct Rule: Sendable {
        var number: Int
        var name: String
        var ask: @Sendable (AccessCase) -> Answer
    }

    static let inOrder: [Rule] = [
        Rule(number: 0, name: "fire", ask: fire),
        Rule(number: 1, name: "lane", ask: lane),
        Rule(number: 2, name: "free passage", ask: freePassage),
        Rule(number: 3, name: "operator", ask: operatorCommand),
        Rule(number: 4, name: "emergency", ask: emergency),
        Rule(number: 5, name: "identity", ask: identity),
        Rule(number: 6, name: "permit state", ask: permitState),
        Rule(number: 7, name: "blocklist", ask: blocklist),
        Rule(number: 8, name: "exit", ask: exit),
        Rule(number: 9, name: "allowlist", ask: allowlist),
        Rule(number: 10, name: "right", ask: right),
        Rule(number: 11, name: "schedule", ask: schedule),
        Rule(number: 12, name: "counts", ask: counts),
        Rule(number: 13, name: "already inside", ask: alreadyInside),
        Rule(number: 14, name: "interlock", ask: interlock),
        Rule(number: 15, name: "space", ask: space),
        Rule(number: 16, name: "second credential", ask: secondCredential),
        Rule(number: 17, name: "class and arrears", ask: classAndArrears),
        Rule(number: 18, name: "otherwise", ask: otherwise),
    ]
}
