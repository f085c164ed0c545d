// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// One record of money in a line: `2109 2026-05-06 09:35:10 payment CNY 8.00, cash, by li`.
package enum ChargeEventText {
    package static func line(_ event: EventLine, zone: ZoneRules) -> BilingualText {
        let fields = event.fields
        let time = "\(zone.civil(event.at.wall).date.text) \(WatchLine.clock(event.at.wall, zone).prefix(8))"
        let name = name(event.kind)
        let parts = details(event.kind, fields, zone)
        let (zh, en) = (parts.map(\.chinese), parts.map(\.english))
        let before = "  \(event.sequence) \(time)"
        return BilingualText(
            "\(before) \(([name.chinese] + zh).joined(separator: ","))",
            "\(before) \(([name.english] + en).joined(separator: ", "))")
    }

    private static func name(_ kind: String) -> BilingualText {
        switch kind {
        case "chargeQuoted": BilingualText("报价", "asked")
        case "paymentSettled": BilingualText("收款", "payment")
        case "stayCharged": BilingualText("离场结算", "end of the stay")
        case "chargeAdjusted": BilingualText("人工调整", "changed by a person")
        case "chargeDeferred": BilingualText("先离后付", "may go and pay later")
        case "chargeClassified": BilingualText("车型认定", "class said by a person")
        case "chargeDisputed": BilingualText("提出争议", "disputed")
        case "disputeSettled": BilingualText("争议处理", "dispute settled")
        case "spaceConverted": BilingualText("本户车位空出", "a space of its household became free")
        case "paymentRefunded": BilingualText("退款", "given back")
        case "ledgerCorrected": BilingualText("更正", "correction")
        case "couponGranted": BilingualText("发券", "coupon given")
        case "couponRevoked": BilingualText("收回券", "coupon taken back")
        case "couponConsumed": BilingualText("用券", "coupon used")
        case "couponReleased": BilingualText("券未用", "coupon not used")
        case "collectionAsked": BilingualText("请求扣款", "a provider was asked")
        case "collectionEnded": BilingualText("扣款结束", "the provider's order ended")
        default: BilingualText(RecordText.words(kind), RecordText.words(kind))
        }
    }

    private static func details(_ kind: String, _ fields: Fields, _ zone: ZoneRules) -> [BilingualText] {
        let money = MoneyWords(currency: fields.text("currency") ?? "CNY")
        func amount(
            _ key: String, _ zh: String = "", _ en: String = "", of fields: Fields
        ) -> BilingualText? {
            guard let text = fields.number(key).map({ money.text(Money($0)) }) else { return nil }
            return zh.isEmpty
                ? text : BilingualText("\(zh) \(text.chinese)", "\(en) \(text.english)")
        }
        func same(_ text: String?) -> BilingualText? { text.map { BilingualText($0, $0) } }
        let charge = (try? fields.objectIfPresent("charge")) ?? nil
        let by = (try? fields.objectIfPresent("by"))?.text("name")
        let outcome = fields.text("outcome").flatMap(StayCharge.Outcome.init(rawValue:))?.words
        return [
            fields.text("lane").map { BilingualText("车道 \($0)", "at lane \($0)") },
            charge.flatMap { amount("due", "应付", "due", of: $0) },
            amount("amount", of: fields), fields.text("way").flatMap(PaymentWay.init(rawValue:))?.words,
            amount("fee_is", "费用改为", "fee set to", of: fields),
            amount("by_amount", "费用增减", "fee changed by", of: fields),
            amount("let_off", "减免", "let off", of: fields),
            kind == "chargeDeferred" ? amount("due", "应付", "due", of: fields) : nil,
            fields.number("left").map { BilingualText("停车\($0)号离场", "stay \($0) left") },
            same(fields.text("coupon")), amount("used", "抵扣", "took off", of: fields),
            kind == "stayCharged" ? outcome ?? same(fields.text("outcome")) : nil,
            kind == "stayCharged" ? amount("paid", "实付", "paid", of: fields) : nil,
            fields.number("owed").flatMap { $0 == 0 ? nil : amount("owed", "欠费", "owed", of: fields) },
            fields.number("excess").flatMap {
                $0 == 0 ? nil : amount("excess", "可退", "to give back", of: fields)
            },
            fields.number("valid_until_s").map {
                BilingualText("\(zone.stamp($0)) 前不变", "the same until \(zone.stamp($0))")
            },
            fields.number("supersedes").map { BilingualText("取代记录\($0)", "in place of record \($0)") },
            same(fields.text("reason")), by.map { BilingualText("经办 \($0)", "by \($0)") },
        ].compactMap(\.self)
    }
}
