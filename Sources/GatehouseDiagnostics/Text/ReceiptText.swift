// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A receipt as it is printed (`tariffs.md` §11). What was charged is read out of the proven record and not out of what
/// stands beside it: a receipt must not show one thing and prove another.
package enum ReceiptText {
    /// - Parameter language: nil: both.
    package static func text(
        _ receipt: ReceiptResult, zone: ZoneRules, language: Language? = nil
    ) -> String {
        let record = record(receipt)
        let lines =
            heading(receipt) + plate(record) + QuoteText.lines(ofRecord: record, zone: zone)
            + paid(receipt, zone) + sums(record) + stillOwed(receipt, record) + outcome(record)
            + ending(receipt, record, zone)
        return (lines.map { $0.text(in: language) } + ["QR \(receipt.fields.text("qr") ?? "")"])
            .joined(separator: "\n")
    }

    /// Of a receipt's record alone, in the words of the receipt, so that one can be laid beside the other.
    package static func proven(_ record: Fields, zone: ZoneRules) -> [BilingualText] {
        let stay = record.number("stay").map { BilingualText("停车\($0)号", "stay \($0)") }
        let fee = (try? record.objectIfPresent("charge"))?.number("fee").map { amount in
            let text = MoneyWords(currency: record.text("currency") ?? "CNY").text(Money(amount))
            return BilingualText("停车费 \(text.chinese)", "fee: \(text.english)")
        }
        return [stay].compactMap(\.self) + plate(record) + QuoteText.lines(ofRecord: record, zone: zone)
            + [fee].compactMap(\.self) + sums(record) + outcome(record) + tariffHash(record)
    }

    private static func record(_ receipt: ReceiptResult) -> Fields {
        let payload = (try? receipt.fields.object("proof"))?.text("payload")
        return payload.flatMap { try? Fields(Array($0.utf8)) } ?? Fields(members: [])
    }

    private static func heading(_ receipt: ReceiptResult) -> [BilingualText] {
        let site = receipt.fields.text("site") ?? ""
        let stay = receipt.fields.number("stay") ?? 0
        return [BilingualText("停车凭证 \(site) 停车\(stay)号", "receipt, \(site) stay \(stay)")]
    }

    private static func plate(_ record: Fields) -> [BilingualText] {
        guard let plate = record.text("plate") else { return [] }
        return [BilingualText("车牌 \(plate)", "plate \(plate)")]
    }

    private static func paid(_ receipt: ReceiptResult, _ zone: ZoneRules) -> [BilingualText] {
        let words = MoneyWords(currency: receipt.fields.text("currency") ?? "CNY")
        return receipt.settlements.map { settled in
            let (amount, at) = (words.text(Money(settled.amount)), zone.stamp(settled.at))
            let way = PaymentWay(rawValue: settled.way)?.words ?? BilingualText(settled.way, settled.way)
            return BilingualText(
                "收款 \(amount.chinese) \(way.chinese) \(at) 记录\(settled.record)",
                "payment: \(amount.english), \(way.english), \(at), record \(settled.record)")
        }
    }

    /// As it was when the stay ended: what was paid later is in no record of it.
    private static func sums(_ record: Fields) -> [BilingualText] {
        let words = MoneyWords(currency: record.text("currency") ?? "CNY")
        // Where nothing stayed open there is no later to tell it from.
        let paid =
            record.number("owed") ?? 0 == 0
            ? BilingualText("实付", "paid") : BilingualText("离场时实付", "paid when it left")
        let sums = [
            ("paid", paid, true), ("owed", BilingualText("离场时欠费", "owed when it left"), false),
            ("excess", BilingualText("可退", "to be given back"), false),
        ]
        let lines: [BilingualText] = sums.compactMap { key, name, isAlways in
            guard let amount = record.number(key), isAlways || amount != 0 else { return nil }
            let text = words.text(Money(amount))
            return BilingualText("\(name.chinese) \(text.chinese)", "\(name.english): \(text.english)")
        }
        let disputed = BilingualText("离场时欠费有争议", "what it owed when it left was disputed")
        return lines + collected(record, words) + ((try? record.bool("disputed")) == true ? [disputed] : [])
    }

    /// Debts of earlier stays that were paid off with this one.
    private static func collected(_ record: Fields, _ words: MoneyWords) -> [BilingualText] {
        ((try? record.objects("collected")) ?? []).map { debt in
            let (stay, amount) = (debt.text("stay") ?? "?", words.text(Money(debt.number("amount") ?? 0)))
            return BilingualText(
                "已收停车\(stay)号的欠费 \(amount.chinese)",
                "collected of what stay \(stay) owed: \(amount.english)")
        }
    }

    private static func tariffHash(_ record: Fields) -> [BilingualText] {
        guard let hash = record.text("tariff_hash") else { return [] }
        return [BilingualText("收费标准文本SHA-256 \(hash)", "SHA-256 of the tariff's text: \(hash)")]
    }

    private static func stillOwed(_ receipt: ReceiptResult, _ record: Fields) -> [BilingualText] {
        guard let amount = receipt.fields.number("still_owed") else { return [] }
        let text = MoneyWords(currency: record.text("currency") ?? "CNY").text(Money(amount))
        return [BilingualText("现欠 \(text.chinese)", "still owed: \(text.english)")]
    }

    private static func outcome(_ record: Fields) -> [BilingualText] {
        guard let outcome = record.text("outcome") else { return [] }
        let said = StayCharge.Outcome(rawValue: outcome)?.words ?? BilingualText(outcome, outcome)
        return [BilingualText("结果 \(said.chinese)", "outcome: \(said.english)")]
    }

    /// When, by which text of the tariff, where it stands, and whom to ask.
    private static func ending(
        _ receipt: ReceiptResult, _ record: Fields, _ zone: ZoneRules
    ) -> [BilingualText] {
        let fields = receipt.fields
        let proof = try? fields.object("proof")
        var lines: [BilingualText] = []
        if let wall = (try? proof?.object("record"))?.number("wall_ms") {
            let time = zone.stamp(wall.floorDivided(by: 1000))
            lines.append(BilingualText("结算时间 \(time)", "settled at \(time)"))
        }
        lines += tariffHash(record)
        if let leaf = proof?.number("leaf"), let size = proof?.number("size") {
            let number = fields.number("record") ?? 0
            lines.append(
                BilingualText(
                    "记录\(number) 账本第\(leaf)叶,共\(size)叶",
                    "record \(number), leaf \(leaf) of \(size) in the ledger"))
        }
        let contact = fields.text("contact")
        lines.append(
            BilingualText(
                "咨询投诉 \(contact.map { "\($0)  " } ?? "")价格举报 12315",
                "questions and complaints: \(contact.map { "\($0); " } ?? "")price hotline 12315"))
        return lines
    }
}
