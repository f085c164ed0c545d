// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// Scanners of payment codes in virtual time.
@Suite struct SerialScannerSessionTests {
    private static let wallet = "134567890123456789"
    private static let other = "286543210987654321"

    private static func session(_ values: (String, String)...) -> SerialScannerSession {
        SerialScannerSession(settings(values))
    }

    private static func settings(_ values: [(String, String)]) -> SerialScannerSettings {
        SerialScannerSettings(Table(values))
    }

    private func at(_ milliseconds: Int64) -> Uptime { .zero + .milliseconds(milliseconds) }

    private func codes(_ outputs: [ScannerOutput]) -> [String] {
        outputs.compactMap { if case .scanned(let code) = $0 { code.text } else { nil } }
    }

    private func raised(_ outputs: [ScannerOutput]) -> [DeviceFault] {
        outputs.compactMap { if case .faultRaised(let fault) = $0 { fault } else { nil } }
    }

    // MARK: Framing

    @Test(arguments: [
        ("line", "\r"), ("line", "\n"), ("line", "\r\n"), ("tab", "\t"),
    ]) func `a suffix ends a code at once`(_ suffix: String, _ end: String) {
        var session = Self.session(("suffix", suffix))
        let outputs = session.receive(Array((Self.wallet + end).utf8), at: at(0))
        #expect(codes(outputs) == [Self.wallet])
        #expect(raised(outputs).isEmpty)
    }

    @Test func `without a suffix silence ends it, however it was cut`() {
        var session = Self.session(("suffix", "none"))
        var said: [ScannerOutput] = []
        for (index, byte) in Self.wallet.utf8.enumerated() {
            said += session.receive([byte], at: at(Int64(index) * 40))
        }
        #expect(said == [])
        let last = Int64(Self.wallet.utf8.count - 1) * 40
        #expect(session.nextTimer == at(last + 50))
        #expect(session.timer(at: at(last + 49)) == [])
        #expect(codes(session.timer(at: at(last + 50))) == [Self.wallet])
        // A timer that comes late is no harm: the next byte ends it too.
        _ = session.receive(Array(Self.other.utf8), at: at(20_000))
        #expect(codes(session.receive([0x31], at: at(20_060))) == [Self.other])
    }

    @Test func `two codes in one piece are two`() {
        var session = Self.session()
        let both = Array("\(Self.wallet)\r\n\(Self.other)\r\n".utf8)
        #expect(codes(session.receive(both, at: at(0))) == [Self.wallet, Self.other])
    }

    @Test func `prefix and identifier are taken off, and a code without them is not believed`() {
        var session = Self.session(("prefix", "P:"), ("identifier", "aim"))
        #expect(codes(session.receive(Array("P:]Q1\(Self.wallet)\r".utf8), at: at(0))) == [Self.wallet])
        #expect(codes(session.receive(Array("]Q1\(Self.other)\r".utf8), at: at(1))) == [])
        #expect(codes(session.receive(Array("P:\(Self.other)\r".utf8), at: at(2))) == [])
        #expect(codes(session.receive(Array("P:]Q1\(Self.other)\r".utf8), at: at(3))) == [Self.other])
        var letter = Self.session(("identifier", "letter"))
        #expect(codes(letter.receive(Array("Q\(Self.wallet)\r".utf8), at: at(0))) == [Self.wallet])
    }

    @Test func `64 characters are a code, 65 are none, and a flood never grows`() {
        var session = Self.session()
        let longest = String(repeating: "7", count: 64)
        #expect(codes(session.receive(Array("\(longest)\r".utf8), at: at(0))) == [longest])
        #expect(codes(session.receive(Array("\(longest)8\r".utf8), at: at(10))) == [])
        for tick in 0..<1000 {
            #expect(session.receive([UInt8](repeating: 0x37, count: 500), at: at(20 + Int64(tick))) == [])
        }
        // All of it up to its end is one text, and the next code is whole.
        let outputs = session.receive(Array("\r\(Self.wallet)\r".utf8), at: at(1025))
        #expect(codes(outputs) == [Self.wallet])
    }

    @Test func `foreign bytes make a text no code`() {
        for text in ["134567 890", "付款码134567890123456789", "\u{1}134567890123456789", "1345\u{7F}67"] {
            var session = Self.session()
            #expect(codes(session.receive(Array("\(text)\r".utf8), at: at(0))) == [], "\(text)")
        }
        var session = Self.session()
        #expect(codes(session.receive([0xB8, 0xB6, 0xBF, 0xEE, 0x0D], at: at(0))) == [])
        #expect(session.receive(Array("\r\n\r\n".utf8), at: at(1)) == [])
    }

