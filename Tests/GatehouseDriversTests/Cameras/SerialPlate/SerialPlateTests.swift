// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// Bytes beside this file; where they come from stands in the `.origin.yaml`.
enum SerialCapture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Captures")
    static let names = ["fields", "line", "stx-etx", "stx-etx-bcc", "utf8-line"]

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: "\(name).bin")))
    }
}

@Suite struct SerialPlateTests {
    private static func settings(
        _ framing: SerialPlateSettings.Framing, hasFields: Bool = false
    ) -> SerialPlateSettings {
        var settings = SerialPlateSettings()
        settings.framing = framing
        if hasFields { (settings.colorField, settings.confidenceField) = (2, 3) }
        return settings
    }

    private struct Bench {
        var session: SerialPlateSession
        var now = Moment(uptime: .zero + .seconds(10), wall: WallTime(milliseconds: 0))

        init(_ settings: SerialPlateSettings = SerialPlateSettings()) {
            session = SerialPlateSession(settings, at: .zero)
        }

        mutating func say(_ bytes: [UInt8], after span: Duration = .seconds(5)) -> [CameraOutput] {
            now.uptime = now.uptime + span
            return session.receive(bytes, at: now)
        }

        mutating func plates(_ bytes: [UInt8], after span: Duration = .seconds(5)) -> [String] {
            say(bytes, after: span).compactMap {
                if case .observed(_, let plate) = $0 { plate.observation.raw } else { nil }
            }
        }
    }

    @Test(arguments: [
        ("line", SerialPlateSettings.Framing.line), ("stx-etx", .stxETX), ("stx-etx-bcc", .stxETXCheck),
        ("fields", .line),
    ])
    func `the document's bytes are its plate, whole or byte by byte`(
        name: String, framing: SerialPlateSettings.Framing
    ) throws {
        let bytes = try SerialCapture.bytes(name)
        var whole = Bench(Self.settings(framing))
        #expect(whole.plates(bytes) == ["沪A2K605"])
        var single = Bench(Self.settings(framing))
        #expect(bytes.flatMap { single.plates([$0], after: .milliseconds(1)) } == ["沪A2K605"])
    }

