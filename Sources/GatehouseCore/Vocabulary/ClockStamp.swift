// SPDX-License-Identifier: Apache-2.0

/// Under which setting of the wall clock an instant was stamped: what a bill needs to know when the clock was moved.
package struct ClockStamp: Hashable, Sendable {
    /// All steps of the clock on record until then, added up, in milliseconds.
    package var moved: Int64
    /// nil: the clock was believed. Else the steps since it was believed last, in milliseconds; 0: none is on record, so
    /// nobody can say how far it was off.
    package var doubt: Int64?

    package init(moved: Int64 = 0, doubt: Int64? = nil) {
        self.moved = moved
        self.doubt = doubt
    }

    /// A clock that was never moved, and was believed.
    package static let sound = ClockStamp()
}

/// How the wall clock was moved as long as the journal remembers, folded from the records that say so.
package struct ClockHistory: Hashable, Sendable {
    /// All steps added up, in milliseconds.
    package private(set) var moved: Int64 = 0
    /// The same when a vehicle was last seen under a clock that was believed.
    package private(set) var movedWhenBelieved: Int64 = 0

    package init() {}

    package func stamp(_ quality: ClockQuality) -> ClockStamp {
        ClockStamp(
            moved: moved, doubt: quality == .doubtful ? moved.subtractingSaturated(movedWhenBelieved) : nil)
    }

    /// What the sum will be after one more step.
    func moved(by step: Int64) -> Int64 { moved.addingSaturated(step) }

    mutating func take(moved: Int64) { self.moved = moved }

    /// A vehicle was seen.
    mutating func note(_ quality: ClockQuality) {
        if quality != .doubtful { movedWhenBelieved = moved }
    }
}

extension ClockStamp: Payload {
    package func write(to fields: inout FieldWriter) {
        if moved != 0 { fields.put("moved_ms", moved) }
        fields.put("doubt_ms", ifPresent: doubt)
    }

    package init(from fields: Fields) throws(FieldError) {
        moved = try fields.integerIfPresent("moved_ms") ?? 0
        doubt = try fields.integerIfPresent("doubt_ms")
    }
}

extension ClockHistory: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("moved_ms", moved)
        fields.put("believed_ms", movedWhenBelieved)
    }

    package init(from fields: Fields) throws(FieldError) {
        moved = try fields.integer("moved_ms")
        movedWhenBelieved = try fields.integer("believed_ms")
    }
}

extension FieldWriter {
    /// Nothing where there is nothing to say.
    mutating func put(_ clock: ClockStamp) {
        if clock != .sound { put("clock", object: clock.write) }
    }
}

extension Fields {
    func clockStamp() throws(FieldError) -> ClockStamp {
        try objectIfPresent("clock").map(ClockStamp.init) ?? .sound
    }
}

extension Int64 {
    func subtractingSaturated(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }
}
