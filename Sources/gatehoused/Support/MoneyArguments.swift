// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCore
import GatehouseDiagnostics

/// An amount as people write it: `12`, `12.5`, `12.50`, exact and never through a binary fraction.
struct AmountArgument: ExpressibleByArgument {
    let money: Money
    let text: String

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard (1...2).contains(parts.count), areDigits, parts[0].count <= 9, let yuan = Int64(parts[0]) else {
            return nil
        }
        var fen: Int64 = 0
        if parts.count == 2 {
            guard parts[1].count <= 2, let value = Int64(parts[1]) else { return nil }
            fen = parts[1].count == 1 ? value * 10 : value
        }
        money = Money(yuan * 100 + fen)
        text = MoneyWords(currency: "CNY").text(money).chinese
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
