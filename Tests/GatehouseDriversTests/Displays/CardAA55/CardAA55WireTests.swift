// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// The frames of `displays.md` B hold for the driver and for the card's model alike.
@Suite struct CardAA55WireTests {
    @Test(arguments: [
        (0, "欢迎光临", "AA 55 01 64 00 22 00 08 BB B6 D3 AD B9 E2 C1 D9 A7 1E AF"),
        (1, "请缴费5元", "AA 55 02 64 00 22 00 09 C7 EB BD C9 B7 D1 35 D4 AA F2 B7 AF"),
    ])
    func `voice is the document's frames`(after: Int, text: String, frame: String) {
        var wire = CardAA55Wire(after: UInt8(after))
        #expect(wire.voice(text) == hex(frame))
        var card = DisplayCardModel(.cardAA55)
        let answer = card.receive(hex(frame), at: .zero).flatMap(\.bytes)
        #expect(card.spoken == [text])
        #expect(wire.reply(to: hex(frame), in: answer) == .done)
        // Another number, a spoiled one, not yet whole.
        #expect(wire.reply(to: wire.voice(text), in: answer) == nil)
        #expect(wire.reply(to: hex(frame), in: answer.dropLast() + [0]) == nil)
        #expect(wire.reply(to: hex(frame), in: answer.dropLast()) == nil)
        #expect(wire.reply(to: hex(frame), in: [0xAA] + answer) == .done)
    }

    @Test(arguments: [
        (
            4, 0, "沪A2K605", DisplayContent.Color.red,
            "AA 55 05 64 00 27 00 0C 01 0A 01 00 BB A6 41 32 4B 36 30 35 5B 6E AF"
        ),
        (5, 1, "欢迎光临", .green, "AA 55 06 64 00 27 00 0C 02 0A 02 00 BB B6 D3 AD B9 E2 C1 D9 1A D1 AF"),
    ])
    func `lines are the document's frames`(
        after: Int, line: Int, text: String, color: DisplayContent.Color, frame: String
    ) {
        var wire = CardAA55Wire(after: UInt8(after))
        #expect(wire.text(.init(text, color), at: line, seconds: 10) == hex(frame))
        var card = DisplayCardModel(.cardAA55)
        _ = card.receive(hex(frame), at: .zero)
        #expect(card.lines[line] == text)
        // Until cancelled is what a lane's text says.
        #expect(wire.text(.init(text, color), at: line, width: 8)[9] == 0)
    }

    @Test func `the clock is the document's frame`() {
        var wire = CardAA55Wire(after: 8)
        let time = CivilTime(localSeconds: 1_772_411_415 + 28_800)
        #expect(wire.clock(time) == hex("AA 55 09 64 00 10 00 06 1A 03 02 08 1E 0F 37 36 AF"))
        var card = DisplayCardModel(.cardAA55)
        _ = card.receive(wire.clock(time), at: .zero)
        #expect(card.clock?.hasPrefix("2026-03-02 08:30:15") == true)
    }

    @Test func `numbers go round`() {
        var wire = CardAA55Wire(after: 255)
        #expect(wire.voice("a")[2] == 0)
    }
}
