// SPDX-License-Identifier: Apache-2.0

/// Cars in one area, maintained with every stay fact: stays counted inside, less exits that no stay
/// belongs to, plus what recounts added. Checker S4 compares exactly this sum, never clamped.
package struct AreaCount: Hashable, Sendable {
    package var inside = 0
    package var unmatchedExits = 0
    package var correction = 0
    /// How often the sum fell below zero: a sign of missed entries.
    package var underflows = 0
    /// The newest recount. What is settled on paper about earlier stays afterwards leaves the sum alone:
    /// the person counted the cars, not the papers.
    package var recountedAt: Sequence?

    package init() {}

    /// May be below zero after missed entries.
    package var occupancy: Int { inside - unmatchedExits + correction }

    /// What people are shown.
    package var shown: Int { max(0, occupancy) }

    /// Free places of a capacity, never below zero though an area may be overfull.
    package func free(of capacity: Int) -> Int { max(0, capacity - shown) }
}

extension AreaCount: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("inside", inside)
        fields.put("unmatched_exits", unmatchedExits)
        fields.put("correction", correction)
        fields.put("underflows", underflows)
        fields.put("recounted_at", ifPresent: recountedAt?.number)
    }

    package init(from fields: Fields) throws(FieldError) {
        inside = try fields.int("inside")
        unmatchedExits = try fields.int("unmatched_exits")
        correction = try fields.int("correction")
        underflows = try fields.int("underflows")
        recountedAt = try fields.integerIfPresent("recounted_at").map { Sequence($0) }
    }
}
