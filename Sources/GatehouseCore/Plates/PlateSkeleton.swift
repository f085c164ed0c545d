// SPDX-License-Identifier: Apache-2.0

/// What survives a misread: the plate after its first symbol (the weakest one, and the one most often
/// lost), each symbol replaced by its class of look-alikes. Known plates are indexed under one skeleton
/// each, and it is the read that is varied: so the index takes one number per plate, and a look-up a few
/// dozen binary searches instead of a walk over all plates.
package struct PlateSkeleton: Hashable, Comparable, Sendable {
    /// Five bits a symbol, at most eight: 40 bits.
    package let packed: UInt64

    package static func < (a: PlateSkeleton, b: PlateSkeleton) -> Bool { a.packed < b.packed }

    /// How far from the read the known plates may be.
    package enum Reach: Sendable {
        /// Any similar pairs, the first symbol wrong, lost or spurious, the last lost or spurious, wildcards.
        case similar
        /// Besides, one free substitution, insertion or deletion.
        case oneFreeEdit
    }

    package init(of known: Plate) {
        self.init(known.symbols.dropFirst().map { Self.classes[Int($0.code)] })
    }

    /// All skeletons that a plate may be looked up under; more than one only for a stay whose plate was read
    /// with gaps.
    package static func all(of plate: Plate) -> [PlateSkeleton] {
        guard plate.hasWildcard else { return [PlateSkeleton(of: plate)] }
        let tail = plate.symbols.dropFirst().map { $0 == .wildcard ? unread : classes[Int($0.code)] }
        return expanded(tail).map { PlateSkeleton($0) }
    }

    private init(_ classes: [UInt8]) {
        packed = classes.reduce(0) { $0 << 5 | UInt64($1) }
    }

    /// Skeletons of all known plates within reach of a read, sorted, each once.
    package static func around(_ read: Plate, reach: Reach) -> [PlateSkeleton] {
        guard !read.isTemporaryCode else { return [] }
        let whole = read.symbols
        let classes = whole.map { $0 == .wildcard ? unread : Self.classes[Int($0.code)] }
        let tail = Array(classes.dropFirst())
        var found = expanded(tail)
        if classes.count <= 8 { found += expanded(classes) }
        found += expanded(Array(classes.dropFirst(2)))
        if !read.hasWildcard {
            found += edits(tail, at: reach == .similar ? [tail.count] : Array(0...tail.count), reach: reach)
        }
        return found.map { PlateSkeleton($0) }.sorted().reduce(into: []) { distinct, next in
            if distinct.last != next { distinct.append(next) }
        }
    }

    /// Insertions at the places, deletions of the symbol before them, and with reach substitutions of it.
    private static func edits(_ tail: [UInt8], at places: [Int], reach: Reach) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for place in places {
            if tail.count < 8 {
                for inserted in 1...classCount {
                    var longer = tail
                    longer.insert(inserted, at: place)
                    found.append(longer)
                }
            }
            guard place > 0 else { continue }
            var shorter = tail
            shorter.remove(at: place - 1)
            found.append(shorter)
            guard reach == .oneFreeEdit else { continue }
            for substitute in 1...classCount {
                var other = tail
                other[place - 1] = substitute
                found.append(other)
            }
        }
        return found
    }

    /// Every class in the place of an unread symbol.
    private static func expanded(_ classes: [UInt8]) -> [[UInt8]] {
        guard let gap = classes.firstIndex(of: unread) else { return classes.isEmpty ? [] : [classes] }
        return (1...classCount).flatMap { substitute in
            var filled = classes
            filled[gap] = substitute
            return expanded(filled)
        }
    }

    private static let unread: UInt8 = 31

    /// Look-alikes of look-alikes share a class: a class is only a first sieve, the distance decides.
    private static let classes: [UInt8] = {
        var classes = [UInt8](repeating: 0, count: 128)
        let groups = ["0DQO8B6GC", "2Z", "5S", "17TIL", "4A", "UVJ", "MNHW", "EFPR", "KX", "3", "9", "Y"]
        let others = ["警挂学", "使", "领", "港", "澳", "试", "超临", "应急", "民航", "军空海北沈兰济南广成"]
        for (index, group) in (groups + others).enumerated() {
            for scalar in group.unicodeScalars {
                if let symbol = PlateSymbol(scalar) { classes[Int(symbol.code)] = UInt8(index) + 1 }
            }
        }
        for code in PlateSymbol.provinces { classes[Int(code)] = 23 }
        for code in 92..<96 { classes[code] = UInt8(code - 92) + 24 }
        return classes
    }()

    private static let classCount: UInt8 = 27
}
