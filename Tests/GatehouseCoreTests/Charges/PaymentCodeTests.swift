// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

struct PaymentCodeTests {
    private static let text = "134567890123456789"

    @Test func `a code is printed nowhere whole`() throws {
        let code = try #require(PaymentCode(Self.text))
        #expect(code.text == Self.text && code.mark == "13…/18")
        var dumped = ""
        dump(code, to: &dumped)
        for shown in [
            "\(code)", "\(String(reflecting: code))", "\([code])", "\(Optional(code) as Any)", dumped,
        ] {
            #expect(!shown.contains(Self.text), "\(shown)")
        }
        #expect(PaymentCode("12345")?.mark == "5")
    }

    @Test func `what no provider prints is no code`() {
        for text in ["", "a b", "a\n", "付款", "\u{7F}", String(repeating: "1", count: 65)] {
            #expect(PaymentCode(text) == nil)
        }
        #expect(PaymentCode(String(repeating: "1", count: 64)) != nil)
    }
}
