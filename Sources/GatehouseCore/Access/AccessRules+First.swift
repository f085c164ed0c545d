// SPDX-License-Identifier: Apache-2.0

/// Rules 0–7: the place, the people in charge, and who it is.
extension AccessRules {
    @Sendable static func fire(_ asked: AccessCase) -> Answer {
        asked.situation.isFireActive ? .end(.overriding(.fireRelease), "release active") : .next("none")
    }

    /// Binds everybody but vehicles on duty (H-29). Refuses the lane, not the vehicle: configuration keeps
    /// the last exit of an area from ever being closed.
    @Sendable static func lane(_ asked: AccessCase) -> Answer {
        let why =
            asked.request.isHeldClosed
            ? "held closed" : asked.situation.isLaneOutOfService ? "out of service" : nil
        guard let why else { return .next("in service") }
        if asked.isEmergency { return .next("\(why), not for an emergency vehicle") }
        return .end(.deny(.laneOutOfService), why)
    }

    @Sendable static func freePassage(_ asked: AccessCase) -> Answer {
        asked.situation.isFreePassage ? .end(.grant(.freePassage), "scheduled now") : .next("not now")
    }

    @Sendable static func operatorCommand(_ asked: AccessCase) -> Answer {
        switch asked.situation.operatorCommand {
        case nil: return .next("no command")
        case .open: return .end(.overriding(.operatorOpen), "opens")
        case .confirm(as: nil): return .end(.grant(.operatorOpen), "may pass")
        case .confirm(as: let plate?): return .next("is \(plate.text)")
        case .refuse:
            // Nobody is kept inside by a refusal; the vehicle stays with the guard.
            return asked.isEntry
                ? .end(.deny(.operatorRefused), "refused")
                : .end(
                    .pending(.confirmNeeded, waitsFor: "confirm"), "refused, and an exit waits for a person")
        }
    }

    @Sendable static func emergency(_ asked: AccessCase) -> Answer {
        guard let reading = asked.reading else { return .next("no plate") }
        let text = "kind \(reading.kind.rawValue), \(reading.color.rawValue), regular \(reading.isRegular)"
        guard asked.isEmergency else { return .next(text) }
        let verdict = Verdict.overriding(.emergency, isEmergency: true)
        guard let entry = asked.emergencyEntry else { return .end(verdict, text) }
        return .end(verdict.by(entry), "\(text), entry \(entry.id)")
    }

    @Sendable static func identity(_ asked: AccessCase) -> Answer {
        let confirm = Verdict.pending(.confirmNeeded, waitsFor: "confirm")
        if asked.request.isContested { return .end(confirm, "two plates in one presence") }
        guard asked.isEntry else { return .next(describe(asked)) }
        if let card = asked.card {
            return asked.permits.answer == .none
                ? .end(.deny(.credentialUnknown), "\(card.masked) has no permit") : .next(card.masked)
        }
        guard let plate = asked.readPlate else {
            let what = asked.reading?.isNoPlate == true ? "no plate" : "unread"
            return asked.plan.admitsTemporary
                ? .end(confirm, "\(what): needs a code or a person")
                : .end(.deny(.credentialUnreadable), what)
        }
        if asked.permits.answer != .none || asked.entry(.allow) != nil || asked.blockEntry != nil {
            return .next(describe(asked))
        }
        if asked.match?.outcome == .several || asked.match.map(isSingle) == true {
            return .end(confirm, describe(asked))
        }
        guard asked.plan.admitsTemporary else {
            return .end(
                .deny(.credentialUnknown), "\(plate.text) has no permit, temporary vehicles not admitted")
        }
        guard asked.situation.isStoreAvailable else {
            return .end(confirm, "\(plate.text) unknown while the store is unavailable")
        }
        let isOrdinary = asked.isPlateConfirmed || plate.isTemporaryCode || asked.reading?.isRegular == true
        return isOrdinary
            ? .next("\(plate.text) unknown: temporary") : .end(confirm, "\(plate.text) fits no pattern")
    }

    private static func isSingle(_ match: PlateMatch) -> Bool {
        if case .single = match.outcome { true } else { false }
    }

    private static func describe(_ asked: AccessCase) -> String {
        if let card = asked.card { return card.masked }
        let read = asked.readPlate?.text ?? "no plate"
        guard !asked.candidates.isEmpty else { return read }
        let list = asked.candidates.map { "\($0.plate.text) at \($0.distance)" }.joined(separator: ", ")
        let taken = asked.isFuzzy ? "taken for \(asked.plate?.text ?? "")" : "not decided"
        return "\(read) is near \(list) (limit \(PlateMatch.limit), margin \(PlateMatch.margin)), "
            + "confidence \(asked.request.read?.confidence ?? 0) of \(asked.plan.fuzzyConfidence): \(taken)"
    }

    /// A lapsed permit is a stranger's position, not worse: where strangers enter as temporary vehicles,
    /// so does it, or a lapsed monthly payment would shut a resident out (rights floor).
    @Sendable static func permitState(_ asked: AccessCase) -> Answer {
        guard asked.isEntry, asked.permits.answer == .ended, asked.entry(.allow) == nil,
            asked.blockEntry == nil
        else { return .next(asked.permits.text) }
        return lapsed(asked, .credentialExpired)
    }

    /// Refuses, or lets in as temporary where the site admits such.
    static func lapsed(_ asked: AccessCase, _ reason: ReasonCode) -> Answer {
        guard asked.admitsStrangers else { return .end(.deny(reason), asked.permits.text) }
        guard asked.situation.isStoreAvailable || asked.permits.carrier != nil else {
            return .end(
                .pending(.confirmNeeded, waitsFor: "confirm"),
                "\(asked.permits.text): unknown while the store is unavailable")
        }
        return .next("\(asked.permits.text): temporary")
    }

    @Sendable static func blocklist(_ asked: AccessCase) -> Answer {
        guard let entry = asked.blockEntry else {
            return .next(asked.isBlocklistLookAlike ? "a look-alike stands on it: alarm only" : "not on it")
        }
        let text = "entry \(entry.id) \(entry.variant.rawValue)"
        guard asked.isEntry || entry.variant == .denyBoth else { return .next("\(text), leaving") }
        return .end(.deny(.blocklisted).by(entry), text)
    }
}
