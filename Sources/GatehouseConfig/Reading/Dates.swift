// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

extension Field {
    /// `2026-03-02`, with or without quotes.
    func date() -> CivilDate? {
        guard let text = raw(expecting: "a date such as 2026-03-02") else { return nil }
        guard let date = CivilDate(text: text) else {
            error("use a date such as 2026-03-02", found: text)
            return nil
        }
        return date
    }
}

extension CivilDate {
    /// `2026-03-02` and nothing else.
    init?(text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2] else { return nil }
        guard parts.allSatisfy({ $0.allSatisfy(ScalarForms.isDigit) }) else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }
}
