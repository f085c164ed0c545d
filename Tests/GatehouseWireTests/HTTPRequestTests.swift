// SPDX-License-Identifier: Apache-2.0

import GatehouseWire
import Testing

@Suite struct HTTPRequestTests {
    private func parse(_ text: String) throws(WireError) -> HTTPRequest {
        try HTTPRequest(Array(text.utf8))
    }

    @Test func `a request with a length gives its head and exactly that body`() throws {
        let request = try parse(
            "POST /a?b=c HTTP/1.1\r\nContent-TYPE: text/xml \r\nContent-Length: 3\r\n\r\nabcd")
        #expect(request.method == "POST")
        #expect(request.target == "/a?b=c")
        #expect(request.headers.first(named: "content-type") == "text/xml")
        #expect(request.body == Array("abc".utf8))
    }

    @Test func `chunks are joined`() throws {
        let request = try parse(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"
        )
        #expect(request.body == Array("abc0123456789".utf8))
    }

    @Test(arguments: [
        "", "POST", "POST / HTTP/2\r\n\r\n", "POST / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabc", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n",
    ])
    func `truncated and impossible requests are refused`(text: String) {
        #expect(throws: WireError.self) { try parse(text) }
    }

    @Test func `a request is told from a bare body by its first line`() {
        #expect(HTTPRequest.isRequest(Array("POST /a HTTP/1.1\r\n".utf8)))
        #expect(!HTTPRequest.isRequest(Array("--boundary\r\n".utf8)))
        #expect(!HTTPRequest.isRequest(Array("<?xml version=\"1.0\"?>\n".utf8)))
        #expect(!HTTPRequest.isRequest([]))
    }
}
