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
            problem(column, "use a date such as 2026-03-02", found: value)
            return nil
        }
        return date
    }

    mutating func ordered(_ first: String, _ from: CivilDate?, _ second: String, _ to: CivilDate?) {
        guard let from, let to, to < from else { return }
        problem(second, "lies before \(first), \(from.text)", found: to.text)
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
