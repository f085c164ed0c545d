// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct PlateTests {
    @Test(arguments: [
        "京A12345", "粤BD12345", "沪A12345D", "WJ京12345", "WJ01京A1234", "京X1234应急", "民航A1234", "粤Z1234港",
        "使123456", "VA12345", "京A1234临时入境", "0", "TMP-000042",
    ])
    func `canonical text comes back from the packed form`(text: String) throws {
        let plate = try #require(Plate(text))
        #expect(plate.text == text)
        #expect(Plate(packed: plate.packed) == plate)
    }

    @Test(arguments: [
        "", "京A1234567890", "京a12345", "京A 2345", "京A?2345", "龍A12345", "TMP-12345", "TMP-1234567",
        "TMP-A23456",
        "🚗",
    ])
    func `what is not canonical is refused`(text: String) {
        #expect(Plate(text) == nil)
    }

    @Test func `packed keys never change, because journals are keyed by them`() throws {
        // 京 is 37, A 11, digits d are d + 1: worked out by hand from the alphabet's order.
        let symbols: [UInt64] = [37, 11, 2, 3, 4, 5, 6]
        let expected = symbols.enumerated().reduce(UInt64(0)) {
            $0 | $1.element << UInt64(56 - 7 * $1.offset)
        }
        #expect(try #require(Plate("京A12345")).packed == expected)
        #expect(try #require(Plate("WJ")).packed == 92 << 56)
        #expect(try #require(Plate("新")).packed == 67 << 56)
        #expect(try #require(Plate("航")).packed == 81 << 56)
        #expect(PlateSymbol.count == 98)
    }

    @Test func `order of keys is the order of symbols, a prefix before its longer text`() throws {
        let texts = ["京A1234", "京A12345", "京A12346", "京AD1234", "京B00000", "津A00000"]
        let plates = texts.compactMap { Plate($0) }
        #expect(plates.count == texts.count)
        #expect(plates.sorted() == plates)
    }

    @Test func `codes for cars without a plate are their own kind and never pass the grammar`() throws {
        let code = try #require(Plate.temporaryCode(123_456))
        #expect(code.text == "TMP-123456")
        #expect(code.isTemporaryCode)
        #expect(Plate.temporaryCode(7)?.text == "TMP-000007")
        #expect(Plate.temporaryCode(1_000_000) == nil)
        #expect(Plate.temporaryCode(-1) == nil)
        for raw in ["TMP-123456", "tmp-123456", "ＴＭＰ－123456", "TMP·123456"] {
            let reading = PlateGrammar.parse(raw, color: .blue)
            #expect(!reading.isRegular)
            #expect(reading.plate?.isTemporaryCode != true)
        }
        #expect(PlateGrammar.kind(of: code) == nil)
    }

    @Test func `readings survive their payload`() throws {
        let reading = PlateGrammar.parse("蓝京A·1234O", color: .unknown)
        let bytes = FieldWriter.object { reading.write(to: &$0) }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"plate":"京A12340","raw":"蓝京A·1234O","color":"blue","kind":"smallCivil","regular":true}"#
        )
        #expect(try PlateReading(from: Fields(bytes)) == reading)
    }
}
