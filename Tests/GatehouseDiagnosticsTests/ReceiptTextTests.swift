// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore
@testable import GatehouseDiagnostics

@Suite struct ReceiptTextTests {
    private let shanghai = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)

    /// Of `money.jsonl`, with what is changed about it.
    private func receipt(_ change: (inout [Fields.Member]) -> Void = { _ in }) throws -> ReceiptResult {
        let transcript = try #require(Transcript.all.first { $0.name == "money.jsonl" })
        for line in transcript.lines {
            guard let result = try? Fields(line).objectIfPresent("result"), result.has("qr") else { continue }
            var members = result.members
            change(&members)
            return try ReceiptResult(from: Fields(members: members))
        }
        throw FieldError.missing(key: "qr")
    }

    @Test func `a receipt has all that whoever paid may ask for, in either language`() throws {
        let receipt = try receipt()
        let qr = "QR \(receipt.fields.text("qr") ?? "")"
        #expect(
            ReceiptText.text(receipt, zone: shanghai, language: .english).split(separator: "\n").map(
                String.init)
                == [
                    "receipt, mingqiang stay 2042",
                    "plate 沪A2K605",
                    "in at 2026-05-06T08:00+08:00, until 2026-05-06T09:35+08:00, 95 minutes",
                    "tariff estate 3, class small",
                    "05-06 08:00–05-06 10:00, 4 × CNY 2.00: CNY 8.00",
                    "due: CNY 8.00",
                    "payment: CNY 8.00, cash, 2026-05-06T09:35:10+08:00, record 2109",
                    "paid: CNY 8.00",
                    "outcome: paid",
                    "settled at 2026-05-06T09:35:42+08:00",
                    "SHA-256 of the tariff's text: 9f2c",
                    "record 2112, leaf 6 of 7 in the ledger",
                    "questions and complaints: price hotline 12315",
                    qr,
                ])
        #expect(
            ReceiptText.text(receipt, zone: shanghai, language: .chinese).split(separator: "\n").map(
                String.init)
                == [
                    "停车凭证 mingqiang 停车2042号",
                    "车牌 沪A2K605",
                    "2026-05-06T08:00+08:00 入场,至 2026-05-06T09:35+08:00,停车95分钟",
                    "收费标准 estate 第3版,车型 小型车",
                    "05-06 08:00–05-06 10:00 4个计时单位 × 2.00元 = 8.00元",
                    "应付 8.00元",
                    "收款 8.00元 现金 2026-05-06T09:35:10+08:00 记录2109",
                    "实付 8.00元",
                    "结果 已缴清",
                    "结算时间 2026-05-06T09:35:42+08:00",
                    "收费标准文本SHA-256 9f2c",
                    "记录2112 账本第6叶,共7叶",
                    "咨询投诉 价格举报 12315",
                    qr,
                ])
    }

    @Test func `whom to ask stands there where the site says it, and both languages without a choice`() throws
    {
        let receipt = try receipt { members in
            members.append(Fields.Member(key: "contact", value: .string("明强物业 021-5555 0100")))
        }
        let text = ReceiptText.text(receipt, zone: shanghai)
        #expect(text.contains("咨询投诉 明强物业 021-5555 0100  价格举报 12315  |  questions and complaints: "))
        #expect(text.hasPrefix("停车凭证 mingqiang 停车2042号  |  receipt, mingqiang stay 2042\n"))
    }

    @Test func `an exit that cost nothing has a receipt too`() throws {
        let payload =
            #"{"stay":9,"category":"common.temp_parking","outcome":"free","tariff":"estate","version":3,"#
            + #""tariff_hash":"9f2c","currency":"CNY","entry_s":1778025600,"exit_s":1778027400,"class":"small","#
            + #""class_by":"usual 8","charge":{"status":"OK","gross":0,"fee":0,"due":0,"#
            + #""flags":["FREE_MINUTES"],"lines":[{"code":"FREE_MINUTES","amount":0}]},"paid":0,"owed":0,"excess":0}"#
        let charge = try Fields(Array(payload.utf8))
        let proof = Fields(members: [Fields.Member(key: "payload", value: .string(payload))])
        let receipt = try ReceiptResult(
            site: "s", gateway: "g", try ReceiptContents(Sequence(12), charge), settlements: [],
            proof: proof, code: "c", contact: "li")
        let text = ReceiptText.text(receipt, zone: shanghai, language: .english)
        for line in [
            "receipt, s stay 9", "within the free time: CNY 0.00", "due: CNY 0.00",
            "why: within the free time",
            "paid: CNY 0.00", "outcome: nothing to pay", "questions and complaints: li; price hotline 12315",
        ] { #expect(text.contains("\(line)\n"), "\(line) is not in\n\(text)") }
        #expect(!text.contains("payment:") && !text.contains("owed"))
    }

    private static let owing =
        #"{"stay":34,"plate":"沪B12345","outcome":"owed","currency":"CNY","paid":0,"owed":500}"#

    private func owing(still amount: Int64) throws -> String {
        let payload = Array(Self.owing.utf8)
        let paid = try Fields(
            Array(#"{"way":"cash","amount":500,"use":"arrears","stay":34,"at_s":1778031310}"#.utf8))
        let receipt = try ReceiptResult(
            site: "s", gateway: "g", try ReceiptContents(Sequence(12), try Fields(payload)),
            stillOwed: Money(amount), settlements: [try #require(ReceiptResult.Settled(15, paid))],
            proof: Fields(members: [Fields.Member(key: "payload", value: .string(Self.owing))]), code: "c")
        return ReceiptText.text(receipt, zone: shanghai)
    }

    @Test func `what it left owing and what is owed now are two lines`() throws {
        #expect(
            try owing(still: 0).contains(
                """
                收款 5.00元 现金 2026-05-06T09:35:10+08:00 记录15  |  payment: CNY 5.00, cash, \
                2026-05-06T09:35:10+08:00, record 15
                离场时实付 0.00元  |  paid when it left: CNY 0.00
                离场时欠费 5.00元  |  owed when it left: CNY 5.00
                现欠 0.00元  |  still owed: CNY 0.00
                """))
        #expect(try owing(still: 200).contains("现欠 2.00元  |  still owed: CNY 2.00\n"))
    }

    @Test func `nothing of the record is printed but what is proven`() throws {
        let receipt = try receipt { members in
            for index in members.indices {
                switch members[index].key {
                case "plate": members[index].value = .string("京A00001")
                case "paid": members[index].value = .integer(1)
                case "outcome": members[index].value = .string("free")
                default: break
                }
            }
        }
        let text = ReceiptText.text(receipt, zone: shanghai)
        #expect(text.contains("plate 沪A2K605") && !text.contains("京A00001"))
        #expect(text.contains("paid: CNY 8.00") && text.contains("outcome: paid"))
    }

    @Test func `the record alone is told in the same words, with its fee`() throws {
        let payload = try receipt().fields.object("proof").string("payload")
        let lines = ReceiptText.proven(try Fields(Array(payload.utf8)), zone: shanghai).map(\.english)
        #expect(lines.first == "stay 2042")
        for line in [
            "plate 沪A2K605", "fee: CNY 8.00", "due: CNY 8.00", "paid: CNY 8.00", "outcome: paid",
            "SHA-256 of the tariff's text: 9f2c",
        ] { #expect(lines.contains(line)) }
        #expect(!lines.contains { $0.contains("disputed") || $0.contains("collected") })
    }

    private func proven(_ json: String) throws -> [String] {
        ReceiptText.proven(try Fields(Array(json.utf8)), zone: shanghai).map { $0.text(in: nil) }
    }

    @Test func `whose debts were paid and that a debt is contested is proven too`() throws {
        let lines = try proven(
            #"{"stay":34,"paid":700,"owed":500,"collected":[{"stay":"31","amount":200},{"stay":"32","#
                + #""amount":500}],"disputed":true}"#)
        for line in [
            "已收停车31号的欠费 2.00元  |  collected of what stay 31 owed: CNY 2.00",
            "已收停车32号的欠费 5.00元  |  collected of what stay 32 owed: CNY 5.00",
            "离场时欠费有争议  |  what it owed when it left was disputed",
        ] { #expect(lines.contains(line), "\(lines)") }
    }

    @Test func `a bill of a newer gateway is said to be one, with what can be read beside it`() throws {
        let lines = try proven(
            #"{"stay":2,"entry_s":1778025600,"exit_s":1778031300,"currency":"CNY","paid":800,"charge":"#
                + #"{"status":"PAY","fee":800,"due":800,"lines":[{"code":"OF_TOMORROW","amount":800}]}}"#)
        #expect(lines.contains("账单本版本无法读取  |  this version cannot read the bill"))
        #expect(lines.contains("停车费 8.00元  |  fee: CNY 8.00"))
        #expect(lines.contains { $0.hasSuffix(", 95 minutes") })
        #expect(try proven(#"{"stay":2}"#).contains { $0.hasSuffix("no price: a person decides") })
    }

    @Test func `no number of a record is a trap`() throws {
        for number in [Int64.min, .max] {
            let other = ~number
            let lines = try proven(
                #"{"stay":\#(number),"entry_s":\#(other),"exit_s":\#(number),"version":\#(number),"#
                    + #""tariff":"t","paid":\#(number),"owed":\#(number),"excess":\#(number),"#
                    + #""collected":[{"stay":"1","amount":\#(number)}],"#
                    + #""coupons":[{"coupon":"c","used":\#(number)}],"doubt":{"why":["clock"],"used":1,"#
                    + #""options":[{"entry_s":\#(number),"exit_s":\#(other),"fee":\#(number)},"#
                    + #"{"entry_s":\#(other),"exit_s":\#(number)}]},"charge":{"status":"PAY","#
                    + #""fee":\#(number),"due":\#(number),"lines":["#
                    + #"{"code":"CHARGE","band":"b","from":"0001-01-01T00:00+23:59","#
                    + #""to":"9999-12-31T23:59-23:59","units":\#(number),"price":\#(number),"#
                    + #""amount":\#(number)},{"code":"CAP_CYCLE","key":"c\#(number)","amount":\#(number)},"#
                    + #"{"code":"MINUTES_OFF","minutes":\#(number),"amount":\#(number)},"#
                    + #"{"code":"ROUNDING","amount":\#(number)}]}}"#)
            #expect(lines.contains { $0.contains("cap of period") })
            #expect(lines.contains { $0.contains("of 2 possible times") })
        }
    }
}
