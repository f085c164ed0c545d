// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import GatehouseCore

enum CredentialArgument {
    private static let hint = "em40:2A00617A69, em32:0006388329 or em24:097,31337"

    /// A plate as people type it, or a card in one of its forms.
    static func parse(_ text: String) throws -> Credential {
        guard text.contains(":") else { return .plate(try PlateArgument.parse(text)) }
        guard let card = Card(text) else {
            throw CommandFailure(.usage, "\"\(text)\" is no card", hint: hint)
        }
        return .card(card)
    }

    /// To be written into the books; what is odd and possible is said and taken.
    static func new(_ text: String) throws -> Credential {
        text.contains(":") ? try parse(text) : .plate(try PlateArgument.new(text))
    }
}

enum PlateArgument {
    private static let hint = "京AD12345, as it stands on the car"

    /// Canonical, from what a person typed: blanks, dots and lower case are forgiven.
    static func parse(_ text: String) throws -> Plate {
        guard let plate = PlateGrammar.parse(text).plate else {
            throw CommandFailure(.usage, "\"\(text)\" is no plate", hint: hint)
        }
        return plate
    }

    /// To be written into the books.
    static func new(_ text: String) throws -> Plate {
        let plate = try parse(text)
        guard !plate.symbols.contains(.wildcard) else {
            throw CommandFailure(
                .usage, "\"\(text)\": a character is missing, and what is half known is nobody's", hint: hint)
        }
        if PlateGrammar.kind(of: plate) == nil {
            Output.error(
                "gatehouse: \"\(text)\" fits no kind of plate; taken as \(plate.text)\n  try: look at the car again"
            )
        }
        return plate
    }
}
