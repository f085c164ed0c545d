// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What the records say of one unfinished stay, for the oracle.
struct StayMoney {
    struct Payment {
        var record: Int64
        var serial: String
        /// Seconds since 1970.
        var at: Int64
        /// What was given back of it is off.
        var amount: Int64
    }

    /// Seconds since 1970.
    var entry: Int64
    var plate: String?
    var household: Int64?
    /// By whose right it came in: a class's word.
    var holder: String
    var permit: Int64?
    /// First seen at an exit.
    var isAtExit: Bool
    var isLarge: Bool
    var isNewEnergy: Bool
    var payments: [Payment] = []
    var changes: [MoneyOracle.Change] = []
    /// Let go to pay later: what was due for it alone then.
    var deferred: Int64?
    /// Of earlier stays, in what was asked last.
    var arrearsAsked: Int64 = 0
    /// Contested: it may go.
    var isDisputed = false
    var convertedAt: Int64?
    /// `open`, as its last record says.
    var state = Stay.State.open.rawValue
    var hasExit = false
    /// More than one begin or end is possible, by what was asked last.
    var isInDoubt = false
    /// Instants at which it was asked, and at which it was recognised at its exit.
    var instants: Set<Int64> = []
    /// Until when what was asked holds, by the quote's record.
    var quotes: [Int64: Int64] = [:]

    init?(opened fields: Fields) {
        guard let passed = fields.number("passed_at") else { return nil }
        entry = passed / 1000
        plate = fields.text("plate")
        household = fields.number("household")
        holder = fields.text("class") ?? ""
        permit = fields.number("permit")
        isAtExit = fields.flag("at_exit")
        let color = ((try? fields.objectIfPresent("reading")) ?? nil)?.text("color")
        isLarge = color == "yellow"
        isNewEnergy = color == "green"
    }

    /// The visitor's pass that it came in on.
    var pass: Int64? { holder == VehicleClass.visitor.rawValue ? permit : nil }
    var isTemporary: Bool { holder == VehicleClass.temporary.rawValue }
    var isInside: Bool {
        !isAtExit && (state == Stay.State.open.rawValue || state == Stay.State.review.rawValue && !hasExit)
    }

    var paid: Int64 { payments.reduce(0) { $0 + $1.amount } }
}

/// When a stay was, as a record prices it: what was recorded, or of several possibilities one.
struct PricedTimes {
    struct Option: Hashable {
        var entry: Int64
        var exit: Int64
    }

    /// The first is what was recorded; more than one where a clock or a plate is in doubt.
    var options: [Option]
    var used: Int

    init?(_ fields: Fields) {
        guard let entry = fields.number("entry_s"), let exit = fields.number("exit_s") else { return nil }
        let own = Option(entry: entry, exit: exit)
        guard let doubt = (try? fields.objectIfPresent("doubt")) ?? nil else {
            (options, used) = ([own], 0)
            return
        }
        options = ((try? doubt.objects("options")) ?? []).compactMap { option in
            guard let entry = option.number("entry_s"), let exit = option.number("exit_s") else { return nil }
            return Option(entry: entry, exit: exit)
        }
        used = Int(doubt.number("used") ?? -1)
        guard options.indices.contains(used), options[used] == own else { return nil }
    }

    var chosen: Option { options[used] }
}
