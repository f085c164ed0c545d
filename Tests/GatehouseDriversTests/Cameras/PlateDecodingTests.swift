// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseDrivers
import GatehouseWire
import Testing

@Suite struct PlateDecodingTests {
    private func line(_ name: String, of family: Capture.Family = .hikvision) throws -> String {
        let lines = try PlateDecoding.jsonLines(
            driver: family.driver, bytes: Capture(name, of: family).bytes)
        #expect(lines.count == 1)
        return lines[0]
    }

    /// Of `FF D8 FF D9`.
    private static let fourBytes = "32461d5bd1773012acef0ba15636752949bd7c2ce50f9172159d9f56cf0dd9af"
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func `the complete example is one line with all keys in order`() throws {
        let start = """
            {"kind":"plate","plate":"沪A2K605","raw":"蓝沪A2K605","color":"blue","type":"smallCivil",\
            "confidence":97,"direction":"approach","captured_at":"2026-03-02T08:30:15.482+08:00","live":true,\
            "device":{"id":"a4:d5:c2:10:3e:7f","address":"192.168.10.64"},\
            "images":[{"role":"plate","bytes":0,"sha256":"\(Self.empty)"},{"role":"overview","bytes":4,"sha256":"
            """
        let line = try line("complete-example")
        #expect(line.hasPrefix(start))
        #expect(line.hasSuffix(#""}],"duplicate_key":"0b1f6c52-7e0a-4c8e-9d35-a4d5c2103e7f"}"#))
        #expect(!line.contains("\n"))
    }

    @Test func `what is missing is null and the keys stay`() throws {
        let line = try line("heartbeat")
        let expected = """
            {"kind":"heartbeat","plate":null,"raw":"","color":"unknown","type":"unknown","confidence":null,\
            "direction":"unknown","captured_at":"2026-03-02T08:30:20+08:00","live":true,\
            "device":{"id":"a4:d5:c2:10:3e:7f","address":"192.168.10.64"},"images":[],"duplicate_key":null}
            """
        #expect(line == expected)
        #expect(try self.line("no-plate").hasPrefix(#"{"kind":"plate","plate":null,"raw":"unknown","#))
        #expect(try self.line("resent").contains(#""live":false"#))
    }

    @Test func `a camera of the other family says the same keys in the same order`() throws {
        let picture = Self.fourBytes
        let expected = """
            {"kind":"plate","plate":"沪A2K605","raw":"沪A2K605","color":"blue","type":"smallCivil",\
            "confidence":98,"direction":"approach","captured_at":"2026-03-02T00:30:15.482Z","live":true,\
            "device":{"id":"8c1f20a4-5b07d3e9","address":"192.168.10.65"},\
            "images":[{"role":"overview","bytes":4,"sha256":"\(picture)"},{"role":"plate","bytes":4,\
            "sha256":"\(picture)"}],"duplicate_key":"8c1f20a4-5b07d3e9|412|1772411415"}
            """
        #expect(try line("complete-example", of: .vzenith) == expected)
        #expect(try line("offline-record", of: .vzenith).contains(#""live":false"#))
        #expect(try line("no-plate", of: .vzenith).hasPrefix(#"{"kind":"plate","plate":null,"raw":"_无_","#))
        for (name, kind) in [
            ("heartbeat", "heartbeat"), ("clone-heartbeat", "heartbeat"), ("turned-back", "other"),
            ("contact", "other"), ("serial-data", "other"), ("picture-taken", "other"),
        ] {
            #expect(try line(name, of: .vzenith).hasPrefix(#"{"kind":"\#(kind)","plate":null,"raw":"""#))
        }
        // The camera's password stands in its heartbeat.
        #expect(try !line("heartbeat", of: .vzenith).contains("admin"))
    }

    @Test func `a bare body and a bare document say the same as the request`() throws {
        let request = try HTTPRequest(Capture("complete-example").bytes)
        #expect(
            try PlateDecoding.jsonLines(driver: "hikvision-isapi", bytes: request.body)
                == [line("complete-example")])
        let plain = try HTTPRequest(Capture("plain-xml").bytes)
        #expect(
            try PlateDecoding.jsonLines(driver: "hikvision-isapi", bytes: plain.body) == [line("plain-xml")])
    }

    /// The wrong byte is looked for in the file that was given, not in a part of it.
    @Test func `the offset of a mistake counts from the start of what was given`() throws {
        let body = "<EventNotificationAlert><eventType></EventNotificationAlert>"
        let bare = #expect(throws: WireError.self) {
            try PlateDecoding.jsonLines(driver: "hikvision-isapi", bytes: Array(body.utf8))
        }
        let offset = try #require(bare?.offset)
        #expect(offset > 0)
        let head = "POST /a HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let whole = #expect(throws: WireError.self) {
            try PlateDecoding.jsonLines(driver: "hikvision-isapi", bytes: Array((head + body).utf8))
        }
        #expect(whole?.offset == head.utf8.count + offset)
        let (first, second) = (body.prefix(10), body.dropFirst(10))
        let chunkedHead = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\na\r\n"
        let between = "\r\n\(String(second.utf8.count, radix: 16))\r\n"
        let text = chunkedHead + first + between + second + "\r\n0\r\n\r\n"
        let chunked = #expect(throws: WireError.self) {
            try PlateDecoding.jsonLines(driver: "hikvision-isapi", bytes: Array(text.utf8))
        }
        #expect(chunked?.offset == chunkedHead.utf8.count + between.utf8.count + offset)
    }

    @Test func `an unknown driver is named with those that can be decoded`() throws {
        let error = #expect(throws: WireError.self) { try PlateDecoding.jsonLines(driver: "x", bytes: []) }
        #expect(error?.description.contains("hikvision-isapi") == true)
    }
}
