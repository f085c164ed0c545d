// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCore

/// `gatehouse`: one subcommand per question to the daemon, and those that need none.
struct GatehouseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Look at, understand and repair a gate.",
        discussion: """
            Exit status: 0 done, 1 refused, 2 not found, 64 usage, 65 unreadable data, 69 no daemon, 75 try \
            again, 77 not allowed, 78 errors in the site file. More in gatehouse(1).
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Look:",
                subcommands: [
                    StatusCommand.self, WatchCommand.self, EventsCommand.self, ExplainCommand.self,
                    FaultsCommand.self, PicturesCommand.self,
                ]),
            CommandGroup(
                name: "Act:",
                subcommands: [
                    LaneCommand.self, DrillCommand.self, ReloadCommand.self, ReplayCommand.self,
                ]),
            CommandGroup(
                name: "Books:",
                subcommands: [
                    PermitCommand.self, ListCommand.self, DirectoryCommand.self, StayCommand.self,
                    AreaCommand.self,
                ]),
            CommandGroup(
                name: "Money:",
                subcommands: [
                    ChargeCommand.self, CouponCommand.self, StoredCommand.self, ShiftCommand.self,
                    ReceiptCommand.self, LedgerCommand.self,
                    ExportCommand.self, TariffCommand.self,
                ]),
            CommandGroup(name: "Serve:", subcommands: [BoothCommand.self]),
            CommandGroup(
                name: "Workshop:",
                subcommands: [
                    InitCommand.self, CheckCommand.self, CaptureCommand.self, DecodeCommand.self,
                    ClockCommand.self, VerifyCommand.self, CompletionCommand.self,
                ]),
        ])
}
