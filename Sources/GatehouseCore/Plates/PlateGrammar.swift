// SPDX-License-Identifier: Apache-2.0

/// Turns what a camera wrote into a reading (`plates.md` §2, §5). Total: a text that fits no pattern is
/// still a reading, irregular, for a person to look at.
package enum PlateGrammar {
    /// More unread characters than this leave nothing to match by.
    package static let maximumWildcards = 2

    /// `color` and `declared` are the camera's; where they disagree with the text, text wins over colour and
    /// colour over the declared kind.
    package static func parse(
        _ raw: String, color: PlateColor = .unknown, declared: PlateKind = .unknown
    ) -> PlateReading {
        let folded = PlateText.folded(raw)
        let bare = folded.filter { $0 != "_" }
        guard !PlateText.saysNoPlate(bare) else {
            return PlateReading(plate: nil, raw: raw, color: color, isNoPlate: true)
        }
        let whole = reading(bare, raw: raw, color: color, declared: declared)
        if whole.isRegular || bare.count == folded.count { return whole }
        let gaps = folded.map { $0 == "_" ? "?" : $0 }
        return reading(gaps, raw: raw, color: color, declared: declared)
    }

    private static func reading(
        _ scalars: [Unicode.Scalar], raw: String, color: PlateColor, declared: PlateKind
    ) -> PlateReading {
        let (rest, named) = PlateText.withoutColor(scalars)
        let color = color == .unknown ? named ?? .unknown : color
        var result = PlateReading(plate: nil, raw: raw, color: color, kind: declared)
        guard let symbols = PlateSymbol.symbols(of: PlateText.withoutImpossibleLetters(rest)),
            symbols.count(where: { $0 == .wildcard }) <= maximumWildcards
        else { return result }
        result.plate = Plate(symbols: symbols)
        if let kind = kind(of: symbols, color: color, declared: declared) {
            result.kind = kind
            result.isRegular = !symbols.contains(.wildcard)
        }
        return result
    }

    /// The kind of a canonical plate; nil when it fits no pattern.
    package static func kind(
        of plate: Plate, color: PlateColor = .unknown, declared: PlateKind = .unknown
    ) -> PlateKind? {
        kind(of: plate.symbols, color: color, declared: declared)
    }

    private static func kind(
        of symbols: [PlateSymbol], color: PlateColor, declared: PlateKind
    ) -> PlateKind? {
        let fitting = PlatePattern.all.filter { pattern in
            guard pattern.fits(symbols) else { return false }
            guard pattern.needsProof else { return true }
            return pattern.colors.contains(color) || color == .unknown && declared == pattern.kind
        }
        let colored = fitting.filter { $0.colors.contains(color) }
        let pool = colored.isEmpty ? fitting : colored
        return pool.first { $0.kind == declared }?.kind ?? pool.first?.kind
    }
}

extension PlateReading {
    /// The background is none that this kind wears: a printed plate, or a misread suffix (H-37).
    package var hasColorContradiction: Bool {
        guard isRegular, color != .unknown, color != .other else { return false }
        let worn = PlatePattern.all.filter { $0.kind == kind }.flatMap(\.colors)
        return !worn.isEmpty && !worn.contains(color)
    }

    /// A vehicle on duty by its plate: text and white colour both say so. A blue plate read as 警 is an
    /// error of the reader (`plates.md` §9).
    package func isEmergency(among kinds: Set<PlateKind>) -> Bool {
        isRegular && color == .white && kinds.contains(kind)
    }
}
