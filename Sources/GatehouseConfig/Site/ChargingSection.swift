// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `charging:` what a stay costs and how the money is taken. The tariffs are files of their own, since the community
/// votes on them and a technician does not.
struct ChargingSection {
    /// Of the site file: tariffs are named from there.
    let folder: String
    let zone: ZoneRules
    let zonesFolder: String
    /// Calls of the payment channel may come over its broker.
    let hasUplink: Bool

    func read(_ reader: MappingReader) -> PricingPlan? {
        var plan = PricingPlan(editions: editions(reader))
        if let value = reader.optional("version_rule")?.choice(PricingPlan.VersionRule.allCases) {
            plan.versionRule = value
        }
        if let value = reader.optional("quote_life")?.duration(in: .seconds(60)...(.seconds(3600))) {
            plan.quoteLife = value
        }
        if let value = reader.optional("category")?.choice(IncomeCategory.allCases) { plan.category = value }
        if let value = reader.optional("arrears")?.choice(PricingPlan.ArrearsRule.allCases) {
            plan.arrears = value
        }
        if let value = reader.optional("zero_fee")?.choice(PricingPlan.ZeroFee.allCases) {
            plan.zeroFee = value
        }
        if let value = reader.optional("shared_caps")?.flag() { plan.sharesCaps = value }
        if let value = reader.optional("later_limit")?.money() { plan.laterLimit = value }
        if let field = reader.optional("classes") { plan.classes = field.oneOrMany().compactMap(classRule) }
        if let releases = reader.section("releases") {
            plan.releaseLimits = limits(releases, plan.classes + ClassRule.usual)
        }
        plan.contact = reader.optional("contact").flatMap(Self.contact)
        plan.dynamicCode = reader.optional("dynamic_code").flatMap(PaymentKeys.template)
        if let coupons = reader.section("coupons") {
            plan.coupons = CouponsSection.read(coupons) { couponTariffs($0, beside: plan.editions) }
        }
        plan.storedValue = reader.section("stored_value").map(StoredValueSection.read)
        plan.channel = reader.section("channel").flatMap(PaymentChannelSection(hasUplink: hasUplink).read)
        CollectingSection.read(reader, into: &plan)
        reader.finish()
        return plan.editions.isEmpty ? nil : plan
    }

    private static let longestContact = 100

    private static func contact(_ field: Field) -> String? {
        guard let text = field.text() else { return nil }
        guard text.count <= longestContact else {
            field.error(
                "\(text.count) characters, the limit is \(longestContact)", hint: "operator and telephone")
            return nil
        }
        return text
    }

    // MARK: Tariffs

    private func editions(_ reader: MappingReader) -> [TariffEdition] {
        guard let field = reader.required("tariffs", "a list of tariff files") else { return [] }
        var editions: [TariffEdition] = []
        for element in field.oneOrMany() {
            guard let entry = element.mapping(), let edition = edition(entry, isFirst: editions.isEmpty)
            else {
                continue
            }
            if let last = editions.last, edition.from <= last.from {
                element.error("tariffs stand in the order in which they come into force")
            }
            refuseCurrency(edition.tariff, beside: editions.first?.tariff, element)
            refuseTwice(edition, among: editions, element)
            editions.append(edition)
        }
        return editions
    }

    private func refuseTwice(_ edition: TariffEdition, among editions: [TariffEdition], _ field: Field) {
        if editions.contains(where: { $0.name == edition.name }) {
            field.error("\(edition.name) stands here twice", hint: "a change is a new version")
        }
    }

    /// The books are of one currency, and whoever types an amount at the desk types two decimals.
    private func refuseCurrency(_ tariff: Tariff, beside site: Tariff?, _ field: Field) {
        let currency = tariff.currency
        if let site, site.currency != currency {
            field.error("\(tariff.id) is in \(currency), the site's tariff in \(site.currency)")
        } else if MoneyWords(currency: currency).digits != Self.decimals {
            let digits = MoneyWords(currency: currency).digits
            field.error(
                "\(tariff.id) is in \(currency), which has \(digits) decimals: a site charges in a currency with \(Self.decimals)",
                hint: "gatehouse tariff quote reckons in every currency")
        }
    }

    private static let decimals = 2

    /// Each id has versions of its own, which follow one another.
    private func couponTariffs(_ field: Field, beside own: [TariffEdition]) -> [TariffEdition] {
        var editions: [TariffEdition] = []
        for element in field.oneOrMany() {
            guard let entry = element.mapping(), let edition = edition(entry, isFirst: true) else { continue }
            let id = edition.tariff.id
            if let before = editions.last(where: { $0.tariff.id == id }), edition.from <= before.from {
                element.error(
                    "a later version of \(id) says from when it is in force, in that order",
                    hint: "from: 2026-07-01T00:00")
            }
            if let site = own.first { refuseCurrency(edition.tariff, beside: site.tariff, element) }
            if let site = own.first, site.tariff.zone != edition.tariff.zone {
                element.error("\(id) is of \(edition.tariff.zone), the site's tariff of \(site.tariff.zone)")
            }
            refuseTwice(edition, among: own + editions, element)
            editions.append(edition)
        }
        return editions.sorted { $0.from < $1.from }
    }

