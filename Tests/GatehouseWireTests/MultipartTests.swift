// SPDX-License-Identifier: Apache-2.0

import GatehouseWire
import Testing

@Suite struct MultipartTests {
    private func body(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `the boundary is found quoted, unquoted and among other parameters`() {
        #expect(Multipart.boundary(ofContentType: "multipart/form-data; boundary=abc") == "abc")
        #expect(
            Multipart.boundary(ofContentType: #"Multipart/Mixed; charset=x; Boundary="a b;c""#) == "a b;c")
        #expect(Multipart.boundary(ofContentType: "application/xml; boundary=abc") == nil)
        #expect(Multipart.boundary(ofContentType: "multipart/form-data") == nil)
        #expect(Multipart.boundary(ofBody: body("\r\n--xyz\r\nA: b\r\n\r\n")) == "xyz")
        #expect(Multipart.boundary(ofBody: body("<a/>")) == nil)
    }

    @Test func `parts with tight headers, no body and a wrong length are split at the delimiter`() throws {
        let bytes = body(
            "--b\r\nContent-Disposition: form-data;name=\"x\";filename=\"y.jpg\"\r\nContent-Length: 0\r\n\r\n\r\n"
                + "--b\r\nContent-Type: text/xml; charset=\"UTF-8\"\r\nContent-Length: 99\r\n\r\n<a/>\r\n--b--\r\n"
        )
        let parts = try Multipart.parts(of: bytes, boundary: "b")
        #expect(parts.count == 2)
        #expect(parts[0].name == "x")
        #expect(parts[0].fileName == "y.jpg")
        #expect(parts[0].body.isEmpty)
        #expect(parts[1].contentType == "text/xml")
        #expect(String(decoding: bytes[parts[1].body], as: UTF8.self) == "<a/>")
    }

    @Test func `a delimiter inside a picture counts only at the start of a line`() throws {
        let bytes = body("--b\r\n\r\nxx--b\r\nyy\r\n--b--")
        let parts = try Multipart.parts(of: bytes, boundary: "b")
        #expect(parts.map { String(decoding: bytes[$0.body], as: UTF8.self) } == ["xx--b\r\nyy"])
    }

    @Test func `lines that end with LF alone are accepted`() throws {
        let bytes = body("--b\nA: 1\n\none\n--b\n\ntwo\n--b--\n")
        let parts = try Multipart.parts(of: bytes, boundary: "b")
        #expect(parts.map { String(decoding: bytes[$0.body], as: UTF8.self) } == ["one", "two"])
    }

    @Test func `more than sixteen parts, long headers and a missing end are refused`() {
        let part = "--b\r\n\r\nx\r\n"
        let sixteen = String(repeating: part, count: 16) + "--b--"
        let seventeen = String(repeating: part, count: 17) + "--b--"
        #expect((try? Multipart.parts(of: body(sixteen), boundary: "b"))?.count == 16)
        #expect(throws: WireError.self) { try Multipart.parts(of: body(seventeen), boundary: "b") }
        #expect(throws: WireError.self) { try Multipart.parts(of: body(part), boundary: "b") }
        let long = "--b\r\nA: " + String(repeating: "x", count: 5000) + "\r\n\r\n--b--"
        #expect(throws: WireError.self) { try Multipart.parts(of: body(long), boundary: "b") }
        var limits = Multipart.Limits()
        limits.body = 10
        #expect(throws: WireError.self) {
            try Multipart.parts(of: body(sixteen), boundary: "b", limits: limits)
        }
    }

    @Test func `the search finds every place that a plain search finds`() {
        let haystack = body("abababcabababdabab")
        for needle in ["abab", "ab", "a", "d", "abd", "dabab", "babc"] {
            let bytes = body(needle)
            var found: [Int] = []
            var start = 0
            while let range = firstRange(of: bytes, in: haystack, from: start) {
                found.append(range.lowerBound)
                start = range.lowerBound + 1
            }
            let plain = (0...(haystack.count - bytes.count)).filter {
                Array(haystack[$0..<$0 + bytes.count]) == bytes
            }
            #expect(found == plain, "\(needle)")
        }
    }
}
