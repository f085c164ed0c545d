// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseEngine

/// Records of money and of stays, and openings by hand, for the committee's own tools. Everything that a public
/// statement is made of is in it (`docs/statement.py`).
package struct JournalExport: Sendable {
    package enum Format: String, CaseIterable, Sendable {
        /// A record in a line.
        case jsonl
        /// A posting in a line (RFC 4180).
        case csv
    }

    package static let kinds =
        MoneyFact.kinds + LedgerKeyFact.kinds + StayFact.kinds + [LaneNoteKind.manualOpen.rawValue]

    private let format: Format
    /// nil: plates as they are.
    private let pseudonyms: PlatePseudonyms?

    package init(_ format: Format, hidingPlates pseudonyms: PlatePseudonyms?) {
        self.format = format
        self.pseudonyms = pseudonyms
    }

    /// - Parameter since: nil: all. Tariffs are exported from the first on: a bill is recomputed from their texts, and
    ///   the month that a record is of is told by their zone.
    package func run(
        _ reader: JournalReader, since: WallTime? = nil, write: ([UInt8]) -> Void
    ) throws(StoreFault) {
        let end = Sequence(try reader.count())
        var after = Sequence(0)
        if let since {
            after = Sequence((try reader.firstSequence(since: since) ?? end.next).number - 1)
        }
        if format == .csv { write(PostingTable.heading) }
        if after.number > 0 { try tariffs(reader, through: after, write) }
        while true {
            let page = try reader.records(
                after: after, kinds: Self.kinds, limit: JournalReader.maximumLimit)
            for record in page where record.sequence <= end { put(record, write) }
            guard let last = page.last, last.sequence < end else { return }
            after = last.sequence
        }
    }

    private func tariffs(
        _ reader: JournalReader, through end: Sequence, _ write: ([UInt8]) -> Void
    ) throws(StoreFault) {
        var after = Sequence(0)
        while true {
            let page = try reader.ledger.records(after: after, limit: JournalReader.maximumLimit)
            for record in page where record.sequence <= end && record.kind == "tariffAdopted" {
                put(record, write)
            }
            guard let last = page.last, last.sequence < end else { return }
            after = last.sequence
        }
    }

    private func put(_ record: StoredRecord, _ write: ([UInt8]) -> Void) {
        var payload = record.payload.flatMap { try? Fields($0) }
        if let pseudonyms { payload = payload.map(pseudonyms.hiding) }
        switch format {
        case .jsonl:
            var line = FieldWriter.object { fields in
                fields.put("sequence", record.sequence.number)
                fields.put("kind", record.kind)
                fields.put("wall_ms", record.at.wall.milliseconds)
                // Deleted, or damaged: the line is there all the same, for a count is a sum too.
                if let payload {
                    fields.put("payload", value: .object(payload.members))
                } else {
                    fields.putNull("payload")
                }
            }
            line.append(0x0A)
            write(line)
        case .csv:
            guard let payload else { return }
            for line in PostingTable.lines(of: record, payload) { write(line) }
        }
    }
}

/// The table of postings.
private enum PostingTable {
    static let heading = line([
        "sequence", "wall_ms", "kind", "stay", "account", "amount", "tariff", "version", "class", "outcome",
        "reason",
    ])

    static func lines(of record: StoredRecord, _ payload: Fields) -> [[UInt8]] {
        let postings = (try? payload.postings()) ?? []
        return postings.map { posting in
            line([
                String(record.sequence.number), String(record.at.wall.milliseconds), record.kind,
                payload.number("stay").map(String.init) ?? "", word(posting.account.name),
                String(posting.amount.minorUnits), word(payload.text("tariff")),
                payload.number("version").map(String.init) ?? "", word(payload.text("class")),
                word(payload.text("outcome")), word(payload.text("reason")),
            ])
        }
    }

    /// A text that a spreadsheet would take for a formula is no formula.
    private static func word(_ text: String?) -> String {
        guard let text, let first = text.unicodeScalars.first else { return "" }
        return ["=", "+", "-", "@", "\t", "\r"].contains(first) ? "'\(text)" : text
    }

    private static func line(_ cells: [String]) -> [UInt8] {
        let quoted = cells.map { cell in
            let isPlain = !cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            return isPlain
                ? cell
                : "\"\(cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
        }
        return Array((quoted.joined(separator: ",") + "\r\n").utf8)
    }
}
