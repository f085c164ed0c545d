// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A tariff file in the form GTF-1 (`tariffs.md` §3), YAML or JSON. All mistakes are listed at once; a tariff with an error
/// is none.
package struct TariffReader {
    package struct Loaded: Sendable {
        /// With the offsets of its time zone; nil after an error.
        package var tariff: (tariff: Tariff, zone: ZoneRules)?
        package var issues: [ConfigIssue]
    }

    /// `zones`: folder of the compiled time zones.
    package static func load(path: String, zones: String = ZoneRulesLoader.systemRoot) -> Loaded {
        let log = IssueLog(file: path)
        let top = YAMLDocument.top(path: path, log: log)
        let tariff = top.flatMap { read($0) }
        let zone = top.flatMap { Self.zone(of: $0, zones: zones) }
        guard let tariff, let zone, !log.issues.hasErrors else {
            return Loaded(tariff: nil, issues: log.issues.inReadingOrder)
        }
        return Loaded(tariff: (tariff, zone), issues: log.issues.inReadingOrder)
    }

    /// nil after an error, also where reading the tariff says that its `tz` is missing or no name.
    static func zone(of top: Field, zones: String = ZoneRulesLoader.systemRoot) -> ZoneRules? {
        guard let seen = top.silentMapping()?.optional("tz"), let name = seen.word,
            ZoneRulesLoader.isName(name)
        else { return nil }
        do {
            return try ZoneRulesLoader.load(name: name, root: zones)
        } catch {
            let near = error == .unknown ? ZoneRulesLoader.nearestName(to: name, root: zones) : nil
            Field(node: seen.node, path: seen.path, log: top.log).error(
                error.message, found: name, hint: near.map { "did you mean \($0)?" })
            return nil
        }
    }

    /// Its time zone is looked up by whoever needs its offsets.
    package static func read(_ text: String, file: String) -> (tariff: Tariff?, issues: [ConfigIssue]) {
        let log = IssueLog(file: file)
        let tariff = YAMLDocument.top(text, log: log).flatMap { read($0) }
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
        warn(of: rules.noEntry, rules, reader)
        let ofClass = overrides(reader, of: rules)
        TariffReader.nameUnsupported(reader)
        reader.finish()
        guard let id, let currency, let zone, reader.log.errorCount == errors else { return nil }
        return Tariff(
            id: id, version: version ?? 1, currency: currency, zone: zone, rules: rules,
            rulesOfClass: ofClass)
    }

    /// §6.6: where the amount cannot be told from the tariff, a person tells it.
    private static func warn(of noEntry: NoEntryCharge, _ rules: TariffRules, _ reader: MappingReader) {
        guard noEntry != .manual, rules.noEntryAmount == nil, let field = reader.given("no_entry") else {
            return
        }
        let lack = noEntry == .firstStep ? "one rate in steps for the whole day" : "a cap of the cycle"
        field.warning(
            "without \(lack) there is no such amount: a person decides, as with manual",
            hint: "mode: fixed, with an amount")
    }

    /// Whole top-level keys in place of the tariff's, for one class each. Only these are read: the rest was read, and
    /// complained about, with the tariff itself.
    private static func overrides(
        _ reader: MappingReader, of rules: TariffRules
    ) -> Table<String, TariffRules> {
        var table = Table<String, TariffRules>()
        guard let classes = reader.given("class_override")?.mapping() else { return table }
        guard classes.entries.count <= TariffLimits.classes else {
            reader.given("class_override")?.error(
                TariffLimits.text(classes.entries.count, of: "classes", TariffLimits.classes))
            return table
        }
        for entry in classes.entries {
            classes.requirePrintable(entry)
            guard let override = entry.field.mapping() else { continue }
            for key in fixedKeys {
                override.optional(key)?.error("this belongs to the whole tariff, not to one class")
            }
            override.optional("no_entry")?.warning(
                "this has no effect: of whom no entry is on record no class is known")
            table[entry.key] = TariffRulesReader(override, over: rules).read()
            nameUnsupported(override)
            override.finish()
        }
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
