// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSync
import Testing

struct OrderBoardTests {
    private typealias Message = CollectionMessageTests

    private func at(_ seconds: Int64) -> Uptime { Uptime(nanoseconds: seconds * 1_000_000_000) }

    @Test func `the newest wish of each order stands, and what came after is news`() {
        var board = OrderBoard(beginningAt: 0)
        #expect(board.news(for: OrderQuery(), at: at(0)).isEmpty)
        board.put(Message.request(44), at: at(0))
        board.put(Message.request(45, way: .etc, code: nil), at: at(1))
        #expect(board.news(for: OrderQuery(), at: at(2)).map(\.number.number) == [44, 45])
        let seen = board.revision
        #expect(board.news(for: OrderQuery(after: seen), at: at(2)).isEmpty)
        board.put(Message.request(44, .query, code: nil), at: at(45))
        #expect(board.news(for: OrderQuery(after: seen), at: at(46)).map(\.action) == [.query])
        #expect(board.news(for: OrderQuery(), at: at(46)).map(\.action) == [.query, .ask])
        board.remove(Sequence(44))
        #expect(board.news(for: OrderQuery(), at: at(46)).map(\.number.number) == [45])
    }

    @Test func `who carries out one way is shown no other`() {
        var board = OrderBoard(beginningAt: 0)
        board.put(Message.request(44), at: at(0))
        board.put(Message.request(45, way: .etc, code: nil), at: at(0))
        #expect(board.news(for: OrderQuery(ways: [.etc]), at: at(1)).map(\.number.number) == [45])
        #expect(board.news(for: OrderQuery(ways: []), at: at(1)).isEmpty)
    }

    @Test func `a code is gone after its minute, and so is the asking by it`() {
        var board = OrderBoard(beginningAt: 0)
        board.put(Message.request(44), at: at(0))
        #expect(board.news(for: OrderQuery(), at: at(59)).first?.code != nil)
        #expect(board.news(for: OrderQuery(), at: at(60)).isEmpty)
        board.put(Message.request(44, .reverse, code: nil), at: at(61))
        #expect(board.news(for: OrderQuery(), at: at(500)).map(\.action) == [.reverse])
    }

    @Test func `a revision of an earlier process is none of ours, whichever is higher`() {
        for earlier in [Int64(900), 2_000] {
            var board = OrderBoard(beginningAt: 1_000)
            for number in Int64(44)...46 { board.put(Message.request(number), at: at(0)) }
            #expect(board.news(for: OrderQuery(after: earlier), at: at(1)).count == 3, "\(earlier)")
            #expect(board.news(for: OrderQuery(after: board.revision), at: at(1)).isEmpty)
        }
    }
}
