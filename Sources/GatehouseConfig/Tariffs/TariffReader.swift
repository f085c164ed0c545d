// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import Yams

/// A tariff file in the form GTF-1 (`tariffs.md` §3), YAML or JSON. All mistakes are listed at once; a tariff with an error
/// is none.
package struct TariffReader {
    package static func load(path: String) -> (tariff: Tariff?, issues: [ConfigIssue]) {
        let log = IssueLog(file: path)
        return finish(YAMLDocument.top(path: path, log: log), log)
    }

    package static func read(_ text: String, file: String) -> (tariff: Tariff?, issues: [ConfigIssue]) {
        let log = IssueLog(file: file)
        return finish(YAMLDocument.top(text, log: log), log)
    }

    private static func finish(_ top: Field?, _ log: IssueLog) -> (tariff: Tariff?, issues: [ConfigIssue]) {
        let tariff = top.flatMap(read)
        return (log.issues.hasErrors ? nil : tariff, log.issues.inReadingOrder)
    }

    /// nil only after an error.
    static func read(_ field: Field) -> Tariff? {
        guard let reader = field.mapping() else { return nil }
        let errors = reader.log.errorCount
        let id = reader.required("id", "a name for this tariff")?.name()
        let version = reader.given("version")?.integer(in: 1...1_000_000)
        let currency = reader.required("currency", "three letters, as CNY")?.currency()
        let zone = reader.required("tz", "an IANA time zone, as Asia/Shanghai")?.zoneName()
        let rules = TariffRulesReader(reader).read()
        let ofClass = overrides(reader, field)
        TariffReader.nameUnsupported(reader)
        reader.finish()
        guard let id, let currency, let zone, reader.log.errorCount == errors else { return nil }
        return Tariff(
            id: id, version: version ?? 1, currency: currency, zone: zone, rules: rules,
            rulesOfClass: ofClass)
    }

    /// Whole top-level keys in place of the tariff's, for one class each.
    private static func overrides(_ reader: MappingReader, _ field: Field) -> Table<String, TariffRules> {
        var table = Table<String, TariffRules>()
        guard let classes = reader.given("class_override")?.mapping(), let base = field.node.mapping else {
            return table
        }
        for entry in classes.entries {
            _ = classes.optional(entry.key)
            guard let override = entry.field.mapping(), let changes = entry.field.node.mapping else {
                continue
            }
            for fixed in override.entries where Self.fixedKeys.contains(fixed.key) {
                fixed.field.error("this belongs to the whole tariff, not to one class")
            }
            // The rest was read, and complained about, with the tariff itself.
            var merged = base.filter { key, _ in
                guard let name = key.scalar?.string else { return false }
                let isPrice = name == "rate" || name == "bands"
                let replacesPrice = changes["rate"] != nil || changes["bands"] != nil
                return changes[name] == nil && !(isPrice && replacesPrice)
            }
            merged += changes.map { ($0, $1) }
            let before = reader.log.issues
            let log = IssueLog(file: reader.log.file)
            let node = Node.mapping(Node.Mapping(merged.map { ($0.0, $0.1) }))
            guard let inner = Field(node: node, path: entry.field.path, log: log).mapping() else { continue }
            for key in fixedKeys { _ = inner.optional(key) }
            table[entry.key] = TariffRulesReader(inner).read()
            nameUnsupported(inner)
            inner.finish()
            for issue in log.issues
            where !before.contains(where: { $0.line == issue.line && $0.column == issue.column }) {
                reader.log.add(
                    issue.severity, at: Place(line: issue.line, column: issue.column), path: issue.path,
                    found: issue.found, issue.message, hint: issue.hint)
            }
        }
        classes.finish()
        return table
    }

    private static let fixedKeys = ["id", "version", "currency", "tz", "class_override"]

    /// Met in real tariffs, and not to be approximated (§2, 40).
    private static let unsupported: [(key: String, what: String)] = [
        ("overnight_extra", "an extra amount for each night (跨天加收)"),
        ("night_surcharge", "an extra amount for each night (跨天加收)"),
        ("per_night", "an extra amount for each night (跨天加收)"),
        ("occupancy", "prices by how full the place is"),
        ("dynamic", "prices by how full the place is"),
        ("zones", "a zone inside the zone with prices of its own (场中场)"),
        ("inner_zone", "a zone inside the zone with prices of its own (场中场)"),
        ("any_timed", "whole days that are timed because one unit is"),
    ]

    static func nameUnsupported(_ reader: MappingReader) {
        for (key, what) in unsupported {
            guard reader.entries.contains(where: { $0.key == key }), let field = reader.optional(key) else {
                continue
            }
            field.error(
                "UNSUPPORTED_CONSTRUCT: the form GTF-1 cannot express \(what)",
                hint: "write another rule that says the same, or keep this tariff elsewhere")
        }
    }
}