    private func edition(_ reader: MappingReader, isFirst: Bool) -> TariffEdition? {
        let file = reader.required("file", "a tariff file in the form GTF-1")
        let from = reader.optional("from")?.instant(in: zone)
        if !isFirst, reader.optional("from") == nil {
            _ = reader.required("from", "when this tariff comes into force, as 2026-07-01T00:00")
        }
        reader.finish()
        guard let file, let name = file.text() else { return nil }
        let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
        let text: String
        do {
            text = try TextFile.text(try TextFile.bytes(path, atMost: YAMLDocument.maximumBytes))
        } catch {
            file.error(TextFile.message(error), found: path)
            return nil
        }
        let (tariff, issues) = TariffReader.read(text, file: path)
        reader.log.add(issues)
        guard let tariff else { return nil }
        do {
            let rules = try ZoneRulesLoader.load(name: tariff.zone, root: zonesFolder)
            return TariffEdition(from: from ?? .min, tariff: tariff, zone: rules, text: text, hash: "")
        } catch {
            file.error("tz \(tariff.zone) of the tariff: \(error.message)", found: name)
            return nil
        }
    }

    // MARK: People and vehicles

    /// By the code of a reason, or by a word of `charge class --exempt`, which may be any.
    private func limits(_ reader: MappingReader, _ rules: [ClassRule]) -> Table<String, Int> {
        let exemptions = rules.compactMap(\.exemption)
        var limits = Table<String, Int>()
        for entry in reader.entries {
            _ = reader.optional(entry.key)
            reader.requirePrintable(entry)
            // What stands behind a colon is a note, by which nothing is counted.
            guard !isMistypedCode(entry.key), OperatorReason.code(of: entry.key) == entry.key else {
                let near = nearest(to: entry.key, among: Self.codes)
                reader.log.add(
                    at: entry.mark, path: entry.field.path, "no reason of this name is ever given",
                    hint: near.map { "did you mean \($0)?" }
                        ?? "known: \(Self.codes.joined(separator: ", ")), or an exemption in small letters")
                continue
            }
            if !exemptions.contains(entry.key) { warnOfCode(entry, reader.log) }
            if let limit = entry.field.integer(in: 0...10_000) { limits[entry.key] = limit }
        }
        reader.finish()
        return limits
    }

    private static let codes = OperatorReason.allCases.map(\.rawValue)

    /// Capital letters are of codes, and codes are a closed list.
    private func isMistypedCode(_ key: String) -> Bool {
        key.utf8.allSatisfy { $0 < 0x80 && !(0x61...0x7A).contains($0) }
            && key.utf8.contains { (0x41...0x5A).contains($0) } && !Self.codes.contains(key)
    }

    /// It may be an exemption; the limit of the reason it is not.
    private func warnOfCode(_ entry: MappingReader.Entry, _ log: IssueLog) {
        let code = entry.key.uppercased()
        guard code != entry.key, Self.codes.contains(code) else { return }
        log.add(
            .warning, at: entry.mark, path: entry.field.path,
            "limits charge class --exempt \(entry.key), not the reason \(code)",
            hint: "did you mean \(code)?")
    }

    private func classRule(_ field: Field) -> ClassRule? {
        guard let reader = field.mapping() else { return nil }
        var rule = ClassRule()
        if let colours = reader.optional("colours") { rule.colours = words(colours, PlateColor.allCases) }
        if let kinds = reader.optional("kinds") { rule.kinds = words(kinds, PlateKind.allCases) }
        if let name = reader.optional("class")?.name() { rule.vehicleClass = name }
        rule.energy = reader.optional("energy")?.choice(VehicleEnergy.allCases)
        rule.exemption = reader.optional("exempt")?.name()
        if rule.colours.isEmpty, rule.kinds.isEmpty {
            field.error("a rule for every plate hides those after it", hint: "name colours or kinds")
        }
        reader.finish()
        return rule
    }

    private func words<Word: RawRepresentable<String>>(_ field: Field, _ all: [Word]) -> [Word] {
        field.oneOrMany().compactMap { element in
            element.choice(all.map(\.rawValue.snakeCased)).flatMap { chosen in
                all.first { $0.rawValue.snakeCased == chosen }
            }
        }
    }
}

extension String {
    /// `hkMacau` is written `hk_macau`.
    var snakeCased: String {
        reduce(into: "") { text, character in
            text += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
    }
}
