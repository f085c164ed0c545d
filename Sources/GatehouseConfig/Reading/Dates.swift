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
