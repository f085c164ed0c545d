// SPDX-License-Identifier: Apache-2.0

/// A number plate in canonical form, packed into 64 bits: what permits, lists and stays are keyed by.
/// Text exists only at the edges. Nine symbols of seven bits, the first one highest, so that the order of
/// keys is the order of texts by symbol.
package struct Plate: Hashable, Comparable, Sendable {
    package let packed: UInt64

    package static let capacity = 9

    package init(packed: UInt64) { self.packed = packed }

    package static func < (a: Plate, b: Plate) -> Bool { a.packed < b.packed }

    /// nil for no symbol, more than nine, or one after the end.
    package init?(symbols: [PlateSymbol]) {
        guard !symbols.isEmpty, symbols.count <= Self.capacity, !symbols.contains(.end) else { return nil }
        var packed: UInt64 = 0
        for (index, symbol) in symbols.enumerated() {
            packed |= UInt64(symbol.code) << Self.shift(index)
        }
        self.packed = packed
        if isTemporaryCode, count != 7 || !symbols.dropFirst().allSatisfy(\.isDigit) { return nil }
        if !isTemporaryCode, symbols.contains(.temporaryPrefix) { return nil }
    }

    /// From canonical text, as `text` writes it. Wildcards stand only in what a camera read, never in
    /// permits and lists.
    package init?(_ text: String, allowingWildcards: Bool = false) {
        guard let symbols = PlateSymbol.symbols(of: Array(text.unicodeScalars)) else { return nil }
        guard allowingWildcards || !symbols.contains(.wildcard) else { return nil }
        self.init(symbols: symbols)
    }

    /// A code for a car without a plate: `TMP-123456`. No camera text can become one, because the grammar
    /// strips the hyphen first.
    package static func temporaryCode(_ digits: Int) -> Plate? {
        guard (0...999_999).contains(digits) else { return nil }
        return Plate("TMP-" + padded(digits, 6))
    }

    package var isTemporaryCode: Bool { symbol(0) == .temporaryPrefix }

    /// Symbol at an index, `.end` after the last.
    package func symbol(_ index: Int) -> PlateSymbol {
        PlateSymbol(code: UInt8(truncatingIfNeeded: packed >> Self.shift(index)))
    }

    /// Symbols up to the end.
    package var count: Int {
        var count = 0
        while count < Self.capacity, symbol(count) != .end { count += 1 }
        return count
    }

    package var symbols: [PlateSymbol] { (0..<count).map { symbol($0) } }

    package var text: String { symbols.map(\.text).joined() }

    /// Characters that people count: joined symbols count as what they show.
    package var length: Int { symbols.reduce(0) { $0 + $1.text.unicodeScalars.count } }

    package var hasWildcard: Bool { symbols.contains(.wildcard) }

    private static func shift(_ index: Int) -> UInt64 { UInt64(7 * (capacity - 1 - index)) }
}

/// Background of the plate; decides between kinds that share a pattern (`plates.md` §4).
package enum PlateColor: String, Hashable, Sendable, CaseIterable {
    case blue, yellow, white, black, green, yellowGreen, other, unknown
}

/// Canonical kinds of `plates.md` §2.
package enum PlateKind: String, Hashable, Sendable, CaseIterable {
    case smallCivil, largeCivil, nevSmall, nevLarge, trailer, learner, police, hkMacau, embassy, consulate
    case foreignBlack, armedPolice, military, emergency, civilAviation, agricultural, temporary
    case motorcycle, personalised, other, unknown
}

/// What the grammar made of a camera's text.
package struct PlateReading: Hashable, Sendable {
    /// Canonical; nil when there was no plate or the text fits no packed form.
    package var plate: Plate?
    /// As the device sent it.
    package var raw: String
    package var color: PlateColor
    package var kind: PlateKind
    /// Whether the text fits a pattern of the grammar; a plate that fails all is still an event.
    package var isRegular: Bool
    /// The camera said that the vehicle carries no plate, which is not the same as an unreadable one.
    package var isNoPlate: Bool

    package init(
        plate: Plate?, raw: String, color: PlateColor = .unknown, kind: PlateKind = .unknown,
        isRegular: Bool = false, isNoPlate: Bool = false
    ) {
        self.plate = plate
        self.raw = raw
        self.color = color
        self.kind = kind
        self.isRegular = isRegular
        self.isNoPlate = isNoPlate
    }
}

extension PlateReading: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("plate", ifPresent: plate?.text)
        fields.put("raw", raw)
        fields.put("color", color.rawValue)
        fields.put("kind", kind.rawValue)
        fields.put("regular", ifTrue: isRegular)
        fields.put("no_plate", ifTrue: isNoPlate)
    }

    package init(from fields: Fields) throws(FieldError) {
        plate = try fields.plateIfPresent("plate", allowingWildcards: true)
        raw = try fields.string("raw")
        color = try fields.word("color", as: PlateColor.self)
        kind = try fields.word("kind", as: PlateKind.self)
        isRegular = try fields.bool("regular")
        isNoPlate = try fields.bool("no_plate")
    }
}

extension Fields {
    package func plateIfPresent(
        _ key: String, allowingWildcards: Bool = false
    ) throws(FieldError) -> Plate? {
        guard let text = try stringIfPresent(key) else { return nil }
        guard let plate = Plate(text, allowingWildcards: allowingWildcards) else {
            throw .unknownValue(key: key, value: text)
        }
        return plate
    }

    package func plate(_ key: String) throws(FieldError) -> Plate {
        guard let plate = try plateIfPresent(key) else { throw .missing(key: key) }
        return plate
    }
}
