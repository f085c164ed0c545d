// SPDX-License-Identifier: Apache-2.0

@testable import GatehouseCore
import Testing

@Suite struct StatementTests {
    private static let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800)
    /// 2026-05-01T00:00:00+08:00.
    private static let may: Int64 = 1_777_564_800_000
    private var statement: Statement

    init() throws {
        statement = Statement(month: try #require(CivilMonth("2026-05")), zone: Self.zone)
    }

    private mutating func take(_ kind: String, _ json: String?, number: Int64 = 9, at wall: Int64 = may)
        throws
    {
        statement.take(
            kind, try json.map { try Fields(Array($0.utf8)) }, record: Sequence(number),
            at: WallTime(milliseconds: wall))
    }

    private func rows(_ english: String) -> [String] {
        statement.sections.first { $0.english == english }?.rows.map { $0.text(statement.words) } ?? []
    }

    @Test mutating func `a month is one of the site's calendar`() throws {
        for wall in [Self.may - 1, Self.may, Self.may + 31 * 86_400_000 - 1, Self.may + 31 * 86_400_000] {
            try take("manualOpen", "{}", at: wall)
        }
        #expect(rows("Further").first == "人工开闸  |  manual openings  |  2")
        try take("plateRead", "{}")
        #expect(statement.records == 2)
    }

    @Test(arguments: ["2026-5", "2026-00", "2026-13", "2026-05-01", "20260-5", "", "9999-12", "二〇二六-05"])
    func `what is no month is none`(text: String) { #expect(CivilMonth(text) == nil) }

    @Test mutating func `income is what was booked, by category, tariff and class`() throws {
        let bill = #""tariff":"estate","version":3,"class":"small""#
        try take(
            "stayCharged",
            #"{"outcome":"paid","owed":0,\#(bill),"postings":[{"account":"income.common.temp_parking","amount":-1205}]}"#
        )
        try take(
            "stayCharged",
            #"{"outcome":"owed","owed":100,\#(bill),"postings":[{"account":"income.common.temp_parking","amount":-100}]}"#
        )
        try take(
            "ledgerCorrected",
            #"{"postings":[{"account":"income.common.temp_parking","amount":5},{"account":"assets.arrears","amount":-5}]}"#
        )
        #expect(
            rows("Income by category").first
                == "临停收入(公共)  |  temporary parking, common ground  |  common.temp_parking  |  1300  |  13.00元"
        )
        #expect(rows("Income by category").last == "合计  |  total  |  1300  |  13.00元")
        #expect(rows("Income by tariff") == ["收费标准  |  tariff  |  estate 3  |  2  |  1305  |  13.05元"])
        #expect(rows("Income by vehicle class") == ["车型  |  class  |  small  |  2  |  1305  |  13.05元"])
        #expect(rows("Outcomes of stays").prefix(3).last == "欠费离场  |  left owing  |  1")
        #expect(rows("Further").contains("新增欠费  |  arrears opened  |  1  |  100  |  1.00元"))
        #expect(rows("Further").contains("欠费更正  |  arrears corrected  |  1  |  -5  |  -0.05元"))
        #expect(rows("Further").contains("收入更正  |  income corrected  |  1  |  -5  |  -0.05元"))
    }

    @Test mutating func `coupons are shown by who bears them`() throws {
        try take("couponConsumed", #"{"merchant":"tea","used":300}"#)
        try take("couponConsumed", #"{"merchant":"tea","used":100}"#)
        try take("couponConsumed", #"{"merchant":"gym","used":50}"#)
        try take("couponConsumed", #"{"used":7}"#)
        try take("couponConsumed", #"{"merchant":"tea"}"#)
        #expect(
            rows("Coupons by who bears them") == [
                "商户抵扣  |  due from merchant  |  gym  |  1  |  50  |  0.50元",
                "商户抵扣  |  due from merchant  |  tea  |  2  |  400  |  4.00元",
                "本处承担  |  borne by the site  |  1  |  7  |  0.07元",
            ])
        #expect(rows("Public income statement").last == "无法读取  |  cannot be read  |  1")
    }

    @Test mutating func `of a reason only its code is published`() throws {
        try take("chargeAdjusted", #"{"reason":"OTHER: the white van of 3-201","fee_is":0}"#)
        try take("chargeAdjusted", #"{"reason":"GOODWILL","fee_is":0}"#)
        try take("chargeAdjusted", #"{"reason":"GOODWILL","fee_is":500}"#)
        #expect(
            rows("Free releases by reason") == [
                "原因  |  reason  |  GOODWILL  |  1", "原因  |  reason  |  OTHER  |  1",
            ])
        #expect(!statement.text.contains("van"))
    }

    @Test mutating func `a record that cannot be read is counted and changes no sum`() throws {
        let before = statement.sections.dropFirst()
        for payload in [
            nil, "{}", #"{"outcome":"lost","owed":0}"#,
            #"{"outcome":"paid","owed":0,"postings":[{"account":"income.x","amount":-5},{"account":"y"}]}"#,
            #"{"outcome":"paid","owed":0,"tariff":"a","postings":[{"account":"income.x","amount":-5}]}"#,
        ] {
            try take("stayCharged", payload)
        }
        #expect(statement.sections.dropFirst() == before)
        #expect(rows("Public income statement").last == "无法读取  |  cannot be read  |  5")
    }

    @Test mutating func `no name makes a column or a line of its own`() throws {
        try take(
            "ledgerCorrected",
            #"{"postings":[{"account":"income.a|b\u000ac","amount":-9223372036854775808}]}"#)
        #expect(
            rows("Income by category").contains(
                "其他收入  |  other income  |  a_b_c  |  9223372036854775807  |  92233720368547758.07元"))
    }

    @Test func `amounts have the name of their currency`() throws {
        let month = try #require(CivilMonth("2026-05"))
        let cases = [(#"{"currency":"EUR"}"#, "EUR 0.00"), ("{}", "0.00元"), (#"{"currency":1}"#, "0.00元")]
        for (payload, zero) in cases {
            let statement = Statement(month: month, ofTariffRecord: Array(payload.utf8))
            #expect(statement.text.contains("合计  |  total  |  0  |  \(zero)\n"), "\(payload)")
        }
    }

    @Test mutating func `the month's last stay with a price says the currency`() throws {
        let later = #"{"outcome":"paid","owed":0,"currency":"GBP"}"#
        let stays: [(Int64, String)] = [
            (3, #"{"outcome":"paid","owed":0,"currency":"HKD"}"#),
            (7, #"{"outcome":"paid","owed":0,"currency":"E|R"}"#),
            (5, #"{"outcome":"paid","owed":0,"currency":"USD"}"#),
            (8, #"{"outcome":"unknown","owed":0}"#),
            (9, #"{"outcome":"lost","owed":0,"currency":"GBP"}"#),
            (10, #"{"outcome":"paid","owed":0,"currency":1}"#),
        ]
        for (number, stay) in stays { try take("stayCharged", stay, number: number) }
        try take("stayCharged", later, number: 11, at: Self.may - 1)
        #expect(statement.currency == "E_R" && statement.unreadable == 2)
    }

    @Test func `the zone of a tariff's record is read back`() throws {
        let zone = ZoneRules(
            name: "Asia/Shanghai", initialOffset: 29_143,
            transitions: [ZoneRules.Transition(at: -2_177_481_943, offset: 28_800)])
        let payload = FieldWriter.object { $0.put("zone", object: zone.write) }
        #expect(ZoneRules(ofTariffRecord: payload) == zone)
        #expect(ZoneRules(ofTariffRecord: nil) == .utc)
        #expect(ZoneRules(ofTariffRecord: Array(#"{"zone":{"transitions":[1]}}"#.utf8)) == .utc)
    }
}
