// SPDX-License-Identifier: Apache-2.0

/// One row of the grammar (`plates.md` §2): a shape, the kind that wears it, and its background colours.
package struct PlatePattern: Sendable {
    package enum Element: Hashable, Sendable {
        case province
        /// Without I and O.
        case letter
        /// The agency letter may be O on old official plates.
        case agency
        case digit
        /// Digit, or letter without I and O.
        case serial
        /// First or last serial letter of new-energy plates.
        case energy
        case literal(PlateSymbol)
    }

    package var kind: PlateKind
    package var elements: [Element]
    /// Empty: any.
    package var colors: [PlateColor]
    /// The shape alone proves nothing: colour, or without one the maker's kind, must agree. Two letters and
    /// five digits are a military plate, or a civil one whose Chinese character was lost.
    package var needsProof = false

    /// Shapes in the letters of `plates.md` §2: P province, L letter, A agency letter, D digit, S serial,
    /// N new-energy letter; w WJ, v 民航, e 应急, t 临时入境, o and z those letters; all else itself.
    init(_ kind: PlateKind, _ shape: String, _ colors: [PlateColor], needsProof: Bool = false) {
        self.kind = kind
        self.colors = colors
        self.needsProof = needsProof
        elements = shape.unicodeScalars.compactMap { scalar in
            switch scalar {
            case "P": .province
            case "L": .letter
            case "A": .agency
            case "D": .digit
            case "S": .serial
            case "N": .energy
            case "w": .literal(.armedPolicePrefix)
            case "e": .literal(PlateSymbol(code: 93))
            case "v": .literal(PlateSymbol(code: 94))
            case "t": .literal(PlateSymbol(code: 95))
            case "o": .literal(PlateSymbol(code: 25))
            case "z": .literal(PlateSymbol(code: 36))
            default: PlateSymbol(scalar).map { .literal($0) }
            }
        }
    }

    /// Wildcards fit everywhere.
    package func fits(_ symbols: [PlateSymbol]) -> Bool {
        symbols.count == elements.count
            && zip(symbols, elements).allSatisfy { Self.fits($0, $1) }
    }

    private static func fits(_ symbol: PlateSymbol, _ element: Element) -> Bool {
        if symbol == .wildcard { return true }
        let isConfusing = symbol.code == 19 || symbol.code == 25  // I, O
        switch element {
        case .province: return symbol.isProvince
        case .letter: return symbol.isLetter && !isConfusing
        case .agency: return symbol.isLetter && symbol.code != 19
        case .digit: return symbol.isDigit
        case .serial: return symbol.isDigit || symbol.isLetter && !isConfusing
        case .energy: return (11...21).contains(symbol.code) && symbol.code != 19
        case .literal(let literal): return symbol == literal
        }
    }

    package static let all: [PlatePattern] = [
        PlatePattern(.smallCivil, "PASSSSS", [.blue]),
        PlatePattern(.largeCivil, "PASSSSS", [.yellow]),
        PlatePattern(.foreignBlack, "PASSSSS", [.black]),
        PlatePattern(.motorcycle, "PASSSSS", [.blue, .yellow]),
        PlatePattern(.other, "PoSSSSS", [.white]),
        PlatePattern(.nevSmall, "PLNSDDDD", [.green, .yellowGreen]),
        PlatePattern(.nevLarge, "PLDDDDDN", [.yellowGreen, .green, .yellow]),
        PlatePattern(.trailer, "PASSSS挂", [.yellow]),
        PlatePattern(.learner, "PASSSS学", [.yellow]),
        PlatePattern(.police, "PASSSS警", [.white]),
        PlatePattern(.hkMacau, "粤zSSSS港", [.black]),
        PlatePattern(.hkMacau, "粤zSSSS澳", [.black]),
        PlatePattern(.embassy, "使DDDDDD", [.black]),
        PlatePattern(.embassy, "DDDSSS使", [.black]),
        PlatePattern(.consulate, "PDDDDD领", [.black]),
        PlatePattern(.consulate, "PASSSS领", [.black]),
        PlatePattern(.armedPolice, "wPDDDDS", [.white]),
        PlatePattern(.armedPolice, "wDDDDS", [.white]),
        PlatePattern(.armedPolice, "wDDPSSSSS", [.white]),
        PlatePattern(.armedPolice, "wDDSSSSS", [.white]),
        PlatePattern(.military, "LLDDDDD", [.white], needsProof: true),
        PlatePattern(.emergency, "PASSSSe", [.white]),
        PlatePattern(.emergency, "PASSSSSe", [.white]),
        PlatePattern(.emergency, "PSSSSe", [.white]),
        PlatePattern(.civilAviation, "vSSSSS", [.green, .black]),
        PlatePattern(.agricultural, "PDDDDDDD", [.green, .yellow]),
        PlatePattern(.temporary, "PASSSS临", []),
        PlatePattern(.temporary, "PASSSSS临", []),
        PlatePattern(.temporary, "PASSSS超", []),
        PlatePattern(.temporary, "PASSSS试", []),
        PlatePattern(.temporary, "PASSSSt", []),
        PlatePattern(.temporary, "PASSSSSt", []),
    ]
}
