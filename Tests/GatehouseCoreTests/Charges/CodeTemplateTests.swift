// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct CodeTemplateTests {
    private func mistake(_ text: String) -> CodeTemplate.Mistake? {
        do {
            _ = try CodeTemplate(text)
            return nil
        } catch { return error }
    }

    @Test func `places are filled and everything else stays`() throws {
        let template = try CodeTemplate(
            "https://pay.example/{site}/{lane}?q={quote}&s={stay}&fen={due}&x=%7B")
        let filled = template.filled { place in
            switch place {
            case .quote: "41"
            case .stay: "7"
            case .due: "800"
            case .site: "home"
            case .lane: "south"
            }
        }
        #expect(filled == "https://pay.example/home/south?q=41&s=7&fen=800&x=%7B")
        // What is filled in is not looked at again.
        #expect(try CodeTemplate("{quote}{stay}").filled { $0 == .quote ? "{due}" : "1" } == "{due}1")
    }

    @Test func `what would never lead anybody anywhere is refused`() {
        #expect(mistake("https://pay.example/{plate}?{quote}") == .unknownPlace("plate"))
        #expect(mistake("https://pay.example/{}?{quote}") == .unknownPlace(""))
        #expect(mistake("https://pay.example/{Quote}") == .unknownPlace("Quote"))
        #expect(mistake("https://pay.example/{quote") == .brace)
        #expect(mistake("https://pay.example/quote}") == .brace)
        #expect(mistake("https://pay.example/{{quote}}") == .brace)
        #expect(mistake("https://pay.example/{due}") == .nobodys)
        #expect(mistake("https://pay.example/l/south") == .nobodys)
        #expect(mistake("https://pay.example/{quote} x") == .unprintable)
        #expect(mistake("https://pay.example/支付?{quote}") == .unprintable)
        #expect(mistake("") == .unprintable)
        #expect(mistake("{quote}" + String(repeating: "x", count: 248)) == nil)
        #expect(mistake("{quote}" + String(repeating: "x", count: 249)) == .tooLong(256))
    }

    @Test func `a code that grows too long is none`() throws {
        let template = try CodeTemplate("{quote}" + String(repeating: "x", count: 248))
        #expect(template.filled { _ in "1234567" }?.utf8.count == 255)
        #expect(template.filled { _ in "12345678" } == nil)
    }
}
