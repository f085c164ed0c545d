// SPDX-License-Identifier: Apache-2.0

/// What a stay is asked for is contested: its vehicle may go, and what it leaves owing is not asked for before it is
/// settled.
package struct DisputeFact: Hashable, Sendable {
    package var stay: StayID
    package var reason: String
    package var by: Operator

    package init(stay: StayID, reason: String, by: Operator) {
        self.stay = stay
        self.reason = reason
        self.by = by
    }
}

/// The end of a dispute: what was owed stands, or some of it is let off.
package struct DisputeEnd: Hashable, Sendable {
    package var stay: StayID
    /// At most what is owed.
    package var letOff: Money
    package var reason: String
    package var by: Operator

    package init(stay: StayID, letOff: Money, reason: String, by: Operator) {
        self.stay = stay
        self.letOff = letOff
        self.reason = reason
        self.by = by
    }

    package var postings: [Posting] { .moving(letOff, from: .arrears, to: .waiver(reason)) }
}

extension DisputeFact: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("reason", reason)
        by.write(to: &fields)
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        reason = try fields.string("reason")
        by = try Operator(from: fields.object("by"))
    }
}

extension DisputeEnd: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("let_off", letOff.minorUnits)
        fields.put("reason", reason)
        by.write(to: &fields)
        fields.put(postings: postings)
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        letOff = Money(try fields.integer("let_off"))
        reason = try fields.string("reason")
        by = try Operator(from: fields.object("by"))
    }
}
