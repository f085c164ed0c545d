// SPDX-License-Identifier: Apache-2.0

/// Who lives behind a door, as far as a gate needs it: vehicles are theirs by their permits.
package struct Household: Hashable, Sendable {
    package var id: Int64
    /// Building, unit, flat: `3-1-502`.
    package var name: String
    /// Cars that may be inside at once; nil: not counted.
    package var spaces: Int?

    package init(id: Int64, name: String, spaces: Int? = nil) {
        self.id = id
        self.name = name
        self.spaces = spaces
    }
}

extension Household: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("id", id)
        fields.put("name", name)
        fields.put("spaces", ifPresent: spaces)
    }

    package init(from fields: Fields) throws(FieldError) {
        id = try fields.integer("id")
        name = try fields.string("name")
        spaces = fields.has("spaces") ? try fields.int("spaces") : nil
    }
}
