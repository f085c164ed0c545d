// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore

/// What comes out of a case.
struct CaseOutcome {
    private enum Result {
        case charge(Charge, ZoneRules)
        case household([(plate: String, charge: Charge)], ZoneRules)
        case renewal(from: CivilDate, to: CivilDate)
        case fault(String)
    }

    private let result: Result

    init(of one: TariffCasesFile.Case) {
        do {
            switch one.subject {
            case .stay(let facts): result = .charge(try one.tariff.price(facts, in: one.zone), one.zone)
            case .household(let stays, let cars, let spaces):
                let verdicts = HouseholdQuota.judge(cars, spaces: spaces, rule: one.tariff.rules.quota)
                var charges: [(plate: String, charge: Charge)] = []
                for (index, verdict) in verdicts.enumerated() {
                    var facts = stays[index]
                    facts.temporary = verdict.temporary
                    var charge = try one.tariff.price(facts, in: one.zone)
                    charge.flags = (charge.flags + verdict.flags).sorted()
                    charges.append((cars[index].plate, charge))
                }
                result = .household(charges, one.zone)
            case .renewal(let renewal):
                result =
                    renewal.renewed.map { .renewal(from: $0.from, to: $0.to) }
                    ?? .fault("beyond the calendar")
            }
        } catch {
            result = .fault(error.message)
        }
    }

    func write(to fields: inout FieldWriter) {
        switch result {
        case .charge(let charge, let zone): charge.write(to: &fields, in: zone)
        case .household(let charges, let zone):
            for (plate, charge) in charges { fields.put(plate, object: { charge.write(to: &$0, in: zone) }) }
        case .renewal(let from, let to):
            fields.put("valid_from", from.text)
            fields.put("valid_to", to.text)
        case .fault(let why): fields.put("fault", why)
        }
    }

    /// One line for each thing that is not as expected.
    func differences(from expected: CaseExpectation?) -> [String] {
        switch (result, expected) {
        case (.charge(let charge, _), let expected):
            guard case .charge(let wanted)? = expected else { return Self.sums(charge) }
            return Self.sums(charge) + Self.compare(charge, wanted)
        case (.household(let charges, _), let expected):
            var lines = charges.flatMap { one in Self.sums(one.charge).map { "\(one.plate): \($0)" } }
            guard case .household(let named)? = expected else { return lines }
            for wanted in named {
                guard let one = charges.first(where: { $0.plate == wanted.plate }) else {
                    lines.append("\(wanted.plate): no such car")
                    continue
                }
                lines += Self.compare(one.charge, wanted.charge).map { "\(wanted.plate): \($0)" }
            }
            return lines
        case (.renewal(let from, let to), .renewal(let first, let last)?):
            guard from != first || to != last else { return [] }
            return ["expected \(first.text) to \(last.text), got \(from.text) to \(to.text)"]
        case (.renewal, _): return []
        case (.fault(let why), _): return ["no price: \(why)"]
        }
    }

    private static func compare(_ charge: Charge, _ wanted: ExpectedCharge) -> [String] {
        var lines: [String] = []
        if let status = wanted.status, status != charge.status {
            lines.append("expected status \(status.rawValue), got \(charge.status.rawValue)")
        }
        for amount in wanted.amounts {
            let got: Money?
            switch amount.key {
            case "gross": got = charge.gross
            case "fee": got = charge.fee
            case "due": got = charge.due
            default: got = charge.reductions.first { $0.key == amount.key }?.sum
            }
            guard got != amount.amount else { continue }
            let texts = [amount.amount, got].map { $0.map { String($0.minorUnits) } ?? "none" }
            lines.append("expected \(amount.key) \(texts[0]), got \(texts[1])")
        }
        let missing = wanted.flags.filter { !charge.flags.contains($0) }.map(\.rawValue)
        if !missing.isEmpty { lines.append("expected \(missing.joined(separator: ", ")) among the flags") }
        return lines
    }

    private static func sums(_ charge: Charge) -> [String] {
        guard let due = charge.due else { return [] }
        let sum = charge.lines.reduce(Int64(0)) { $0 &+ $1.amount.minorUnits }
        return sum == due.minorUnits ? [] : ["the lines add up to \(sum), due is \(due.minorUnits)"]
    }
}

extension PricingFault {
    /// For a person who gave the facts.
    var message: String {
        switch self {
        case .overflow: "the sum is beyond what 64 bits hold"
        case .timeOutOfRange: "a time outside the years 1 to 9999"
        case .stayTooLong: "a stay of more than ten years"
        }
    }
}
