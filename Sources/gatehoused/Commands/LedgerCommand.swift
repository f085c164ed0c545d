// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse ledger`: the books, and what proves them.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The books: balances, the public statement, and what proves them.",
        subcommands: [
            Balances.self, RefundCommand.self, CorrectCommand.self, StatementCommand.self, Key.self,
            RotateKey.self, Checkpoint.self, LedgerVerifyCommand.self,
        ])

    struct Balances: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every account, debits positive, and what vehicles that left still owe.")
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.ledger(.balances), as: LedgerResult.self) {
                LedgerText.text($0, zone: LocalTime.zone)
            }
        }
    }

    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The key that receipts and checkpoints are checked with, and those before it.",
            discussion: """
                The first line is the key in force. Publish it where everybody sees it: on the notice board, in the \
                minutes.
                """)
        @Flag(help: "The statements of all rotations instead, for `ledger verify --rotation`.")
        var rotations = false
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.ledger(.key), as: LedgerKeyResult.self) {
                rotations ? LedgerKeyText.statements($0) : LedgerKeyText.keys($0)
            }
        }
    }

    struct RotateKey: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Another key from now on.",
            discussion: """
                The key in force signs a statement that names the next one, and whoever has it goes on by that. Every \
                receipt stays good. With --lost, for a key that is nowhere any more: the new one speaks for itself, and \
                has to be published where the old one was.
                """)
        @Flag(help: "The key in force is gone: file or credential cannot be brought back.") var lost = false
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let request = LedgerRequest.rotateKey(isLost: lost, reason: try reason.text())
            try options.ask(.ledger(request), as: LedgerKeyResult.self) { LedgerKeyText.changed($0) }
        }
    }

    struct Checkpoint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The signed size and root of the ledger, as it is now.",
            discussion: """
                Keep it away from the gateway: whoever has it can tell later whether the ledger still begins with what \
                it was then. The output is the file that `gatehouse ledger verify --checkpoint` takes.
                """)
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.ledger(.checkpoint), as: CheckpointResult.self) { result in
                // Its last line end is that of the printed line.
                result.note.last == "\n" ? String(result.note.dropLast()) : result.note
            }
        }
    }
}

/// `gatehouse receipt`: for whoever paid.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "What a stay cost and how it was paid, with its proof.",
        discussion: """
            Of a stay that is over, whatever it cost. Chinese with English, or one of them by --lang. With --json the file \
            that `gatehouse ledger verify` checks on any machine.
            """)

    @Argument(help: "Number of the stay.") var stay: Int64
    @Option(help: LanguageArgument.help) var lang: LanguageArgument?
    @OptionGroup var options: SocketOptions

    func validate() throws {
        guard stay > 0 else { throw ValidationError("a stay has a number from 1 on") }
    }

    func run() throws {
        try options.ask(.ledger(.receipt(stay: stay)), as: ReceiptResult.self) {
            ReceiptText.text($0, zone: LocalTime.zone, language: lang?.language)
        }
    }
}
