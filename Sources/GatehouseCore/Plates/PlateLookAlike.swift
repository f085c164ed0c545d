// SPDX-License-Identifier: Apache-2.0

/// How easily a camera takes one plate for another (`plates.md` §6.1), in tenths of one free substitution.
package enum PlateLookAlike {
    /// Never the same vehicle, however alike: 港 and 澳, virtual codes, other length and colour class.
    package static let never = 99
    /// Below one free substitution: two similar pairs, or a pair and the province. `京A12345` and
    /// `京A12346` are neighbours in the street, not look-alikes.
    package static let limit = 9

    static let pair = 4
    static let province = 5
    static let listedProvince = 3
    static let wildcard = 3
    static let other = 10
    static let gap = 10
    static let gapAtEnd = 5

    /// Characters that are taken for one another. The second line adds pairs seen in public reports.
    static let groups: [String] = [
        "0DQO", "8B", "2Z", "5S", "17TIL", "6GC", "4A", "UVJ", "MNHW", "EFPR", "KX", "警挂", "学挂",
        "80", "B6",
    ]
    static let provinceGroups: [String] = [
        "京冀晋", "苏赣浙", "辽宁吉", "川鲁湘", "豫渝闽", "皖鄂粤", "琼京", "贵青黑", "陕桂津",
    ]

    /// Weighted distance of two texts. Two-way; 0 only for equal plates.
    package static func distance(_ a: Plate, _ b: Plate) -> Int {
        if a == b { return 0 }
        if a.isTemporaryCode || b.isTemporaryCode { return never }
        let (first, second) = (a.symbols, b.symbols)
        guard let firstEnd = first.last, let secondEnd = second.last else { return never }
        if firstEnd != secondEnd, isBorder(firstEnd), isBorder(secondEnd) { return never }
        return min(never, edit(first, second))
    }

    /// Distance of a read to a known plate, with rule 4 of §7: no match across 7 and 8 characters of
    /// different colour class, unless the read is the known plate with its beginning or end lost.
    package static func distance(read: Plate, color: PlateColor, to known: Plate) -> Int {
        guard crossesColorClass(read, color, known), !isPartOf(read, known) else {
            return distance(read, known)
        }
        return never
    }

    /// Might be two reads of one vehicle.
    package static func areLookAlikes(_ a: Plate, _ b: Plate) -> Bool {
        if a != b, crossesColorClass(a, .unknown, b), !isPartOf(a, b), !isPartOf(b, a) { return false }
        return distance(a, b) <= limit
    }

    /// Cost of reading one symbol as the other.
    static func cost(_ a: PlateSymbol, _ b: PlateSymbol) -> Int {
        Int(costs[Int(a.code) << 7 | Int(b.code)])
    }

    /// Smaller of the positional and the edit distance: the all-substitution path is one of its paths.
    private static func edit(_ a: [PlateSymbol], _ b: [PlateSymbol]) -> Int {
        var row = [0]
        for j in b.indices { row.append(row[j] + gapCost(j, b.count)) }
        for i in a.indices {
            var diagonal = row[0]
            row[0] += gapCost(i, a.count)
            for j in b.indices {
                let best = min(
                    diagonal + cost(a[i], b[j]), row[j + 1] + gapCost(i, a.count),
                    row[j] + gapCost(j, b.count))
                diagonal = row[j + 1]
                row[j + 1] = best
            }
        }
        return row[b.count]
    }

    /// Recognisers lose characters at the ends first.
    private static func gapCost(_ index: Int, _ count: Int) -> Int {
        index == 0 || index == count - 1 ? gapAtEnd : gap
    }

    private static func isBorder(_ symbol: PlateSymbol) -> Bool {
        symbol.text == "港" || symbol.text == "澳"
    }

    /// Seven characters against eight, of which one belongs to a new-energy plate and the other does not.
    private static func crossesColorClass(_ read: Plate, _ color: PlateColor, _ known: Plate) -> Bool {
        let lengths = (read.length, known.length)
        guard lengths == (7, 8) || lengths == (8, 7) else { return false }
        let isReadGreen: Bool
        switch color {
        case .green, .yellowGreen: isReadGreen = true
        case .unknown, .other: isReadGreen = read.length == 8
        default: isReadGreen = false
        }
        let kind = PlateGrammar.kind(of: known)
        return isReadGreen != (kind == .nevSmall || kind == .nevLarge)
    }

    private static func isPartOf(_ read: Plate, _ known: Plate) -> Bool {
        let (part, whole) = (read.symbols, known.symbols)
        guard part.count < whole.count else { return false }
        return whole.starts(with: part) || whole.suffix(part.count).elementsEqual(part)
    }

    /// 128 × 128 by code.
    private static let costs: [UInt8] = {
        var costs = [UInt8](repeating: UInt8(other), count: 128 * 128)
        func set(_ a: UInt8, _ b: UInt8, _ cost: Int) {
            costs[Int(a) << 7 | Int(b)] = UInt8(cost)
            costs[Int(b) << 7 | Int(a)] = UInt8(cost)
        }
        func set(_ groups: [String], _ cost: Int) {
            for group in groups {
                let codes = group.unicodeScalars.compactMap { PlateSymbol($0)?.code }
                for a in codes { for b in codes { set(a, b, cost) } }
            }
        }
        for a in PlateSymbol.provinces { for b in PlateSymbol.provinces { set(a, b, province) } }
        set(groups, pair)
        set(provinceGroups, listedProvince)
        // WJ is often read without one of its letters.
        for letter in ["W", "J"] as [Unicode.Scalar] {
            if let code = PlateSymbol(letter)?.code {
                set(PlateSymbol.armedPolicePrefix.code, code, gapAtEnd)
            }
        }
        for code in UInt8(0)..<128 { set(PlateSymbol.wildcard.code, code, wildcard) }
        for code in UInt8(0)..<128 { set(code, code, 0) }
        return costs
    }()
}
