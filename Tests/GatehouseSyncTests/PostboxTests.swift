// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSync

@Suite struct PostboxTests {
    private var box = Postbox()

    private func at(_ seconds: Int64) -> Uptime { .zero + .seconds(seconds) }

    private func letter(_ text: String) -> BrokerAnswer {
        BrokerAnswer(topic: "site/gate/collect", payload: Array(text.utf8))
    }

    /// Of a subject of its own for each text.
    private mutating func put(_ text: String, until: Uptime, at now: Uptime) -> [Postbox.Effect] {
        let subject = text.utf8.reduce(Int64(0)) { $0 * 256 + Int64($1) }
        return box.put(letter(text), of: subject, until: until, at: now)
    }

    /// Text and seconds of what is sent.
    private func sent(_ effects: [Postbox.Effect]) -> [String] {
        effects.compactMap { effect in
            guard case .send(_, let answer, let seconds) = effect else { return nil }
            return "\(String(decoding: answer.payload, as: UTF8.self)) \(seconds)"
        }
    }

    private func number(_ effects: [Postbox.Effect]) throws -> Int {
        let numbers = effects.compactMap { if case .send(let number, _, _) = $0 { number } else { nil } }
        return try #require(numbers.first)
    }

    @Test mutating func `what is said is sent once, for the rest of its time`() throws {
        #expect(box.connected(at: at(1)).isEmpty)
        let effects = put("a", until: at(46), at: at(1))
        #expect(sent(effects) == ["a 45"])
        #expect(box.nextDeadline == nil, "under way")
        #expect(box.answered(try number(effects), .accepted, at: at(2)) == [.told(.accepted)])
        box.ended(at: at(3))
        #expect(box.connected(at: at(4)).isEmpty, "the broker has it")
    }

    @Test mutating func `without a connection it waits, and what is over is never sent`() {
        #expect(put("short", until: at(5), at: at(1)).isEmpty)
        #expect(put("long", until: at(60), at: at(1)).isEmpty)
        #expect(box.nextDeadline == nil, "nothing to do before it is connected")
        #expect(sent(box.connected(at: at(5))) == ["long 55"])
    }

    @Test mutating func `less than a second is a second`() {
        _ = box.connected(at: at(1))
        #expect(sent(put("a", until: at(1) + .milliseconds(300), at: at(1))) == ["a 1"])
        #expect(sent(put("b", until: at(3) + .milliseconds(900), at: at(1))) == ["b 2"])
        #expect(put("c", until: at(1), at: at(1)).isEmpty)
    }

    @Test mutating func `what was under way when the connection ended is sent again, for less`() throws {
        _ = box.connected(at: at(1))
        let first = try number(put("a", until: at(46), at: at(1)))
        box.ended(at: at(2))
        let again = box.connected(at: at(6))
        #expect(sent(again) == ["a 40"])
        #expect(box.answered(first, .accepted, at: at(6)) == [.told(.accepted)])
        #expect(box.answered(first, .accepted, at: at(6)).isEmpty, "once")
    }

    @Test(arguments: [PublishAnswer.refused("not authorized"), .noSubscribers])
    mutating func `what the broker does not take is told and tried again, ever more seldom`(
        answer: PublishAnswer
    ) throws {
        _ = box.connected(at: at(0))
        let number = try number(put("a", until: at(60), at: at(0)))
        #expect(box.answered(number, answer, at: at(0)) == [.told(answer)])
        #expect(box.nextDeadline == at(5))
        #expect(box.due(at: at(4)).isEmpty)
        #expect(sent(box.due(at: at(5))) == ["a 55"])
        _ = box.answered(number, answer, at: at(5))
        #expect(box.nextDeadline == at(15))
        #expect(box.due(at: at(60)).isEmpty, "its time is over")
        #expect(box.nextDeadline == nil)
    }

    @Test mutating func `what no broker will ever take is told and given up`() throws {
        _ = box.connected(at: at(0))
        let number = try number(put("a", until: at(60), at: at(0)))
        #expect(
            box.answered(number, .refusedAlone("too large"), at: at(0)) == [.told(.refusedAlone("too large"))]
        )
        box.ended(at: at(1))
        #expect(box.connected(at: at(2)).isEmpty)
    }

    @Test mutating func `of one subject the newest word is said, and none when it is over`() {
        for text in ["ask", "query", "reverse"] {
            #expect(box.put(letter(text), of: 44, until: at(60), at: at(0)).isEmpty)
        }
        #expect(box.put(letter("other"), of: 45, until: at(60), at: at(0)).isEmpty)
        var over = box
        #expect(sent(box.connected(at: at(1))) == ["reverse 59", "other 59"])
        over.withdraw(44)
        #expect(sent(over.connected(at: at(1))) == ["other 59"])
    }

    @Test mutating func `of too many the oldest are given up`() {
        for index in 0..<100 { _ = put("\(index)", until: at(60), at: at(0)) }
        let words = sent(box.connected(at: at(1)))
        #expect(words.count == Postbox.places)
        #expect(words.first == "36 59" && words.last == "99 59")
    }
}
