// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import Yams

/// A file of worked cases: tariffs by name, and stays, households and renewals under them, each with what is expected.
package struct TariffCasesFile: Sendable {
    package struct Case: Sendable {
        package enum Subject: Sendable {
            case stay(StayFacts)
            case household([StayFacts], cars: [HouseholdQuota.Car], spaces: Int)
            case renewal(PermitRenewal)
        }

        package var id: String
        package var tariff: Tariff
        package var zone: ZoneRules
        package var subject: Subject
        /// nil when nothing is.
        package var expected: CaseExpectation?
    }

    package var cases: [Case]
    package var issues: [ConfigIssue]

    package static let maximumBytes = 256 << 20

    package static func load(path: String) -> TariffCasesFile {
        let log = IssueLog(file: path)
        var reader = TariffCasesReader(log: log)
        let cases = YAMLDocument.top(path: path, atMost: maximumBytes, log: log).map { reader.read($0) }
        // A tariff is read again for each case that patches it: what is wrong with it is said once.
        var said: Set<[String]> = []
        let issues = log.issues.inReadingOrder.filter {
            said.insert(["\($0.line):\($0.column)", $0.message]).inserted
        }
        return TariffCasesFile(cases: cases ?? [], issues: issues)
    }
}

struct TariffCasesReader {
    private let log: IssueLog
    private var zones: [String: ZoneRules] = [:]
    /// Places of tariffs whose zone does not load: it is said once of each.
    private var zoneless: Set<String> = []
    /// As they stand in the file, by where.
    private var whole: [String: Tariff?] = [:]

    init(log: IssueLog) { self.log = log }

    mutating func read(_ top: Field) -> [TariffCasesFile.Case] {
        guard let reader = top.mapping() else { return [] }
        defer { reader.finish() }
        let tariffs = reader.required("tariffs", "tariffs by name")?.mapping()
        let list = reader.required("cases", "a list of cases")
        guard let tariffs, let list else { return [] }
        var cases: [TariffCasesFile.Case] = []
        for element in list.oneOrMany(mayBeEmpty: true) {
            if let one = element.mapping(), let result = read(one, tariffs) { cases.append(result) }
        }
        return cases
    }

    private mutating func read(_ reader: MappingReader, _ tariffs: MappingReader) -> TariffCasesFile.Case? {
        defer { reader.finish() }
        for comment in ["title", "why"] { _ = reader.optional(comment) }
        let id = reader.required("id", "a name for the case")?.label()
        let expect = reader.given("expect")?.mapping()
        let patch = reader.given("tariff_patch")
        let stay = reader.given("stay")?.mapping()
        let household = reader.given("household")?.mapping()
        let renewal = reader.given("renewal")?.mapping()
        guard let reference = reader.required("tariff_ref", "the name of a tariff"), let id else {
            return nil
        }
        // A patch is one of the tariff that the case refers to, and of no other version.
        guard let named = tariff(reference, stay, tariffs),
            let tariff = patched(named, named.path == "tariffs.\(reference.word ?? "")" ? patch : nil),
            let zone = zone(of: tariff.field)
        else { return nil }
        let read = tariff.read
        let subject: TariffCasesFile.Case.Subject?
        var expected: CaseExpectation?
        if let stay {
            defer { stay.finish() }
            subject = StayFactsReader(zone: zone).read(stay).map { .stay($0) }
            expected = expect.map { .charge(ExpectedCharge($0)) }
        } else if let household {
            subject = Self.household(household, zone)
            expected = expect.map(CaseExpectation.household)
        } else if let renewal {
            subject = Self.renewal(renewal).map { .renewal($0) }
            expected = expect.flatMap(CaseExpectation.renewal)
        } else {
            _ = reader.required("stay", "a stay, a household or a renewal")
            subject = nil
        }
        return subject.map {
            TariffCasesFile.Case(id: id, tariff: read, zone: zone, subject: $0, expected: expected)
        }
    }

    // MARK: The tariff

