// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The CSV of `gatehouse directory import`: permits, households and list entries in one file, a header row
/// first. All mistakes are listed with their lines; rows of a file with mistakes are not to be used.
package struct DirectoryFile: Hashable, Sendable {
    package static let maximumRows = 250_000
    package static let maximumBytes = 64 << 20
    /// More mistakes than a person reads; the rest is counted.
    package static let maximumIssues = 200

    package static let columns = [
        "kind", "plate", "card", "household", "spaces", "valid_from", "valid_to", "windows", "areas",
        "direction",
        "list", "reason", "author", "expires", "document", "holder", "visit_from", "visit_to",
        "visit_minutes", "visit_entries",
    ]

    package var rows: [DirectoryRow]
    package var issues: [ConfigIssue]

    /// `areas` are the names of the plan; nil leaves them unchecked. What ended before `today` is doubted.
    package static func load(path: String, areas: [String]?, today: CivilDate?) -> DirectoryFile {
        do {
            let text = try TextFile.text(try TextFile.bytes(path, atMost: maximumBytes))
            return parse(text, file: path, areas: areas, today: today)
        } catch {
            return DirectoryFile(
                rows: [], issues: [ConfigIssue(file: path, message: TextFile.message(error))])
        }
    }

    package static func parse(
        _ text: String, file: String, areas: [String]?, today: CivilDate? = nil,
        maximumRows: Int = maximumRows
    ) -> DirectoryFile {
        var parser = DirectoryParser(file: file, areas: areas, today: today, maximumRows: maximumRows)
        var reader = CSVReader(
            text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text)
        while let result = reader.next(), parser.mayGoOn {
            switch result {
            case .success(let record): parser.take(record)
            case .failure(.unterminated(let line)):
                parser.add(line, "", "a quote that begins here never ends")
            case .failure(.strayQuote(let line)):
                parser.add(
                    line, "", "a quote inside a field without quotes",
                    hint: "put the whole field in quotes and double the quote inside: \"a \"\"b\"\"\"")
            }
        }
        return parser.finish()
    }
}
