// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

@Suite struct DisplaySessionTests {
    private static let plate = PlateGrammar.parse("沪A2K605").plate
    private let welcome = LaneText(.welcome, plate: plate, daysLeft: 5, isResident: true)

    @Test(arguments: [DisplayCardModel.Kind.card64, .cardAA55])
    func `a text is shown, said once and the clock is set`(kind: DisplayCardModel.Kind) {
        var bench = DisplayBench(kind: kind)
        bench.connect()
        bench.show(welcome)
        bench.run(for: .seconds(2))
        #expect(bench.card.lines == ["沪A2K605", "欢迎回家 剩余5天 Welcome", "", ""])
        #expect(bench.card.spoken == ["沪A2K605,欢迎回家,剩余5天"])
        #expect(bench.card.clock?.hasPrefix("2026-03-02 00:30:15") == true)
        #expect(bench.faults == [])
    }

    @Test(arguments: [true, false]) func `frames keep their distance`(answers: Bool) {
        var settings = DisplaySettings()
        settings.answers = answers
        var bench = DisplayBench(settings)
        bench.card.faults.isMute = !answers
        bench.connect()
        for key in LaneTextKey.allCases {
            bench.show(LaneText(key, free: 1))
            bench.run(for: .milliseconds(130))
        }
        bench.run(for: .seconds(5))
        #expect(bench.writes.count > 20)
        for (before, after) in zip(bench.writes, bench.writes.dropFirst()) {
            let carried = before.at + settings.characterTime * before.bytes.count
            #expect(after.at - carried >= .milliseconds(50))
        }
        #expect(bench.card.lines.prefix(2) == ["紧急开放", "Emergency open"])
    }

    @Test func `the newest text replaces what was not sent, and an old greeting is not said`() {
        var bench = DisplayBench()
        bench.connect()
        bench.run(for: .seconds(1))
        bench.show(LaneText(.idle, free: 3))
        bench.show(LaneText(.refused))
        bench.show(welcome)
        bench.show(LaneText(.dontFollow))
        bench.run(for: .seconds(2))
        #expect(bench.card.spoken == [])
        #expect(bench.card.lines.prefix(2) == ["请勿跟车", "Do not follow"])
        // The first line of each of two texts at most: the one on the line, and the last.
        #expect(bench.writes.count <= 2 + 1 + 2)
    }

    @Test func `what stands there is sent again, the clock once a day`() {
        var bench = DisplayBench()
        bench.connect()
        bench.show(LaneText(.full))
        bench.run(for: .seconds(2))
        let before = bench.writes.count
        #expect(before == 4)
        bench.run(for: .seconds(86_400 - 4))
        let repeats = bench.writes.count - before
        #expect((2 * 1900...2 * 1925).contains(repeats))
        #expect(bench.card.spoken == ["车位已满,请稍候"])
        let clock = bench.card.clock
        bench.run(for: .seconds(20))
        #expect(bench.card.clock != clock)
    }

    @Test func `a lost answer is tried once more, three make a fault, an answer ends it`() {
        var bench = DisplayBench()
        bench.connect()
        bench.run(for: .seconds(1))
        bench.card.faults.isDeaf = true
        bench.show(LaneText(.full))
        bench.run(for: .seconds(4))
        // Line 1 twice, line 2 and the voice once each.
        #expect(bench.writes.count == 1 + 4)
        #expect(bench.faults == ["display_silent"])
        bench.card.faults.isDeaf = false
        bench.run(for: .seconds(60))
        #expect(bench.faults == [])
        #expect(bench.card.lines.prefix(2) == ["车位已满", "Full"])
        #expect(bench.card.spoken == [])
    }

    @Test func `a refusal is a fault until the card takes something`() {
        var bench = DisplayBench()
        bench.connect()
        bench.card.faults.refusal = 2
        bench.show(LaneText(.full))
        bench.run(for: .seconds(3))
        #expect(bench.faults == ["display_refuses"])
        bench.card.faults.refusal = nil
        bench.run(for: .seconds(60))
        #expect(bench.faults == [])
    }

    @Test func `a line that comes back has everything again, but no voice`() {
        var bench = DisplayBench()
        bench.connect()
        bench.show(welcome)
        bench.run(for: .seconds(2))
        bench.session.disconnected()
        bench.card = DisplayCardModel()
        bench.run(for: .seconds(100))
        #expect(bench.card.frames == 0)
        bench.connect()
        bench.run(for: .seconds(2))
        #expect(bench.card.lines.prefix(2) == ["沪A2K605", "欢迎回家 剩余5天 Welcome"])
        #expect(bench.card.spoken == [])
        #expect(bench.card.clock != nil)
    }

    @Test func `in one frame where the profile says so`() {
        var settings = DisplaySettings()
        settings.isTogether = true
        var bench = DisplayBench(settings)
        bench.connect()
        bench.show(welcome)
        bench.run(for: .seconds(1))
        #expect(bench.card.lines.prefix(2) == ["沪A2K605", "欢迎回家 剩余5天 Welcome"])
        #expect(bench.card.spoken == ["沪A2K605,欢迎回家,剩余5天"])
        #expect(bench.writes.count == 2)
    }

