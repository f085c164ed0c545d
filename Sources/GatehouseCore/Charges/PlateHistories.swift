// SPDX-License-Identifier: Apache-2.0

/// The plates whose next stay depends on earlier ones, folded from their charges. Who is not asked for any more is
/// forgotten at the next charge; of more plates than it holds, those whose stay ended longest ago.
///
/// Whoever is forgotten has his free time and his discounts again. Only a cap that visits share is lost with him.
package struct PlateHistories: Equatable, Sendable {
    /// More than leave by 16 lanes in the day or two that such a rule looks back.
    package static let most = 16_384

    private var byPlate: Table<Plate, PlateHistory> = Table()
    /// By the end of their newest stay, the oldest first; of equal ones by the plate.
    private var inOrder: [Place] = []

    private struct Place: Hashable, Comparable, Sendable {
        var exit: Int64
        var plate: Plate

        static func < (a: Place, b: Place) -> Bool { (a.exit, a.plate) < (b.exit, b.plate) }
    }

    package init() {}

    package subscript(plate: Plate) -> PlateHistory? { byPlate[plate] }

    package var count: Int { byPlate.count }

    /// - Parameter now: seconds since 1970.
    mutating func take(_ history: PlateHistory, of plate: Plate, at now: Int64) -> [ProjectionChange] {
        if let old = byPlate[plate] {
            inOrder.remove(at: place(of: Place(exit: old.previous.exit, plate: plate)))
        }
        byPlate[plate] = history
        let new = Place(exit: history.previous.exit, plate: plate)
        inOrder.insert(new, at: place(of: new))
        return [ProjectionChange(Self.row(plate), FieldWriter.object(history.write))]
            + forget(now, but: plate)
    }

    private mutating func forget(_ now: Int64, but plate: Plate) -> [ProjectionChange] {
        var rows: [ProjectionChange] = []
        while let oldest = inOrder.first?.plate, oldest != plate, let its = byPlate[oldest],
            its.until < now || inOrder.count > Self.most
        {
            inOrder.removeFirst()
            byPlate.remove(oldest)
            rows.append(ProjectionChange(Self.row(oldest), nil))
        }
        return rows
    }

    /// Where it stands, or would.
    private func place(of place: Place) -> Int {
        var (low, high) = (0, inOrder.count)
        while low < high {
            let middle = low + (high - low) / 2
            if inOrder[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func row(_ plate: Plate) -> ProjectionKey { ProjectionKey(.history, plate.text) }

    // MARK: Recovery

    mutating func take(_ row: ProjectionRow, _ fields: Fields) throws(FieldError) {
        guard let plate = Plate(row.key.key) else { return }
        byPlate[plate] = try PlateHistory(from: fields)
    }

    /// After the last row.
    mutating func sortByEnd() {
        inOrder = byPlate.inOrder.map { Place(exit: $0.value.previous.exit, plate: $0.key) }.sorted()
    }
}

extension Stay {
    /// Whose next stay may depend on this one: a plate that was read whole, of a vehicle that was seen to come in.
    var rememberedPlate: Plate? {
        plate.flatMap { $0.hasWildcard || $0.isTemporaryCode || opening.isAtExit ? nil : $0 }
    }
}
