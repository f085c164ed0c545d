// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A record as `events`, `watch` and `explain` send it. `data` is the payload's own bytes, null once they
/// were deleted; `uptime_us` counts from the start of the machine and compares only within one boot.
package struct EventLine: ResultValue {
    package var sequence: Int64
    package var kind: String
    package var at: Moment
    package var data: [UInt8]?

    package init(_ record: StoredRecord) {
        sequence = record.sequence.number
        kind = record.kind
        at = record.at
        data = record.payload
    }

    /// As `WatchLine` and `RecordText` take it; format and boot stay with the journal.
    package var record: StoredRecord {
        StoredRecord(
            sequence: Sequence(sequence), kind: kind, format: 1, at: at, boot: "", payload: data)
    }

    /// The payload's keys; none when it was deleted.
    package var fields: Fields { data.flatMap { try? Fields($0) } ?? Fields(members: []) }

    package func write(to fields: inout FieldWriter) {
        fields.put("seq", sequence)
        fields.put("kind", kind)
        fields.put("at", at.wall.rfc3339)
        fields.put("wall_ms", at.wall.milliseconds)
        fields.put("clock", at.quality.rawValue)
        fields.put("uptime_us", at.uptime.nanoseconds / 1000)
        fields.put("data", json: data ?? Array("null".utf8))
    }

    package init(from fields: Fields) throws(FieldError) {
        sequence = try fields.integer("seq")
        kind = try fields.string("kind")
        let (nanoseconds, overflow) = try fields.integer("uptime_us").multipliedReportingOverflow(by: 1000)
        guard !overflow else { throw .wrongType(key: "uptime_us") }
        at = Moment(
            uptime: Uptime(nanoseconds: nanoseconds),
            wall: WallTime(milliseconds: try fields.integer("wall_ms")),
            quality: try fields.word("clock", as: ClockQuality.self))
        switch fields.value("data") {
        case .object(let members): data = FieldWriter.json(.object(members))
        case .null: data = nil
        case nil: throw .missing(key: "data")
        default: throw .wrongType(key: "data")
        }
    }
}

/// One line of `watch`: a record, or how many the watcher was too slow for.
package enum WatchItem: ResultValue {
    case record(EventLine)
    case missed(Int)

    package func write(to fields: inout FieldWriter) {
        switch self {
        case .record(let line): line.write(to: &fields)
        case .missed(let count): fields.put("missed", count)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        self = fields.has("missed") ? .missed(try fields.int("missed")) : .record(try EventLine(from: fields))
    }
}

/// Ends the event lines of `events`.
package struct EventsResult: ResultValue {
    package var count: Int
    /// Where to go on with `after`; 0 when the journal is empty.
    package var last: Int64
    /// There were more than the limit.
    package var hasMore: Bool

    package init(count: Int, last: Int64, hasMore: Bool) {
        self.count = count
        self.last = last
        self.hasMore = hasMore
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("count", count)
        fields.put("last", last)
        fields.put("more", hasMore)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            count: try fields.int("count"), last: try fields.integer("last"), hasMore: try fields.bool("more")
        )
    }
}
