// SPDX-License-Identifier: Apache-2.0

/// A calendar month, `2026-05`: what a statement is made for.
package struct CivilMonth: Hashable, Sendable {
    package let text: String
    private let days: Range<Int>

    /// `2026-05` and nothing else.
    package init?(_ text: String) {
        guard let first = CivilDate(text: "\(text)-01"),
            let next = first.month == 12
                ? CivilDate(year: first.year + 1, month: 1, day: 1)
                : CivilDate(year: first.year, month: first.month + 1, day: 1)
        else { return nil }
        self.text = text
        days = first.daysSince1970..<next.daysSince1970
    }

    package func contains(_ date: CivilDate) -> Bool { days.contains(date.daysSince1970) }
}
