// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct PlateLookAlikeTests {
    struct Confusion: Sendable, CustomTestStringConvertible {
        var read: String
        var known: String
        var color: PlateColor = .unknown
        /// Tenths, worked out by hand from plates.md §6.1.
        var distance: Int
        /// Taken without a person when nothing else is near.
        var isTaken: Bool
        var testDescription: String { "\(read) for \(known)" }
    }

    static let confusions: [Confusion] = [
        // One similar pair.
        Confusion(read: "京A12Q45", known: "京A12045", distance: 4, isTaken: true),
        Confusion(read: "京AD2345", known: "京A02345", distance: 4, isTaken: true),
        Confusion(read: "京AQ2345", known: "京AD2345", distance: 4, isTaken: true),
        Confusion(read: "京A12345", known: "京AB2345", distance: 10, isTaken: false),
        Confusion(read: "京A82345", known: "京AB2345", distance: 4, isTaken: true),
        Confusion(read: "京A1Z345", known: "京A12345", distance: 4, isTaken: true),
        Confusion(read: "京AS2345", known: "京A52345", distance: 4, isTaken: true),
        Confusion(read: "京A72345", known: "京A12345", distance: 4, isTaken: true),
        Confusion(read: "京AT2345", known: "京A72345", distance: 4, isTaken: true),
        Confusion(read: "京AL2345", known: "京A12345", distance: 4, isTaken: true),
        Confusion(read: "京AG2345", known: "京A62345", distance: 4, isTaken: true),
        Confusion(read: "京AC2345", known: "京AG2345", distance: 4, isTaken: true),
        Confusion(read: "京AA2345", known: "京A42345", distance: 4, isTaken: true),
        Confusion(read: "京AU2345", known: "京AV2345", distance: 4, isTaken: true),
        Confusion(read: "京AM2345", known: "京AN2345", distance: 4, isTaken: true),
        Confusion(read: "京AW2345", known: "京AH2345", distance: 4, isTaken: true),
        Confusion(read: "京AE2345", known: "京AF2345", distance: 4, isTaken: true),
        Confusion(read: "京AP2345", known: "京AR2345", distance: 4, isTaken: true),
        Confusion(read: "京AK2345", known: "京AX2345", distance: 4, isTaken: true),
        Confusion(read: "京A02345", known: "京A82345", distance: 4, isTaken: true),
        Confusion(read: "京A62345", known: "京AB2345", distance: 4, isTaken: true),
        Confusion(read: "京B12345", known: "京812345", distance: 4, isTaken: false),
        // The province.
        Confusion(read: "冀A12345", known: "京A12345", distance: 3, isTaken: true),
        Confusion(read: "京A12345", known: "琼A12345", distance: 3, isTaken: true),
        Confusion(read: "粤A12345", known: "鄂A12345", distance: 3, isTaken: true),
        Confusion(read: "宁A12345", known: "辽A12345", distance: 3, isTaken: true),
        Confusion(read: "桂A12345", known: "苏A12345", distance: 5, isTaken: true),
        Confusion(read: "渝A12345", known: "苏A12345", distance: 5, isTaken: true),
        Confusion(read: "甘A12345", known: "苏A12345", distance: 5, isTaken: true),
        Confusion(read: "A12345", known: "京A12345", distance: 5, isTaken: true),
        Confusion(read: "?A12345", known: "京A12345", distance: 3, isTaken: true),
        Confusion(read: "京A12?45", known: "京A12345", distance: 3, isTaken: true),
        Confusion(read: "粤BDI2345", known: "粤BD12345", distance: 4, isTaken: false),
        Confusion(read: "AD12345", known: "粤AD12345", color: .green, distance: 5, isTaken: true),
        // Wanted non-matches.
        Confusion(read: "京A12346", known: "京A12345", distance: 10, isTaken: false),
        Confusion(read: "京A12348", known: "京A12345", distance: 10, isTaken: false),
        Confusion(read: "京A1234", known: "京A12345", distance: 5, isTaken: false),
        Confusion(read: "冀AD2345", known: "京A02345", distance: 7, isTaken: false),
        Confusion(read: "京AD234S", known: "京A02345", distance: 8, isTaken: false),
        Confusion(read: "京A12??5", known: "京A12345", distance: 6, isTaken: false),
        Confusion(read: "粤Z1234港", known: "粤Z1234澳", distance: 99, isTaken: false),
        Confusion(read: "京A1234挂", known: "京A1234警", distance: 4, isTaken: false),
        Confusion(read: "京A1234挂", known: "京A1234学", distance: 4, isTaken: false),
        Confusion(read: "闽O12345", known: "闽D12345", distance: 4, isTaken: false),
        Confusion(read: "闽新12345", known: "闽O12345", distance: 10, isTaken: false),
        Confusion(read: "鄂ED1234", known: "苏ED12345", color: .blue, distance: 99, isTaken: false),
        Confusion(read: "京A12345", known: "京AD12345", color: .blue, distance: 99, isTaken: false),
        Confusion(read: "京AD1234", known: "京AD12345", color: .blue, distance: 5, isTaken: false),
        Confusion(read: "TMP-123456", known: "TMP-123457", distance: 99, isTaken: false),
        Confusion(read: "京A21345", known: "京A12345", distance: 20, isTaken: false),
        Confusion(read: "W京12345", known: "WJ京12345", distance: 5, isTaken: false),
    ]

    @Test func `the table is long enough to mean something`() {
        #expect(Self.confusions.count >= 40)
        #expect(Self.confusions.filter { !$0.isTaken }.count >= 15)
    }

    @Test(arguments: confusions)
    func `H-36 a misread is taken for what it looks like, and only then`(confusion: Confusion) throws {
        let read = try #require(Plate(confusion.read, allowingWildcards: true))
        let known = try #require(Plate(confusion.known))
        #expect(PlateLookAlike.distance(read: read, color: confusion.color, to: known) == confusion.distance)
        let match = PlateMatch(read: read, color: confusion.color, known: [known])
        #expect(match.outcome == (confusion.isTaken ? .single(known) : match.outcome))
        if !confusion.isTaken { #expect(match.outcome == .none || match.outcome == .several) }
    }

    @Test func `distance is a symmetric measure that is zero for equals only`() {
        let texts = Self.confusions.flatMap { [$0.read, $0.known] }
        let plates = texts.compactMap { Plate($0, allowingWildcards: true) }
        #expect(plates.count == texts.count)
        for (index, a) in plates.enumerated() {
            for b in plates[index...].prefix(20) {
                let distance = PlateLookAlike.distance(a, b)
                #expect(distance == PlateLookAlike.distance(b, a))
                #expect((distance == 0) == (a == b))
            }
        }
    }

    @Test func `the edit distance equals a slow recursive one`() {
        let plates = [
            "京A12345", "A12345", "京A1234", "京A1345", "津A02345", "京AD12345", "鲁B88888", "WJ京12345", "W京12345",
        ]
        .compactMap { Plate($0) }
        for a in plates {
            for b in plates {
                #expect(PlateLookAlike.distance(a, b) == Self.slow(a.symbols, b.symbols, 0, 0))
            }
        }
    }

    private static func slow(_ a: [PlateSymbol], _ b: [PlateSymbol], _ i: Int, _ j: Int) -> Int {
        if i == a.count, j == b.count { return 0 }
        func gap(_ k: Int, _ n: Int) -> Int { k == 0 || k == n - 1 ? 5 : 10 }
        var best = Int.max
        if i < a.count, j < b.count {
            best = min(best, PlateLookAlike.cost(a[i], b[j]) + slow(a, b, i + 1, j + 1))
        }
        if i < a.count { best = min(best, gap(i, a.count) + slow(a, b, i + 1, j)) }
        if j < b.count { best = min(best, gap(j, b.count) + slow(a, b, i, j + 1)) }
        return best
    }

    @Test func `two reads of one presence are look-alikes below one free substitution`() throws {
        func alike(_ a: String, _ b: String) throws -> Bool {
            PlateLookAlike.areLookAlikes(
                try #require(Plate(a, allowingWildcards: true)),
                try #require(Plate(b, allowingWildcards: true)))
        }
        #expect(try alike("京A12345", "京A12345"))
        #expect(try alike("京A0234S", "京AD2345"))
        #expect(try alike("A12345", "京A12345"))
        #expect(try !alike("京A12346", "京A12345"))
        #expect(try !alike("京A12345", "京B54321"))
        #expect(try !alike("粤Z1234港", "粤Z1234澳"))
    }
}
