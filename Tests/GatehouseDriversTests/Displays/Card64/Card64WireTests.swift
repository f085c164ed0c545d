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
