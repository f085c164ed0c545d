// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// The frames of `displays.md` A hold for the driver and for the card's model alike.
@Suite struct Card64WireTests {
    private static let plate =
        "00 64 FF FF 62 1B 00 00 01 00 05 00 01 03 01 FF 00 00 00 00 00 00 00 08 00 "
        + "BB A6 41 32 4B 36 30 35 CA 98"
    private static let welcome =
        "00 64 FF FF 62 1B 01 00 01 00 05 00 01 03 01 00 FF 00 00 00 00 00 00 08 00 "
        + "BB B6 D3 AD B9 E2 C1 D9 EA 0C"
    private static let full =
        "00 64 FF FF 62 22 01 15 01 00 05 15 01 03 00 FF 00 00 00 00 00 00 00 0F 00 "
        + "B3 B5 CE BB D2 D1 C2 FA 2C C7 EB C9 D4 BA F2 59 D0"
    private static let together =
        "00 64 FF FF 6E 3E 00 02 00 00 01 05 01 FF 00 00 00 08 BB A6 41 32 4B 36 30 35 "
        + "0D 01 15 01 05 01 00 FF 00 00 09 C7 EB BD C9 B7 D1 35 D4 AA 00 "
        + "0A 12 BB A6 41 32 4B 36 30 35 2C C7 EB BD C9 B7 D1 35 D4 AA 00 C6 97"
    private let wire = Card64Wire()

    @Test(arguments: [
        ("一路平安", "00 64 FF FF 30 09 01 D2 BB C2 B7 C6 BD B0 B2 3E 20"),
        ("欢迎光临", "00 64 FF FF 30 09 01 BB B6 D3 AD B9 E2 C1 D9 32 58"),
        ("请缴费5元", "00 64 FF FF 30 0A 01 C7 EB BD C9 B7 D1 35 D4 AA 06 8C"),
        ("月租车,剩余15天", "00 64 FF FF 30 10 01 D4 C2 D7 E2 B3 B5 2C CA A3 D3 E0 31 35 CC EC 8D B5"),
    ])
    func `voice is the document's frames`(text: String, frame: String) {
        #expect(wire.voice(text) == hex(frame))
        var card = DisplayCardModel()
        #expect(card.receive(hex(frame), at: .zero).map(\.bytes) == [hex("00 64 FF FF 30 01 00 36 BB")])
        #expect(card.spoken == [text])
    }

    @Test(arguments: [
        ("沪A2K605", 0, DisplayContent.Color.red, 1, plate), ("欢迎光临", 1, .green, 1, welcome),
        ("车位已满,请稍候", 1, .red, 0, full),
    ])
    func `lines of text are the document's frames`(
        text: String, line: Int, color: DisplayContent.Color, repeats: Int, frame: String
    ) {
        let content = DisplayContent.Line(text, color)
        #expect(wire.text(content, at: line, width: 8, repeats: UInt8(repeats)) == hex(frame))
        var card = DisplayCardModel()
        #expect(card.receive(hex(frame), at: .zero).map(\.bytes) == [hex("00 64 FF FF 62 01 00 97 6A")])
        #expect(card.lines[line] == text)
    }

    @Test func `all lines and the voice are the document's frame`() {
        let content = DisplayContent(
            [.init("沪A2K605", .red), .init("请缴费5元", .green)], voice: "沪A2K605,请缴费5元")
        #expect(wire.together(content, width: 8, repeats: 1) == hex(Self.together))
        var card = DisplayCardModel()
        _ = card.receive(hex(Self.together), at: .zero)
        #expect(card.lines.prefix(2) == ["沪A2K605", "请缴费5元"])
        #expect(card.spoken == ["沪A2K605,请缴费5元"])
    }

    private static let screen =
        "00 64 FF FF E1 68 01 00 00 64 00 00 00 00 00 00 00 00 00 26 20 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        + "00 00 68 74 74 70 73 3A 2F 2F 70 61 79 2E 65 78 61 6D 70 6C 65 2F 70 3F 6F 72 64 65 72 3D 34 31 26 66 65 "
        + "6E 3D 38 30 30 00 BB A6 41 32 4B 36 30 35 2C CD A3 B3 B5 31 D0 A1 CA B1 33 35 B7 D6 2C C7 EB BD C9 B7 D1 "
        + "38 D4 AA 00 92 0B"
    private static let noScreen =
        "00 64 FF FF E1 22 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        + "00 00 00 00 76 0A"
    /// In public code of others, with the length and the check that we compute too.
    private static let foreignScreen =
        "00 64 FF FF E1 41 01 00 00 0A 00 00 00 00 00 00 00 00 00 14 0B 80 01 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        + "00 00 68 74 74 70 3A 2F 2F 77 77 77 2E 62 61 69 64 75 2E 63 6F 6D 00 70 6C 65 61 73 65 20 73 63 61 6E 00 "
        + "D5 24"

