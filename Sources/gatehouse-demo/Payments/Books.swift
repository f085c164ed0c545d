// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseTwins

/// Lays what was paid at the exit beside the journal, the books, the receipts and the broker.
struct Books {
    let stage: Stage
    let sales: [Sale]
    private let records: [TwinRecord]
    private let settled: [TwinRecord]

    typealias Line = (Bool, String) -> Void

    init(stage: Stage, sales: [Sale], _ records: [TwinRecord]) {
        self.stage = stage
        self.sales = sales
        self.records = records
        settled = records.filter { $0.kind == "paymentSettled" }
    }

    func report(_ line: Line) throws {
        stays(line)
        payments(line)
        try balances(line)
        try receipts(line)
        try secret(line)
    }

    /// The one record that ends a car's stay in money.
    private func end(_ sale: Sale) -> TwinRecord? {
        let ends = records.filter { $0.kind == "stayCharged" && $0.text("plate") == sale.plate }
        return ends.count == 1 ? ends[0] : nil
    }

    private func stays(_ line: Line) {
        let wrong = sales.filter { sale in
            guard let end = end(sale), let stay = end.number("stay") else { return true }
            let paid = settled.filter { $0.number("stay") == stay }.map(Sale.Payment.init)
            return end.text("outcome") != sale.outcome || paid != sale.payments
        }
        line(
            wrong.isEmpty && !sales.isEmpty,
            "charges: \(sales.count) stays ended once, paid as they were played"
                + Self.list(wrong.map(\.plate), "otherwise"))
    }

    private func payments(_ line: Line) {
        let wanted = Self.sums(sales.flatMap(\.payments) + [Payments.topUp])
        let found = Self.sums(settled.map(Sale.Payment.init))
        let serials = Set(settled.compactMap { $0.text("serial") })
        let listed = found.inOrder.map { "\($0.key) \(yuan($0.value))" }.joined(separator: ", ")
        line(
            found == wanted && serials.count == settled.count,
            "payments: \(settled.count) in the journal, each once by its serial: \(listed)")
    }

    private func balances(_ line: Line) throws {
        let accounts = try ask("ledger", "balances").objects("accounts")
        var left = Table<String, Int64>()
        for account in accounts { left[try account.string("account")] = try account.integer("balance") }
        let sum = left.inOrder.reduce(0) { $0 + $1.value }
        line(
            sum == 0 && !left.isEmpty,
            "gatehouse ledger balances: \(left.count) accounts add up to \(yuan(sum))")
        for (account, balance) in expected.inOrder { left[account, default: 0] -= balance }
        let wrong = left.inOrder.filter { $0.value != 0 }.map { "\($0.key) by \(yuan($0.value))" }
        line(
            wrong.isEmpty,
            "the books say what was played: \(yuan(sales.reduce(0) { $0 + $1.price })) earned, "
                + "\(yuan(drawer)) counted in the drawer" + Self.list(wrong, "off"))
    }

    private var drawer: Int64 {
        (sales.flatMap(\.payments) + [Payments.topUp]).filter { $0.way == "cash" }.reduce(0) { $0 + $1.fen }
    }

    /// By account, debits positive.
    private var expected: Table<String, Int64> {
        var table = Table<String, Int64>()
        table["assets.cash_handed_over"] = drawer
        table["liabilities.stored"] = -Payments.topUp.fen
        for sale in sales {
            table["income.common.temp_parking", default: 0] -= sale.price
            for payment in sale.payments where payment.way != "cash" {
                let isDrawn = payment.way == "stored_value"
                let account = isDrawn ? "liabilities.stored" : "assets.clearing.\(payment.way)"
                table[account, default: 0] += payment.fen
            }
            let borne = sale.price - sale.payments.reduce(0) { $0 + $1.fen }
            table["assets.merchant.\(PaidExit.merchant)", default: 0] += borne
        }
        return table
    }

    /// Each checked as on another machine: from files, without the gateway.
    private func receipts(_ line: Line) throws {
        let folder = stage.site.folder
        let (receipt, checkpoint) = (TextFile("\(folder)/receipt.json"), TextFile("\(folder)/checkpoint"))
        let key = TextFile("\(folder)/ledger-key")
        try key.write(try output("ledger", "key"))
        var held = 0
        for sale in sales {
            guard let stay = end(sale)?.number("stay") else { continue }
            // A record that comes between the two makes a checkpoint that the receipt does not lead to.
            try waiting(for: "a receipt of stay \(stay) that holds", within: .seconds(10)) {
                try receipt.write(try output("receipt", "\(stay)", "--json"))
                try checkpoint.write(try output("ledger", "checkpoint"))
                let files = ["--checkpoint", checkpoint.path, "--key", key.path]
                return try stage.site.offline(["ledger", "verify", receipt.path] + files).isSuccess
                    ? true : nil
            }
            held += 1
        }
        line(held == sales.count, "gatehouse ledger verify: \(held) of \(sales.count) receipts hold")
    }

    /// What a wallet showed is a secret of a minute.
    private func secret(_ line: Line) throws {
        let places = try [output("events", "--json", "--limit", "5000"), stage.site.daemonLog.text]
        line(
            !places.contains { $0.contains(Cast.wallet) },
            "the code of the wallet stands in no record and not in the log")
    }

    /// Once everything is there.
    func upstream(_ line: Line) {
        var arrived = Table<String, Int64>()
        for text in stage.upstream.lines {
            guard let event = try? Fields(Array(text.utf8)), let id = try? event.string("id"),
                (try? event.string("type")) == "gatehouse.paymentSettled"
            else { continue }
            arrived[id] = try? event.object("data").integer("amount")
        }
        let sums = [arrived.inOrder.map(\.value), settled.map(Sale.Payment.init).map(\.fen)]
            .map { $0.reduce(0, +) }
        line(
            arrived.count == settled.count && sums[0] == sums[1],
            "upstream: \(arrived.count) payments over \(yuan(sums[0])), each once by its id")
    }

    // MARK: Asking

    private func output(_ words: String...) throws -> String {
        let ended = try stage.site.gatehouse(words)
        guard ended.isSuccess else {
            throw TwinError("gatehouse \(words.joined(separator: " ")): \(ended.status) \(ended.errors)")
        }
        return ended.output
    }

    private func ask(_ words: String...) throws -> Fields {
        let ended = try stage.site.gatehouse(words + ["--json"])
        do {
            return try Fields(Array(ended.output.utf8))
        } catch {
            throw TwinError("gatehouse \(words.joined(separator: " ")) --json: \(error): \(ended.errors)")
        }
    }

    private static func sums(_ payments: [Sale.Payment]) -> Table<String, Int64> {
        var sums = Table<String, Int64>()
        for payment in payments { sums[payment.way, default: 0] += payment.fen }
        return sums
    }

    private static func list(_ wrong: [String], _ what: String) -> String {
        wrong.isEmpty ? "" : "; \(what): \(wrong.joined(separator: ", "))"
    }
}

extension Sale.Payment {
    init(_ record: TwinRecord) {
        self.init(way: record.text("way") ?? "?", fen: record.number("amount") ?? 0)
    }
}
