// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// A provider that carries out the gateway's orders: each one once by its number and the time it was made, however often
/// it is asked for, in a manner of its own. What it answers are calls of `PaymentPlatform`, sent by whoever drives it.
package final class CollectingPlatform: Sendable {
    package enum Manner: Hashable, Sendable {
        case pays
        /// The user confirms first; `confirm` pays.
        case waits
        case refuses
        /// It heard nothing, whatever it is asked.
        case isDeaf
        /// It never says a word of the asking, but gives back what it is told to.
        case onlyReverses
    }

    /// An order as it was heard; its own reading of the bytes.
    package struct Order: Hashable, Sendable {
        package var number: Int
        package var askedAt: Int64
        package var action: String
        package var way: String
        package var amount: Int64
        package var plate: String?
        package var code: String?

        /// Numbers come again with another journal.
        fileprivate var key: String { "\(number)-\(askedAt)" }
        /// Of the provider's own books.
        package var transaction: String { "txn-\(key)" }

        init?(_ object: [String: Any]) {
            guard let number = object["order"] as? Int, let askedAt = object["asked_ms"] as? Int64,
                let action = object["action"] as? String,
                let way = object["way"] as? String, let amount = object["amount"] as? Int64
            else { return nil }
            self.number = number
            self.askedAt = askedAt
            self.action = action
            self.way = way
            self.amount = Int64(amount)
            plate = object["plate"] as? String
            code = object["code"] as? String
        }
    }

    private enum State: Hashable, Sendable { case paid, pending, refused, reversed }

    private let platform: PaymentPlatform
    private let manner: Mutex<Manner>
    private let states = Mutex<[String: State]>([:])
    private let next = Mutex(0)
    private let heard = Mutex<[Order]>([])

    package init(_ platform: PaymentPlatform, _ manner: Manner) {
        self.platform = platform
        self.manner = Mutex(manner)
    }

    package func become(_ new: Manner) { manner.withLock { $0 = new } }

    /// Everything that it was asked for, in that order.
    package var orders: [Order] { heard.withLock { $0 } }

    // MARK: What it hears

    /// Fetches over HTTP and waits for so many seconds; nil: nobody there, or refused. `ways`: of these alone.
    package func fetch(http port: UInt16, wait: Int = 0, ways: [String] = []) throws -> [Order]? {
        let after = next.withLock { $0 }
        let names = ways.map { "\"\($0)\"" }.joined(separator: ",")
        let wanted = ways.isEmpty ? "" : ",\"ways\":[\(names)]"
        let call = try platform.orders(",\"after\":\(after),\"wait_s\":\(wait)\(wanted)")
        guard let answer = platform.send(call, http: port, patience: wait + 10), answer.status == 200,
            let object = Self.object(answer.body), let list = object["orders"] as? [[String: Any]],
            let revision = object["next"] as? Int
        else { return nil }
        guard try platform.isSigned(answer, to: call) else {
            throw TwinError("orders that the gateway did not sign: \(answer.text)")
        }
        next.withLock { $0 = revision }
        return list.compactMap(Order.init)
    }

    /// Of a message at the broker; nil: no order.
    package static func order(_ message: String) -> Order? {
        object(Array(message.utf8)).flatMap(Order.init)
    }

    private static func object(_ bytes: [UInt8]) -> [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    }

    // MARK: What it says

    /// What it tells the gateway of an order; nil: nothing.
    package func answer(_ order: Order) throws -> PaymentPlatform.Call? {
        heard.withLock { $0.append(order) }
        let manner = manner.withLock { $0 }
        guard manner != .isDeaf else { return nil }
        switch order.action {
        case "ask": return try carryOut(order, manner)
        case "query":
            return manner == .onlyReverses ? nil : try tell(order, states.withLock { $0[order.key] })
        default: return try reverse(order)
        }
    }

    /// The user of an order confirmed, or money came of one that was thought void.
    package func confirm(_ order: Order) throws -> PaymentPlatform.Call {
        states.withLock { $0[order.key] = .paid }
        return try payment(order)
    }

    private func carryOut(_ order: Order, _ manner: Manner) throws -> PaymentPlatform.Call? {
        let state: State? = states.withLock { states in
            if states[order.key] == nil {
                switch manner {
                case .pays: states[order.key] = .paid
                case .waits: states[order.key] = .pending
                case .refuses: states[order.key] = .refused
                case .isDeaf, .onlyReverses: break
                }
            }
            return states[order.key]
        }
        return try state.flatMap { try tell(order, $0) }
    }

    /// An order that it does not know it refuses, and never carries out.
    private func tell(_ order: Order, _ state: State?) throws -> PaymentPlatform.Call {
        switch state {
        case .paid: return try payment(order)
        case .pending: return try platform.collection(order.number, askedAt: order.askedAt, "pending")
        case .reversed: return try platform.collection(order.number, askedAt: order.askedAt, "reversed")
        case .refused, nil:
            states.withLock { $0[order.key] = .refused }
            return try platform.collection(
                order.number, askedAt: order.askedAt, "refused", reason: "NO_AGREEMENT")
        }
    }

    private func reverse(_ order: Order) throws -> PaymentPlatform.Call {
        // What was paid and told stays paid: the gateway knows of it.
        if states.withLock({ $0[order.key] }) == .paid { return try payment(order) }
        states.withLock { $0[order.key] = .reversed }
        return try platform.collection(order.number, askedAt: order.askedAt, "reversed")
    }

    private func payment(_ order: Order) throws -> PaymentPlatform.Call {
        try platform.payment(
            order.transaction, amount: order.amount, way: order.way,
            ",\"order\":\(order.number),\"asked_ms\":\(order.askedAt)")
    }
}
