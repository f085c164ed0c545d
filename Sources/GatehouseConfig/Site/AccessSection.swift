// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `access:`: parameters of the rules, never their order. What would break the rights floor is refused by
/// name, so that nobody looks for another spelling.
struct AccessSection {
    func read(_ reader: MappingReader) -> AccessPolicyPlan {
        var plan = AccessPolicyPlan()
        if let value = reader.optional("admit_temporary")?.flag() { plan.admitsTemporary = value }
        if let value = reader.optional("fuzzy")?.choice([AccessPolicyPlan.Fuzzy.off, .suggest, .autoIfSingle])
        {
            plan.fuzzy = value
        }
        if let value = reader.optional("fuzzy_confidence")?.integer(in: 90...100) {
            plan.fuzzyConfidence = value
        }
        let quota: [AccessPolicyPlan.QuotaEntry] = [.admitAsTemporary, .refuse, .confirm]
        if let value = reader.optional("quota_entry")?.choice(quota) { plan.quotaEntry = value }
        let repeated: [AccessPolicyPlan.RepeatedEntry] = [.allowCloseOld, .refuse, .confirm]
        if let value = reader.optional("repeated_entry")?.choice(repeated) { plan.repeatedEntry = value }
        if let value = noEntryRecord(reader.optional("no_entry_record")) { plan.noEntryRecord = value }
        arrears(reader.optional("arrears"))
        if let field = reader.optional("emergency_kinds") {
            plan.emergencyKinds = plateKinds(field)
            let waiting = Self.rescue.subtracting(plan.emergencyKinds).map(\.rawValue.snakeCased).sorted()
            if !waiting.isEmpty {
                field.warning(
                    "vehicles of kind \(waiting.joined(separator: ", ")) would wait like others (H-29)")
            }
        }
        let banned = reader.optional("banned_kinds")
        plan.bannedKinds = banned.map(plateKinds) ?? []
        if let clash = plan.bannedKinds.intersection(Self.rescue).map(\.rawValue.snakeCased).sorted().first {
            banned?.error("emergency vehicles are never refused (H-29)", found: clash)
        }
        let tolerance = Duration.zero...(.seconds(3600))
        if let value = reader.optional("clock_tolerance")?.duration(in: tolerance) {
            plan.clockTolerance = value
        }
        if let value = reader.optional("permit_grace_days")?.integer(in: 0...60) {
            plan.permitGraceDays = value
        }
        let stale = Duration.seconds(86_400)...(.seconds(90 * 86_400))
        if let value = reader.optional("stale_after")?.duration(in: stale) { plan.staleAfter = value }
        reader.finish()
        return plan
    }

    private func noEntryRecord(_ field: Field?) -> AccessPolicyPlan.NoEntryRecord? {
        guard let field else { return nil }
        if field.word == "refuse" {
            field.error(
                "the rights floor: whoever is inside may leave (H-32)", found: "refuse",
                hint: "use open or confirm")
            return nil
        }
        return field.choice([AccessPolicyPlan.NoEntryRecord.open, .confirm])
    }

    private func arrears(_ field: Field?) {
        guard let field, let word = field.raw(expecting: "ignore"), word != "ignore" else { return }
        field.error(
            "the rights floor: a person is never refused or kept for money, a household's vehicle never at all (H-31)",
            found: word, hint: "use ignore")
    }

    private static let rescue: Set<PlateKind> = [.police, .armedPolice, .military, .emergency]

    private func plateKinds(_ field: Field) -> Set<PlateKind> {
        let kinds = PlateKind.allCases.filter { $0 != .unknown }
        var result: Set<PlateKind> = []
        for element in field.oneOrMany(mayBeEmpty: true) {
            guard let word = element.raw(expecting: "a kind of plate") else { continue }
            guard let kind = kinds.first(where: { $0.rawValue.snakeCased == word }) else {
                let words = kinds.map(\.rawValue.snakeCased)
                element.error("use \(alternatives(words))", found: word)
                continue
            }
            result.insert(kind)
        }
        return result
    }
}
