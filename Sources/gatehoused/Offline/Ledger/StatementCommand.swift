// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseEngine
import GatehouseStore

struct StatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "The public income statement of a month, without plates.",
        discussion: """
            Income by category, tariff and class, what was let off and why, what was left owing. Whoever has an export \
            makes the same bytes of it: docs/statement.py.
            """)

    @Option(help: ArgumentHelp("Month of the site's calendar, as 2026-05.", valueName: "month"))
    var month: String
    @OptionGroup var journal: JournalOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        guard CivilMonth(month) != nil else {
            throw ValidationError("--month: \"\(month)\" is no month; write it as 2026-05")
        }
    }

    func run() throws {
        guard let month = CivilMonth(month) else { return }
        let statement = try journal.read { reader throws(StoreFault) in try reader.statement(of: month) }
        guard output.json else { return Output.bytes(Array(statement.text.utf8)) }
        Output.json(
            FieldWriter.object { fields in
                fields.put("month", month.text)
                fields.put("currency", statement.currency)
                fields.put("sections", objects: statement.sections) { section, fields in
                    fields.put("zh", section.chinese)
                    fields.put("en", section.english)
                    fields.put("rows", objects: section.rows) { $0.write(to: &$1) }
                }
            })
    }
}

extension Statement.Row {
    fileprivate func write(to fields: inout FieldWriter) {
        fields.put("zh", chinese)
        fields.put("en", english)
        fields.put("key", ifPresent: key)
        fields.put("count", ifPresent: count)
        fields.put("amount", ifPresent: amount)
    }
}
