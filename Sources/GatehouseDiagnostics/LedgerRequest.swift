// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

/// What can be asked of the books and of the log that they are (RFC 9162).
package enum LedgerRequest: Hashable, Sendable {
    case balances
    /// The public half, to be published.
    case key
    /// Signed now, over all that is durable.
    case checkpoint
    /// Of a stay that is over.
    case receipt(stay: Int64)
}

extension LedgerRequest {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .balances: fields.put("action", "balances")
        case .key: fields.put("action", "key")
        case .checkpoint: fields.put("action", "checkpoint")
        case .receipt(let stay):
            fields.put("action", "receipt")
            fields.put("stay", stay)
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "balances": self = .balances
        case "key": self = .key
        case "checkpoint": self = .checkpoint
        case "receipt": self = .receipt(stay: try fields.integer("stay"))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}
