// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Flat prices for whoever comes and goes at certain times (§4.4).
enum SpecialsReader {
    static func read(_ field: Field?) -> [Special] {
        var specials: [Special] = []
        for element in field?.list(atMost: TariffLimits.specials, "specials", mayBeEmpty: true) ?? [] {
            guard let special = element.mapping().flatMap(special) else { continue }
            if specials.contains(where: { $0.id == special.id }) {
                element.error(
                    "another special has this id, and a receipt names it by that", found: special.id)
            }
            specials.append(special)
        }
        return specials
    }

    private static func special(_ reader: MappingReader) -> Special? {
        defer { reader.finish() }
        let id = reader.required("id", "a name")?.name()
        let price = reader.required("price", "an amount in minor units")?.money()
        var special = Special(id: id ?? "", price: price ?? .zero)
        if let days = reader.given("days") { special.days = days.daySelectors() }
        special.entryFrom = reader.given("entry_from")?.clockTime()
        special.entryBy = reader.given("entry_by")?.clockTime(upTo: 1440)
        special.exitFrom = reader.given("exit_from")?.clockTime()
        special.exitBy = reader.given("exit_by")?.clockTime(upTo: 1440)
        refuseNever(special.entryFrom, special.entryBy, "entry", reader)
        refuseNever(special.exitFrom, special.exitBy, "exit", reader)
        if let day = reader.given("exit_day")?.integer(in: 0...30) { special.exitDay = day }
        special.maximumMinutes = reader.given("max_min")?.minutes()
        return id == nil || price == nil ? nil : special
    }

    /// Both are of one day.
    private static func refuseNever(_ from: Int?, _ by: Int?, _ what: String, _ reader: MappingReader) {
        guard let from, let by, by < from, let field = reader.given("\(what)_by") else { return }
        field.error(
            "before \(what)_from: this fits nobody", found: field.word,
            hint: "over midnight takes two specials, one for each day")
    }
}
