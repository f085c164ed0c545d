// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A charge as people read it: line by line, Chinese first.
package enum QuoteText {
    package static func text(_ result: QuoteResult, zone: ZoneRules) -> String {
        let order = [result.collection?.text].compactMap(\.self)
        return (lines(ofRecord: result.quote, zone: zone) + order)
            .map { "\($0.chinese)  |  \($0.english)" }.joined(separator: "\n")
    }

    /// Of a quote's or a finished stay's record.
    package static func lines(ofRecord fields: Fields, zone: ZoneRules) -> [BilingualText] {
        guard fields.has("charge") else { return [noBill(fields)] }
        let charge = bill(fields)
        let words = ChargeWords(currency: fields.text("currency") ?? "CNY", zone: zone)
        var lines: [BilingualText] = []
        if let entry = fields.number("entry_s"), let exit = fields.number("exit_s") {
            let minutes = TimeSpan(entry, exit).length / 60
            lines.append(
                BilingualText(
                    "\(zone.stamp(entry)) 入场,至 \(zone.stamp(exit)),停车\(minutes)分钟",
                    "in at \(zone.stamp(entry)), until \(zone.stamp(exit)), \(minutes) minutes"))
        }
        if let tariff = fields.text("tariff"), let version = fields.number("version") {
            let kind = BilingualText.vehicleClass(fields.text("class") ?? "small")
            lines.append(
                BilingualText(
                    "收费标准 \(tariff) 第\(version)版,车型 \(kind.chinese)",
                    "tariff \(tariff) \(version), class \(kind.english)"))
        }
        if let person = fields.text("class_by"), person.hasPrefix("person ") {
            let name = person.dropFirst("person ".count)
            lines.append(BilingualText("车型由 \(name) 认定", "the class is as \(name) said"))
        }
        if let object = try? fields.objectIfPresent("doubt"), let doubt = try? ChargeDoubt(from: object) {
            lines.append(doubt.text(words, in: zone))
        }
        lines += charge?.lines.map(words.text) ?? [noBill(fields)]
        for coupon in (try? fields.objects("coupons")) ?? [] {
            let amount = words.amount(Money(coupon.number("used") ?? 0))
            let (name, bearer) = (coupon.text("coupon") ?? "", coupon.text("merchant"))
            lines.append(
                BilingualText(
                    "优惠券 \(name) 抵 \(amount.chinese),\(bearer.map { "由商户 \($0) 承担" } ?? "由本处承担")",
                    "coupon \(name) took off \(amount.english), borne by \(bearer ?? "the site")"))
        }
        if let due = charge?.due {
            let amount = words.amount(due)
            lines.append(BilingualText("应付 \(amount.chinese)", "due: \(amount.english)"))
        }
        if let flags = charge?.flags, !flags.isEmpty {
            let why = flags.map(\.words)
            lines.append(
                BilingualText(
                    "说明 \(why.map(\.chinese).joined(separator: ";"))",
                    "why: \(why.map(\.english).joined(separator: "; "))"))
        }
        return lines
    }

    private static func bill(_ fields: Fields) -> Charge? {
        (try? fields.objectIfPresent("charge")).flatMap { $0 }.flatMap { try? Charge(from: $0) }
    }

    /// A newer gateway may have written a bill with words that are not known here: that is another thing than none.
    package static func isUnreadable(_ fields: Fields) -> Bool {
        fields.has("charge") && bill(fields) == nil
    }

    /// Of a record whose bill cannot be shown.
    package static func noBill(_ fields: Fields) -> BilingualText {
        isUnreadable(fields)
            ? BilingualText("账单本版本无法读取", "this version cannot read the bill")
            : BilingualText("没有价格,由人工处理", "no price: a person decides")
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
                    + (debt.isDisputed ? ", disputed" : "")
            )
        }
        return lines.joined(separator: "\n")
    }
}
