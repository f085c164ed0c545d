// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse stay show`: the stay with both readings of every correction, and the records that made it.
package struct StayResult: ResultValue {
    package var stay: Stay
    /// Oldest first.
    package var records: [EventLine]

    package init(stay: Stay, records: [EventLine] = []) {
        self.stay = stay
        self.records = records
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("stay", object: stay.write)
        fields.put("records", objects: records) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = try Stay(from: try fields.object("stay"))
        records = try fields.values("records", as: EventLine.self)
    }
}

/// An exit that belongs to no stay yet, with the stays that it may have been, nearest first.
package struct UnmatchedExitLine: ResultValue {
    /// A stay that a read may have meant.
    package struct Candidate: ResultValue {
        package var stay: Int64
        package var plate: String
        /// In tenths (`plates.md` §6.1): 0 is the same text, 10 one free character; 99 for two that nobody could
        /// read.
        package var distance: Int

        package init(stay: Int64, plate: String, distance: Int) {
            self.stay = stay
            self.plate = plate
            self.distance = distance
        }

        package init(_ candidate: Decision.Candidate) {
            self.init(
                stay: candidate.reference, plate: candidate.plate.text, distance: candidate.distance)
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("stay", stay)
            fields.put("plate", plate)
            fields.put("distance", distance)
        }

        package init(from fields: Fields) throws(FieldError) {
            self.init(
                stay: try fields.integer("stay"), plate: try fields.string("plate"),
                distance: try fields.int("distance"))
        }
    }

    /// Its record: what `stay match --exit` takes.
    package var record: Int64
    package var exit: UnmatchedExit
    package var candidates: [Candidate]

    package init(record: Int64, exit: UnmatchedExit, candidates: [Candidate]) {
        self.record = record
        self.exit = exit
        self.candidates = candidates
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("record", record)
        fields.put("exit", object: exit.write)
        fields.put("candidates", objects: candidates) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        record = try fields.integer("record")
        exit = try UnmatchedExit(from: try fields.object("exit"))
        candidates = try fields.values("candidates", as: Candidate.self)
    }
}

/// `gatehouse stay list`: who is inside, and what does not add up.
package struct StayListResult: ResultValue {
    package var stays: [Stay]
    package var unmatchedExits: [UnmatchedExitLine]

    package init(stays: [Stay], unmatchedExits: [UnmatchedExitLine]) {
        self.stays = stays
        self.unmatchedExits = unmatchedExits
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("stays", objects: stays) { $0.write(to: &$1) }
        fields.put("unmatched_exits", objects: unmatchedExits) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        stays = []
        for object in try fields.objects("stays") { stays.append(try Stay(from: object)) }
        unmatchedExits = try fields.values("unmatched_exits", as: UnmatchedExitLine.self)
    }
}
