// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import GatehouseWire
import Testing

@Suite struct SerialCardWireTests {
    private static let first = Card("em40:2A00617A69")
    private static let second = Card("em40:0F12345678")

    /// The byte examples of `docs/readers.md` §2, golden here and for the model of the simulator.
    @Test(arguments: [
        ("rdm6300", "em40:2A00617A69"), ("id-12la", "em40:2A00617A69"), ("rdm6300-second", "em40:0F12345678"),
        ("lower-case", "em40:2A00617A69"), ("hex-line", "em40:2A00617A69"),
        ("decimal-line", "em32:0006388329"),
        ("facility-line", "em24:097,31337"),
    ])
    func `captures say their card`(_ name: String, _ card: String) throws {
        let capture = try CardCapture(name)
        #expect(capture.results(capture.bytes) == [.card(try #require(Card(card)))])
    }

    @Test func `every capture has an origin and is known to the tests`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: CardCapture.folder.path)
        let captures = files.filter { $0.hasSuffix(".bin") }.map { String($0.dropLast(4)) }
        #expect(captures.sorted() == CardCapture.names)
        for name in CardCapture.names { #expect(files.contains("\(name).origin.yaml")) }
    }

    @Test func `after a broken frame the next good one is found inside or behind it`() throws {
        for name in ["wrong-checksum", "lost-end"] {
            let results = try CardCapture(name).results(try CardCapture(name).bytes)
            #expect(results.last == Self.second.map { .card($0) }, "\(name)")
            #expect(results.dropLast().allSatisfy { if case .broken = $0 { true } else { false } })
            #expect(results.count > 1)
        }
    }

    @Test func `a wrong checksum says what was expected and where`() throws {
        var frame = try CardCapture("rdm6300").bytes
        frame[12] = UInt8(ascii: "9")
        #expect(throws: WireError(expected: "checksum 58", found: "59", offset: 11)) {
            try SerialCardWire.decode(frame, SerialCardSettings())
        }
    }

    /// One digit changed is never another card: the check finds it.
    @Test func `no changed digit passes the checksum`() throws {
        let frame = try CardCapture("rdm6300").bytes
        for index in 1...12 {
            for digit in Array("0123456789ABCDEF".utf8) where digit != frame[index] {
                var changed = frame
                changed[index] = digit
                #expect(throws: WireError.self) { try SerialCardWire.decode(changed, SerialCardSettings()) }
            }
        }
    }

    @Test(arguments: CardCapture.names)
    func `every prefix and every changed byte is read without a trap`(_ name: String) throws {
        let capture = try CardCapture(name)
        for count in 0...capture.bytes.count { _ = capture.results(Array(capture.bytes.prefix(count))) }
        for index in capture.bytes.indices {
            for value in UInt8.min...UInt8.max {
                var bytes = capture.bytes
                bytes[index] = value
                _ = capture.results(bytes)
            }
        }
    }

    @Test(arguments: CardCapture.names)
    func `however the bytes are cut, the same cards are found`(_ name: String) throws {
        let capture = try CardCapture(name)
        let whole = capture.results(capture.bytes).filter { if case .card = $0 { true } else { false } }
        for size in 1...5 {
            var framer = SerialCardFramer(capture.settings)
            var found: [SerialCardFramer.Result] = []
            for start in stride(from: 0, to: capture.bytes.count, by: size) {
                found += framer.receive(Array(capture.bytes[start..<min(start + size, capture.bytes.count)]))
            }
            #expect(found.filter { if case .card = $0 { true } else { false } } == whole)
        }
    }

    @Test func `noise never grows the buffer and never hides the next card`() throws {
        let frame = try CardCapture("rdm6300").bytes
        for noise: UInt8 in [0x00, 0x02, 0x03, 0xFF, 0x30] {
            var framer = SerialCardFramer(SerialCardSettings())
            for _ in 0..<1000 { _ = framer.receive([noise]) }
            #expect(
                framer.receive(frame).contains(Self.first.map { .card($0) } ?? .card(Card(packed: 0)!)),
                "\(noise)")
        }
    }

    @Test func `what a site keeps of a number is a setting, and never more than is sent`() throws {
        var values = Table<String, String>()
        values["bits"] = "24"
        let frame = try CardCapture("rdm6300").bytes
        #expect(try SerialCardWire.decode(frame, SerialCardSettings(values)) == Card("em24:097,31337"))
        values["bits"] = "32"
        #expect(try SerialCardWire.decode(frame, SerialCardSettings(values)) == Card("em32:0006388329"))
        values["number"] = "facility"
        values["bits"] = "40"
        #expect(SerialCardSettings(values).form == .em24)
        #expect(!SerialCardSettings(values).hasChecksum)
    }

    @Test func `facility numbers beyond the form are refused`() {
        var values = Table<String, String>()
        values["framing"] = "line"
        values["number"] = "facility"
        let settings = SerialCardSettings(values)
        for text in ["256,00001", "255,65536", "25565535x", "25,565535", "255.65535"] {
            #expect(throws: WireError.self) { try SerialCardWire.decode(Array(text.utf8), settings) }
        }
    }

    /// Twin and driver share no encoding: each is checked by the other and by the same examples.
    @Test func `the simulated reader speaks what the driver reads`() throws {
        for version: UInt8 in [0, 0x2A, 0xFF] {
            for number: UInt32 in [0, 1, 0x0061_7A69, 0x1234_5678, .max] {
                let tag = CardReaderModel.Tag(version: version, number: number)
                let card = try #require(Card(.em40, UInt64(version) << 32 | UInt64(number)))
                #expect(
                    try SerialCardWire.decode(CardReaderModel.frame(tag, as: .rdm6300), SerialCardSettings())
                        == card)
                #expect(
                    try SerialCardWire.decode(CardReaderModel.frame(tag, as: .id12), SerialCardSettings())
                        == card)
                let line = CardCapture.settings("decimal-line")
                #expect(
                    try SerialCardWire.decode(CardReaderModel.frame(tag, as: .decimalLine), line)
                        == card.shortened(to: .em32))
            }
        }
        let example = CardReaderModel.Tag(version: 0x2A, number: 0x0061_7A69)
        #expect(CardReaderModel.frame(example, as: .rdm6300) == (try CardCapture("rdm6300").bytes))
        #expect(CardReaderModel.frame(example, as: .id12) == (try CardCapture("id-12la").bytes))
        #expect(CardReaderModel.frame(example, as: .decimalLine) == (try CardCapture("decimal-line").bytes))
    }
}

@Suite struct CardDecodingTests {
    @Test func `decode prints one object per frame, broken ones too`() throws {
        let capture = try CardCapture("wrong-checksum")
        let lines = try CardDecoding.jsonLines(driver: "serial-card", bytes: capture.bytes)
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix(#"{"kind":"broken","error":"expected checksum 58, found 59 at byte 11"#))
        #expect(lines[1].hasPrefix(#"{"kind":"card","card":"em40:0F12345678","printed":["#))
        #expect(lines[1].contains(#"{"card":"em32:0305419896"}"#))
        #expect(lines[1].contains(#"{"card":"em24:052,22136"}"#))
    }

    @Test func `a frame that never ends is said with its place`() throws {
        let bytes = Array(try CardCapture("rdm6300").bytes.dropLast())
        #expect(throws: WireError(expected: "the end of a frame", found: "the end of the bytes", offset: 13))
        {
            try CardDecoding.jsonLines(driver: "serial-card", bytes: bytes)
        }
        #expect(throws: WireError.self) { try CardDecoding.jsonLines(driver: "nothing", bytes: bytes) }
    }
}
