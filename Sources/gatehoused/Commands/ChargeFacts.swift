// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// The facts that a charge is reckoned from, as a person puts them right, and charges that somebody contests.
extension ChargeCommand {
    struct Class: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says what kind of vehicle it is, where its plate says something else.",
            discussion:
                "The charge is reckoned anew; who said so stands on it. An exemption counts as a release.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @Argument(help: "Class of the tariff: small, large, motorcycle …") var name: String?
        @Option(help: "What drives it: ice or nev.") var energy: EnergyArgument?
        @Option(help: "Why it never pays, as ambulance.") var exempt: String?
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func validate() throws {
            if name == nil, energy == nil, exempt == nil {
                throw ValidationError("say a class, --energy or --exempt")
            }
        }

        func run() throws {
            let said = Classification(vehicleClass: name, energy: energy?.energy, exemption: exempt)
            let order = MoneyOrder.classify(target.target, said, reason: try reason.text())
            try options.order(.money(order), done: "put right; the charge is reckoned anew")
        }
    }

    struct Dispute: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Notes that a charge is contested: the vehicle may go, and nobody is after the debt.",
            discussion: "It stands until `charge settle`.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let order = MoneyOrder.dispute(target.target, reason: try reason.text())
            try options.order(.money(order), done: "disputed")
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends a dispute: the debt stands, or all or some of it is let off.")
        @Argument(help: "Number of the stay.") var stay: Int64
        @Flag(help: "The debt stands.") var stands = false
        @Flag(help: "All of it is let off.") var waive = false
        @Option(help: "So much of it is let off, as 12.50.") var waiveAmount: AmountArgument?
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func validate() throws {
            guard [stands, waive, waiveAmount != nil].filter({ $0 }).count == 1 else {
                throw ValidationError("say one of --stands, --waive and --waive-amount")
            }
        }

        func run() throws {
            let letOff = stands ? Money.zero : waiveAmount?.money
            let order = MoneyOrder.settleDispute(
                StayID(stay), letOff: letOff, reason: try reason.text())
            try options.order(.money(order), done: "settled")
        }
    }
}

struct EnergyArgument: ExpressibleByArgument {
    let energy: VehicleEnergy

    init?(argument: String) {
        guard let energy = VehicleEnergy(rawValue: argument) else { return nil }
        self.energy = energy
    }
}
