// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@Suite struct MoneyWordsTests {
    @Test(arguments: [
        ("CNY", 1250, "12.50"), ("CNY", -5, "-0.05"), ("JPY", 300, "300"), ("XAF", -7, "-7"),
        ("KWD", 12_500, "12.500"), ("KWD", -5, "-0.005"), ("CLF", 10_001, "1.0001"),
    ])
    func `an amount has the decimals of its currency`(_ currency: String, _ minor: Int64, _ text: String) {
        #expect(MoneyWords(currency: currency).number(Money(minor)) == text)
    }

    @Test func `yuan has a sign of its own, every other currency its code`() {
        #expect(MoneyWords(currency: "CNY").text(Money(800)).chinese == "8.00元")
        #expect(MoneyWords(currency: "USD").text(Money(800)).chinese == "USD 8.00")
    }
}
