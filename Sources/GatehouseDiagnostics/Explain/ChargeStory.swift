// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The money of one stay as the journal has it: the bill that is explained, and everything that happened to it.
package struct ChargeStory: ResultValue {
    package var stay: Int64
    /// A quote or the charge at the end of the stay; nil: it has neither yet.
    package var bill: EventLine?
    /// All records of money that name this stay, the bill among them, oldest first.
    package var events: [EventLine] = []

    init(stay: Int64) { self.stay = stay }

    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay)
        if let bill { fields.put("bill", object: bill.write) }
        fields.put("events", objects: events) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = try fields.integer("stay")
        bill = try fields.objectIfPresent("bill").map(EventLine.init(from:))
        events = try fields.values("events", as: EventLine.self)
    }
}

extension ChargeStory {
    /// nil: no money was ever reckoned for it.
    /// - Parameter asked: whichever record is asked about: a bill is explained itself, another one by the bill that was in
    ///   force then.
    init?<Failure: Error>(
        of stay: Int64, asked: EventLine, from source: RecordSource<Failure>
    ) throws(Failure) {
        self.init(stay: stay)
        var after = Sequence(stay)
        while true {
            let page = try source.money(after, Self.page)
            for record in page { take(EventLine(record)) }
            guard let last = page.last, page.count == Self.page else { break }
            after = last.sequence
        }
        guard !events.isEmpty else { return nil }
        bill = bill(for: asked)
    }

    private static var page: Int { 1_000 }

    private mutating func take(_ line: EventLine) {
        let fields = line.fields
        let known = events.map(\.sequence)
        // What is given back or corrected later names the payment or the record and not the stay.
        let isAboutOurs = [fields.number("settlement"), fields.number("corrects")].contains { number in
            number.map(known.contains) ?? false
        }
        if fields.number("stay") == stay || isAboutOurs { events.append(line) }
    }

    private func bill(for asked: EventLine) -> EventLine? {
        let bills = events.filter(\.isBill)
        if asked.isBill { return bills.first { $0.sequence == asked.sequence } }
        if asked.isDecision { return bills.last { $0.sequence <= asked.sequence } ?? bills.last }
        return bills.last { $0.kind == "stayCharged" } ?? bills.last
    }
}

extension EventLine {
    var isMoney: Bool { MoneyFact.kinds.contains(kind) }
    var isBill: Bool { kind == "chargeQuoted" || kind == "stayCharged" }
}
