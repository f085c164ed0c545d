// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// Orders that providers have for a charge.
extension ChargeCommand {
    struct Collect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has a provider asked for the money, or how it stands with an order that is open.",
            discussion:
                "There is one order at most for a stay: a second one only after the first brought nothing.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @Option(help: "plate_bound or etc.") var way: String = PaymentWay.plateBound.rawValue
        @OptionGroup var options: SocketOptions

        func run() throws {
            guard let way = PaymentWay(rawValue: way), way == .plateBound || way == .etc else {
                throw ValidationError("--way is plate_bound or etc, not \(way)")
            }
            try options.order(.money(.collect(target.target, way)), done: "the provider is asked")
        }
    }

    struct EndOrder: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Ends an order as its provider says by other means: no money was taken, or it went back.",
            discussion:
                "For a provider that is gone for good. Money that it takes for the order later is credited all the same."
        )
        @Argument(help: "Number of the order.") var order: Int64
        @Flag(help: "It took money and gave it back; else: it took none.") var reversed = false
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let answer = CollectionAnswer(
                order: Sequence(order), state: reversed ? .reversed : .refused, reason: try reason.text())
            try options.order(.money(.heard(answer)), done: "order \(order) is over")
        }
    }
}