    @Test func `a piece of a code does not get into the next one`() {
        var session = Self.session()
        _ = session.receive(Array("13456".utf8), at: at(0))
        #expect(session.nextTimer == at(100))
        _ = session.timer(at: at(100))
        #expect(codes(session.receive(Array("\(Self.wallet)\r".utf8), at: at(110))) == [Self.wallet])
        _ = session.receive(Array("13456".utf8), at: at(5000))
        #expect(codes(session.receive(Array("\(Self.other)\r".utf8), at: at(5200))) == [Self.other])
    }

    // MARK: One phone

    @Test func `a phone that is held there is one code, and again after it was away`() {
        var session = Self.session()
        let text = Array("\(Self.wallet)\r".utf8)
        var seen: [String] = []
        for second in 0..<60 { seen += codes(session.receive(text, at: at(Int64(second) * 1000))) }
        #expect(seen == [Self.wallet])
        #expect(codes(session.receive(text, at: at(61_999))) == [])
        #expect(codes(session.receive(text, at: at(64_999))) == [Self.wallet])
    }

    @Test func `another phone is another code at once`() {
        var session = Self.session()
        let outputs = ["\(Self.wallet)\r", "\(Self.other)\r", "\(Self.wallet)\r"].enumerated().flatMap {
            session.receive(Array($1.utf8), at: at(Int64($0)))
        }
        #expect(codes(outputs) == [Self.wallet, Self.other, Self.wallet])
    }

    @Test func `a code is forgotten when it counts as new again, and when the line is lost`() {
        var session = Self.session()
        let text = Array("\(Self.wallet)\r".utf8)
        _ = session.receive(text, at: at(0))
        #expect(session.nextTimer == at(3000))
        _ = session.timer(at: at(3000))
        #expect(session.nextTimer == nil)
        _ = session.receive(text, at: at(4000))
        session.disconnected()
        #expect(session.nextTimer == nil)
        _ = session.connected(at: at(4500))
        #expect(codes(session.receive(text, at: at(4600))) == [Self.wallet])
    }

    // MARK: Faults

    @Test func `five texts within a minute that are no codes are a fault that says no text`() throws {
        var session = Self.session()
        var outputs: [ScannerOutput] = []
        for tick in 0..<8 {
            outputs += session.receive(Array("\(Self.wallet) \(tick)\r".utf8), at: at(Int64(tick) * 1000))
        }
        let faults = raised(outputs)
        #expect(faults.map(\.code) == ["scanner_garbled"])
        #expect(faults[0].severity == .warning)
        #expect(!faults[0].detail.contains("134567"))
        let due = try #require(session.nextTimer)
        #expect(due == at(67_001))
        #expect(session.timer(at: due) == [.faultCleared(code: "scanner_garbled")])
    }

    private var stars: String { String(repeating: "*", count: 20) }

    @Test func `nothing that is printed has more of a code than its mark`() throws {
        var session = Self.session()
        let outputs = session.receive(Array("\(Self.wallet)\r".utf8), at: at(0))
        #expect(codes(outputs) == [Self.wallet])
        var dumped = ""
        dump(outputs, to: &dumped)
        for text in ["\(outputs)", String(reflecting: outputs), dumped] {
            #expect(!text.contains("4567"), "\(text)")
        }
        let typed: [UInt8] = Array("P:\(Self.wallet)\r\n".utf8) + [0xB8, 0x7F]
        #expect(String(decoding: SerialScannerSession.redacted(typed), as: UTF8.self) == "\(stars)\r\n**")
    }

    // MARK: GM65

    private static let gm65 = [("family", "gm65"), ("suffix", "none")]

    @Test func `the frames are the document's, and the model checks them its own way`() {
        #expect(GM65.heartbeat.suffix(2) == CodeScannerModel.check(Array(GM65.heartbeat[2..<7]))[...])
        #expect(GM65.alive.suffix(2) == CodeScannerModel.check(Array(GM65.alive[2..<5]))[...])
        var model = CodeScannerModel(.gm65)
        model.receive(GM65.heartbeat)
        #expect(model.bytes(until: .zero) == GM65.alive)
        model.receive([0x7E, 0x00, 0x08, 0x01, 0x00, 0x02, 0x01, 0x02, 0xDA])
        #expect(model.bytes(until: .zero) == GM65.written)
        model.receive([0x7E, 0x00, 0x0A, 0x01, 0x00, 0x00, 0x00, 0x30, 0x1B])
        #expect(model.bytes(until: .zero) == [])
        #expect(model.heartbeats == 1)
    }

