// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct PlateMatchTests {
    private func match(_ read: String, _ known: [String], color: PlateColor = .unknown) throws -> PlateMatch {
        PlateMatch(
            read: try #require(Plate(read, allowingWildcards: true)), color: color,
            known: known.compactMap { Plate($0) })
    }

    @Test func `the plate itself beats every look-alike`() throws {
        let match = try match("京A12045", ["京A12D45", "京A12045", "冀A12045"])
        #expect(match.outcome == .exact(try #require(Plate("京A12045"))))
    }

    @Test func `H-36 of two within the margin none is chosen`() throws {
        #expect(try match("京A1204S", ["京A12045", "京A12D45"]).outcome == .single(#require(Plate("京A12045"))))
        #expect(try match("京A12045", ["京A12D45", "京A12Q45"]).outcome == .several)
        // 4 against 3 + 4: exactly the margin.
        #expect(try match("京A12045", ["京A12D45", "冀A12D45"]).outcome == .single(#require(Plate("京A12D45"))))
        // 5 against 3 + 4 is within it.
        #expect(try match("桂A12045", ["苏A12045", "陕A12D45"]).outcome == .several)
    }

    @Test func `one plate known several times is one candidate`() throws {
        let match = try match("京A12Q45", ["京A12045", "京A12045"])
        #expect(match.ranked.count == 1)
        #expect(match.outcome == .single(try #require(Plate("京A12045"))))
    }

    @Test func `candidates are ranked by distance, then by plate, whatever their order`() throws {
        let known = ["京A12345", "冀A12345", "京A12346", "京AI2345", "桂A12345"]
        let first = try match("京A1234S", known)
        let second = try match("京A1234S", known.reversed())
        #expect(first == second)
        #expect(first.ranked.map(\.distance) == first.ranked.map(\.distance).sorted())
        #expect(first.ranked.first?.plate.text == "京A12345")
    }

    @Test func `the skeleton finds every known plate within reach`() throws {
        // Each known plate under one key must be found from any read within one free edit of it.
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        let known = try #require(Plate("京A1B34S"))
        let skeleton = PlateSkeleton(of: known)
        let text = Array(known.text)
        for place in text.indices {
            for character in alphabet {
                var other = text
                other[place] = character
                let substituted = try #require(Plate(String(other)))
                #expect(PlateSkeleton.around(substituted, reach: .oneFreeEdit).contains(skeleton))
                if PlateLookAlike.distance(substituted, known) <= 7 {
                    #expect(PlateSkeleton.around(substituted, reach: .similar).contains(skeleton))
                }
                other = text
                other.insert(character, at: place)
                let longer = try #require(Plate(String(other)))
                #expect(PlateSkeleton.around(longer, reach: .oneFreeEdit).contains(skeleton))
            }
            var shorter = text
            shorter.remove(at: place)
            let lost = try #require(Plate(String(shorter)))
            #expect(PlateSkeleton.around(lost, reach: .oneFreeEdit).contains(skeleton))
            var unread = text
            unread[place] = "?"
            let gap = try #require(Plate(String(unread), allowingWildcards: true))
            #expect(PlateSkeleton.around(gap, reach: .similar).contains(skeleton))
            #expect(PlateSkeleton.all(of: gap).contains(skeleton))
        }
    }
}
