// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A charge as people read it: line by line, Chinese first.
package enum QuoteText {
    package static func text(_ result: QuoteResult, zone: ZoneRules) -> String {
        lines(ofRecord: result.quote, zone: zone).map { "\($0.chinese)  |  \($0.english)" }
            .joined(separator: "\n")
    }

    /// Of a quote's or a finished stay's record.
    package static func lines(ofRecord fields: Fields, zone: ZoneRules) -> [BilingualText] {
        guard let object = try? fields.objectIfPresent("charge"), let charge = try? Charge(from: object)
        else {
            return [BilingualText("没有价格,由人工处理", "no price: a person decides")]
        }
        let words = ChargeWords(currency: fields.text("currency") ?? "CNY", zone: zone)
        var lines: [BilingualText] = []
        if let entry = fields.number("entry_s"), let exit = fields.number("exit_s") {
            let minutes = max(0, exit - entry) / 60
            lines.append(
                BilingualText(
                    "\(zone.stamp(entry)) 入场,停车\(minutes)分钟", "in at \(zone.stamp(entry)), \(minutes) minutes"
                ))
        }
        if let tariff = fields.text("tariff"), let version = fields.number("version") {
            let kind = fields.text("class") ?? "small"
            lines.append(
                BilingualText(
                    "收费标准 \(tariff) 第\(version)版,车型 \(kind)", "tariff \(tariff) \(version), class \(kind)"))
        }
        lines += charge.lines.map(words.text)
        if let due = charge.due {
            let amount = words.amount(due)
            lines.append(BilingualText("应付 \(amount.chinese)", "due: \(amount.english)"))
        }
        if !charge.flags.isEmpty {
            let flags = charge.flags.map(\.rawValue).joined(separator: " ")
            lines.append(BilingualText("标记 \(flags)", "flags: \(flags)"))
        }
        return lines
    }
}

/// The books as a table.
package enum LedgerText {
    package static func text(_ result: LedgerResult, zone: ZoneRules) -> String {
        let words = MoneyWords(currency: "CNY")
        let width = result.lines.map(\.account.count).max() ?? 0
        var lines = result.lines.map { line in
            let name = line.account + String(repeating: " ", count: width - line.account.count)
            return "\(name)  \(words.number(Money(line.balance)))"
        }
        if lines.isEmpty { lines = ["nothing was booked yet"] }
        lines.append(result.shift.map { "the drawer is \($0)'s" } ?? "no shift is open")
        for debt in result.debts {
            let since = zone.stamp(debt.since.milliseconds / 1000)
            lines.append(
                "stay \(debt.stay) \(debt.plate ?? "") owes \(words.number(Money(debt.amount))) since \(since)"
            )
        }
        return lines.joined(separator: "\n")
    }
}
