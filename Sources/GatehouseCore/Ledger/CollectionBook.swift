// SPDX-License-Identifier: Apache-2.0

/// The orders that were given to providers, folded from their records: those that are open, and for a while those that
/// ended, so that money that comes late for one finds its stay and an answer that comes twice is one.
package struct CollectionBook: Equatable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var order: CollectionOrder
        package var end: End?
    }

    package struct End: Hashable, Sendable {
        package var record: Sequence
        package var outcome: CollectionEnding.Outcome
    }

    /// An order stays open until its money came or its provider says that it is void; while so many are, there is no
    /// new one.
    package static let openLimit = 256
    static let endedRemembered = 1024
    /// Plates that a provider debited, by the newest.
    static let platesRemembered = 4096

    private var entries: Table<Sequence, Entry> = Table()
    private var openOfStay: Table<StayID, Sequence> = Table()
    /// In the order in which they ended.
    private var ended: [Sequence] = []
    /// With the record of the payment that showed it.
    private var boundPlates: Table<Plate, Sequence> = Table()

    package init() {}

    // MARK: Questions

    package subscript(number: Sequence) -> Entry? { entries[number] }

    package func isOpen(_ number: Sequence) -> Bool { entries[number].map { $0.end == nil } ?? false }

    package func open(of stay: StayID) -> Sequence? { openOfStay[stay] }

    /// Oldest first.
    package var open: [(number: Sequence, order: CollectionOrder)] {
        openOfStay.inOrder.map(\.value).sorted().compactMap { number in
            entries[number].map { (number, $0.order) }
        }
    }

    package var openCount: Int { openOfStay.count }

    /// It brought no money: a program asks no second time.
    func hasFailed(_ way: PaymentWay, for stay: StayID) -> Bool {
        ended.contains { number in
            guard let entry = entries[number], let end = entry.end else { return false }
            return entry.order.stay == stay && entry.order.way == way && end.outcome != .paid
        }
    }

    /// Its provider debited it the last time that it was asked.
    package func isBound(_ plate: Plate) -> Bool { boundPlates[plate] != nil }

    // MARK: The fold

    mutating func ask(_ order: CollectionOrder, _ number: Sequence) -> [ProjectionChange] {
        entries[number] = Entry(order: order)
        openOfStay[order.stay] = number
        return [row(number)]
    }

    mutating func end(
        _ number: Sequence, _ outcome: CollectionEnding.Outcome, _ record: Sequence
    ) -> [ProjectionChange] {
        guard let entry = entries[number], entry.end == nil else { return [] }
        entries[number]?.end = End(record: record, outcome: outcome)
        if openOfStay[entry.order.stay] == number { openOfStay.remove(entry.order.stay) }
        ended.append(number)
        var rows = [row(number)]
        if ended.count > Self.endedRemembered {
            let oldest = ended.removeFirst()
            entries.remove(oldest)
            rows.append(ProjectionChange(Self.key(oldest), nil))
        }
        if entry.order.way == .plateBound, let plate = entry.order.plate {
            rows += outcome == .paid ? bind(plate, record) : outcome == .refused ? release(plate) : []
        }
        return rows
    }

    private mutating func bind(_ plate: Plate, _ record: Sequence) -> [ProjectionChange] {
        boundPlates[plate] = record
        let value = FieldWriter.object { $0.put("record", record.number) }
        let rows = [ProjectionChange(ProjectionKey(.boundPlate, plate.text), value)]
        guard boundPlates.count > Self.platesRemembered,
            let oldest = boundPlates.inOrder.min(by: { $0.value < $1.value })
        else { return rows }
        return rows + release(oldest.key)
    }

    private mutating func release(_ plate: Plate) -> [ProjectionChange] {
        guard boundPlates.remove(plate) != nil else { return [] }
        return [ProjectionChange(ProjectionKey(.boundPlate, plate.text), nil)]
    }

    private func row(_ number: Sequence) -> ProjectionChange {
        ProjectionChange(
            Self.key(number),
            entries[number].map { entry in
                FieldWriter.object { fields in
                    entry.order.write(to: &fields)
                    fields.put("ended", ifPresent: entry.end?.record.number)
                    fields.put("outcome", ifPresent: entry.end?.outcome.rawValue)
                }
            })
    }

    private static func key(_ number: Sequence) -> ProjectionKey {
        ProjectionKey(.collection, String(number.number))
    }

    // MARK: Recovery

    mutating func take(_ row: ProjectionRow, _ fields: Fields) throws(FieldError) {
        if row.key.table == .boundPlate {
            guard let plate = Plate(row.key.key) else { return }
            boundPlates[plate] = Sequence(try fields.integer("record"))
            return
        }
        guard let number = Int64(row.key.key).map({ Sequence($0) }) else { return }
        var entry = Entry(order: try CollectionOrder(from: fields))
        if let record = try fields.integerIfPresent("ended") {
            let outcome = try fields.word("outcome", as: CollectionEnding.Outcome.self)
            entry.end = End(record: Sequence(record), outcome: outcome)
            ended.append(number)
        } else {
            openOfStay[entry.order.stay] = number
        }
        entries[number] = entry
    }

    /// After the last row, which come in the order of their keys.
    mutating func sortEnded() {
        ended = ended.compactMap { number in entries[number]?.end.map { (number, $0.record) } }
            .sorted { $0.1 < $1.1 }.map(\.0)
    }
}
