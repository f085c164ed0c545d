// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseEngine

extension JournalReader {
    /// Walks the whole journal and picks by date: where the clock was stepped, records of a month do not stand together.
    package func statement(of month: CivilMonth) throws(StoreFault) -> Statement {
        var statement = Statement(month: month, ofTariffRecord: try newestTariff()?.payload)
        var after = Sequence(0)
        while true {
            let page = try records(after: after, kinds: Statement.kinds, limit: Self.maximumLimit)
            for record in page {
                let payload = record.payload.flatMap { try? Fields($0) }
                statement.take(record.kind, payload, record: record.sequence, at: record.at.wall)
            }
            guard let last = page.last, page.count == Self.maximumLimit else { return statement }
            after = last.sequence
        }
    }

    /// That was adopted last.
    private func newestTariff() throws(StoreFault) -> StoredRecord? {
        var newest: StoredRecord?
        var after = Sequence(0)
        while true {
            let page = try ledger.records(after: after, limit: Self.maximumLimit)
            newest = page.last { $0.kind == "tariffAdopted" } ?? newest
            guard let last = page.last, page.count == Self.maximumLimit else { break }
            after = last.sequence
        }
        return newest
    }
}
