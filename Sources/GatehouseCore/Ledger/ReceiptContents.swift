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
        case "gross", "fee", "due", "flags", "lines": bill?.value(name)
        default: record.value(name)
        }
    }

    private static func stamp(_ second: Int64) -> String? {
        let (milliseconds, overflow) = second.multipliedReportingOverflow(by: 1000)
        return overflow ? nil : WallTime(milliseconds: milliseconds).rfc3339
    }
}

extension Fields.Value {
    /// Whether it says the same: the order of an object's members says nothing (RFC 8259 §4).
    package func says(_ other: Self) -> Bool {
        switch (self, other) {
        case (.array(let values), .array(let others)):
            values.count == others.count && zip(values, others).allSatisfy { $0.says($1) }
        case (.object(let members), .object(let others)):
            members.count == others.count
                && members.allSatisfy { member in
                    Fields(members: others).value(member.key)?.says(member.value) == true
                }
        default: self == other
        }
    }
}
