// SPDX-License-Identifier: Apache-2.0

/// What is presented for a right to pass, packed into 64 bits for look-up. Text exists only at the edges.
package enum Credential: Hashable, Comparable, Sendable {
    case plate(Plate)
    case card(Card)

    package var packed: UInt64 {
        switch self {
        case .plate(let plate): plate.packed
        case .card(let card): card.packed
        }
    }

    package init(packed: UInt64) {
        self = Card(packed: packed).map(Credential.card) ?? .plate(Plate(packed: packed))
    }

    package static func < (a: Credential, b: Credential) -> Bool { a.packed < b.packed }

    package var plate: Plate? { if case .plate(let plate) = self { plate } else { nil } }
    package var card: Card? { if case .card(let card) = self { card } else { nil } }

    /// In full, as it is typed and stored.
    package var text: String {
        switch self {
        case .plate(let plate): plate.text
        case .card(let card): card.text
        }
    }

    /// For eyes that need not know the whole of a card.
    package var shown: String {
        switch self {
        case .plate(let plate): plate.text
        case .card(let card): card.masked
        }
    }
}

extension Credential {
    package func write(to fields: inout FieldWriter) {
        switch self {
        case .plate(let plate): fields.put("plate", plate.text)
        case .card(let card): fields.put("card", card.text)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        guard let text = try fields.stringIfPresent("card") else {
            self = .plate(try fields.plate("plate"))
            return
        }
        guard let card = Card(text) else { throw .unknownValue(key: "card", value: "a card in no form") }
        self = .card(card)
    }
}
