// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A receipt as it is printed. The lines are read out of the proven record and not out of what stands beside it: a
/// receipt must not show one thing and prove another.
package enum ReceiptText {
    package static func text(_ receipt: ReceiptResult, zone: ZoneRules) -> String {
        let fields = receipt.fields
        let words = MoneyWords(currency: fields.text("currency") ?? "CNY")
        var lines = [
            BilingualText(
                "停车凭证 \(fields.text("site") ?? "") 停车\(fields.number("stay") ?? 0)号",
                "receipt, \(fields.text("site") ?? "") stay \(fields.number("stay") ?? 0)")
        ]
        if let plate = fields.text("plate") { lines.append(BilingualText("车牌 \(plate)", "plate \(plate)")) }
        let proof = try? fields.object("proof")
        if let payload = proof?.text("payload"), let record = try? Fields(Array(payload.utf8)) {
            lines += QuoteText.lines(ofRecord: record, zone: zone)
        }
        for settled in receipt.settlements {
            let (amount, at) = (words.text(Money(settled.amount)), zone.stamp(settled.at))
            lines.append(
                BilingualText(
                    "收款 \(amount.chinese) \(settled.way) \(at) 记录\(settled.record)",
                    "payment: \(amount.english), \(settled.way), \(at), record \(settled.record)"))
        }
        for (key, chinese, english) in [("paid", "实付", "paid"), ("owed", "欠费", "owed")] {
            guard let amount = fields.number(key) else { continue }
            let text = words.text(Money(amount))
            lines.append(BilingualText("\(chinese) \(text.chinese)", "\(english): \(text.english)"))
        }
        let outcome = fields.text("outcome") ?? ""
        lines.append(BilingualText("结果 \(outcome)", "outcome: \(outcome)"))
        if let proof, let leaf = proof.number("leaf"), let size = proof.number("size") {
            let record = fields.number("record") ?? 0
            lines.append(
                BilingualText(
                    "记录\(record) 账本第\(leaf)叶,共\(size)叶",
                    "record \(record), leaf \(leaf) of \(size) in the ledger"))
        }
        let shown = lines.map { "\($0.chinese)  |  \($0.english)" }
        return (shown + ["QR \(fields.text("qr") ?? "")"]).joined(separator: "\n")
    }
}