    /// Of several versions the one in force at the entry, or at the exit (§6.5).
    private mutating func tariff(
        _ reference: Field, _ stay: MappingReader?, _ tariffs: MappingReader
    ) -> Field? {
        guard let name = reference.text() else { return nil }
        guard let first = tariffs.optional(name) else {
            reference.error("no tariff of this name in the file", found: name)
            return nil
        }
        let rule = stay?.given("version_rule")?.choice(["at_entry", "at_exit"]) ?? "at_entry"
        guard let stay, let versions = stay.given("versions"), let zone = zone(of: first) else {
            return first
        }
        let asked = (rule == "at_exit" ? nil : stay.given("entry")) ?? stay.optional("exit")
        guard let instant = asked?.instant(in: zone) else { return first }
        var best: (from: Int64, field: Field)?
        for version in versions.oneOrMany().compactMap({ $0.mapping() }) {
            defer { version.finish() }
            let from = version.required("from", "a time")?.instant(in: zone)
            guard let from, let name = version.required("tariff", "the name of a tariff") else { continue }
            guard let word = name.text(), let field = tariffs.optional(word) else {
                name.error("no tariff of this name in the file")
                continue
            }
            if from <= instant, best.map({ $0.from <= from }) ?? true { best = (from, field) }
        }
        return best?.field ?? first
    }

    /// Whole top-level keys replaced; the readers say what is wrong with the result.
    private mutating func patched(_ field: Field, _ patch: Field?) -> (field: Field, read: Tariff)? {
        guard let patch, let changes = patch.node.mapping, let base = field.node.mapping else {
            let tariff = whole[field.path] ?? TariffReader.read(field)
            whole[field.path] = .some(tariff)
            return tariff.map { (field, $0) }
        }
        let replaced = Set(changes.compactMap { $0.key.scalar?.string })
        var pairs = base.map { ($0, $1) }.filter { key, _ in
            key.scalar.map { !replaced.contains($0.string) } ?? true
        }
        pairs += changes.map { ($0, $1) }
        let node = Node.mapping(Node.Mapping(pairs, .implicit, .any, base.mark))
        let result = Field(node: node, path: patch.path, log: log)
        return TariffReader.read(result).map { (result, $0) }
    }

    private mutating func zone(of tariff: Field) -> ZoneRules? {
        let name = tariff.silentMapping()?.optional("tz")?.word ?? ""
        if let known = zones[name] { return known }
        guard !zoneless.contains(tariff.path) else { return nil }
        zones[name] = TariffReader.zone(of: tariff)
        if zones[name] == nil { zoneless.insert(tariff.path) }
        return zones[name]
    }

    // MARK: Households and renewals

    private static func household(_ reader: MappingReader, _ zone: ZoneRules) -> TariffCasesFile.Case.Subject?
    {
        defer { reader.finish() }
        let spaces = reader.required("quota", "how many spaces")?.integer(in: 0...1000)
        let fields = reader.required("cars", "a list of stays")?.oneOrMany() ?? []
        var cars: [HouseholdQuota.Car] = []
        var stays: [StayFacts] = []
        for element in fields.compactMap({ $0.mapping() }) {
            defer { element.finish() }
            let plate = element.required("plate", "its plate")?.label()
            guard let facts = StayFactsReader(zone: zone).read(element), let plate else { return nil }
            guard let entry = facts.entry else {
                _ = element.required("entry", "a time")
                return nil
            }
            cars.append(HouseholdQuota.Car(plate: plate, entry: entry, exit: facts.exit))
            stays.append(facts)
        }
        guard let spaces else { return nil }
        return .household(stays, cars: cars, spaces: spaces)
    }

    private static func renewal(_ reader: MappingReader) -> PermitRenewal? {
        defer { reader.finish() }
        let validTo = reader.required("valid_to", "a date")?.date()
        let months = reader.required("months", "how many")?.integer(in: 1...1200)
        let today = reader.required("today", "a date")?.date()
        var renewal = PermitRenewal(
            validTo: validTo ?? CivilDate(daysSince1970: 0), months: months ?? 1,
            today: today ?? CivilDate(daysSince1970: 0))
        if let rule = reader.given("rule")?.mapping() {
            if let from = rule.given("from")?.choice(PermitRenewal.From.allCases) { renewal.from = from }
            if let month = rule.given("month")?.choice(PermitRenewal.Month.allCases) { renewal.month = month }
            rule.finish()
        }
        return validTo == nil || months == nil || today == nil ? nil : renewal
    }
}