    @Test func `fields stand where the settings say`() throws {
        let frame = Array(try SerialCapture.bytes("fields").dropLast(2))
        let plate = try SerialPlateWire.decode(frame, Self.settings(.line, hasFields: true))
        #expect(plate == PlateObservation(raw: "沪A2K605", color: .blue, confidence: 98))
        var other = SerialPlateSettings()
        (other.separator, other.plateField, other.colorField) = (.bar, 3, 1)
        other.charset = .utf8
        let swapped = try SerialPlateWire.decode(Array("黄|7| 沪B1234挂".utf8), other)
        #expect(swapped == PlateObservation(raw: "沪B1234挂", color: .yellow))
        other.plateField = 4
        #expect(throws: (any Error).self) { try SerialPlateWire.decode(Array("黄|7|沪B1234挂".utf8), other) }
        #expect(throws: (any Error).self) {
            try SerialPlateWire.decode(Array("A,1,high".utf8), Self.settings(.line, hasFields: true))
        }
    }

    /// Each style in each charset, made by other code: `|` and letters are second bytes of characters in GBK.
    @Test(arguments: SerialPlateModel.Style.allCases, ["GBK", "UTF-8"])
    func `what a camera says in any style and charset is read`(
        style: SerialPlateModel.Style, charset: String
    ) {
        let framing: SerialPlateSettings.Framing =
            switch style {
            case .line, .fields: .line
            case .stxETX: .stxETX
            case .stxETXCheck: .stxETXCheck
            }
        let camera = SerialPlateModel(style, charset: charset)
        for choice in [SerialPlateSettings.Charset.auto, charset == "GBK" ? .gbk : .utf8] {
            var settings = Self.settings(framing)
            settings.charset = choice
            var bench = Bench(settings)
            for plate in ["沪A2K605", "京AD12345", "粤Z1234港", "使014578", "WJ沪1234X", "川镕123", "A12345"] {
                #expect(bench.plates(camera.bytes(of: plate)) == [plate])
            }
        }
    }

    @Test func `the same text at once is one picture, later it is another`() throws {
        let bytes = try SerialCapture.bytes("line")
        var bench = Bench()
        #expect(bench.plates(bytes + bytes).count == 1)
        #expect(bench.plates(bytes, after: .milliseconds(1_900)).isEmpty)
        #expect(bench.plates(bytes, after: .milliseconds(200)).count == 1)
        #expect(bench.plates(Array("A12345\r\n".utf8), after: .zero).count == 1)
    }

    @Test func `what stood in the line before a pause belongs to no plate`() throws {
        let bytes = try SerialCapture.bytes("line")
        var bench = Bench()
        #expect(bench.plates(Array("noise".utf8)).isEmpty)
        #expect(bench.plates(bytes) == ["沪A2K605"])
        var framed = Bench(Self.settings(.stxETX))
        let half = try SerialCapture.bytes("stx-etx").dropLast(4)
        #expect(
            framed.plates(Array(half) + (try SerialCapture.bytes("stx-etx")), after: .zero) == ["沪A2K605"])
    }

    @Test func `frames that cannot be read are a fault after three, and a good one ends it`() throws {
        var bytes = try SerialCapture.bytes("stx-etx-bcc")
        let good = bytes
        bytes[bytes.count - 1] ^= 1
        var bench = Bench(Self.settings(.stxETXCheck))
        #expect(bench.say(bytes) == [])
        #expect(bench.say(bytes) == [])
        let outputs = bench.say(bytes)
        guard case .faultRaised(let fault)? = outputs.first else {
            Issue.record("no fault in \(outputs)")
            return
        }
        #expect(fault.code == "camera_bad_data" && fault.detail.contains("the check byte 0x15"))
        #expect(bench.say(good).first == .faultCleared(code: "camera_bad_data"))
    }

    @Test func `a line in another framing is noticed too`() throws {
        let bytes = try SerialCapture.bytes("line")
        var bench = Bench(Self.settings(.stxETX))
        let outputs = (0..<20).flatMap { _ in bench.say(bytes) }
        #expect(outputs.count == 1)
        guard case .faultRaised(let fault)? = outputs.first else { return }
        #expect(fault.detail.contains("without a frame"))
        var endless = Bench()
        #expect(endless.plates(Array(repeating: 0x41, count: 1000) + [0x0A] + bytes) == ["沪A2K605"])
    }

    @Test func `a flood is dropped and said`() {
        var bench = Bench()
        var seen = 0
        var faults: [CameraOutput] = []
        for number in 0..<100 {
            for output in bench.say(Array("A\(10_000 + number)\n".utf8), after: .milliseconds(10)) {
                if case .observed = output { seen += 1 } else { faults.append(output) }
            }
        }
        #expect(seen <= 22 && seen >= 20)
        #expect(faults.count == 1)
        #expect(
            bench.say(Array("A99999\n".utf8), after: .seconds(60)).first
                == .faultCleared(code: "camera_flood"))
    }

    /// Total: any prefix and any changed byte is a plate or a mistake with a place.
    @Test(arguments: SerialCapture.names) func `no bytes trap`(name: String) throws {
        let bytes = try SerialCapture.bytes(name)
        for end in 0...bytes.count {
            _ = try? PlateDecoding.jsonLines(driver: "serial-plate", bytes: Array(bytes[..<end]))
        }
        for index in bytes.indices {
            for value in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = value
                _ = try? PlateDecoding.jsonLines(driver: "serial-plate", bytes: changed)
                for framing in SerialPlateSettings.Framing.allCases {
                    var bench = Bench(Self.settings(framing, hasFields: true))
                    _ = bench.say(changed)
                }
            }
        }
    }

    @Test func `captures are decoded without settings`() throws {
        func lines(_ name: String) throws -> [String] {
            try PlateDecoding.jsonLines(driver: "serial-plate", bytes: SerialCapture.bytes(name))
        }
        let expected = """
            {"kind":"plate","plate":"沪A2K605","raw":"沪A2K605","color":"blue","type":"smallCivil","confidence":98,\
            "direction":"unknown","captured_at":null,"live":true,"device":{},"images":[],"duplicate_key":null}
            """
        #expect(try lines("fields") == [expected])
        for name in ["line", "stx-etx", "stx-etx-bcc"] {
            #expect(try lines(name).map { $0.contains(#""plate":"沪A2K605""#) } == [true])
        }
        #expect(try lines("utf8-line").map { $0.contains(#""plate":"粤Z1234港""#) } == [false, true])
        #expect(throws: (any Error).self) {
            try PlateDecoding.jsonLines(driver: "serial-plate", bytes: [0x02, 0x41])
        }
        #expect(throws: (any Error).self) { try PlateDecoding.jsonLines(driver: "serial-plate", bytes: []) }
    }

    @Test func `settings of a plan reach the session`() {
        var values = Table<String, String>()
        values["framing"] = "stx_etx_bcc"
        values["charset"] = "gbk"
        values["separator"] = "bar"
        values["color_field"] = "2"
        values["repeat_ms"] = "0"
        let settings = SerialPlateSettings(
            DevicePlan(name: "c", profile: "p", driver: "serial-plate", address: "/dev/c", settings: values))
        var expected = SerialPlateSettings()
        (expected.framing, expected.charset, expected.separator) = (.stxETXCheck, .gbk, .bar)
        (expected.colorField, expected.repeatInterval) = (2, .zero)
        #expect(settings == expected)
    }
}
