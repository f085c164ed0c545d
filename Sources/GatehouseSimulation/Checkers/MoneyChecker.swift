// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S7: every charge equals a slow independent oracle, every record's bookings add up to nothing, every payment counts
/// once, and what the rows say of each account is what the records add up to.
struct MoneyChecker {
    /// Plates with permits, which the oracle does not know.
    private let residents = Set((0..<Simulation.residents).map { PlateMaker.plate($0).text })
    private var balances: [String: Int64] = [:]
    private var serials: [String: Int64] = [:]
    /// What drivers truly paid, by the platform's number.
    private var truth: [String: Int64] = [:]
    private var entries: [Int64: Int64] = [:]
    /// By stay.
    private var payments: [Int64: [(at: Int64, amount: Int64)]] = [:]
    private var closed: Set<Int64> = []
    /// All that the platform's payments add up to.
    private(set) var received: Int64 = 0

    mutating func paid(_ notice: PaymentNotice) { truth[notice.serial] = notice.amount.minorUnits }

    mutating func durable(_ record: Record) -> (String, String)? {
        guard let fields = try? Fields(record.payload) else { return nil }
        switch record.kind {
        case "stayOpened", "stayImported":
            entries[record.sequence.number] = fields.number("passed_at").map { $0 / 1000 }
            return nil
        case _ where MoneyFact.kinds.contains(record.kind): return book(record, fields)
        default: return nil
        }
    }

    private mutating func book(_ record: Record, _ fields: Fields) -> (String, String)? {
        let number = record.sequence.number
        guard let postings = try? fields.postings() else { return ("S7", "record \(number) cannot be read") }
        var sum: Int64 = 0
        for posting in postings {
            sum += posting.amount.minorUnits
            balances[posting.account.name, default: 0] += posting.amount.minorUnits
        }
        guard sum == 0 else { return ("S7", "the bookings of record \(number) add up to \(sum)") }
        for posting in postings {
            let key = ProjectionKey(.balance, posting.account.name)
            let row = record.changes.last { $0.row == key }?.value.flatMap { try? Fields($0) }
            guard row?.number("balance") == balances[posting.account.name] else {
                return ("S7", "the row of \(posting.account.name) at record \(number) is not its sum")
            }
        }
        switch record.kind {
        case "paymentSettled": return settled(number, fields)
        case "stayCharged": return charged(number, fields)
        default: return nil
        }
    }

    private mutating func settled(_ number: Int64, _ fields: Fields) -> (String, String)? {
        let serial = fields.text("serial") ?? ""
        if let first = serials[serial] {
            return ("S7", "payment \(serial) is booked by record \(first) and again by \(number)")
        }
        serials[serial] = number
        let amount = fields.number("amount") ?? 0
        guard truth[serial] == amount else {
            return ("S7", "record \(number) books \(amount) by \(serial), of which nobody paid that")
        }
        received += amount
        if fields.text("use") == "stay", let stay = fields.number("stay") {
            payments[stay, default: []].append((fields.number("at_s") ?? 0, amount))
            if closed.contains(stay) {
                return ("S7", "record \(number) books to stay \(stay), which is over")
            }
        }
        return nil
    }

    private mutating func charged(_ number: Int64, _ fields: Fields) -> (String, String)? {
        guard let stay = fields.number("stay") else { return ("S7", "record \(number) charges nobody") }
        guard closed.insert(stay).inserted else {
            return ("S7", "stay \(stay) is charged again by \(number)")
        }
        guard let charge = try? fields.objectIfPresent("charge"), let entry = fields.number("entry_s"),
            let exit = fields.number("exit_s"), let owed = fields.number("owed")
        else { return nil }
        if let seen = entries[stay], seen != entry {
            return ("S7", "stay \(stay) is billed from \(entry) and came in at \(seen)")
        }
        // A household's stays are never dearer than a stranger's.
        let whole = MoneyOracle.owed(entry: entry, exit: exit, payments: payments[stay] ?? [])
        let isResident = fields.has("household") || residents.contains(fields.text("plate") ?? "")
        let isStrangers = !isResident && !fields.has("exempt") && exit >= entry
        if isStrangers ? owed != whole : owed > whole {
            return (
                "S7",
                "record \(number) leaves \(owed) of stay \(stay) owed, the oracle \(whole), fee \(charge.number("fee") ?? -1)"
            )
        }
        return nil
    }

    /// At the end of a day: nothing that was confirmed is missing.
    func finish(confirmed: [String: Int64]) -> (String, String)? {
        for (serial, record) in confirmed.sorted(by: { $0.key < $1.key }) where serials[serial] != record {
            return (
                "S7", "payment \(serial) was confirmed as record \(record) and is \(serials[serial] ?? 0)"
            )
        }
        let all = balances.values.reduce(0, +)
        guard all == 0 else { return ("S7", "the books add up to \(all)") }
        let places = balances.filter { $0.key.hasPrefix("assets.clearing.") }.values.reduce(0, +)
        return places == received ? nil : ("S7", "\(received) came in, the accounts hold \(places)")
    }
}
