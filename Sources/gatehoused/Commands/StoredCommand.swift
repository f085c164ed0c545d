// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse stored`: balances that pay at the exit by themselves.
struct StoredCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stored", abstract: "Balances that pay at the exit by themselves.",
        subcommands: [TopUp.self, Show.self, Refund.self])

    static let help: ArgumentHelp = "Plate, or the name of a household."

    struct TopUp: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "top-up", abstract: "Takes cash into a balance; the amount as 200.00.",
            discussion: "Needs an open shift. A vehicle of the holder that waits at an exit is let out by it."
        )
        @Argument(help: StoredCommand.help) var holder: String
        @Argument(help: "Amount, as 200.00.") var amount: AmountArgument
        @OptionGroup var options: SocketOptions

        func run() throws {
            let notice = PaymentNotice(serial: PaymentNotice.newSerial, way: .cash, amount: amount.money)
            let order = MoneyOrder.topUp(try StoredCommand.holder(holder, options), notice)
            try options.order(order) { "\(amount.text($0)) put in for \(holder)" }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One balance, or all.")
        @Argument(help: StoredCommand.help) var holder: String?
        @OptionGroup var options: SocketOptions

        func run() throws {
            let wanted = try holder.map { try StoredCommand.holder($0, options) }
            try options.ask(.ledger(.stored(wanted)), as: StoredResult.self) { CouponText.text($0) }
        }
    }

    struct Refund: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives back in cash what is left of a balance.", discussion: "Needs an open shift.")
        @Argument(help: StoredCommand.help) var holder: String
        @Option(help: ArgumentHelp("Less than all that is left, as 50.00.", valueName: "amount"))
        var amount: AmountArgument?
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let order = MoneyOrder.giveBackStored(
                try StoredCommand.holder(holder, options), amount?.money, way: .cash,
                reason: try reason.text())
            try options.order(order) { "\(amount?.text($0) ?? "all that was left") of \(holder) given back" }
        }
    }

    /// A household is known by its name; whatever else is a plate is one.
    private static func holder(_ text: String, _ options: SocketOptions) throws -> StoredHolder {
        var session = try Session(path: options.socket)
        let known = try Session.read(try session.ask(.permit(.show(plate: nil))), as: PermitResult.self)
        if let household = known.households.first(where: { $0.name == text }) {
            return .household(household.id)
        }
        guard let plate = PlateGrammar.parse(text).plate, !plate.hasWildcard else {
            throw CommandFailure(
                .notFound, "\"\(text)\" is no plate, and no household has this name",
                hint: "gatehouse permit show")
        }
        return .plate(plate)
    }
}
