// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What one lane recorded since the start of the process. Only ever counted up.
package struct LaneCounts: ResultValue {
    package var passagesIn: Int64 = 0
    package var passagesOut: Int64 = 0
    package var granted: Int64 = 0
    package var denied: Int64 = 0
    package var held: Int64 = 0
    package var faults: Int64 = 0

    package init() {}

    package func write(to fields: inout FieldWriter) {
        fields.put("in", passagesIn)
        fields.put("out", passagesOut)
        fields.put("granted", granted)
        fields.put("denied", denied)
        fields.put("held", held)
        fields.put("faults", faults)
    }

    package init(from fields: Fields) throws(FieldError) {
        passagesIn = try fields.integer("in")
        passagesOut = try fields.integer("out")
        granted = try fields.integer("granted")
        denied = try fields.integer("denied")
        held = try fields.integer("held")
        faults = try fields.integer("faults")
    }
}

/// What the journal did since the start of the process.
package struct StoreCounts: ResultValue {
    package var records: Int64 = 0
    package var commits: Int64 = 0
    package var faults: Int64 = 0
    /// The last record that is on disk; nil: none was written yet.
    package var durable: Int64?

    package init() {}

    package func write(to fields: inout FieldWriter) {
        fields.put("records", records)
        fields.put("commits", commits)
        fields.put("faults", faults)
        fields.put("durable", ifPresent: durable)
    }

    package init(from fields: Fields) throws(FieldError) {
        records = try fields.integer("records")
        commits = try fields.integer("commits")
        faults = try fields.integer("faults")
        durable = try fields.integerIfPresent("durable")
    }
}
