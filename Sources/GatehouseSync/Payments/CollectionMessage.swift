// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Which orders somebody asks for who carries them out.
package struct OrderQuery: Hashable, Sendable {
    /// Seconds that an answer without news may take; connections without a byte end after 30.
    package static let longestWait = 20

    /// What came after this revision of the list; nil: all that is open.
    package var after: Int64?
    package var wait: Int
    /// nil: of every way.
    package var ways: [PaymentWay]?

    package init(after: Int64? = nil, wait: Int = 0, ways: [PaymentWay]? = nil) {
        self.after = after
        self.wait = wait
        self.ways = ways
    }

    init(asked fields: Fields) throws(FieldError) {
        after = try fields.numberIfPresent("after", in: 0...Int64.max)
        wait = Int(try fields.numberIfPresent("wait_s", in: 0...Int64(Self.longestWait)) ?? 0)
        guard fields.has("ways") else { return }
        var wanted: [PaymentWay] = []
        for word in try fields.strings("ways") {
            guard let way = PaymentWay(rawValue: word), CollectingPlan.possibleWays.contains(way) else {
                throw .unknownValue(key: "ways", value: word)
            }
            wanted.append(way)
        }
        ways = wanted
    }
}

extension CollectionAnswer {
    /// Bytes of a reason: it stands in a record.
    static let longestReason = 256

    init(sent fields: Fields) throws(FieldError) {
        let reason = try fields.stringIfPresent("reason")
        let isPlain = reason?.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ?? true
        guard isPlain, reason?.utf8.count ?? 0 <= Self.longestReason else { throw .wrongType(key: "reason") }
        self.init(
            order: Sequence(try fields.number("order", in: 1...Int64.max)),
            askedAt: try fields.askedAt(), state: try fields.word("state", as: State.self), reason: reason)
    }
}

extension Fields {
    /// An order's number comes again after a journal that was restored; when it was made does not.
    func askedAt() throws(FieldError) -> WallTime? {
        try numberIfPresent("asked_ms", in: 0...PaymentCall.latest * 1000).map { WallTime(milliseconds: $0) }
    }
}

extension CollectionRequest {
    /// As both ways carry it.
    func write(to fields: inout FieldWriter) {
        fields.put("order", number.number)
        fields.put("asked_ms", ifPresent: order.askedAt?.milliseconds)
        fields.put("action", action.rawValue)
        fields.put("way", order.way.rawValue)
        fields.put("amount", order.amount.minorUnits)
        fields.put("currency", order.currency)
        fields.put("stay", order.stay.number)
        fields.put("quote", order.quote.number)
        fields.put("lane", ifPresent: order.lane)
        fields.put("plate", ifPresent: order.plate?.text)
        fields.put("until_ms", order.until.milliseconds)
        fields.put("deferred", ifTrue: order.isDeferred)
        fields.put("code", ifPresent: code?.text)
    }

    /// So long it may wait for somebody who takes it. An asking is over with its order, and with the code that nobody shows
    /// twice; how the order stands and that it is void is said again by then.
    package func life(at now: WallTime) -> Duration {
        guard action == .ask else { return .seconds(300) }
        let rest = order.until - now
        return code == nil ? rest : min(rest, OrderBoard.codeLife)
    }

    /// The body of our call over the broker; its serial is new each time, its order is not.
    package func body(sender: String, count: Int64, at now: WallTime) -> [UInt8] {
        FieldWriter.object { fields in
            fields.put("sender", sender)
            fields.put("serial", "\(number.number)-\(action.rawValue)-\(now.milliseconds)-\(count)")
            fields.put("sent_ms", now.milliseconds)
            write(to: &fields)
        }
    }
}

extension PaymentReply {
    /// - Parameter revision: what the next question comes after.
    package init(orders: [CollectionRequest], revision: Int64) {
        self.init { fields in
            fields.put("orders", objects: orders) { $0.write(to: &$1) }
            fields.put("next", revision)
        }
    }

    /// - Parameters:
    ///   - state: as it is on record, whatever was said.
    ///   - record: the one that says so; of a pending order its own.
    package init(collection order: Sequence, _ state: CollectionAnswer.State, _ record: Sequence) {
        self.init { fields in
            fields.put("record", record.number)
            fields.put("order", order.number)
            fields.put("state", state.rawValue)
        }
    }
}
