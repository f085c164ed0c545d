// SPDX-License-Identifier: Apache-2.0

import GatehouseDiagnostics
import Testing

@testable import GatehouseCore

private let shanghai = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)

/// `gatehouse explain` of money, with bills of the worked cases (docs/tariffs.md) as records have them.
@Suite struct ChargeStoryTests {
    /// 2026-05-06T08:00+08:00.
    private static let morning: Int64 = 1_778_025_600

    /// Minutes from 08:00 of that day.
    private static func bill(
        _ from: Int64, _ to: Int64, tariff: String = "site-a", due: Int64, fee: Int64? = nil,
        gross: Int64? = nil, flags: String = "", lines: [String], before: String = "", after: String = ""
    ) -> String {
        let (entry, exit) = (morning + from * 60, morning + to * 60)
        return
            #"{"stay":1,\#(before)"tariff":"\#(tariff)","version":1,"tariff_hash":"9f2c","currency":"CNY","#
            + #""entry_s":\#(entry),"exit_s":\#(exit),"class":"small","class_by":"usual 8","#
            + #""charge":{"status":"PAY","gross":\#(gross ?? fee ?? due),"fee":\#(fee ?? due),"due":\#(due),"#
            + #""flags":[\#(flags)],"lines":[\#(lines.joined(separator: ","))]}\#(after)}"#
    }

