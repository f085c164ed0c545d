// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

/// A tariff that a command is told by its file.
enum TariffArgument {
    /// With the offsets of its time zone; what is wrong with the file is on standard error.
    static func load(_ path: String) throws -> (tariff: Tariff, zone: ZoneRules) {
        let loaded = TariffReader.load(path: path)
        loaded.issues.printedLines.forEach(Output.error)
        guard let tariff = loaded.tariff else { throw ExitCode(ExitStatus.configuration.rawValue) }
        return tariff
    }
}

extension [ConfigIssue] {
    private static let mostPrinted = 100

    /// Nobody reads thousands, and the first ones usually explain the rest.
    var printedLines: [String] {
        let lines = prefix(Self.mostPrinted).map(\.text)
        guard count > Self.mostPrinted else { return lines }
        return lines + ["and \(count - Self.mostPrinted) more problems"]
    }
}