    @Test func `a silent board of a shared line is not begun upon, and begins when it is freed`() {
        var bench = DisplayBench()
        bench.session.mayBegin = false
        bench.connect()
        bench.show(LaneText(.full))
        bench.run(for: .seconds(1))
        #expect(bench.writes == [])
        #expect(bench.session.nextTimer == nil)
        #expect(bench.session.claim(at: bench.now) == .turn)
        bench.session.mayBegin = true
        _ = bench.session.lineFreed(at: bench.moment)
        bench.run(for: .seconds(2))
        #expect(bench.card.lines[0] == "车位已满")
    }

    // MARK: Codes

    private static var coded: LaneText {
        var text = LaneText(.pay, plate: plate)
        text.code = "https://pay.example/p?order=41"
        return text
    }

    private static var withCodes: DisplaySettings {
        var settings = DisplaySettings()
        settings.code = .dots49
        return settings
    }

    @Test func `a code stands in the place of the lines and goes with its text`() {
        var bench = DisplayBench(Self.withCodes)
        bench.connect()
        bench.run(for: .seconds(2))
        bench.show(Self.coded)
        bench.run(for: .seconds(2))
        #expect(bench.card.screen?.code == "https://pay.example/p?order=41")
        #expect(bench.card.screen?.words == "沪A2K605,请缴费")
        #expect(bench.card.spoken == ["沪A2K605,请缴费"])
        #expect(bench.card.lines[0] == "")
        bench.show(LaneText(.paid, plate: Self.plate))
        bench.run(for: .seconds(2))
        #expect(bench.card.screen == nil)
        #expect(bench.card.lines.prefix(2) == ["沪A2K605", "缴费成功 一路平安"])
        #expect(bench.faults == [])
    }

    @Test func `another quote's code replaces it in one frame`() {
        var bench = DisplayBench(Self.withCodes)
        bench.connect()
        bench.show(Self.coded)
        bench.run(for: .seconds(3))
        let before = bench.writes.count
        var next = Self.coded
        next.code = "https://pay.example/p?order=44"
        bench.show(next)
        bench.run(for: .seconds(3))
        #expect(bench.card.screen?.code == next.code)
        // The screen, and the amount said anew.
        #expect(bench.writes.count == before + 2)
    }

    @Test func `it is renewed before it ends, and ends by itself when nobody renews it`() throws {
        var bench = DisplayBench(Self.withCodes)
        bench.connect()
        bench.show(Self.coded)
        for _ in 0..<600 {
            bench.run(for: .seconds(1))
            if bench.now >= .zero + .seconds(3) {
                bench.card.advance(to: bench.now)
                #expect(bench.card.screen != nil)
            }
        }
        bench.session.disconnected()
        let end = try #require(bench.card.screen?.until)
        #expect(end - bench.now <= .seconds(100))
        bench.card.advance(to: end)
        #expect(bench.card.screen == nil)
    }

    @Test func `a card that draws none shows text as ever, and so does a code that does not fit`() {
        var plain = DisplayBench()
        plain.connect()
        plain.show(Self.coded)
        plain.run(for: .seconds(2))
        #expect(plain.card.screen == nil)
        #expect(plain.card.lines.prefix(2) == ["沪A2K605", "请缴费 Please pay"])
        var settings = DisplaySettings()
        settings.code = .dots32
        var small = DisplayBench(settings)
        small.connect()
        var text = Self.coded
        text.code = String(repeating: "x", count: 54)
        small.show(text)
        small.run(for: .seconds(2))
        #expect(small.card.screen == nil)
        #expect(small.card.lines[0] == "沪A2K605")
    }

    @Test func `a code that an earlier run left there is taken away at the start`() {
        var bench = DisplayBench(Self.withCodes)
        _ = bench.card.receive(
            Card64Wire().screen(.init("https://old.example", words: ""), .dots49, seconds: 100), at: bench.now
        )
        #expect(bench.card.screen != nil)
        bench.connect()
        bench.show(LaneText(.idle))
        bench.run(for: .seconds(2))
        #expect(bench.card.screen == nil)
    }

    @Test func `a frame that was lost is sent once more, shown or taken away`() {
        var bench = DisplayBench(Self.withCodes)
        bench.connect()
        bench.run(for: .seconds(2))
        bench.card.faults.isDeaf = true
        bench.show(Self.coded)
        bench.run(for: .milliseconds(400))
        bench.card.faults.isDeaf = false
        bench.run(for: .seconds(2))
        #expect(bench.card.screen != nil)
        bench.card.faults.isDeaf = true
        bench.show(LaneText(.idle))
        bench.run(for: .milliseconds(300))
        bench.card.faults.isDeaf = false
        bench.run(for: .seconds(3))
        #expect(bench.card.screen == nil)
        #expect(bench.card.lines[0] == "一车一杆 减速慢行")
    }
}
