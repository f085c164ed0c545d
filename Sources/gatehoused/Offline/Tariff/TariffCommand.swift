// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

struct TariffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tariff", abstract: "Look at tariffs, and price stays under them; needs no daemon.",
        subcommands: [
            TariffCheckCommand.self, TariffQuoteCommand.self, TariffTestCommand.self,
            TariffRehearseCommand.self,
        ])
}
