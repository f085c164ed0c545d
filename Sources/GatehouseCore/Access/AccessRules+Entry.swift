// SPDX-License-Identifier: Apache-2.0

/// Rules 9–18, of which only 14 concerns an exit.
extension AccessRules {
    @Sendable static func allowlist(_ asked: AccessCase) -> Answer {
        guard let entry = asked.entry(.allow) else { return .next("not on it") }
        return .end(.grant(.allowlisted).by(entry), "entry \(entry.id)")
    }

    @Sendable static func right(_ asked: AccessCase) -> Answer {
        switch asked.permits.answer {
        case .notValid: lapsed(asked, .subjectNotValid)
        case .noRight: lapsed(asked, .noGrant)
        case .none, .ended: .next("temporary")
        case .usedUp: .next("visitor's pass")
        case .outOfSchedule, .denied, .usable: .next("permit \(asked.permits.carrier?.id ?? 0)")
        }
    }

    @Sendable static func schedule(_ asked: AccessCase) -> Answer {
        switch asked.permits.answer {
        case .denied(let id): .end(.deny(.outOfSchedule), "denial \(id) cuts: \(asked.permits.text)")
        case .outOfSchedule: lapsed(asked, .outOfSchedule)
        case .usable: .next("open now")
        case .usedUp: .next("visitor's pass")
        case .none, .ended, .notValid, .noRight: .next("temporary")
        }
    }

    @Sendable static func counts(_ asked: AccessCase) -> Answer {
        if asked.permits.answer == .usedUp { return lapsed(asked, .countExhausted) }
        guard let pass = asked.permits.usable, let most = pass.visit?.entries else {
            return .next(asked.isPerson ? "none kept" : "vehicles carry no count")
        }
        let used = asked.situation.visits.count(of: pass.id)
        return .next("visitor's pass \(pass.id), entries \(used) of \(most)")
    }

    @Sendable static func alreadyInside(_ asked: AccessCase) -> Answer {
        guard let stay = asked.stay, stay.isCountedInside else { return .next("no open stay") }
        let text = "stay \(stay.id.number) is open, site says \(asked.plan.repeatedEntry.rawValue)"
        switch asked.plan.repeatedEntry {
        case .allowCloseOld: return .next(text)
        case .refuse: return .end(.deny(.duplicateEntry), text)
        case .confirm: return .end(.pending(.confirmNeeded, waitsFor: "confirm"), text)
        }
    }

    @Sendable static func interlock(_ asked: AccessCase) -> Answer {
        if asked.situation.isInterlockBusy {
            return .end(.pending(.interlockWait, waitsFor: "interlock"), "another barrier is open")
        }
        if asked.situation.isOpposed {
            return .end(.pending(.opposingUse, waitsFor: "token"), "the other direction has the lane")
        }
        return .next("free")
    }

    @Sendable static func space(_ asked: AccessCase) -> Answer {
        var text: [String] = []
        if let household = asked.household, let spaces = household.spaces, asked.permits.usable != nil {
            text.append("household \(household.name) has \(asked.householdInside) inside of \(spaces)")
            if asked.isBeyondQuota {
                switch asked.plan.quotaEntry {
                case .admitAsTemporary: text.append("temporary")
                case .refuse: return .end(.deny(.quotaFull), text.joined(separator: ", "))
                case .confirm:
                    return .end(.pending(.confirmNeeded, waitsFor: "confirm"), text.joined(separator: ", "))
                }
            }
        }
        guard let free = asked.freeSpaces else {
            return .next((text + ["area not counted"]).joined(separator: ", "))
        }
        text.append("free \(free), reserve \(asked.area.reserve)")
        let isFull =
            asked.isTemporary ? free <= asked.area.reserve : free <= 0 && !asked.area.admitsPermitsWhenFull
        let joined = text.joined(separator: ", ")
        return isFull ? .end(.deny(.areaFull), joined) : .next(joined)
    }

    @Sendable static func secondCredential(_ asked: AccessCase) -> Answer {
        .next(asked.isPerson ? "none asked" : "none asked of vehicles")
    }

    /// Only vehicles without a permit: a permit is the more specific word about its vehicle.
    @Sendable static func classAndArrears(_ asked: AccessCase) -> Answer {
        guard !asked.isHousehold, asked.permits.usable == nil else { return .next("not asked of a permit") }
        if let kind = asked.reading?.kind, asked.plan.bannedKinds.contains(kind) {
            return .end(.deny(.vehicleClassBanned), kind.rawValue)
        }
        return asked.situation.isBarredForArrears
            ? .end(.deny(.arrears), "the site bars for arrears") : .next("none")
    }

    @Sendable static func otherwise(_ asked: AccessCase) -> Answer {
        if asked.isPerson, let permit = asked.permits.usable {
            return .end(.grant(asked.permits.isGrace ? .permitGrace : .granted), "permit \(permit.id)")
        }
        guard let permit = asked.permits.usable else { return .end(.grant(.temporaryVehicle), "temporary") }
        if permit.visit != nil { return .end(.grant(.visitorPass), "visitor's pass \(permit.id)") }
        if asked.isBeyondQuota { return .end(.grant(.quotaAsTemporary), "permit \(permit.id), temporary") }
        return .end(.grant(asked.permits.isGrace ? .permitGrace : .permitVehicle), "permit \(permit.id)")
    }
}
