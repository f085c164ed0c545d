// SPDX-License-Identifier: Apache-2.0

/// What a record says, in one line for people: without its lane and plate, which have columns of their own.
/// Total: unknown kinds and absent keys give less text, never an error.
package enum RecordText {
    package static func sentence(_ kind: String, _ fields: Fields) -> String {
        switch kind {
        case "plateRead": read(fields)
        case "cardRead":
            joined([
                fields.text("reader"), fields.text("direction"), fields.flag("known") ? "known" : "unknown",
            ])
        case "accessGranted", "accessDenied", "accessHeld": decision(fields)
        case "barrierCommanded": command(fields)
        case "commandPerformed": performed(fields)
        case "passageCompleted", "passageReverse": passage(kind, fields)
        case "stayOpened", "stayClosed", "stayMarked", "stayCorrected", "stayMatched", "stayClaimed",
            "stayImported", "unmatchedExit", "areaRecounted", "countUnderflow":
            stay(kind, fields)
        case "permitSet", "permitEnded", "householdSet", "householdRemoved", "listEntrySet", "listEntryEnded":
            directory(kind, fields)
        case "faultRaised", "faultCleared": fault(kind, fields)
        case _ where MoneyFact.kinds.contains(kind): money(kind, fields)
        default: process(kind, fields) ?? note(kind, fields)
        }
    }

    /// `armMovedUncommanded` → `arm moved uncommanded`.
    package static func words(_ kind: String) -> String {
        var text = ""
        for character in kind {
            if character.isUppercase { text += " " + character.lowercased() } else { text.append(character) }
        }
        return text
    }

    /// Microseconds as `12.3 ms`.
    package static func milliseconds(_ microseconds: Int64) -> String {
        let tenths = microseconds / 100
        return "\(tenths / 10).\(abs(tenths % 10)) ms"
    }

    private static func joined(_ parts: [String?]) -> String {
        parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func flags(_ fields: Fields) -> String? {
        let flags = (try? fields.strings("flags")) ?? []
        return flags.isEmpty ? nil : "[\(flags.joined(separator: " "))]"
    }

    private static func drill(_ fields: Fields) -> String? { fields.flag("drill") ? "drill" : nil }

    private static func by(_ fields: Fields) -> String? {
        if let by = try? fields.objectIfPresent("by"), let name = by.text("name") {
            return "by \(name) (\(by.text("channel") ?? "?"))"
        }
        return fields.text("operator").map { "by \($0) (\(fields.text("channel") ?? "?"))" }
    }

    private static func read(_ fields: Fields) -> String {
        joined([
            fields.text("camera"),
            fields.number("confidence").map { "confidence \($0)" },
            fields.text("color"),
            fields.text("plate") == nil || fields.flag("irregular")
                ? fields.text("raw").map { $0.isEmpty ? "nothing read" : "as sent \"\($0)\"" } : nil,
            fields.text("original").map { "the camera corrected \"\($0)\" by a list of its own" },
            fields.flag("known") ? "known" : nil,
            fields.flag("live") ? nil : "re-sent",
            fields.flag("fresh") ? nil : "late",
            fields.flag("opened_by_camera") ? "camera opened by its own list" : nil,
        ])
    }

    private static func decision(_ fields: Fields) -> String {
        joined([
            fields.text("reason"),
            fields.number("rule").map { "rule \($0)" },
            fields.text("waits_for").map { "waits for \($0)" },
            fields.number("permit").map { "permit \($0)" },
            fields.number("list_entry").map { "list entry \($0)" },
            fields.number("stay").map { "stay \($0)" },
            fields.text("presence") == "assumed" ? "presence assumed" : nil,
            flags(fields),
        ])
    }

    private static func command(_ fields: Fields) -> String {
        let action = fields.number("pulse_ms").map { "pulse \($0) ms" } ?? fields.text("action") ?? ""
        let cause = fields.text("cause").map { cause in
            "cause \(cause)" + (fields.number("decision").map { " \($0)" } ?? "")
        }
        return joined(["\(fields.text("output") ?? "?") \(action)", cause, drill(fields), by(fields)])
    }

    private static func performed(_ fields: Fields) -> String {
        let times = [("held", "held_us"), ("written", "written_us"), ("done", "confirmed_us")].compactMap {
            word, key in fields.number(key).map { "\(word) \(milliseconds($0).dropLast(3))" }
        }
        let outcome = "\(fields.text("output") ?? "?") \(fields.text("outcome") ?? "?")"
        return times.isEmpty ? outcome : "\(outcome): \(times.joined(separator: ", ")) ms"
    }

    private static func passage(_ kind: String, _ fields: Fields) -> String {
        let way = kind == "passageReverse" ? "against the lane, " : ""
        return joined([
            way + (fields.text("direction") ?? "?"), fields.text("certainty"), fields.text("cause"),
            fields.number("decision").map { "decision \($0)" }, drill(fields), flags(fields),
        ])
    }

    private static func stay(_ kind: String, _ fields: Fields) -> String {
        joined([
            words(kind),
            fields.number("stay").map { "stay \($0)" },
            fields.text("state"),
            fields.text("area").map { "area \($0)" },
            fields.text("class"),
            fields.number("exit").map { "exit \($0)" },
            fields.number("counted").map { "\($0) cars counted" },
            fields.number("occupancy").map { "occupancy \($0)" },
            by(fields), fields.text("operator") == nil ? nil : fields.text("reason"), flags(fields),
        ])
    }

    private static func directory(_ kind: String, _ fields: Fields) -> String {
        joined([
            words(kind),
            fields.number("id").map { "number \($0)" },
            fields.text("list"),
            fields.text("name") ?? fields.text("holder"),
            fields.number("household").map { "household \($0)" },
            fields.text("from").map { "from \($0)" },
            fields.text("to").map { "to \($0)" },
            fields.text("list") == nil ? nil : fields.text("reason"),
            fields.text("change_reason"), by(fields),
        ])
    }

    private static func money(_ kind: String, _ fields: Fields) -> String {
        let words = MoneyWords(currency: fields.text("currency") ?? "CNY")
        func amount(_ key: String, _ word: String, of fields: Fields = fields) -> String? {
            fields.number(key).map { "\(word) \(words.number(Money($0)))" }
        }
        let charge = (try? fields.objectIfPresent("charge")) ?? nil
        return joined([
            self.words(kind), fields.number("stay").map { "stay \($0)" }, fields.text("way"),
            fields.text("serial").map { "serial \($0)" }, fields.text("outcome"),
            charge.flatMap { amount("fee", "fee", of: $0) }, charge.flatMap { amount("due", "due", of: $0) },
            amount("amount", "amount"), amount("paid", "paid"), amount("owed", "owed"),
            fields.number("excess") == 0 ? nil : amount("excess", "to give back"),
            fields.text("use").map { "for \($0)" }, amount("fee_is", "fee set to"),
            amount("by_amount", "fee changed by"), amount("let_off", "let off"),
            kind == "chargeClassified" ? fields.text("class").map { "class \($0)" } : nil,
            kind == "chargeClassified" ? fields.text("energy") : nil,
            fields.text("exempt").map { "exempt \($0)" }, amount("expected", "expected"),
            amount("counted", "counted"),
            fields.text("tariff").map { "tariff \($0) \(fields.number("version") ?? 0)" },
            fields.text("coupon").map { "coupon \($0)" },
            fields.text("kind").map { joined(["of \($0)", fields.number("value").map(String.init)]) },
            fields.text("merchant").map { "borne by \($0)" },
            amount("used", "took off"), amount("balance", "balance then"),
            fields.text("reason"), by(fields), charge.flatMap { flags($0) },
        ])
    }

    private static func fault(_ kind: String, _ fields: Fields) -> String {
        let code = fields.text("code") ?? "?"
        guard kind == "faultRaised" else { return "\(code) is over" }
        return joined([code, fields.text("severity"), fields.text("detail")])
    }

    private static func process(_ kind: String, _ fields: Fields) -> String? {
        switch kind {
        case "processStarted":
            joined([
                "gatehoused \(fields.text("version") ?? "?") started",
                fields.flag("clean") ? nil : "after no orderly stop",
                fields.flag("new_boot") ? "new boot" : nil,
            ])
        case "processStopped": "gatehoused stopped in order"
        case "planLoaded": "plan \(fields.text("plan")?.prefix(12) ?? "?") in force"
        case "clockStepped": "wall clock stepped by \(fields.number("step_ms") ?? 0) ms"
        case "actedBeforeDurable":
            "acted before record \(fields.number("record") ?? 0) was on disk"
        case "storeUnavailable": "journal takes no records: \(fields.text("why") ?? "?")"
        case "storeRestored": "journal takes records again, \(fields.number("facts_dropped") ?? 0) facts lost"
        case "sealed": "sealed through record \(fields.number("through") ?? 0)"
        case "payloadsDeleted":
            "contents of \(fields.number("count") ?? 0) records up to \(fields.number("through") ?? 0) deleted"
        case "imagesDeleted":
            "\(fields.number("count") ?? 0) pictures deleted, \(fields.number("bytes") ?? 0) bytes"
        case "recordSetAside":
            "upstream refuses record \(fields.number("record") ?? 0): \(fields.text("why") ?? "?")"
        case "replayOrdered":
            joined(["records after \(fields.number("after") ?? 0) go upstream again", by(fields)])
        case "clockSetOrdered":
            joined([
                "the clock is set to \(WallTime(milliseconds: fields.number("to_ms") ?? 0).rfc3339)",
                by(fields), fields.text("reason"),
            ])
        case "ledgerKeyBegun": "the ledger is signed with the key \(keyLabel(fields))"
        case "ledgerKeyRotated":
            joined([
                "the ledger is signed with the key \(keyLabel(fields)) from here on, as the one before says",
                by(fields), fields.text("reason"),
            ])
        case "ledgerKeyLost":
            joined([
                "the ledger's key is lost, it is signed with the new key \(keyLabel(fields)) from here on",
                by(fields), fields.text("reason"),
            ])
        default: nil
        }
    }

    /// Name and hash, without the key itself.
    private static func keyLabel(_ fields: Fields) -> String {
        let parts = (fields.text("key") ?? "?").split(separator: "+", maxSplits: 2)
        return parts.prefix(2).joined(separator: "+")
    }

    private static func note(_ kind: String, _ fields: Fields) -> String {
        joined([
            words(kind), drill(fields), fields.text("why"), fields.text("reason"),
            fields.text("direction"),
            fields.number("decision").map { "decision \($0)" },
            fields.number("read").map { "read \($0)" },
            fields.number("ms").map { "after \($0) ms" },
            fields.number("count").map { "count \($0)" },
            fields.number("until_ms").map { "until \(WallTime(milliseconds: $0).rfc3339)" },
            by(fields), flags(fields),
        ])
    }
}

extension Fields {
    /// For display: absent and of another type are the same.
    package func text(_ key: String) -> String? { (try? stringIfPresent(key)) ?? nil }
    package func number(_ key: String) -> Int64? { (try? integerIfPresent(key)) ?? nil }
    package func flag(_ key: String) -> Bool { (try? bool(key)) ?? false }
}
