// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseWire
import Testing

@Suite struct DisplayLayoutTests {
    private static let plate = PlateGrammar.parse("沪A2K605").plate

    private func lines(_ text: LaneText, _ count: Int, english: Bool = true) -> [String] {
        var settings = DisplaySettings()
        settings.lines = count
        settings.hasEnglish = english
        return DisplayLayout.content(text, settings).lines.map(\.text)
    }

    @Test func `a plate has its own line, English follows and goes first`() {
        let welcome = LaneText(.welcome, plate: Self.plate, daysLeft: 5, isResident: true)
        #expect(lines(welcome, 1) == ["沪A2K605 欢迎回家 剩余5天"])
        #expect(lines(welcome, 2) == ["沪A2K605", "欢迎回家 剩余5天 Welcome"])
        #expect(lines(welcome, 2, english: false) == ["沪A2K605", "欢迎回家 剩余5天"])
        #expect(lines(welcome, 4) == ["沪A2K605", "欢迎回家", "剩余5天 Welcome", "5 days left"])
        #expect(lines(LaneText(.noPlate), 2) == ["未识别车牌 请扫码或按铃", "Not read: scan the code or ring"])
        #expect(lines(LaneText(.idle, free: 12), 2) == ["一车一杆 减速慢行 余位12", "One car at a time, 12 free"])
        #expect(lines(LaneText(.idle), 4) == ["一车一杆", "减速慢行", "One car at a time"])
        #expect(lines(LaneText(.full), 1) == ["车位已满 Full"])
    }

    private static func pay(_ charge: ShownCharge, _ ways: [PaymentHint]) -> LaneText {
        var text = LaneText(.pay, plate: plate)
        text.charge = charge
        text.ways = ways
        return text
    }

    @Test func `an amount, how to pay it and the time stand on two lines, the plate among them`() {
        let charge = ShownCharge(due: Money(800), currency: "CNY", minutes: 95)
        let text = Self.pay(charge, [.phone, .cash])
        #expect(lines(text, 1) == ["沪A2K605 请缴费8.00元"])
        #expect(lines(text, 2) == ["沪A2K605 请缴费8.00元", "手机付/现金 停车1小时35分"])
        #expect(lines(text, 3) == ["沪A2K605", "请缴费8.00元 手机付/现金", "停车1小时35分"])
        #expect(
            lines(text, 4) == ["沪A2K605", "请缴费8.00元 手机付/现金", "停车1小时35分", "Please pay CNY 8.00"])
        #expect(lines(text, 4, english: false) == ["沪A2K605", "请缴费8.00元", "手机付/现金", "停车1小时35分"])
    }

    @Test func `what is left after a part, and debts that are asked for with it, are said`() {
        var charge = ShownCharge(due: Money(500), currency: "CNY", minutes: 95, paid: Money(300))
        #expect(
            lines(Self.pay(charge, [.cash]), 4, english: false)
                == ["沪A2K605", "还需缴费5.00元", "现金 已缴3.00元", "停车1小时35分"])
        charge.debts = Money(400)
        charge.paid = .zero
        let text = Self.pay(charge, [.cash])
        #expect(text.words.chinese == ["请缴费5.00元", "现金", "停车1小时35分", "含欠费4.00元"])
        // What matters least goes first.
        #expect(lines(text, 2) == ["沪A2K605 请缴费5.00元 现金", "停车1小时35分 含欠费4.00元"])
    }

    @Test func `a board that cannot draw a code sends nobody to look for it`() {
        let charge = ShownCharge(due: Money(800), currency: "CNY", minutes: 95)
        var text = Self.pay(charge, [.scan, .cash])
        text.code = "https://pay.example/q/17"
        #expect(lines(text, 4, english: false).contains("手机付/现金"))
    }

    /// The longest that there is to say, on every board.
    @Test(arguments: [LaneTextKey.welcome, .goodbye, .pay, .paid])
    func `money fits every board`(key: LaneTextKey) {
        for count in 1...4 {
            for english in [true, false] {
                var text = LaneText(key, plate: Self.plate, daysLeft: 7, isResident: true)
                text.quota = .charged
                text.charge = ShownCharge(
                    due: Money(123_450), currency: "CNY", minutes: 20_000, paid: Money(100_000),
                    debts: Money(23_450))
                text.debts = ShownAmount(Money(123_450), currency: "CNY")
                text.ways = [.scan, .showCode, .cash]
                let shown = lines(text, count, english: english)
                #expect(shown.count <= count && shown[0].contains("沪A2K605"))
                for line in shown { #expect(DisplayText.width(line) <= DisplayText.lineLimit, "\(line)") }
                #expect(shown.joined(separator: " ").contains(text.words.chinese[0]))
                #expect(DisplayText.width(text.words.voice ?? "") <= DisplayText.voiceLimit)
            }
        }
    }

    /// What a card shows of every text on every board: nothing cut, nothing that its font lacks.
    @Test(arguments: LaneTextKey.allCases) func `every text fits every board whole`(key: LaneTextKey) {
        for count in 1...4 {
            for english in [true, false] {
                let isOnesOwn = [.welcome, .goodbye, .pay, .paid].contains(key)
                let text = LaneText(
                    key, plate: isOnesOwn ? Self.plate : nil, daysLeft: 365, isResident: true, free: 1250)
                let shown = lines(text, count, english: english)
                #expect(!shown.isEmpty && shown.count <= count)
                for line in shown {
                    #expect(DisplayText.width(line) <= DisplayText.lineLimit)
                    #expect(GBK.decode(DisplayText.bytes(line, limit: 32)) == line)
                }
                let whole = shown.joined(separator: " ")
                for part in text.words.chinese { #expect(whole.contains(part)) }
            }
        }
    }

    @Test func `where phones cannot pay every board says so whole, with the amount`() throws {
        for key in [LaneTextKey.pay, .noPlate] {
            var text = LaneText(key, plate: key == .pay ? Self.plate : nil, isOffline: true)
            if key == .pay {
                text.charge = ShownCharge(due: Money(120_050), currency: "CNY", minutes: 5000)
            }
            for count in 1...4 {
                let shown = lines(text, count).joined(separator: " ")
                for part in text.words.chinese where count > 1 { #expect(shown.contains(part), "\(shown)") }
                for line in lines(text, count) {
                    #expect(DisplayText.width(line) <= DisplayText.lineLimit || count == 1)
                    #expect(GBK.decode(DisplayText.bytes(line, limit: 64)) == line)
                }
            }
            #expect(DisplayText.width(try #require(text.words.voice)) <= DisplayText.voiceLimit)
        }
        #expect(LaneText(.pay).words.chinese == ["请缴费"])
    }

    @Test func `what passes everybody by is shown and not said`() {
        let silent = LaneTextKey.allCases.filter { LaneText($0).words.voice == nil }
        #expect(silent == [.idle, .wait, .dontFollow, .closing, .laneOpen])
        #expect(LaneText(.goodbye, plate: Self.plate).words.voice == "沪A2K605,一路平安")
        for key in LaneTextKey.allCases {
            guard let voice = LaneText(key, plate: Self.plate).words.voice else { continue }
            #expect(DisplayText.width(voice) <= DisplayText.voiceLimit)
        }
    }
}