extension MappingReader {
    /// A key that is there and not null: `free: null` says that there is none.
    func given(_ key: String) -> Field? {
        guard let field = optional(key) else { return nil }
        if let scalar = field.node.scalar, scalar.style == .plain || scalar.style == .any,
            ["", "~", "null"].contains(scalar.string)
        {
            return nil
        }
        return field
    }
}

extension Field {
    /// At most ten million yuan: what is more is a slip.
    static let amounts = 0...1_000_000_000

    func money() -> Money? { integer(in: Self.amounts).map { Money(Int64($0)) } }

    func minutes(_ range: ClosedRange<Int> = 1...525_600) -> Int? { integer(in: range) }

    fileprivate func currency() -> String? {
        guard let text = raw(expecting: "three letters, as CNY") else { return nil }
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            error("use the three capital letters of ISO 4217, as CNY", found: text)
            return nil
        }
        return text
    }

    fileprivate func zoneName() -> String? {
        guard let text = raw(expecting: "an IANA time zone, as Asia/Shanghai") else { return nil }
        guard ZoneRulesLoader.isName(text) else {
            error("use an IANA time zone, as Asia/Shanghai", found: text)
            return nil
        }
        return text
    }

    /// `07:00`, `24:00` where it is an end: minutes of the day.
    func clockTime(upTo limit: Int = 1439) -> Int? {
        guard let text = raw(expecting: "a time of day, \"07:00\"") else { return nil }
        guard let minute = ScalarForms.minuteOfDay(text), minute <= limit
        else {
            error("use a time of day as \"07:00\"\(limit > 1439 ? ", at most \"24:00\"" : "")", found: text)
            return nil
        }
        return minute
    }

    /// `2`, `1/2`, `1.5`: exact.
    func fraction() -> Fraction? {
        let expected = "a ratio as '2', '1/2' or '1.5', at most 100"
        guard let text = raw(expecting: expected) else { return nil }
        let value: Fraction?
        if text.contains("/") {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let numbers = parts.compactMap(ScalarForms.integer)
            value =
                parts.count == 2 && numbers.count == 2 && numbers.allSatisfy { $0 <= 1_000_000 }
                ? Fraction(Int64(numbers[0]), over: Int64(numbers[1])) : nil
        } else {
            value = ScalarForms.thousandths(text).flatMap { Fraction($0, over: 1000) }
        }
        guard let value, value.numerator <= value.denominator * 100 else {
            error("use \(expected)", found: text)
            return nil
        }
        return value
    }

    /// `workday`, `sat`, `2026-10-01`.
    func daySelectors() -> [DaySelector] {
        oneOrMany().compactMap { field in
            guard let text = field.raw(expecting: "a day") else { return nil }
            if let type = DayType(rawValue: text) { return .type(type) }
            if let index = Self.weekdays.firstIndex(of: text) { return .weekday(index + 1) }
            if let date = CivilDate(text: text) { return .date(date) }
            let near = nearest(to: text, among: DayType.allCases.map(\.rawValue) + Self.weekdays)
            field.error(
                "use workday, weekend, holiday, mon to sun, or a date", found: text,
                hint: near.map { "did you mean \($0)?" })
            return nil
        }
    }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}
