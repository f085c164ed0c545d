// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Turns records into rows and remembers what must be unique.
struct DirectoryParser {
    private let file: String
    private let areas: [String]?
    private let today: CivilDate?
    private let maximumRows: Int
    private var header: [String]?
    private var rows: [DirectoryRow] = []
    private var issues: [ConfigIssue] = []
    private var suppressed = 0
    private var recordCount = 0
    private var seen: [String: Int] = [:]
    private var households: Set<String> = []
    private var wanted: [(household: String, line: Int)] = []

    init(file: String, areas: [String]?, today: CivilDate?, maximumRows: Int) {
        self.file = file
        self.today = today
        self.maximumRows = maximumRows
        self.areas = areas
    }

    /// False after the header was no header or the file is too long.
    private(set) var mayGoOn = true

    mutating func add(
        _ line: Int, _ column: String, at position: Int? = nil, found: String? = nil, _ message: String,
        hint: String? = nil, severity: ConfigIssue.Severity = .error
    ) {
        guard issues.count < DirectoryFile.maximumIssues else {
            suppressed += 1
            return
        }
        let index = (position ?? header?.firstIndex(of: column) ?? 0) + 1
        issues.append(
            ConfigIssue(
                severity: severity, file: file, line: line, column: index, path: column, found: found,
                message: message, hint: hint))
    }

    mutating func take(_ record: CSVReader.Record) {
        guard let header else { return takeHeader(record) }
        recordCount += 1
        guard recordCount <= maximumRows else {
            mayGoOn = false
            return add(record.line, "", "more than \(maximumRows) rows")
        }
        guard record.fields.count == header.count else {
            return add(
                record.line, "", found: "\(record.fields.count) fields", "the header has \(header.count)",
                hint: "a comma inside a field needs quotes around it")
        }
        var values: [String: String] = [:]
        for (column, field) in zip(header, record.fields) {
            let value = trimmed(field)
            guard value.utf8.count <= 200 else {
                return add(record.line, column, found: value, "more than 200 bytes")
            }
            if !value.isEmpty { values[column] = value }
        }
        guard !values.isEmpty else { return }
        row(DirectoryCells(line: record.line, values: values))
    }

    private mutating func takeHeader(_ record: CSVReader.Record) {
        let names = record.fields.map(trimmed)
        header = names
        for (index, name) in names.enumerated() {
            if !DirectoryFile.columns.contains(name) {
                let near = nearest(to: name, among: DirectoryFile.columns).map { "did you mean \($0)?" }
                add(
                    record.line, name, found: name, "no such column",
                    hint: near ?? "known: \(DirectoryFile.columns.joined(separator: ", "))")
            } else if names[..<index].contains(name) {
                add(record.line, name, at: index, found: name, "this column stands twice")
            }
        }
        if !names.contains("kind") {
            add(record.line, "", "the first row must name the columns, kind among them")
        }
        mayGoOn = issues.isEmpty
    }

    private func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{3000}" }
        let front = text.drop(while: isBlank)
        return String(String(front.reversed().drop(while: isBlank)).reversed())
    }

    private mutating func row(_ cells: DirectoryCells) {
        var cells = cells
        let kind = cells.word("kind", ["permit", "household", "list"])
        switch kind {
        case "permit": permit(&cells)
        case "household": household(&cells)
        case "list": list(&cells)
        default: break
        }
        if kind != nil { cells.refuseOthers() }
        for problem in cells.problems {
            add(
                cells.line, problem.column, found: problem.found, problem.message, hint: problem.hint,
                severity: problem.severity)
        }
    }

    private mutating func unique(_ key: String, _ what: String, _ cells: inout DirectoryCells) {
        if let first = seen[key] {
            cells.problem(
                what, "stands in line \(first) already", found: cells.value(what),
                hint: "delete one of the two")
        } else {
            seen[key] = cells.line
        }
    }

    private mutating func permit(_ cells: inout DirectoryCells) {
        let card = cells.card()
        let plate = cells.plate(isRequired: !card.isThere)
        if card.isThere, plate != nil {
            cells.problem("card", "a permit is for a plate or a card, not for both")
        }
        let row = DirectoryRow.Permit(
            line: cells.line, credential: card.value.map { .card($0) } ?? plate.map { .plate($0) },
            household: cells.value("household"), holder: cells.value("holder"),
            validFrom: cells.date("valid_from"), validTo: cells.date("valid_to"), windows: cells.windows(),
            areas: cells.areas(known: areas), direction: cells.direction(), visit: cells.visit())
        cells.ordered("valid_from", row.validFrom, "valid_to", row.validTo)
        if let plate, row.visit == nil { unique("permit \(plate.text)", "plate", &cells) }
        if let plate, row.visit != nil {
            let times = ["visit_from", "visit_to"].compactMap { cells.value($0) }.joined(separator: " ")
            unique("visit \(plate.text) \(times) \(row.household ?? "")", "visit_from", &cells)
        }
        if card.isThere, row.visit != nil {
            cells.problem("card", "a visit is a vehicle's; write its plate")
        }
        if let card = card.value { unique("permit \(card.text)", "card", &cells) }
        if let household = row.household { wanted.append((household, cells.line)) }
        cells.over("valid_to", row.validTo, today)
        if !cells.hasErrors { rows.append(.permit(row)) }
    }

    private mutating func household(_ cells: inout DirectoryCells) {
        let name = cells.required("household")
        let row = DirectoryRow.Household(
            line: cells.line, household: name ?? "", spaces: cells.number("spaces", 0...1000))
        if let name {
            unique("household \(name)", "household", &cells)
            households.insert(name)
        }
        if !cells.hasErrors { rows.append(.household(row)) }
    }

    private mutating func list(_ cells: inout DirectoryCells) {
        let plate = cells.plate()
        let word = cells.word("list", DirectoryRow.ListEntry.Kind.allCases.map(\.rawValue))
        let kind = word.flatMap(DirectoryRow.ListEntry.Kind.init) ?? .watch
        let row = DirectoryRow.ListEntry(
            line: cells.line, plate: plate, kind: kind, reason: cells.required("reason") ?? "",
            author: cells.required("author") ?? "", validFrom: cells.date("valid_from"),
            expires: cells.date("expires"), document: cells.value("document"), holder: cells.value("holder"))
        cells.ordered("valid_from", row.validFrom, "expires", row.expires)
        if kind == .allow, cells.value("expires") == nil {
            cells.problem(
                "expires", "missing; an allow entry always ends", hint: "write a date such as 2026-12-31")
        }
        if kind == .allow || kind == .emergency, row.holder == nil {
            cells.problem("holder", "missing; somebody answers for an entry that opens")
        }
        if kind == .denyBoth, row.document == nil {
            cells.problem(
                "document", "missing; deny_both keeps a vehicle in and needs the number of the police request"
            )
        }
        if let plate, let word {
            // Both refuse: one entry says how far.
            unique("list \(word.hasPrefix("deny") ? "deny" : word) \(plate.text)", "plate", &cells)
        }
        cells.over("expires", row.expires, today)
        if !cells.hasErrors { rows.append(.list(row)) }
    }

    mutating func finish() -> DirectoryFile {
        if header == nil { add(0, "", "the file is empty; the first row names the columns") }
        for (household, line) in wanted where !households.isEmpty && !households.contains(household) {
            add(line, "household", found: household, "no row of kind household has this name")
        }
        var all = issues.inReadingOrder
        if suppressed > 0 {
            all.append(ConfigIssue(file: file, message: "and \(suppressed) more mistakes"))
        }
        return DirectoryFile(rows: rows, issues: all)
    }
}
