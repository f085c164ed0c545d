// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a worked case says of a charge. Only what it names is compared; of flags these at least.
package struct ExpectedCharge: Hashable, Sendable {
    package struct Amount: Hashable, Sendable {
        package var key: String
        /// nil: none may be given.
        package var amount: Money?
    }

    package var status: Charge.Status?
    package var amounts: [Amount] = []
    package var flags: [Charge.Flag] = []

    /// Sums over lines that stand beside the fee.
    package static let keys = [
        "gross", "minutes_off", "percent_off", "amount_off", "rounding", "arrears", "fee", "due",
    ]

    init(_ reader: MappingReader) {
        status = reader.given("status")?.choice(Charge.Status.allCases)
        for key in Self.keys {
            guard reader.optional(key) != nil else { continue }
            let signed = -Field.amounts.upperBound * 1000...Field.amounts.upperBound * 1000
            guard let given = reader.given(key) else {
                amounts.append(Amount(key: key, amount: nil))
                continue
            }
            if let value = given.integer(in: signed) {
                amounts.append(Amount(key: key, amount: Money(Int64(value))))
            }
        }
        flags = (reader.given("flags")?.oneOrMany(mayBeEmpty: true) ?? []).compactMap {
            $0.choice(Charge.Flag.allCases)
        }
        // Their grouping is a suggestion.
        _ = reader.optional("lines")
        reader.finish()
    }
}

package enum CaseExpectation: Hashable, Sendable {
    case charge(ExpectedCharge)
    case household([Named])
    case renewal(from: CivilDate, to: CivilDate)

    package struct Named: Hashable, Sendable {
        package var plate: String
        package var charge: ExpectedCharge
    }

    static func household(_ reader: MappingReader) -> CaseExpectation {
        .household(
            reader.entries.compactMap { entry in
                reader.requirePrintable(entry)
                return reader.optional(entry.key)?.mapping().map {
                    Named(plate: entry.key, charge: ExpectedCharge($0))
                }
            })
    }

    static func renewal(_ reader: MappingReader) -> CaseExpectation? {
        defer { reader.finish() }
        guard let from = reader.required("valid_from", "a date")?.date(),
            let to = reader.required("valid_to", "a date")?.date()
        else { return nil }
        return .renewal(from: from, to: to)
    }
}