    @Test func `a code for phones is the document's frame, and is taken away`() throws {
        let code = DisplayContent.Code(
            "https://pay.example/p?order=41&fen=800", words: "沪A2K605,停车1小时35分,请缴费8元")
        #expect(wire.screen(code, .dots49, seconds: 100) == hex(Self.screen))
        #expect(wire.screen(nil, .dots49, seconds: 100) == hex(Self.noScreen))
        let foreign = DisplayContent.Code("http://www.baidu.com", words: "please scan")
        #expect(wire.screen(foreign, .dots32, seconds: 10) == hex(Self.foreignScreen))
        var card = DisplayCardModel()
        #expect(
            card.receive(hex(Self.screen), at: .zero).map(\.bytes) == [hex("00 64 FF FF E1 01 00 66 82")])
        #expect(
            card.screen
                == .init(code: code.text, words: code.words, isLarge: true, until: .zero + .seconds(100)))
        _ = card.receive(hex(Self.noScreen), at: .zero + .seconds(1))
        #expect(card.screen == nil)
        _ = card.receive(hex(Self.foreignScreen), at: .zero + .seconds(2))
        #expect(card.screen?.code == "http://www.baidu.com")
        card.advance(to: .zero + .seconds(12))
        #expect(card.screen == nil)
        #expect(wire.reply(to: hex(Self.screen), in: hex("00 64 FF FF E1 01 00 66 82")) == .done)
    }

    @Test func `the longest code has its words shortened, between characters, and never itself`() throws {
        let long = String(repeating: "x", count: 192)
        let words = String(repeating: "请缴费", count: 20)
        let frame = wire.screen(.init(long, words: words), .dots49, seconds: 100)
        #expect(frame.count <= 8 + 255)
        var card = DisplayCardModel()
        _ = card.receive(frame, at: .zero)
        #expect(card.screen?.code == long)
        #expect(card.screen?.words == String(words.prefix(14)))
    }

    @Test func `the clock is the document's frame`() {
        // 2026-03-02 08:30:15 in China, a Monday.
        let time = ZoneRules(name: "x", initialOffset: 28_800).civil(
            WallTime(milliseconds: 1_772_411_415_000))
        #expect(wire.clock(time) == hex("00 64 FF FF 05 08 EA 07 03 02 02 08 1E 0F 7F 2D"))
        var card = DisplayCardModel()
        _ = card.receive(wire.clock(time), at: .zero)
        #expect(card.clock == "2026-03-02 08:30:15")
        let sunday = CivilTime(localSeconds: 1_772_411_415 - 86_400)
        #expect(wire.clock(sunday)[10] == 1)
    }

    @Test func `until replaced is what a lane's text says`() {
        let frame = wire.text(.init("欢迎光临", .green), at: 1, width: 8)
        #expect(frame[6 + 8] == 0)
    }

    @Test func `text is cut between characters and cleaned of what a card obeys`() {
        let long = wire.text(.init(String(repeating: "a欢", count: 20), .red), at: 0, width: 8)
        #expect(long.count == 8 + 19 + 32 - 1)
        let foul = wire.voice("`Y欢\u{0D}迎\n镕🚗")
        #expect(foul == wire.voice("Y欢迎??"))
        let whole = DisplayContent(Array(repeating: .init(String(repeating: "满", count: 16), .red), count: 4))
        #expect(wire.together(whole, width: 8)?.count == 182)
        #expect(wire.together(DisplayContent([]), width: 8) == nil)
    }

    @Test func `the answer is found by length and checksum among other bytes`() {
        let frame = hex(Self.plate)
        #expect(wire.reply(to: frame, in: hex("00 64 FF FF 62 01 00 97 6A")) == .done)
        #expect(wire.reply(to: frame, in: hex("FF 00 64 00 64 FF FF 62 01 00 97 6A 00")) == .done)
        // Of the voice, spoiled, or not yet whole.
        #expect(wire.reply(to: frame, in: hex("00 64 FF FF 30 01 00 36 BB")) == nil)
        #expect(wire.reply(to: frame, in: hex("00 64 FF FF 62 01 00 97 6B")) == nil)
        #expect(wire.reply(to: frame, in: hex("00 64 FF FF 62 01 00 97")) == nil)
        #expect(wire.reply(to: frame, in: frame) == nil)
        var card = DisplayCardModel()
        card.faults.refusal = 3
        let refusal = card.receive(frame, at: .zero).flatMap(\.bytes)
        #expect(wire.reply(to: frame, in: refusal) == .refused(status: 3))
        #expect(card.lines[0] == "")
    }

    @Test func `the model is silent to broken frames and finds the next one`() {
        var card = DisplayCardModel()
        let broken = hex(Self.plate).dropLast() + [0x99]
        #expect(card.receive(Array(broken) + hex(Self.welcome), at: .zero).count == 1)
        #expect(card.lines == ["", "欢迎光临", "", ""])
    }
}
