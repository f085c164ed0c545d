// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

/// Lays what a subscriber upstream received beside the records of the gateway: each of them once by its id, in their
/// order, none missing, with the same content.
package struct UpstreamLedger: Hashable, Sendable {
    /// Events of these records, those that came again among them.
    package private(set) var received = 0
    /// Records that arrived.
    package private(set) var matched = 0
    package private(set) var missing: [Int64] = []
    /// Arrived for the first time before one of a smaller number.
    package private(set) var outOfOrder: [Int64] = []
    /// Another content than the record's, or than the first time.
    package private(set) var altered: [Int64] = []
    /// No event of this gateway.
    package private(set) var strange: [String] = []

    package var agrees: Bool { missing.isEmpty && outOfOrder.isEmpty && altered.isEmpty && strange.isEmpty }

    /// `lines`: CloudEvents in the order of their arrival; those of records behind the last one given are left out, they
    /// were recorded since. `source`: `SITE/GATEWAY`.
    package init(_ lines: [String], _ records: [TwinRecord], source: String) {
        var wanted = Table<Int64, TwinRecord>()
        for record in records { wanted[record.number] = record }
        var first = Table<Int64, String>()
        var last: Int64 = 0
        for line in lines {
            guard let event = try? Fields(Array(line.utf8)), let id = try? event.string("id"),
                id.hasPrefix(source + "/"), let number = Int64(id.dropFirst(source.count + 1))
            else {
                strange.append(String(line.prefix(80)))
                continue
            }
            guard let record = wanted[number] else { continue }
            received += 1
            if let earlier = first[number] {
                if earlier != line { altered.append(number) }
                continue
            }
            first[number] = line
            matched += 1
            if number < last { outOfOrder.append(number) }
            last = max(last, number)
            let isSame =
                (try? event.string("type")) == "gatehouse." + record.kind
                && (try? event.object("data")) == record.data
            if !isSame { altered.append(number) }
        }
        missing = records.map(\.number).filter { first[$0] == nil }
    }
}
