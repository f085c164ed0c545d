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
        let welcome = LaneText(.welcome, plate: Self.plate, daysLeft: 15, isResident: true)
        #expect(lines(welcome, 1) == ["沪A2K605 欢迎回家 剩余15天"])
        #expect(lines(welcome, 2) == ["沪A2K605", "欢迎回家 剩余15天 Welcome"])
        #expect(lines(welcome, 2, english: false) == ["沪A2K605", "欢迎回家 剩余15天"])
        #expect(lines(welcome, 4) == ["沪A2K605", "欢迎回家", "剩余15天", "Welcome"])
        #expect(lines(LaneText(.noPlate), 2) == ["未识别车牌 请扫码或按铃", "Not read: scan the code or ring"])
        #expect(lines(LaneText(.idle, free: 12), 2) == ["一车一杆 减速慢行 余位12", "One car at a time, 12 free"])
        #expect(lines(LaneText(.idle), 4) == ["一车一杆", "减速慢行", "One car at a time"])
        #expect(lines(LaneText(.full), 1) == ["车位已满 Full"])
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
