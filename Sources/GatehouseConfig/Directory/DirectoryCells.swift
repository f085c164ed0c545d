// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The cells of one row by column, with what is wrong with them. A cell that no reader asked for does not
/// belong to the row's kind.
struct DirectoryCells {
    struct Problem {
        var column: String
        var found: String?
        var message: String
        var hint: String?
        var severity = ConfigIssue.Severity.error
    }

    let line: Int
    private let values: [String: String]
    private(set) var problems: [Problem] = []
    private var asked: Set<String> = []

    init(line: Int, values: [String: String]) {
        self.line = line
        self.values = values
    }

    mutating func problem(_ column: String, _ message: String, found: String? = nil, hint: String? = nil) {
        problems.append(Problem(column: column, found: found, message: message, hint: hint))
    }

    /// Taken all the same.
    mutating func doubt(_ column: String, _ message: String, found: String? = nil, hint: String? = nil) {
        problems.append(
            Problem(column: column, found: found, message: message, hint: hint, severity: .warning))
    }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    mutating func value(_ column: String) -> String? {
        asked.insert(column)
        return values[column]
    }

    mutating func required(_ column: String) -> String? {
        if let value = value(column) { return value }
        problem(column, "missing")
        return nil
    }

    mutating func word(_ column: String, _ words: [String]) -> String? {
        guard let value = required(column) else { return nil }
        guard words.contains(value) else {
            problem(column, "use \(alternatives(words))", found: value)
            return nil
        }
        return value
    }

    /// Whether the cell has something, and what.
    mutating func card() -> (isThere: Bool, value: Card?) {
        guard let value = value("card") else { return (false, nil) }
        guard let card = Card(value) else {
            problem(
                "card", "use a card in one of its forms", found: value,
                hint: "em40:2A00617A69, em32:0006388329 or \"em24:097,31337\" in quotes")
            return (true, nil)
        }
        return (true, card)
    }

    /// As it is compared with what cameras read; nil when the cell is empty or holds no plate.
    mutating func plate(isRequired: Bool = true) -> Plate? {
        guard let text = isRequired ? required("plate") : value("plate") else { return nil }
        let hint = "京AD12345, as it stands on the car"
        let reading = PlateGrammar.parse(text)
        guard let plate = reading.plate else {
            problem("plate", "no plate of any kind", found: text, hint: hint)
            return nil
        }
        guard !plate.symbols.contains(.wildcard) else {
            problem(
                "plate", "a character is missing, and what is half known is nobody's", found: text, hint: hint
            )
            return nil
        }
        if !reading.isRegular {
            doubt("plate", "fits no kind of plate; taken as \(plate.text)", found: text, hint: hint)
        }
        return plate
    }

    mutating func number(_ column: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = value(column) else { return nil }
        guard let number = ScalarForms.integer(value), range.contains(number) else {
            problem(
                column, "use a whole number from \(range.lowerBound) to \(range.upperBound)", found: value)
            return nil
        }
        return number
    }

    mutating func date(_ column: String) -> CivilDate? {
        guard let value = value(column) else { return nil }
        guard let date = CivilDate(text: value) else {
            problem(column, "use a date such as 2026-03-02", found: value, hint: Self.dateHint(value))
            return nil
        }
        return date
    }

    /// What spreadsheets make of dates, and days that no month has.
    private static func dateHint(_ text: String) -> String? {
        let parts = text.split { "/.-年月日".contains($0) }.map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], year > 31
        else { return nil }
        return CivilDate(year: year, month: month, day: day).map(\.text) ?? "no calendar has this day"
    }

    mutating func stamp(_ column: String) -> LocalStamp? {
        guard let value = value(column) else { return nil }
        guard let stamp = LocalStamp(value) else {
            problem(column, "use a time such as 2026-03-02T14:00", found: value)
            return nil
        }
        return stamp
    }

    /// nil: no visitor's, or a mistake.
    mutating func visit() -> DirectoryRow.Visit? {
        let minutes = number("visit_minutes", 1...Visit.longestMinutes)
        let entries = number("visit_entries", 1...Visit.mostEntries)
        let (from, to) = (stamp("visit_from"), stamp("visit_to"))
        guard let from, let to else {
            let lacks = ["visit_from", "visit_to"].filter { values[$0] == nil }
            if lacks.count == 1 || lacks.count == 2 && (minutes ?? entries) != nil {
                problem(lacks[0], "missing; a visit has a begin and an end")
            }
            return nil
        }
        for column in ["valid_from", "valid_to", "windows"] where values[column] != nil {
            problem(column, "a visit has times of its own; leave it empty", found: values[column])
        }
        // Where only one names its offset the site's zone decides, and is not known here.
        if to.hasOffset == from.hasOffset, to.instant(in: .utc) <= from.instant(in: .utc) {
            problem("visit_to", "is not after visit_from", found: values["visit_to"])
        }
        return DirectoryRow.Visit(from: from, to: to, minutes: minutes, entries: entries)
    }

    mutating func ordered(_ first: String, _ from: CivilDate?, _ second: String, _ to: CivilDate?) {
        guard let from, let to, to < from else { return }
        problem(
            second, "lies before \(first), \(from.text)", found: to.text,
            hint: "exchange the two, or leave \(second) empty for no end")
    }

    /// Taken all the same: an earlier row may be in force, and this is how it ends.
    mutating func over(_ column: String, _ last: CivilDate?, _ today: CivilDate?) {
        guard let last, let today, last < today else { return }
        doubt(column, "lies in the past: it no longer holds", found: last.text, hint: "is the year right?")
    }

    mutating func windows() -> [DirectoryWindow]? {
        guard let value = value("windows") else { return nil }
        guard let windows = DirectoryWindow.parse(value) else {
            problem(
                "windows", "use days and times", found: value,
                hint: "for example Mon-Fri 07:00-19:00; Sat 08:00-12:00")
            return nil
        }
        return windows
    }

    /// Names separated by spaces or semicolons.
    mutating func areas(known: [String]?) -> [String] {
        guard let value = value("areas") else { return [] }
        let names = value.split { $0 == " " || $0 == ";" }.map(String.init)
        for name in names where known?.contains(name) == false {
            let near = nearest(to: name, among: known ?? []).map { "did you mean \($0)?" }
            problem("areas", "no such area", found: name, hint: near)
        }
        return names
    }

    mutating func direction() -> TravelDirection? {
        guard let value = value("direction"), value != "both" else { return nil }
        guard let direction = TravelDirection(rawValue: value) else {
            problem("direction", "use in, out or both", found: value)
            return nil
        }
        return direction
    }

    mutating func refuseOthers() {
        for column in values.keys.sorted() where !asked.contains(column) {
            problem(column, "does not belong to this kind of row; leave it empty", found: values[column])
        }
    }
}
