// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCore
import GatehouseDiagnostics

/// An amount as people write it: `12`, `12.5`, `12.50`, exact and never through a binary fraction.
struct AmountArgument: ExpressibleByArgument {
    let money: Money

    init?(argument: String) {
        guard let money = Money(decimal: argument) else { return nil }
        self.money = money
    }

    func text(_ words: MoneyWords) -> String { words.text(money).chinese }
}

struct LanguageArgument: ExpressibleByArgument {
    static let help: ArgumentHelp = "Language of the charge, zh or en."

    let language: Language

    init?(argument: String) {
        guard let language = Language(rawValue: argument) else { return nil }
        self.language = language
    }
}

/// Whom a charge is about: a stay's number, a plate, or whoever waits at a lane.
struct PaymentTargetArgument: ExpressibleByArgument {
    static let help: ArgumentHelp = "Lane whose vehicle is meant, number of a stay, or plate."

    let target: PaymentTarget

    init?(argument: String) {
        // A lane's name begins with a lower-case letter, which no plate has.
        if let first = argument.utf8.first, (0x61...0x7A).contains(first) {
            target = .lane(argument)
            return
        }
        switch StayArgument(argument: argument) {
        case .number(let number): target = .stay(StayID(number))
        case .plate(let plate): target = .plate(plate)
        case nil: return nil
        }
    }
}

extension PaymentNotice {
    init(serial: String, way: PaymentWay, amount: Money, to target: PaymentTarget) {
        self.init(serial: serial, way: way, amount: amount)
        switch target {
        case .stay(let stay): self.stay = stay
        case .lane(let lane): self.lane = lane
        case .plate(let plate): self.plate = plate
        }
    }
}
