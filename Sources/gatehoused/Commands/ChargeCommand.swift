// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse charge`: what a vehicle has to pay, and what a guard does about it.
struct ChargeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charge",
        abstract: "What a vehicle has to pay; cash and releases, with name and reason.",
        subcommands: [
            Show.self, Cash.self, Later.self, Release.self, Reduce.self, Class.self, Dispute.self,
            Settle.self, Collect.self, EndOrder.self,
        ])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks for the charge of a vehicle that is inside, and prints it line by line.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.money(.quote(target.target)), as: QuoteResult.self) {
                QuoteText.text($0, zone: LocalTime.zone)
            }
        }
    }

    struct Cash: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes cash; the amount as 12.50.",
            discussion: "Needs an open shift. Change is the guard's matter: book what the vehicle pays.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @Argument(help: "Amount, as 12.50.") var amount: AmountArgument
        @OptionGroup var options: SocketOptions

        func run() throws {
            let notice = PaymentNotice(
                serial: PaymentNotice.newSerial, way: .cash, amount: amount.money, to: target.target)
            try options.order(.take(notice)) { "\(amount.text($0)) taken" }
        }
    }

    struct Later: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Lets a vehicle go now and pay later, up to the site's limit; it is on record as a debt.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.order(.money(.later(target.target)), done: "it may go, and owes")
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a vehicle go without paying; the reason is counted and published.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let change = Adjustment(reason: try reason.text(), change: .feeIs(.zero))
            try options.order(.money(.adjust(target.target, change)), done: "released")
        }
    }

    struct Reduce: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes an amount off what a vehicle has to pay.")
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @Argument(help: "Amount, as 12.50.") var amount: AmountArgument
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let less = Money(-amount.money.minorUnits)
            let change = Adjustment(reason: try reason.text(), change: .by(less))
            try options.order(.adjust(target.target, change)) { Self.done(amount, $0) }
        }

        /// How much there was to take off is reckoned with the next charge.
        static func done(_ amount: AmountArgument, _ words: MoneyWords) -> String {
            "up to \(amount.text(words)) taken off"
        }
    }
}

/// `gatehouse shift`: who has the drawer, and what was in it.
struct ShiftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shift", abstract: "Opens the cash drawer, and counts and hands it over.",
        subcommands: [Open.self, Close.self])

    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "From now on the drawer is yours.")
        @OptionGroup var options: SocketOptions

        func run() throws { try options.order(.money(.openShift), done: "the drawer is open") }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hands the drawer over with what was counted in it, as 318.00.")
        @Argument(help: "What is in the drawer, as 318.00.") var counted: AmountArgument
        @Option(help: "A word about a difference.") var note: String?
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.order(.closeShift(counted: counted.money, note: note)) {
                "\(counted.text($0)) handed over"
            }
        }
    }
}