    @Test func `an answer in the middle of a code is taken out of it, wherever it stands`() {
        let text = Array(Self.wallet.utf8)
        for answer in [GM65.alive, GM65.written] {
            for place in 0...text.count {
                for size in [1, 3, 64] {
                    var session = SerialScannerSession(Self.settings(Self.gm65))
                    let bytes = [text[..<place], answer[...], text[place...]].flatMap(\.self)
                    var outputs: [ScannerOutput] = []
                    for start in stride(from: 0, to: bytes.count, by: size) {
                        outputs += session.receive(
                            Array(bytes[start..<min(start + size, bytes.count)]), at: at(1))
                    }
                    outputs += session.timer(at: at(60))
                    #expect(codes(outputs) == [Self.wallet])
                }
            }
        }
    }

    @Test func `half an answer spoils the code around it and not the next one`() {
        var session = SerialScannerSession(Self.settings(Self.gm65))
        _ = session.receive(Array(Self.wallet.utf8) + GM65.alive.prefix(3), at: at(0))
        _ = session.receive([0x39], at: at(1))
        #expect(codes(session.timer(at: at(60))) == [])
        _ = session.receive(Array(GM65.alive.prefix(4)), at: at(100))
        _ = session.timer(at: at(160))
        _ = session.receive(Array(Self.other.utf8), at: at(200))
        #expect(codes(session.timer(at: at(260))) == [Self.other])
    }

    @Test func `three heartbeats without an answer are a fault, one answer ends it`() {
        var session = SerialScannerSession(Self.settings(Self.gm65))
        #expect(session.connected(at: at(0)) == [.write(GM65.heartbeat)])
        #expect(session.receive(GM65.alive, at: at(20)) == [])
        var outputs: [ScannerOutput] = []
        for second in stride(from: Int64(10), through: 40, by: 10) {
            #expect(session.nextTimer == at(second * 1000))
            outputs += session.timer(at: at(second * 1000))
        }
        #expect(raised(outputs).map(\.code) == ["scanner_silent"])
        #expect(raised(outputs).map(\.severity) == [.warning])
        #expect(session.receive(GM65.alive, at: at(40_020)) == [.faultCleared(code: "scanner_silent")])
        #expect(outputs.filter { $0 == .write(GM65.heartbeat) }.count == 4)
    }

    @Test func `a plain scanner is asked nothing, and 0 asks no module`() {
        var plain = Self.session()
        #expect(plain.connected(at: at(0)) == [])
        #expect(plain.nextTimer == nil)
        var quiet = SerialScannerSession(Self.settings(Self.gm65 + [("heartbeat_s", "0")]))
        #expect(quiet.connected(at: at(0)) == [])
        #expect(quiet.nextTimer == nil)
    }

    // MARK: The model

    @Test(arguments: CodeScannerModel.Style.allCases)
    func `the simulated scanner speaks what the driver reads`(_ style: CodeScannerModel.Style) {
        var model = CodeScannerModel(style)
        var session = SerialScannerSession(Self.settings(style == .gm65 ? Self.gm65 : []))
        for output in session.connected(at: at(0)) {
            if case .write(let bytes) = output { model.receive(bytes) }
        }
        model.hold(Self.wallet, at: at(100))
        var seen: [String] = []
        for tick in stride(from: Int64(0), to: 5000, by: 10) {
            seen += codes(session.receive(model.bytes(until: at(tick)), at: at(tick)))
            for output in session.timer(at: at(tick)) {
                if case .write(let bytes) = output { model.receive(bytes) }
                seen += codes([output])
            }
        }
        #expect(seen == [Self.wallet])
    }

    @Test func `no bytes are a trap, and no more than 64 of them a code`() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let alphabet: [UInt8] = [0x02, 0x03, 0x00, 0x01, 0x33, 0x31, 0x0D, 0x09, 0x5D, 0x51, 0xFF]
        for family in ["plain", "gm65"] {
            for suffix in ["line", "tab", "none"] {
                var session = Self.session(("family", family), ("suffix", suffix), ("identifier", "aim"))
                var now: Int64 = 0
                for _ in 0..<2000 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    now += Int64(state >> 60) * 9
                    let byte = alphabet[Int(state >> 33) % alphabet.count]
                    let outputs = session.receive([byte], at: at(now)) + session.timer(at: at(now))
                    for code in codes(outputs) { #expect(code.utf8.count <= 64) }
                }
            }
        }
    }
}
