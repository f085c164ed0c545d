// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse ledger refund`: money that was paid goes back.
struct RefundCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund",
        abstract: "Gives back what is left of a payment, by the way that it came.",
        discussion:
            "What a finished stay has used up cannot be given back; `ledger correct` books what was wrong.")
    @Argument(help: "Serial of the payment.") var serial: String
    @Option(help: ArgumentHelp("Less than all that is left, as 2.50.", valueName: "amount")) var amount:
        AmountArgument?
    @Flag(help: "From the cash drawer.") var cash = false
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: SocketOptions

    func run() throws {
        let order = MoneyOrder.refund(
            serial: serial, amount: amount?.money, way: cash ? .cash : nil, reason: try reason.text())
        try options.order(order) { "\(amount?.text($0) ?? "all that was left") of \(serial) given back" }
    }
}

/// `gatehouse ledger correct`: nothing in the books is ever edited.
struct CorrectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "A booking that puts an earlier record right; that one stays as it is.",
        discussion:
            "Accounts as `ledger balances` names them; another name is refused with those there are. The amount leaves the credit and goes to the debit."
    )
    @Argument(help: "The record that was wrong.") var record: Int64
    @Option(help: ArgumentHelp("Where the amount goes.", valueName: "account")) var debit: String
    @Option(help: ArgumentHelp("Where it comes from.", valueName: "account")) var credit: String
    @Option(help: ArgumentHelp("As 2.50.", valueName: "amount")) var amount: AmountArgument
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: SocketOptions

    func run() throws {
        let lines = [
            Posting(LedgerAccount(name: debit), amount.money),
            Posting(LedgerAccount(name: credit), Money(-amount.money.minorUnits)),
        ]
        let order = MoneyOrder.correct(Sequence(record), lines, reason: try reason.text())
        try options.order(order) { "\(amount.text($0)) booked from \(credit) to \(debit)" }
    }
}
