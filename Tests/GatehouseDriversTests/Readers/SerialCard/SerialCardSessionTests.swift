// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import Testing

@Suite struct SerialCardSessionTests {
    private var session = SerialCardSession(SerialCardSettings())

    private func at(_ milliseconds: Int64) -> Uptime { .zero + .milliseconds(milliseconds) }
    private let card = Card("em40:2A00617A69")

    private static func presented(_ outputs: [ReaderOutput]) -> [Card] {
        outputs.compactMap { if case .presented(let card, _) = $0 { card } else { nil } }
    }

    @Test mutating func `a card that lies on the reader is presented once`() throws {
        let frame = try CardCapture("rdm6300").bytes
        var seen: [Card] = []
        for tick in 0..<2000 { seen += Self.presented(session.receive(frame, at: at(Int64(tick) * 60))) }
        #expect(seen == [card])
    }

    @Test mutating func `taken away and held again it is presented again`() throws {
        let frame = try CardCapture("rdm6300").bytes
        #expect(Self.presented(session.receive(frame, at: at(0))) == [card])
        #expect(Self.presented(session.receive(frame, at: at(500))) == [])
        #expect(Self.presented(session.receive(frame, at: at(1001))) == [card])
    }

    @Test mutating func `two cards that lie on each other are two presentations, not a stream`() throws {
        let first = try CardCapture("rdm6300").bytes
        let second = try CardCapture("rdm6300-second").bytes
        var seen: [Card] = []
        for tick in 0..<100 {
            seen += Self.presented(session.receive(tick % 2 == 0 ? first : second, at: at(Int64(tick) * 60)))
        }
        #expect(seen == [card, Card("em40:0F12345678")])
    }

    @Test mutating func `a frame that stops half way does not eat the next one`() throws {
        let frame = try CardCapture("rdm6300").bytes
        _ = session.receive(Array(frame.prefix(6)), at: at(0))
        #expect(session.nextTimer == at(100))
        _ = session.timer(at: at(100))
        #expect(session.nextTimer == nil)
        #expect(Self.presented(session.receive(frame, at: at(150))) == [card])
    }

    /// Bytes of one frame arrive over 15 ms and in as many pieces as the kernel likes.
    @Test mutating func `a slow frame is one frame`() throws {
        var seen: [Card] = []
        for (index, byte) in try CardCapture("id-12la").bytes.enumerated() {
            seen += Self.presented(session.receive([byte], at: at(Int64(index) * 90)))
        }
        #expect(seen == [card])
    }

    @Test mutating func `broken frames become a fault, and a quiet minute ends it`() throws {
        var frame = try CardCapture("rdm6300").bytes
        frame[12] = UInt8(ascii: "9")
        var outputs: [ReaderOutput] = []
        for tick in 0..<8 { outputs += session.receive(frame, at: at(Int64(tick) * 1000)) }
        let faults = outputs.compactMap { if case .faultRaised(let fault) = $0 { fault.code } else { nil } }
        #expect(faults == ["reader_garbled"])
        let due = try #require(session.nextTimer)
        #expect(due == at(67_001))
        #expect(session.timer(at: at(30_000)) == [])
        #expect(session.timer(at: due) == [.faultCleared(code: "reader_garbled")])
        #expect(session.nextTimer == nil)
    }

    @Test mutating func `four broken frames in a minute are noise`() throws {
        var frame = try CardCapture("rdm6300").bytes
        frame[12] = UInt8(ascii: "9")
        for tick in 0..<40 { #expect(session.receive(frame, at: at(Int64(tick) * 20_000)) == []) }
    }

    @Test mutating func `a line that was lost forgets what lay on the reader`() throws {
        let frame = try CardCapture("rdm6300").bytes
        _ = session.receive(frame, at: at(0))
        session.connected(at: at(100))
        #expect(Self.presented(session.receive(frame, at: at(120))) == [card])
    }
}
