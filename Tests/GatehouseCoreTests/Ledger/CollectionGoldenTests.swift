// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// The bytes that upstream, the hash chain and the ledger know orders by.
struct CollectionGoldenTests {
    private static let order = CollectionOrder(
        stay: StayID(7), quote: Sequence(41), lane: "south", way: .scannedCode, amount: Money(800),
        currency: "CNY", askedAt: WallTime(milliseconds: 1_772_411_400_000), plate: Plate("沪A12345"),
        mark: "13…/18", until: WallTime(milliseconds: 1_772_411_460_000))
    private static let ending = CollectionEnding(
        order: Sequence(42), stay: StayID(7), way: .scannedCode, outcome: .refused, reason: "NO_BALANCE",
        by: Operator(channel: "payment", name: "platform"))

    private static let asked =
        #"{"stay":7,"quote":41,"lane":"south","way":"scanned_code","amount":800,"currency":"CNY","#
        + #""asked_ms":1772411400000,"plate":"沪A12345","code":"13…/18","until_ms":1772411460000}"#
    private static let ended =
        #"{"order":42,"stay":7,"way":"scanned_code","outcome":"refused","reason":"NO_BALANCE","#
        + #""by":{"channel":"payment","name":"platform"}}"#

    @Test func `an order and its end have the bytes that others rely on`() throws {
        let asked = Fact.money(.collectionAsked(Self.order))
        let ended = Fact.money(.collectionEnded(Self.ending))
        #expect(asked.kind == "collectionAsked" && ended.kind == "collectionEnded")
        #expect(String(decoding: asked.payload, as: UTF8.self) == Self.asked)
        #expect(String(decoding: ended.payload, as: UTF8.self) == Self.ended)
        #expect(try CollectionOrder(from: Fields(Array(Self.asked.utf8))) == Self.order)
        #expect(try CollectionEnding(from: Fields(Array(Self.ended.utf8))) == Self.ending)
    }

    @Test func `what need not be said is not`() throws {
        var order = Self.order
        (order.lane, order.plate, order.mark, order.isDeferred) = (nil, nil, nil, true)
        // As records were before orders kept it.
        order.askedAt = nil
        let bytes = FieldWriter.object(order.write)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"stay":7,"quote":41,"way":"scanned_code","amount":800,"currency":"CNY","#
                + #""until_ms":1772411460000,"deferred":true}"#)
        #expect(try CollectionOrder(from: Fields(bytes)) == order)
    }

    @Test func `a payment names its order, and one without is what it was`() throws {
        let by = Operator(channel: "payment", name: "platform")
        var settlement = Settlement(
            notice: PaymentNotice(serial: "s", way: .etc, amount: Money(800), order: Sequence(42)), at: 9,
            use: .unmatched, by: by)
        let with = FieldWriter.object(settlement.write)
        #expect(try Settlement(from: Fields(with)).notice.order == Sequence(42))
        settlement.notice.order = nil
        let without = FieldWriter.object(settlement.write)
        #expect(!String(decoding: without, as: UTF8.self).contains("order"))
    }
}

struct CollectionBookTests {
    private func order(_ stay: Int64, plate: Plate? = nil) -> CollectionOrder {
        CollectionOrder(
            stay: StayID(stay), quote: Sequence(1), lane: nil, way: .plateBound, amount: Money(100),
            currency: "CNY", plate: plate, until: WallTime(milliseconds: 0))
    }

    @Test func `orders that ended are forgotten by their age, open ones never`() throws {
        var book = CollectionBook()
        var rows: Table<ProjectionKey, [UInt8]> = Table()
        func keep(_ changes: [ProjectionChange]) { for one in changes { rows[one.row] = one.value } }
        keep(book.ask(order(1), Sequence(1)))
        for number in 2...Int64(CollectionBook.endedRemembered + 20) {
            keep(book.ask(order(number), Sequence(number)))
            keep(book.end(Sequence(number), .refused, Sequence(number + 100_000)))
        }
        #expect(book.isOpen(Sequence(1)) && book.openCount == 1)
        #expect(book[Sequence(2)] == nil && book[Sequence(30)] != nil)
        #expect(rows.count == CollectionBook.endedRemembered + 1)
        var again = CollectionBook()
        for (key, value) in rows.inOrder {
            try again.take(ProjectionRow(key, value), try Fields(value))
        }
        again.sortEnded()
        #expect(again == book)
    }

    @Test func `a plate is known by its last debit`() throws {
        var book = CollectionBook()
        let plate = try #require(Plate("沪A12345"))
        _ = book.ask(order(1, plate: plate), Sequence(1))
        #expect(!book.isBound(plate))
        _ = book.end(Sequence(1), .paid, Sequence(2))
        #expect(book.isBound(plate))
        // Void says nothing of an agreement.
        _ = book.ask(order(2, plate: plate), Sequence(3))
        _ = book.end(Sequence(3), .reversed, Sequence(4))
        #expect(book.isBound(plate))
        _ = book.ask(order(3, plate: plate), Sequence(5))
        _ = book.end(Sequence(5), .refused, Sequence(6))
        #expect(!book.isBound(plate))
        // Ended once is ended.
        #expect(book.end(Sequence(5), .paid, Sequence(7)).isEmpty)
    }
}
