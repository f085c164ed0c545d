// SPDX-License-Identifier: Apache-2.0

import GatehouseWire
import Testing

@Suite struct GBKTests {
    @Test(arguments: [
        ("沪A2K605", "BB A6 41 32 4B 36 30 35"),
        ("欢迎光临", "BB B6 D3 AD B9 E2 C1 D9"),
        ("请缴费5元", "C7 EB BD C9 B7 D1 35 D4 AA"),
        ("月租车,剩余15天", "D4 C2 D7 E2 B3 B5 2C CA A3 D3 E0 31 35 CC EC"),
        ("丂", "81 40"), ("亍", "D8 A1"), ("齄", "F7 FE"), ("·", "A1 A4"), ("\u{3000}", "A1 A1"),
    ])
    func `phrases of the protocol documents have their bytes, both ways`(text: String, bytes: String) {
        #expect(GBK.encode(text) == hex(bytes))
        #expect(GBK.decode(hex(bytes)) == text)
    }

    @Test func `what has no bytes is a question mark`() {
        #expect(GBK.encode("a🚗é€\u{80}") == Array("a?".utf8) + hex("A8 A6") + Array("??".utf8))
    }

    @Test func `a card's font ends with GB 2312`() {
        // 镕 and 丂 are in GBK only, 沪 in both.
        #expect(GBK.encode("镕丂沪ⅰ", .gb2312) == hex("3F 3F BB A6 3F"))
        #expect(GBK.encode("镕") == hex("E9 46"))
    }

    @Test func `a limit cuts between characters`() {
        #expect(GBK.encode("沪A沪", limit: 4) == hex("BB A6 41"))
        #expect(GBK.encode("沪A沪", limit: 5) == hex("BB A6 41 BB A6"))
        #expect(GBK.encode("沪", limit: 1) == [])
    }

    @Test(arguments: [
        ("BB", "\u{FFFD}"), ("80 41", "\u{FFFD}A"), ("FF", "\u{FFFD}"), ("BB 30", "\u{FFFD}0"),
        ("81 BB A6", "\u{4F1D}\u{FFFD}"), ("FF BB A6", "\u{FFFD}沪"), ("A2 A0", "\u{FFFD}\u{FFFD}"),
    ])
    func `bytes that are no character are one replacement and lose no other`(bytes: String, text: String) {
        #expect(Array(GBK.decode(hex(bytes)).unicodeScalars) == Array(text.unicodeScalars))
    }
}
