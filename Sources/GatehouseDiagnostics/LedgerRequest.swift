// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What can be asked of the books and of the log that they are (RFC 9162).
package enum LedgerRequest: Hashable, Sendable {
    case balances
    /// The public half, to be published, and the keys before it.
    case key
    /// Another key from now on. `isLost`: the one in force is nowhere and cannot say who follows it.
    case rotateKey(isLost: Bool, reason: String)
    /// Signed now, over all that is durable.
    case checkpoint
    /// Of a stay that is over.
    case receipt(stay: Int64)
    /// Those that can still be used.
    case coupons
    /// Of one holder, or all.
    case stored(StoredHolder?)
}

extension LedgerRequest {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .balances: fields.put("action", "balances")
        case .key: fields.put("action", "key")
        case .rotateKey(let isLost, let reason):
            fields.put("action", "rotate_key")
            fields.put("lost", ifTrue: isLost)
            fields.put("reason", reason)
        case .checkpoint: fields.put("action", "checkpoint")
        case .receipt(let stay):
            fields.put("action", "receipt")
            fields.put("stay", stay)
        case .coupons: fields.put("action", "coupons")
        case .stored(let holder):
            fields.put("action", "stored")
            if let holder { fields.put("holder", object: holder.write) }
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "balances": self = .balances
        case "key": self = .key
        case "rotate_key":
            self = .rotateKey(isLost: try fields.bool("lost"), reason: try fields.string("reason"))
        case "checkpoint": self = .checkpoint
        case "receipt": self = .receipt(stay: try fields.integer("stay"))
        case "coupons": self = .coupons
        case "stored":
            self = .stored(try fields.objectIfPresent("holder").map(StoredHolder.init(from:)))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}
