// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct PlateGrammarTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var raw: String
        var color: PlateColor
        var declared: PlateKind = .unknown
        var kind: PlateKind
        var testDescription: String { "\(raw) \(color) \(declared) is \(kind)" }
    }

    @Test(arguments: [
        Shape(raw: "京A12345", color: .blue, kind: .smallCivil),
        Shape(raw: "京A12345", color: .unknown, kind: .smallCivil),
        Shape(raw: "京A12345", color: .yellow, kind: .largeCivil),
        Shape(raw: "京A12345", color: .black, kind: .foreignBlack),
        Shape(raw: "京A12345", color: .blue, declared: .motorcycle, kind: .motorcycle),
        Shape(raw: "京A12345", color: .yellow, declared: .smallCivil, kind: .largeCivil),
        Shape(raw: "京A12345", color: .unknown, declared: .largeCivil, kind: .largeCivil),
        Shape(raw: "粤BD12345", color: .green, kind: .nevSmall),
        Shape(raw: "粤BDA1234", color: .green, kind: .nevSmall),
        Shape(raw: "粤BF12345", color: .green, kind: .nevSmall),
        Shape(raw: "粤B12345D", color: .yellowGreen, kind: .nevLarge),
        Shape(raw: "鲁B1234挂", color: .yellow, kind: .trailer),
        Shape(raw: "鲁B1234学", color: .yellow, kind: .learner),
        Shape(raw: "鲁B1234警", color: .white, kind: .police),
        Shape(raw: "鲁O12345", color: .white, kind: .other),
        Shape(raw: "粤Z1234港", color: .black, kind: .hkMacau),
        Shape(raw: "粤ZA123澳", color: .black, kind: .hkMacau),
        Shape(raw: "使123456", color: .black, kind: .embassy),
        Shape(raw: "123A45使", color: .black, kind: .embassy),
        Shape(raw: "沪12345领", color: .black, kind: .consulate),
        Shape(raw: "沪A1234领", color: .black, kind: .consulate),
        Shape(raw: "WJ京12345", color: .white, kind: .armedPolice),
        Shape(raw: "WJ京1234X", color: .white, kind: .armedPolice),
        Shape(raw: "WJ12345", color: .white, kind: .armedPolice),
        Shape(raw: "WJ0112345", color: .white, kind: .armedPolice),
        Shape(raw: "VA12345", color: .white, kind: .military),
        Shape(raw: "VA12345", color: .unknown, declared: .military, kind: .military),
        Shape(raw: "京X1234应急", color: .white, kind: .emergency),
        Shape(raw: "民航A1234", color: .green, kind: .civilAviation),
        Shape(raw: "民航A123", color: .green, kind: .unknown),
        Shape(raw: "京0112345", color: .green, kind: .agricultural),
        Shape(raw: "京011234", color: .green, kind: .unknown),
        Shape(raw: "京A1234临", color: .unknown, kind: .temporary),
        Shape(raw: "京A1234超", color: .yellow, kind: .temporary),
        Shape(raw: "京A1234临时入境", color: .unknown, kind: .temporary),
    ])
    func `each kind by its shape, then colour, then the maker's word`(shape: Shape) {
        let reading = PlateGrammar.parse(shape.raw, color: shape.color, declared: shape.declared)
        #expect(reading.kind == shape.kind)
        #expect(reading.isRegular == (shape.kind != .unknown))
        #expect(reading.plate?.text == shape.raw)
    }

    @Test(
        arguments: [
            ("京Ａ·１２３４５", "京A12345"), ("京a12345", "京A12345"), (" 京A 123 45 ", "京A12345"),
            ("京A-12345", "京A12345"), ("京A•12345", "京A12345"), ("京A.12345", "京A12345"),
            ("京A_12345", "京A12345"),
            ("贛A12345", "赣A12345"), ("蘇E12345", "苏E12345"), ("魯B1234學", "鲁B1234学"), ("遼A12345", "辽A12345"),
            ("雲A12345", "云A12345"), ("貴A12345", "贵A12345"), ("寧A12345", "宁A12345"), ("陝A12345", "陕A12345"),
            ("瓊A12345", "琼A12345"), ("滬A12345", "沪A12345"), ("閩A12345", "闽A12345"), ("滬12345領", "沪12345领"),
            ("京A1O34I", "京A10341"), ("闽O12345", "闽O12345"), ("鲁OO2345", "鲁O02345"),
            ("蓝京A12345", "京A12345"), ("黄绿粤B12345D", "粤B12345D"), ("渐变绿粤BD12345", "粤BD12345"),
            ("黑京A12345", "京A12345"), ("黑A12345", "黑A12345"), ("黑WJ1234", "黑WJ1234"), ("白VA12345", "VA12345"),
            ("京A12?45", "京A12?45"), ("京A12*45", "京A12?45"), ("京A12_4_", "京A12?4?"),
        ] as [(String, String)])
    func `normalisation gives the canonical text`(raw: String, canonical: String) {
        let reading = PlateGrammar.parse(raw)
        #expect(reading.plate?.text == canonical)
        #expect(reading.raw == raw)
    }

    @Test func `a leading colour word is believed where the camera gave no colour`() {
        #expect(PlateGrammar.parse("黄京A12345").kind == .largeCivil)
        #expect(PlateGrammar.parse("黄京A12345", color: .blue).kind == .smallCivil)
    }

    @Test(arguments: [
        "_无_", "无", "无牌", "无牌车", "无车牌", "無車牌", "未知", "未识别", "未检测", "unknown", "no plate", "noplate",
        "null", "", "  ", "___", "Unknown", "ＮＯＰＬＡＴＥ",
    ])
    func `words for no plate are no plate`(raw: String) {
        let reading = PlateGrammar.parse(raw)
        #expect(reading.isNoPlate)
        #expect(reading.plate == nil)
        #expect(!reading.isRegular)
    }

    @Test func `two letters and five digits are military on white, a lost province on blue`() {
        #expect(PlateGrammar.parse("AB12345", color: .white).kind == .military)
        for color in [PlateColor.blue, .green, .unknown] {
            let reading = PlateGrammar.parse("AB12345", color: color)
            #expect(!reading.isRegular)
            #expect(reading.kind == .unknown)
            #expect(reading.plate?.text == "AB12345")
        }
    }

    @Test func `unread characters keep the shape but make no regular plate`() {
        let reading = PlateGrammar.parse("京A12?45", color: .blue)
        #expect(reading.kind == .smallCivil)
        #expect(!reading.isRegular)
        #expect(PlateGrammar.parse("???????").plate == nil)
        #expect(!PlateGrammar.parse("???????").isNoPlate)
    }

    @Test func `H-37 a colour that the kind never wears is a contradiction`() {
        #expect(PlateGrammar.parse("京A1234警", color: .blue).hasColorContradiction)
        #expect(!PlateGrammar.parse("京A1234警", color: .white).hasColorContradiction)
        #expect(!PlateGrammar.parse("京A1234警", color: .unknown).hasColorContradiction)
        #expect(PlateGrammar.parse("京A12345", color: .green).hasColorContradiction)
    }

    @Test func `emergency needs shape and white colour`() {
        let kinds = AccessPolicyPlan().emergencyKinds
        #expect(PlateGrammar.parse("京A1234警", color: .white).isEmergency(among: kinds))
        #expect(!PlateGrammar.parse("京A1234警", color: .blue).isEmergency(among: kinds))
        #expect(!PlateGrammar.parse("京A1234警", color: .unknown).isEmergency(among: kinds))
        #expect(!PlateGrammar.parse("京A12345", color: .white, declared: .police).isEmergency(among: kinds))
        #expect(!PlateGrammar.parse("鲁O12345", color: .white, declared: .police).isEmergency(among: kinds))
        #expect(!PlateGrammar.parse("京A12?4警", color: .white).isEmergency(among: kinds))
    }

    @Test func `H-42 any text gives a reading`() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let alphabet = Array("京A1O?_*·WJ应急民航临时入境TMP-黑蓝渐变绿\u{0}\u{FEFF}🚗é龍0I ".unicodeScalars)
        for _ in 0..<3_000 {
            var text = ""
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for place in 0..<Int(state >> 60) {
                state = state &* 6_364_136_223_846_793_005 &+ UInt64(place) | 1
                text.unicodeScalars.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            let reading = PlateGrammar.parse(text, color: .white)
            #expect(reading.raw == text)
            if let plate = reading.plate {
                #expect(Plate(plate.text, allowingWildcards: true) == plate)
                #expect(!plate.isTemporaryCode)
            }
            if reading.isRegular { #expect(reading.plate != nil) }
        }
    }
}
