// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
@testable import GatehouseStore
import Testing

@Suite struct PlatePseudonymTests {
    private let names = PlatePseudonyms(key: [UInt8](repeating: 3, count: 32))

    /// RFC 4231 §4.2 and §4.3.
    @Test func `the hash is HMAC`() {
        let first = PlatePseudonyms(key: [UInt8](repeating: 0x0B, count: 20)).code(Array("Hi There".utf8))
        #expect(first.hexadecimal == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = PlatePseudonyms(key: Array("Jefe".utf8)).code(Array("what do ya want for nothing?".utf8))
        #expect(second.hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `one car has one name in an export and another in the next`() {
        let name = names.name(of: "沪A2K605")
        #expect(name.count == 12)
        #expect(Hexadecimal.bytes(name) != nil)
        #expect(names.name(of: "沪A·2K605") == name)
        #expect(names.name(of: "沪A2K606") != name)
        #expect(PlatePseudonyms(key: [UInt8](repeating: 4, count: 32)).name(of: "沪A2K605") != name)
    }

    @Test(arguments: [
        #"{"plate":"沪A2K605","stay":7}"#,
        #"{"reading":{"plate":"沪A2K605","raw":"沪A2K605","color":"blue"},"candidates":[{"plate":"沪A2K605"}]}"#,
        #"{"reason":"OTHER: 放行沪A2K605,访客","note":"沪A·2K605 and 沪a2k605"}"#,
    ])
    func `no plate is left anywhere in a payload`(json: String) throws {
        let hidden = names.hiding(try Fields(Array(json.utf8)))
        let text = String(decoding: FieldWriter.json(.object(hidden.members)), as: UTF8.self)
        #expect(!text.lowercased().contains("2k605"))
        #expect(text.contains(names.name(of: "沪A2K605")))
    }

    @Test(arguments: [#"{"reason":"OTHER: 抬杆 north","tariff":"estate","text":"免费15分钟","flags":["A"],"n":-3}"#]
    )
    func `what is no plate stays what it is`(json: String) throws {
        let hidden = names.hiding(try Fields(Array(json.utf8)))
        #expect(String(decoding: FieldWriter.json(.object(hidden.members)), as: UTF8.self) == json)
    }
}
