// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

/// A tariff that a command is told by its file.
enum TariffArgument {
    /// With the offsets of its time zone; what is wrong with the file is on standard error.
    static func load(_ path: String) throws -> (tariff: Tariff, zone: ZoneRules) {
        let (tariff, issues) = TariffReader.load(path: path)
        for issue in issues { Output.error(issue.text) }
        guard let tariff else { throw ExitCode(ExitStatus.configuration.rawValue) }
        do {
            return (tariff, try ZoneRulesLoader.load(name: tariff.zone))
        } catch {
            throw CommandFailure(.configuration, "\(tariff.zone): \(error.message)")
        }
    }
}
