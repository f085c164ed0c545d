// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@Suite struct CardTests {
    /// The card of `readers.md` §2 in its three printed forms.
    @Test(arguments: [
        ("em40:2A00617A69", Card.Form.em40, UInt64(0x2A_0061_7A69)),
        ("em32:0006388329", .em32, 6_388_329), ("em24:097,31337", .em24, 97 << 16 | 31337),
        ("em24:255,65535", .em24, 0xFF_FFFF), ("em40:0000000000", .em40, 0),
    ])
    func `text and number are one`(_ text: String, _ form: Card.Form, _ number: UInt64) throws {
        let card = try #require(Card(text))
        #expect(card == Card(form, number))
        #expect(card.text == text)
        #expect((card.form, card.number) == (form, number))
        #expect(Card(packed: card.packed) == card)
        #expect(Credential(packed: card.packed) == .card(card))
    }

    @Test(arguments: [
        "", "em40:", "em40:2A00617A6", "em40:2A00617A6G", "em32:4294967296", "em32:99999999999",
        "em24:256,00001",
        "em24:097,65536", "em24:09731337", "em24:97,31337", "em48:2A00617A69", "2A00617A69",
        "em32:-000000001",
        "em40:2A00617A69:", "京A12345",
    ])
    func `nothing else is a card`(_ text: String) { #expect(Card(text) == nil) }

    @Test func `numbers that do not fit their form are none`() {
        #expect(Card(.em24, 1 << 24) == nil)
        #expect(Card(.em40, 1 << 40) == nil)
        #expect(Card(packed: 0) == nil)
        #expect(Card(packed: 1 << 63 | 9 << 56) == nil)
        #expect(Card(packed: 1 << 63 | 1 << 56 | 1 << 24) == nil)
    }

    @Test func `a shorter form keeps the low bits, a longer one is not invented`() throws {
        let card = try #require(Card("em40:2A00617A69"))
        #expect(card.shortened(to: .em32) == Card("em32:0006388329"))
        #expect(card.shortened(to: .em24) == Card("em24:097,31337"))
        #expect(card.shortened(to: .em40) == card)
        #expect(Card("em24:097,31337")?.shortened(to: .em32) == nil)
    }

    /// One key space: a plate's nine symbols of seven bits leave the highest bit free.
    @Test func `no plate is a card and no card a plate`() throws {
        for text in ["京A12345", "粤ZF023港", "TMP-999999", "使014578", "WJ12345X"] {
            let plate = try #require(Plate(text))
            #expect(plate.packed < 1 << 63)
            #expect(Credential(packed: plate.packed) == .plate(plate))
        }
    }

    @Test func `what is interpolated by accident gives no card away`() throws {
        let card = try #require(Card("em40:2A00617A69"))
        #expect("\(card)" == "em40:…7A69")
        #expect(Credential.card(card).shown == "em40:…7A69")
    }
}
