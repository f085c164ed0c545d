// SPDX-License-Identifier: Apache-2.0

/// A civil time as it is written, with its offset if it has one.
package struct LocalStamp: Hashable, Sendable {
    private let localSecond: Int64
    private let offset: Int64?

    package init?(_ text: String) {
        var rest = Substring(text)
        guard let date = CivilDate(text: String(rest.prefix(10))) else { return nil }
        rest = rest.dropFirst(10)
        var second: Int64 = 0
        if let separator = rest.first {
            guard separator == "T" || separator == " " else { return nil }
            rest = rest.dropFirst()
            guard let clock = Self.clock(&rest) else { return nil }
            second = clock
        }
        guard let offset = Self.offset(rest) else { return nil }
        self.offset = offset
        localSecond = Int64(date.daysSince1970) * 86_400 + second
    }

    /// Without one, only a zone says when it is.
    package var hasOffset: Bool { offset != nil }

    package func instant(in zone: ZoneRules) -> Int64 {
        offset.map { localSecond - $0 } ?? zone.instant(localSecond: localSecond)
    }

    private static func clock(_ rest: inout Substring) -> Int64? {
        guard let hour = two(&rest, below: 24), rest.first == ":" else { return nil }
        rest = rest.dropFirst()
        guard let minute = two(&rest, below: 60) else { return nil }
        var second: Int64 = 0
        if rest.first == ":" {
            rest = rest.dropFirst()
            guard let value = two(&rest, below: 60) else { return nil }
            second = value
            if rest.first == "." {
                let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
                guard !fraction.isEmpty else { return nil }
                rest = rest.dropFirst(1 + fraction.count)
            }
        }
        return hour * 3600 + minute * 60 + second
    }

    /// nil where the text is no offset, and `.some(nil)` where there is none.
    private static func offset(_ text: Substring) -> Int64?? {
        guard let sign = text.first else { return .some(nil) }
        if text == "Z" { return 0 }
        guard sign == "+" || sign == "-" else { return nil }
        var rest = text.dropFirst()
        guard let hours = two(&rest, below: 24), rest.first == ":" else { return nil }
        rest = rest.dropFirst()
        guard let minutes = two(&rest, below: 60), rest.isEmpty else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return sign == "-" ? -seconds : seconds
    }

    private static func two(_ rest: inout Substring, below limit: Int64) -> Int64? {
        let digits = rest.prefix(2)
        guard digits.utf8.count == 2, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int64(digits),
            value < limit
        else { return nil }
        rest = rest.dropFirst(2)
        return value
    }
}

extension CivilDate {
    /// `2026-03-02` and nothing else.
    package init?(text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
            parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }
}
