// SPDX-License-Identifier: Apache-2.0

/// The journal's own record that payloads were deleted: by age, by size, or because a person asked. It is
/// durable before the first payload goes, so a missing payload without such a record is damage or fraud.
/// This record's own payload is never deleted.
package struct PayloadsDeleted: Payload {
    package static let kind = "payloadsDeleted"

    package enum Reason: String, Hashable, Sendable {
        case age, size, request
    }

    /// Deleted payloads lie from here to `through`; others in between may have been kept.
    package var from: Sequence
    package var through: Sequence
    /// How many, at most.
    package var count: Int
    package var reason: Reason

    package init(from: Sequence, through: Sequence, count: Int, reason: Reason) {
        self.from = from
        self.through = through
        self.count = count
        self.reason = reason
    }

    package init(from fields: Fields) throws(FieldError) {
        from = Sequence(try fields.integer("from"))
        through = Sequence(try fields.integer("through"))
        count = try fields.int("count")
        reason = try fields.word("reason", as: Reason.self)
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("from", from.number)
        fields.put("through", through.number)
        fields.put("count", count)
        fields.put("reason", reason.rawValue)
    }
}