    private static func quote(
        _ from: Int64, _ to: Int64, tariff: String = "site-a", due: Int64, gross: Int64? = nil,
        flags: String = "", lines: [String], extra: String = ""
    ) -> String {
        bill(
            from, to, tariff: tariff, due: due, gross: gross, flags: flags, lines: lines,
            before: #""lane":"south","#,
            after:
                #"\#(extra),"computed_s":\#(morning + to * 60),"valid_until_s":\#(morning + to * 60 + 300)"#)
    }

    private static func units(
        _ from: String, _ to: String, _ units: Int, _ price: Int, band: String = "ALL"
    ) -> String {
        #"{"code":"CHARGE","band":"\#(band)","from":"2026-05-\#(from)+08:00","to":"2026-05-\#(to)+08:00","#
            + #""units":\#(units),"price":\#(price),"amount":\#(units * price)}"#
    }

    private func text(
        _ journal: MadeUpJournal, _ asked: Int64, _ language: Language = .english
    ) throws -> [String] {
        let story = try #require(journal.explain(Sequence(asked)))
        #expect(try Explanation(json: story.json) == story)
        return ExplanationText.text(story, zone: shanghai, language: language).split(separator: "\n")
            .map(String.init)
    }

    private func journal(_ records: (kind: String, json: String)...) -> MadeUpJournal {
        var journal = MadeUpJournal()
        journal.add(MadeUpJournal.stay("沪A2K605"))
        for record in records { journal.add(record.kind, record.json) }
        return journal
    }

    /// ex-10.
    private static let overnight = quote(
        720, 1450, tariff: "site-b", due: 1250,
        lines: [
            units("06T20:00", "06T21:00", 2, 150, band: "DAY"),
            units("06T21:00", "07T07:00", 10, 100, band: "NIGHT"),
            units("07T07:00", "07T08:10", 3, 150, band: "DAY"),
            #"{"code":"CAP_BAND","key":"NIGHT 2026-05-06","amount":-500}"#,
        ])

    @Test func `a night with its cap, interval by interval, in both languages`() throws {
        let journal = journal(("chargeQuoted", Self.overnight))
        #expect(
            try text(journal, 2) == [
                "Stay 1: due CNY 12.50 (as asked, record 2)",
                "  in 2026-05-06T20:00+08:00, out 2026-05-07T08:10+08:00: 730 minutes",
                "  tariff site-b, version 1, SHA-256 of its text 9f2c",
                "  class small: by its plate (usual rule 8)",
                "Step by step",
                "  DAY 05-06 20:00–05-06 21:00, 2 × CNY 1.50: CNY 3.00",
                "  NIGHT 05-06 21:00–05-07 07:00, 10 × CNY 1.00: CNY 10.00",
                "  DAY 05-07 07:00–05-07 08:10, 3 × CNY 1.50: CNY 4.50",
                "  cap of NIGHT, 2026-05-06: CNY -5.00",
                "  = fee CNY 12.50",
                "  = due CNY 12.50",
                "What decided",
                "  not within a free time, or there is none",
                "What happened",
                "  2 2026-03-02 07:31:00 asked, at lane south, due CNY 12.50, "
                    + "the same until 2026-05-07T08:15+08:00",
            ])
        #expect(
            try text(journal, 2, .chinese) == [
                "停车1号:应付 12.50元 (报价,记录2)",
                "  入场 2026-05-06T20:00+08:00,出场 2026-05-07T08:10+08:00,停车730分钟",
                "  收费标准 site-b 第1版,文本SHA-256 9f2c",
                "  车型 小型车:按号牌(通用规则8)",
                "逐步计算",
                "  DAY 05-06 20:00–05-06 21:00 2个计时单位 × 1.50元 = 3.00元",
                "  NIGHT 05-06 21:00–05-07 07:00 10个计时单位 × 1.00元 = 10.00元",
                "  DAY 05-07 07:00–05-07 08:10 3个计时单位 × 1.50元 = 4.50元",
                "  NIGHT 2026-05-06 封顶 -5.00元",
                "  = 停车费 12.50元",
                "  = 应付 12.50元",
                "决定因素",
                "  不在免费时间内,或没有免费时间",
                "经过",
                "  2 2026-03-02 07:31:00 报价,车道 south,应付 12.50元,2026-05-07T08:15+08:00 前不变",
            ])
    }

    private func steps(
        _ journal: MadeUpJournal, _ asked: Int64 = 2, _ language: Language = .english
    ) throws -> [String] {
        let lines = try text(journal, asked, language)
        let begin = try #require(lines.firstIndex { $0 == "Step by step" || $0 == "逐步计算" })
        let end = try #require(lines.firstIndex { $0 == "What happened" || $0 == "经过" })
        return Array(lines[(begin + 1)..<end])
    }

    @Test func `hours of a permit stand there as time that is not charged`() throws {
        // ex-19a.
        let pass = journal(
            (
                "chargeQuoted",
                Self.quote(
                    560, 1510, due: 1200,
                    lines: [
                        Self.units("06T17:20", "06T18:00", 1, 500),
                        Self.units("07T08:00", "07T09:00", 1, 500),
                        Self.units("07T09:00", "07T09:10", 1, 200),
                    ])
            ))
        #expect(
            try steps(pass) == [
                "  05-06 17:20–05-06 18:00, 1 × CNY 5.00: CNY 5.00",
                "  05-06 18:00–05-07 08:00: not charged",
                "  05-07 08:00–05-07 09:00, 1 × CNY 5.00: CNY 5.00",
                "  05-07 09:00–05-07 09:10, 1 × CNY 2.00: CNY 2.00",
                "  = fee CNY 12.00",
                "  = due CNY 12.00",
                "What decided",
                "  not within a free time, or there is none",
            ])
        // ex-18a: before the permit ended nothing was charged, and the flag says why.
        let expired = journal(
            (
                "chargeQuoted",
                Self.quote(
                    600, 970, due: 900, flags: #""PERMIT_EXPIRED_MID_STAY""#,
                    lines: [
                        Self.units("07T00:00", "07T00:10", 1, 900)
                    ])
            ))
        #expect(
            try steps(expired, 2, .chinese) == [
                "  05-06 18:00–05-07 00:00 不计费",
                "  05-07 00:00–05-07 00:10 1个计时单位 × 9.00元 = 9.00元",
                "  = 停车费 9.00元",
                "  = 应付 9.00元",
                "决定因素",
                "  不在免费时间内,或没有免费时间",
                "  停车期间月卡到期 (PERMIT_EXPIRED_MID_STAY)",
            ])
    }

    @Test func `reductions stand between the price of the time and the fee`() throws {
        // ex-21a.
        let coupons = journal(
            (
                "chargeQuoted",
                Self.quote(
                    0, 195, due: 400, gross: 1100,
                    lines: [
                        Self.units("06T08:00", "06T09:00", 1, 500),
                        Self.units("06T09:00", "06T11:15", 3, 200),
                        #"{"code":"MINUTES_OFF","minutes":60,"amount":-200}"#,
                        #"{"code":"COUPON_PERCENT","id":"p20","percent":20,"amount":-180}"#,
                        #"{"code":"COUPON_AMOUNT","id":"a3","amount":-300}"#,
                        #"{"code":"ROUNDING","amount":-20}"#,
                    ])
            ))
        #expect(
            try steps(coupons) == [
                "  05-06 08:00–05-06 09:00, 1 × CNY 5.00: CNY 5.00",
                "  05-06 09:00–05-06 11:15, 3 × CNY 2.00: CNY 6.00",
                "  = for the time CNY 11.00",
                "  60 minutes off: CNY -2.00",
                "  20 % off by coupon p20: CNY -1.80",
                "  coupon a3: CNY -3.00",
                "  rounding: CNY -0.20",
                "  = fee CNY 4.00",
                "  = due CNY 4.00",
                "What decided",
                "  not within a free time, or there is none",
            ])
    }

    @Test func `coupons that changed what is priced are named beside the tariff`() throws {
        let bill = Self.bill(
            0, 60, tariff: "hotel", due: 300, lines: [Self.units("06T08:00", "06T09:00", 1, 300)],
            before: #""lane":"south","tariff_by":"k1","free_by":["k2"],"#,
            after: #","computed_s":\#(Self.morning + 3600),"valid_until_s":\#(Self.morning + 3900)"#)
        let charged = journal(("chargeQuoted", bill))
        let english = try text(charged, 2)
        #expect(english.contains("  the tariff is that of coupon k1"))
        #expect(english.contains("  coupon k2: its time is free"))
        #expect(try text(charged, 2, .chinese).contains("  收费标准由优惠券 k1 指定"))
    }

    /// ex-17a, paid in cash and gone.
    private static let paid = bill(
        0, 65, due: 0, fee: 500, flags: #""WITHIN_PAY_GRACE""#,
        lines: [units("06T08:00", "06T08:50", 1, 500), #"{"code":"PREPAID","amount":-500}"#],
        before: #""plate":"沪A2K605","category":"common.temp_parking","outcome":"paid","#,
        after: #","paid":500,"owed":0,"excess":0"#)
    private static let cash =
        #"{"serial":"p1","way":"cash","amount":500,"at_s":1778028600,"use":"stay","stay":1,"#
        + #""by":{"channel":"socket","name":"li"},"shift":1}"#

    @Test func `a stay is explained by what it cost, whichever of its records is asked about`() throws {
        let first = Self.quote(0, 50, due: 500, lines: [Self.units("06T08:00", "06T08:50", 1, 500)])
        let journal = journal(
            ("chargeQuoted", first), ("paymentSettled", Self.cash), ("stayCharged", Self.paid))
        let expected = [
            "Stay 1, 沪A2K605: due CNY 0.00 (at the end of the stay, record 4)",
            "  in 2026-05-06T08:00+08:00, out 2026-05-06T09:05+08:00: 65 minutes",
            "  tariff site-a, version 1, SHA-256 of its text 9f2c",
            "  class small: by its plate (usual rule 8)",
            "Step by step",
            "  05-06 08:00–05-06 08:50, 1 × CNY 5.00: CNY 5.00",
            "  05-06 08:50–05-06 09:05: not charged",
            "  = fee CNY 5.00",
            "  paid already: CNY -5.00",
            "  = due CNY 0.00",
            "What decided",
            "  not within a free time, or there is none",
            "  within the time to leave after paying (WITHIN_PAY_GRACE)",
            "What happened",
            "  2 2026-03-02 07:31:00 asked, at lane south, due CNY 5.00, "
                + "the same until 2026-05-06T08:55+08:00",
            "  3 2026-03-02 07:31:00 payment, CNY 5.00, cash, by li",
            "  4 2026-03-02 07:31:00 end of the stay, due CNY 0.00, paid, paid CNY 5.00",
        ]
        #expect(try text(journal, 4) == expected)
        #expect(try text(journal, 3) == expected)
        // Of its entry the passage comes first.
        #expect(try text(journal, 1).suffix(expected.count) == expected[...])
        // A quote is explained itself.
        #expect(try text(journal, 2).first == "Stay 1, 沪A2K605: due CNY 5.00 (as asked, record 2)")
    }

    @Test func `the end of a dispute says what it let off`() throws {
        let journal = journal(
            ("stayCharged", Self.paid),
            (
                "disputeSettled",
                #"{"stay":1,"let_off":200,"reason":"GOODWILL","by":{"channel":"socket","name":"li"}}"#
            ))
        #expect(
            try text(journal, 2).last
                == "  3 2026-03-02 07:31:00 dispute settled, let off CNY 2.00, GOODWILL, by li")
        #expect(try text(journal, 2, .chinese).last?.contains("争议处理,减免 2.00元") == true)
    }

    @Test func `a decision at the exit shows what was asked, and what the driver saw of it`() throws {
        var journal = journal(("chargeQuoted", Self.overnight))
        let read = journal.add(MadeUpJournal.read("沪A2K605", lane: "south"))
        let wait = journal.add(
            MadeUpJournal.decided(
                .pending, .paymentDue, rule: 8, plate: "沪A2K605", lane: "south", direction: .out, read: read,
                stay: StayID(1)))
        journal.add("stayCharged", Self.paid)
        let story = try #require(journal.explain(wait))
        #expect(story.driverText?.chinese == "沪A2K605 请缴费12.50元 停车12小时10分")
        #expect(story.charge?.bill?.sequence == 2)
        let text = ExplanationText.text(story, zone: shanghai)
        #expect(text.contains("\n\nStay 1, 沪A2K605: due CNY 12.50 (as asked, record 2)\n"))
    }

    @Test func `free time and exemption say so`() throws {
        // ex-01, ex-30a.
        let free = journal(
            (
                "chargeQuoted",
                Self.quote(
                    0, 30, due: 0, flags: #""FREE_MINUTES","ZERO_FEE""#,
                    lines: [#"{"code":"FREE_MINUTES","amount":0}"#])
            ))
        #expect(
            try steps(free) == [
                "  within the free time: CNY 0.00", "  = fee CNY 0.00", "  = due CNY 0.00", "What decided",
                "  within the free time (FREE_MINUTES)", "  nothing to pay (ZERO_FEE)",
            ])
        let exempt = journal(
            (
                "chargeQuoted",
                Self.quote(
                    0, 600, due: 0, flags: #""EXEMPT""#,
                    lines: [#"{"code":"EXEMPT","reason":"police","amount":0}"#])
            ))
        #expect(
            try steps(exempt, 2, .chinese) == [
                "  免费车辆 police 0.00元", "  = 停车费 0.00元", "  = 应付 0.00元", "决定因素", "  免费车辆 (EXEMPT)",
            ])
    }

    @Test func `a doubt is told, and lines that do not add up are told loudly`() throws {
        let doubt =
            #","doubt":{"why":["misread"],"used":1,"options":[{"entry_s":1778025600,"exit_s":1778031300,"#
            + #""fee":800},{"entry_s":1778029200,"exit_s":1778031300,"stay":7,"fee":400}]}"#
        let doubtful = journal(
            (
                "chargeQuoted",
                Self.quote(
                    60, 95, due: 400, lines: [Self.units("06T09:00", "06T09:35", 2, 200)], extra: doubt)
            ))
        let told = try text(doubtful, 2).first { $0.contains("the plate of the entry is in doubt") }
        #expect(try #require(told).contains("CNY 8.00"))
        let wrong = journal(
            (
                "chargeQuoted",
                Self.quote(0, 60, due: 600, lines: [Self.units("06T08:00", "06T09:00", 1, 500)])
            ))
        #expect(try text(wrong, 2).contains("  THE LINES DO NOT ADD UP: recorded is CNY 6.00"))
    }

    @Test func `without a price a person decides, and money that is nobody's has no story`() throws {
        let unpriced = journal(
            (
                "stayCharged",
                #"{"stay":1,"category":"common.temp_parking","outcome":"unknown","paid":0,"owed":0}"#
            ))
        #expect(try text(unpriced, 2).contains("  no price: a person decides"))
        let unmatched = journal(
            (
                "paymentSettled",
                #"{"serial":"x","way":"cash","amount":500,"at_s":1,"use":"unmatched"}"#
            ))
        #expect(try #require(unmatched.explain(Sequence(2))).charge == nil)
        #expect(try text(unmatched, 2).first?.hasPrefix("Record 2") == true)
    }

    @Test func `every flag and way has words in both languages`() {
        func isChinese(_ text: String) -> Bool {
            text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        }
        for words in Charge.Flag.allCases.map(\.words) + StayCharge.Outcome.allCases.map(\.words) {
            #expect(isChinese(words.chinese) && !isChinese(words.english) && !words.english.isEmpty)
        }
        for way in PaymentWay.allCases where way != .etc { #expect(isChinese(way.words.chinese)) }
    }
}
