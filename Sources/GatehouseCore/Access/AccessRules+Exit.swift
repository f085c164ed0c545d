// SPDX-License-Identifier: Apache-2.0

/// Rule 8: whoever is inside may leave. Nothing below it is asked at an exit, so no schedule, permit state,
/// quota or arrears can keep anybody; only the charge of this stay can hold a temporary vehicle, and only
/// while the store lives (architecture §14, H-31, H-32).
extension AccessRules {
    @Sendable static func exit(_ asked: AccessCase) -> Answer {
        guard !asked.isEntry else { return .next("entering") }
        if let card = asked.card { return .end(.grant(.exitAlways), "\(card.masked): people are never kept") }
        guard asked.stay == nil else { return exitWithStay(asked) }
        if asked.isHousehold {
            return .end(.grant(.exitAlways), "no open stay, but \(holder(asked)) leaves freely")
        }
        guard asked.situation.isStoreAvailable else {
            return .end(.grant(.exitAlways), "no open stay, store unavailable: exits open")
        }
        let found = asked.candidates.count
        switch asked.plan.noEntryRecord {
        case .open:
            return .end(.grant(.exitAlways), "no open stay, \(found) candidates: the site lets out")
        case .confirm:
            return .end(
                .pending(.noEntryRecord, waitsFor: "confirm"), "no open stay, \(found) candidates")
        }
    }

    private static func exitWithStay(_ asked: AccessCase) -> Answer {
        let stay = "stay \(asked.stay?.id.number ?? 0)"
        switch asked.payment {
        case .none: return .end(.grant(.exitAlways), "\(stay), nothing asked")
        case .free: return .end(.grant(.zeroDue), "\(stay), nothing due")
        case .freeToConfirm where asked.isHousehold || !asked.situation.isStoreAvailable:
            return .end(.grant(.zeroDue), "\(stay), nothing due")
        case .freeToConfirm:
            return .end(.pending(.zeroDue, waitsFor: "confirm"), "\(stay), nothing due: a guard confirms it")
        case .settled: return .end(.grant(.paid), "\(stay), settled")
        case .usedElsewhere where asked.isHousehold || !asked.situation.isStoreAvailable:
            return .end(.grant(.exitAlways), "\(stay), let out at another lane")
        case .usedElsewhere:
            return .end(
                .pending(.review, waitsFor: "confirm"),
                "\(stay), let out at another lane: a person says which vehicle is which")
        case .later: return .end(.grant(.debtRelease), "\(stay), due: a guard lets it pay later")
        case .due where asked.isHousehold, .trusted where asked.isHousehold:
            return .end(.grant(.exitAlways), "\(stay), due: becomes arrears of \(holder(asked))")
        case .due where !asked.situation.isStoreAvailable:
            return .end(.grant(.exitAlways), "\(stay), due: store unavailable, exits open")
        case .trusted:
            return .end(.grant(.offlinePolicy), "\(stay), due: nobody can be asked, it owes")
        case .due:
            return .end(.pending(.paymentDue, waitsFor: "payment"), "\(stay), due")
        }
    }

    private static func holder(_ asked: AccessCase) -> String {
        if let household = asked.household { return "household \(household.name)" }
        if let permit = asked.permits.carrier { return "permit \(permit.id)" }
        if let entry = asked.entry(.allow) { return "allowlist entry \(entry.id)" }
        return "the permit it came in on"
    }
}
