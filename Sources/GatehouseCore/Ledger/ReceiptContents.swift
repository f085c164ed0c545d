// SPDX-License-Identifier: Apache-2.0

/// What a receipt shows of the record that ended its stay. Whoever prints one and whoever checks one asks here: a member
/// that is shown is one that is held against the record.
package struct ReceiptContents: Hashable, Sendable {
    package let sequence: Sequence
    /// The payload of the record.
    package let record: Fields
    private let bill: Fields?

    /// In the order in which a receipt has them.
    package static let names = [
        "record", "stay", "plate", "category", "entry_s", "exit_s", "entry", "exit", "class", "tariff",
        "version", "tariff_hash", "currency", "gross", "fee", "due", "flags", "lines", "paid", "owed",
        "collected", "excess", "outcome",
    ]

    package init(_ sequence: Sequence, _ record: Fields) throws(FieldError) {
        self.sequence = sequence
        self.record = record
        bill = try record.objectIfPresent("charge")
    }

    /// nil: the record does not say it.
    package func value(_ name: String) -> Fields.Value? {
        switch name {
        case "record": .integer(sequence.number)
        case "entry", "exit": record.number("\(name)_s").flatMap(Self.stamp).map { .string($0) }
        case "gross", "fee", "due", "flags", "lines": bill?.exactly(name)
        default: record.exactly(name)
        }
    }

    /// The years that RFC 3339 can write, 0001 to 9999.
    private static let stamps: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    private static func stamp(_ second: Int64) -> String? {
        stamps.contains(second) ? WallTime(seconds: second).rfc3339 : nil
    }
}

extension Fields {
    /// Of a key with just these bytes: strings are equal in Swift that are written in different ways (é).
    fileprivate func exactly(_ key: String) -> Value? {
        members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }
}

extension Fields.Value {
    /// Whether it says the same: the order of an object's members says nothing (RFC 8259 §4), each byte of a text does
    /// (§8.3).
    package func says(_ other: Self) -> Bool {
        switch (self, other) {
        case (.array(let values), .array(let others)):
            values.count == others.count && zip(values, others).allSatisfy { $0.says($1) }
        case (.object(let members), .object(let others)):
            members.count == others.count
                && members.allSatisfy { member in
                    Fields(members: others).exactly(member.key)?.says(member.value) == true
                }
        case (.string(let text), .string(let other)): text.utf8.elementsEqual(other.utf8)
        default: self == other
        }
    }
}
