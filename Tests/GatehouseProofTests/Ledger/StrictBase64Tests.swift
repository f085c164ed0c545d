// SPDX-License-Identifier: Apache-2.0

@testable import GatehouseProof
import Testing

@Suite struct StrictBase64Tests {
    /// RFC 4648 §10.
    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] as [(String, String)])
    func `the test vectors of the RFC hold both ways`(_ plain: String, _ encoded: String) {
        #expect(StrictBase64.text(bytes(plain)) == encoded)
        #expect(StrictBase64.bytes(encoded.utf8) == bytes(plain))
    }

    @Test func `all bytes come back`() {
        let all = Array(UInt8.min...UInt8.max)
        for count in 0...all.count {
            let part = Array(all.suffix(count))
            #expect(StrictBase64.bytes(StrictBase64.text(part).utf8) == part)
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm9v=", "=", "==", "====", "=Zg=", "Z===", "Zg==Zg==", "Zm9vZg=A",
        "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm9v====", "Zm-_", "Zm9%", "Zm\u{E9}v",
    ])
    func `nothing but the one text of the bytes is read`(_ text: String) {
        #expect(StrictBase64.bytes(text.utf8) == nil)
    }
}
