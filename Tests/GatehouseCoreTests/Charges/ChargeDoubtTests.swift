// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct ChargeDoubtTests {
    private static let doubt = ChargeDoubt(
        causes: [.clock, .misread],
        options: [
            ChargeDoubt.Option(entry: 1_778_025_600, exit: 1_778_031_300, fee: Money(800)),
            ChargeDoubt.Option(
                entry: 1_778_029_200, exit: 1_778_031_300, stay: StayID(7), fee: Money(400)),
            ChargeDoubt.Option(entry: 0, exit: 1_778_031_300),
        ], used: 1)

    @Test func `its keys are a contract`() throws {
        let written = FieldWriter.object(Self.doubt.write)
        #expect(
            String(decoding: written, as: UTF8.self)
                == #"{"why":["clock","misread"],"used":1,"options":[{"entry_s":1778025600,"exit_s":1778031300,"fee":800},"#
                + #"{"entry_s":1778029200,"exit_s":1778031300,"stay":7,"fee":400},{"entry_s":0,"exit_s":1778031300}]}"#
        )
        #expect(try ChargeDoubt(from: Fields(written)) == Self.doubt)
    }

    @Test func `an index beyond the options and a cause of a later version are errors`() throws {
        for text in [
            #"{"why":["clock"],"used":1,"options":[{"entry_s":0,"exit_s":0}]}"#,
            #"{"why":["moon"],"used":0,"options":[{"entry_s":0,"exit_s":0}]}"#,
            #"{"why":[],"used":0,"options":[]}"#,
        ] {
            #expect(throws: FieldError.self) { try ChargeDoubt(from: Fields(Array(text.utf8))) }
        }
    }

    @Test func `who pays is told what is in doubt, which instants are used and what another would cost`() {
        let words = ChargeWords(currency: "CNY", zone: ChargeBench.zone)
        let text = Self.doubt.text(words, in: ChargeBench.zone)
        #expect(text.chinese.contains("时钟不可靠、入场车牌存疑"))
        #expect(text.chinese.contains("3种可能") && text.chinese.contains("8.00"))
        #expect(text.english.contains("of 3 possible times the one that costs least"))
        #expect(text.english.contains("2026-05-06T09:00+08:00"))
        let one = ChargeDoubt(causes: [.misread], options: [Self.doubt.options[0]], used: 0)
        #expect(one.text(words, in: ChargeBench.zone).english.contains("billed as recorded"))
    }
}
