// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The accepted spellings of values. Strict, because a value that YAML or a reader bends silently ends as a
/// wrong time at an arm: `no`, `010` and `1:30` are not what they look like.
package enum ScalarForms {
    /// Decimal, no leading zero, no separators, at most 15 digits.
    static func integer(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.count <= 15, digits.allSatisfy(isDigit) else { return nil }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        return Int(exactly: Int64(text) ?? 0)
    }

    /// `500 ms`, `8 s`, `2.5 s`, `10 min`, `2 h`, `7 d`; the space may be left out.
    static func duration(_ text: String) -> Duration? {
        guard let (thousandths, unit) = amount(text) else { return nil }
        let milliseconds: [String: Int64] = [
            "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000,
        ]
        guard let factor = milliseconds[unit] else { return nil }
        let (product, overflow) = thousandths.multipliedReportingOverflow(by: factor)
        guard !overflow, product % 1000 == 0 else { return nil }
        return .milliseconds(product / 1000)
    }

    /// `500 MB`, `2 GB`: powers of ten, as disks are sold.
    static func size(_ text: String) -> Int64? {
        guard let (thousandths, unit) = amount(text) else { return nil }
        let bytes: [String: Int64] = ["kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000]
        guard let factor = bytes[unit] else { return nil }
        let (product, overflow) = thousandths.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product / 1000
    }

    /// A number with at most three decimals, in thousandths, and its unit.
    private static func amount(_ text: String) -> (thousandths: Int64, unit: String)? {
        let number = text.utf8.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
        var rest = text.utf8.dropFirst(number.count)
        if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, (1...9).contains(whole.count) else { return nil }
        guard whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
        var thousandths = value(whole) * 1000
        if parts.count == 2 {
            guard (1...3).contains(parts[1].count) else { return nil }
            thousandths += value(parts[1]) * [100, 10, 1][parts[1].count - 1]
        }
        return (thousandths, String(Substring(rest)))
    }

    /// `07:00`; `24:00` is the end of the day.
    static func minuteOfDay(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        guard [0, 1, 3, 4].allSatisfy({ isDigit(bytes[$0]) }) else { return nil }
        let digits = bytes.map { Int($0) - 48 }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[3] * 10 + digits[4])
        guard minute < 60, hour < 24 || hour == 24 && minute == 0 else { return nil }
        return hour * 60 + minute
    }

    /// A bare number with at most three decimals, in thousandths.
    static func thousandths(_ text: String) -> Int64? {
        amount(text).flatMap { $0.unit.isEmpty && text.last != " " ? $0.thousandths : nil }
    }

    private static func value(_ digits: Substring.UTF8View) -> Int64 {
        digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Lower case, digits and hyphens, beginning with a letter, at most 32.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
            return false
        }
        return text.utf8.count <= 32
            && text.utf8.allSatisfy {
                isDigit($0) || $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
    }

    /// What YAML makes of an unquoted word that a person meant as text; nil when it stays text.
    package static func misreading(of text: String) -> String? {
        switch text {
        case "", "~", "null", "Null", "NULL": return "which YAML reads as nothing"
        case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE":
            return "which YAML reads as true"
        case "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE":
            return "which YAML reads as false"
        default: break
        }
        let bytes = Array(text.utf8)
        let body =
            bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes[1...] : bytes[...]
        guard let first = body.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        let digits = body.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
        if digits {
            return first == UInt8(ascii: "0") && body.count > 1 ? "which YAML reads as octal" : aNumber
        }
        if body.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ":") }) {
            return "which YAML reads as a number to the base 60"
        }
        if isDate(body) { return "which YAML reads as a date" }
        let dots = body.filter { $0 == UInt8(ascii: ".") }.count
        let isNumeric = body.allSatisfy { isDigit($0) || "._eExXoabcdefABCDEF+-".utf8.contains($0) }
        let isHexadecimal = body.starts(with: "0x".utf8)
        if isHexadecimal || dots == 1 && isNumeric && body.count > 1 { return aNumber }
        return nil
    }

    private static let aNumber = "which YAML reads as a number"

    private static func isDate(_ body: ArraySlice<UInt8>) -> Bool {
        let parts = body.prefix(10).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].count == 4 && parts.allSatisfy { $0.allSatisfy(isDigit) }
    }
}

extension Duration {
    /// As a person writes it in a plan: `500 ms`, `2.5 s`, `10 min`.
    package var planText: String {
        let milliseconds = inMilliseconds
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
        for (size, unit) in units where milliseconds >= 2 * size && milliseconds % size == 0 {
            return "\(milliseconds / size) \(unit)"
        }
        if milliseconds >= 1000 && milliseconds % 100 == 0 {
            let tenths = milliseconds / 100
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        return milliseconds == 0 ? "0 s" : "\(milliseconds) ms"
    }
}
