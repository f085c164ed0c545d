// SPDX-License-Identifier: Apache-2.0

/// A plate on one of the site's lists (`access-rules.md` §1.5).
package struct ListEntry: Hashable, Sendable {
    package enum List: String, Hashable, Sendable, CaseIterable {
        /// Refused.
        case block
        /// Never changes a decision; silently reported.
        case watch
        /// Passes without charge and schedule.
        case allow
        /// A vehicle on duty that no plate class tells: opens the whole way at once (`access-rules.md` §7.1).
        case emergency
    }

    /// What a block refuses.
    package enum Variant: String, Hashable, Sendable, CaseIterable {
        case denyEntry = "deny_entry"
        /// Exit too: only by police request or for a held vehicle.
        case denyBoth = "deny_both"
    }

    /// What an entry lacks to be in force.
    package enum Problem: Error, Hashable, Sendable {
        case denyBothWithoutDocument(entry: Int64)
        case allowWithoutExpiry(entry: Int64)
        case withoutOwner(entry: Int64)
    }

    package var id: Int64
    package var list: List
    package var plate: Plate
    package var effectiveFrom: WallTime
    /// First instant at which it no longer holds; nil: open-ended.
    package var effectiveTo: WallTime?
    /// Why, as a stable word. Never shown at a lane.
    package var reason: String
    package var author: String
    package var variant: Variant
    /// Number of the request that a `denyBoth` rests on.
    package var document: String?
    /// Who answers for an entry that opens.
    package var owner: String?

    package init(
        id: Int64, list: List, plate: Plate, effectiveFrom: WallTime, effectiveTo: WallTime? = nil,
        reason: String, author: String, variant: Variant = .denyEntry, document: String? = nil,
        owner: String? = nil
    ) {
        self.id = id
        self.list = list
        self.plate = plate
        self.effectiveFrom = effectiveFrom
        self.effectiveTo = effectiveTo
        self.reason = reason
        self.author = author
        self.variant = variant
        self.document = document
        self.owner = owner
    }

    package var problem: Problem? {
        if list == .block, variant == .denyBoth, document?.isEmpty ?? true {
            return .denyBothWithoutDocument(entry: id)
        }
        if list == .allow, effectiveTo == nil { return .allowWithoutExpiry(entry: id) }
        if list == .allow || list == .emergency, owner?.isEmpty ?? true { return .withoutOwner(entry: id) }
        return nil
    }

    package func isInForce(at instant: WallTime) -> Bool {
        effectiveFrom <= instant && effectiveTo.map { instant < $0 } ?? true
    }
}

extension ListEntry: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("id", id)
        fields.put("list", list.rawValue)
        fields.put("plate", plate.text)
        fields.put("from", effectiveFrom.milliseconds)
        fields.put("to", ifPresent: effectiveTo?.milliseconds)
        fields.put("reason", reason)
        fields.put("author", author)
        if list == .block { fields.put("variant", variant.rawValue) }
        fields.put("document", ifPresent: document)
        fields.put("owner", ifPresent: owner)
    }

    package init(from fields: Fields) throws(FieldError) {
        id = try fields.integer("id")
        list = try fields.word("list", as: List.self)
        plate = try fields.plate("plate")
        effectiveFrom = try fields.wallTime("from")
        effectiveTo = try fields.wallTimeIfPresent("to")
        reason = try fields.string("reason")
        author = try fields.string("author")
        variant = try fields.wordIfPresent("variant", as: Variant.self) ?? .denyEntry
        document = try fields.stringIfPresent("document")
        owner = try fields.stringIfPresent("owner")
        switch problem {
        case .denyBothWithoutDocument: throw .missing(key: "document")
        case .allowWithoutExpiry: throw .missing(key: "to")
        case .withoutOwner: throw .missing(key: "owner")
        case nil: break
        }
    }
}
