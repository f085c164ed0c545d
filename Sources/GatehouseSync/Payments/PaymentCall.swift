// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// One call over the payment channel, read. What it names may not exist; only its form is checked here, and every number
/// in it is one that the site can reckon with.
package struct PaymentCall: Hashable, Sendable {
    package enum Request: Hashable, Sendable {
        case quote(PaymentTarget)
        case payment(PaymentNotice)
        /// The provider gave the money of this payment back.
        case cancel(payment: String)
        case collection(CollectionAnswer)
        case orders(OrderQuery)
    }

    /// Bytes of a body.
    package static let largestBody = 16 << 10
    package static let longestSerial = 128
    package static let longestSender = 32

    /// Who signed; stands in the records as who said it.
    package var sender: String
    /// Whoever sends it numbers it; of a payment it is the provider's transaction number.
    package var serial: String
    package var sentAt: WallTime
    package var request: Request

    /// Total for any bytes.
    package init(_ word: PaymentWord, _ body: [UInt8]) throws(PaymentFault) {
        guard body.count <= Self.largestBody else {
            throw PaymentFault(.badRequest, "a body has at most \(Self.largestBody) bytes")
        }
        let fields: Fields
        do throws(FieldError) { fields = try Fields(body) } catch { throw PaymentFault(error) }
        do throws(FieldError) {
            sender = try fields.token("sender", atMost: Self.longestSender)
            serial = try fields.token("serial", atMost: Self.longestSerial)
            sentAt = WallTime(milliseconds: try fields.number("sent_ms", in: 0...Self.latest * 1000))
            request =
                switch word {
                case .quote: .quote(try PaymentTarget(asked: fields))
                case .payment: .payment(try PaymentNotice(sent: fields, serial: serial))
                case .cancel: .cancel(payment: try fields.token("payment", atMost: Self.longestSerial))
                case .collection: .collection(try CollectionAnswer(sent: fields))
                case .orders: .orders(try OrderQuery(asked: fields))
                case .collect: throw FieldError.unknownKind(word.rawValue)
                }
        } catch { throw PaymentFault(error) }
    }

    /// 2100-01-01, seconds.
    static let latest: Int64 = 4_102_444_800
}

extension PaymentTarget {
    /// One of `plate`, `lane` and `stay`, and no other: two that disagree would be answered for one of them.
    fileprivate init(asked fields: Fields) throws(FieldError) {
        let named = ["plate", "lane", "stay"].filter(fields.has)
        guard let key = named.first else { throw .missing(key: "plate") }
        guard named.count == 1 else { throw .unknownValue(key: named[1], value: "beside \(key)") }
        switch key {
        case "plate":
            let text = try fields.string(key)
            guard let plate = Plate(text) else { throw .unknownValue(key: key, value: text) }
            self = .plate(plate)
        case "lane": self = .lane(try fields.token(key, atMost: 64))
        default: self = .stay(StayID(try fields.number(key, in: 1...Int64.max)))
        }
    }
}

extension PaymentNotice {
    /// Whatever it is for, money that came is taken: a plate that cannot be read leaves a payment without one.
    fileprivate init(sent fields: Fields, serial: String) throws(FieldError) {
        let way = try fields.word("way", as: PaymentWay.self)
        // Cash is counted in a drawer, by the guard whose shift it is.
        guard way != .cash else { throw .unknownValue(key: "way", value: way.rawValue) }
        self.init(
            serial: serial, way: way, amount: Money(try fields.number("amount", in: 1...Int64.max)),
            paidAt: try fields.numberIfPresent("paid_s", in: 0...PaymentCall.latest),
            quote: try fields.numberIfPresent("quote", in: 1...Int64.max).map { Sequence($0) },
            stay: try fields.numberIfPresent("stay", in: 1...Int64.max).map { StayID($0) },
            lane: try fields.stringIfPresent("lane"),
            plate: try fields.stringIfPresent("plate").flatMap { Plate($0) },
            order: try fields.numberIfPresent("order", in: 1...Int64.max).map { Sequence($0) },
            orderAskedAt: try fields.askedAt())
        if lane != nil { lane = try fields.token("lane", atMost: 64) }
    }
}

extension Fields {
    /// Printable ASCII without spaces: what two programs may write differently and mean the same has no place in a name
    /// that money is counted by.
    func token(_ key: String, atMost limit: Int) throws(FieldError) -> String {
        let text = try string(key)
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, (1...limit).contains(text.utf8.count) else { throw .wrongType(key: key) }
        return text
    }

    func number(_ key: String, in range: ClosedRange<Int64>) throws(FieldError) -> Int64 {
        let value = try integer(key)
        guard range.contains(value) else { throw .unknownValue(key: key, value: String(value)) }
        return value
    }

    func numberIfPresent(
        _ key: String, in range: ClosedRange<Int64>
    ) throws(FieldError) -> Int64? {
        has(key) ? try number(key, in: range) : nil
    }
}

extension PaymentFault {
    fileprivate init(_ error: FieldError) {
        let words =
            switch error {
            case .malformed(let offset): "not the JSON of this channel from byte \(offset) on"
            case .missing(let key): "\(key) is missing"
            case .wrongType(let key): "\(key) is not of its form"
            case .unknownValue(let key, let value): "\(key) cannot be \"\(value.prefix(64))\""
            case .unknownKind(let kind): "\"\(kind.prefix(64))\" is unknown"
            }
        self.init(.badRequest, words)
    }
}
