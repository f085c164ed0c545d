// SPDX-License-Identifier: Apache-2.0

/// A zone as the record of a tariff keeps it: whoever has the records needs no table of zones to know which month a
/// record is of.
extension ZoneRules {
    package init(from fields: Fields) throws(FieldError) {
        let numbers = try fields.integers("transitions")
        guard numbers.count.isMultiple(of: 2) else { throw .wrongType(key: "transitions") }
        var transitions: [Transition] = []
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard let offset = Int(exactly: numbers[index + 1]) else { throw .wrongType(key: "transitions") }
            transitions.append(Transition(at: numbers[index], offset: offset))
        }
        self.init(
            name: try fields.string("name"), initialOffset: try fields.int("initial_offset_s"),
            transitions: transitions)
    }

    /// Of the record of a tariff that was adopted; UTC where it says none.
    package init(ofTariffRecord payload: [UInt8]?) {
        let fields = payload.flatMap { try? Fields($0) }
        let zone = fields.flatMap { try? $0.objectIfPresent("zone") }
        self = zone.flatMap { try? ZoneRules(from: $0) } ?? .utc
    }
}
