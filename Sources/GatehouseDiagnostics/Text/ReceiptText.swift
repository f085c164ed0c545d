// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A receipt as it is printed (`tariffs.md` §11). What was charged is read out of the proven record and not out of what
/// stands beside it: a receipt must not show one thing and prove another.
package enum ReceiptText {
    /// - Parameter language: nil: both.
    package static func text(
        _ receipt: ReceiptResult, zone: ZoneRules, language: Language? = nil
    ) -> String {
        let lines = heading(receipt) + charged(receipt, zone) + paid(receipt, zone) + ending(receipt, zone)
        return (lines.map { $0.text(in: language) } + ["QR \(receipt.fields.text("qr") ?? "")"])
            .joined(separator: "\n")
    }

    private static func heading(_ receipt: ReceiptResult) -> [BilingualText] {
        let site = receipt.fields.text("site") ?? ""
        let stay = receipt.fields.number("stay") ?? 0
        var lines = [BilingualText("停车凭证 \(site) 停车\(stay)号", "receipt, \(site) stay \(stay)")]
        if let plate = receipt.fields.text("plate") {
            lines.append(BilingualText("车牌 \(plate)", "plate \(plate)"))
        }
        return lines
    }

    private static func charged(_ receipt: ReceiptResult, _ zone: ZoneRules) -> [BilingualText] {
        let proof = try? receipt.fields.object("proof")
        guard let payload = proof?.text("payload"), let record = try? Fields(Array(payload.utf8)) else {
            return []
        }
        return QuoteText.lines(ofRecord: record, zone: zone)
    }

    private static func paid(_ receipt: ReceiptResult, _ zone: ZoneRules) -> [BilingualText] {
        let fields = receipt.fields
        let words = MoneyWords(currency: fields.text("currency") ?? "CNY")
        var lines = receipt.settlements.map { settled in
            let (amount, at) = (words.text(Money(settled.amount)), zone.stamp(settled.at))
            let way = PaymentWay(rawValue: settled.way)?.words ?? BilingualText(settled.way, settled.way)
            return BilingualText(
                "收款 \(amount.chinese) \(way.chinese) \(at) 记录\(settled.record)",
                "payment: \(amount.english), \(way.english), \(at), record \(settled.record)")
        }
        let sums = [
            ("paid", "实付", "paid", true), ("owed", "欠费", "owed", false),
            ("excess", "可退", "to be given back", false),
        ]
        for (key, chinese, english, isAlways) in sums {
            guard let amount = fields.number(key), isAlways || amount != 0 else { continue }
            let text = words.text(Money(amount))
            lines.append(BilingualText("\(chinese) \(text.chinese)", "\(english): \(text.english)"))
        }
        let outcome = fields.text("outcome") ?? ""
        let said = StayCharge.Outcome(rawValue: outcome)?.words ?? BilingualText(outcome, outcome)
        return lines + [BilingualText("结果 \(said.chinese)", "outcome: \(said.english)")]
    }

    /// When, by which text of the tariff, where it stands, and whom to ask.
    private static func ending(_ receipt: ReceiptResult, _ zone: ZoneRules) -> [BilingualText] {
        let fields = receipt.fields
        let proof = try? fields.object("proof")
        var lines: [BilingualText] = []
        if let wall = (try? proof?.object("record"))?.number("wall_ms") {
            let time = zone.stamp(wall.floorDivided(by: 1000))
            lines.append(BilingualText("结算时间 \(time)", "settled at \(time)"))
        }
        if let hash = fields.text("tariff_hash") {
            lines.append(BilingualText("收费标准文本SHA-256 \(hash)", "SHA-256 of the tariff's text: \(hash)"))
        }
        if let leaf = proof?.number("leaf"), let size = proof?.number("size") {
            let record = fields.number("record") ?? 0
            lines.append(
                BilingualText(
                    "记录\(record) 账本第\(leaf)叶,共\(size)叶",
                    "record \(record), leaf \(leaf) of \(size) in the ledger"))
        }
        let contact = fields.text("contact")
        lines.append(
            BilingualText(
                "咨询投诉 \(contact.map { "\($0)  " } ?? "")价格举报 12315",
                "questions and complaints: \(contact.map { "\($0); " } ?? "")price hotline 12315"))
        return lines
    }
}
