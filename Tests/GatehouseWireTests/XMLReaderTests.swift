// SPDX-License-Identifier: Apache-2.0

import GatehouseWire
import Testing

@Suite struct XMLReaderTests {
    private func parse(_ text: String) throws(WireError) -> XMLElement {
        try XMLReader.document(Array(text.utf8))
    }

    @Test func `elements are named without prefix and text is trimmed`() throws {
        let root = try parse(
            "\u{FEFF}<?xml version='1.0'?>\n<!-- x --><n:a xmlns:n=\"u\" k='v>'>\r\n <b> 沪A </b><n:c/></n:a>\n\0"
        )
        #expect(root.name == "a")
        #expect(root.text(of: "b") == "沪A")
        #expect(root.child("c") == XMLElement(name: "c"))
        #expect(root.text(of: "c") == nil)
    }

    @Test func `the five entities, numbers and character data are text`() throws {
        let root = try parse("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x6CAA;<![CDATA[<&]]></a>")
        #expect(root.text == "<&>\"'A沪<&")
    }

    @Test(arguments: [
        "", "<", "<a", "<a>", "<a></b>", "<a>&b;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#;</a>",
        "<a>&#99999999999;</a>", "<!DOCTYPE a><a/>", "<a/><b/>", "<a b></a>", "<a b=c></a>", "<a b='c</a>",
        "<a><![CDATA[x</a>", "<a><!-- </a>", "text", "<a>x</a>y", "</a>", "<a / >",
    ])
    func `what is not well-formed or not allowed is refused`(text: String) {
        #expect(throws: WireError.self) { try parse(text) }
    }

    @Test func `depth, number and size have limits`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try parse(nested(32))
        #expect(throws: WireError.self) { try parse(nested(33)) }
        #expect(throws: WireError.self) { try parse(nested(100_000)) }
        #expect(throws: WireError.self) { try parse("<a>" + String(repeating: "<b/>", count: 4096) + "</a>") }
        #expect(throws: WireError.self) {
            try parse("<a>" + String(repeating: " ", count: XMLReader.sizeLimit) + "</a>")
        }
    }

    @Test func `every prefix and every changed byte is answered without a trap`() {
        let bytes = Array("<?xml v='1'?><a x='y'><b>&amp;&#65;</b><![CDATA[z]]><!--c--></a>".utf8)
        for length in bytes.indices {
            #expect(throws: WireError.self) { try XMLReader.document(Array(bytes[..<length])) }
        }
        for index in bytes.indices {
            for value in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = value
                _ = try? XMLReader.document(changed)
            }
        }
    }
}
