// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseStore

struct TariffRehearseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "What the stays of the journal would have cost under a proposed tariff.",
        discussion: """
            Who pays more, less and the same, and the income: for a community before it votes. Coupons, what people \
            changed and earlier debts are left out on both sides; people are taken to drive as they did. Reads \
            \(JournalPlan().folder), or the folder given with --database, also beside a running daemon. No plates are \
            shown.
            """)

    @Option(
        help: ArgumentHelp("Proposed tariff, YAML or JSON.", valueName: "file"), completion: .file())
    var tariff: String
    @Option(
        help: ArgumentHelp(
            "Stays that ended then or later: 3d, 2026-03-02, RFC 3339.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Stays that ended before then.", valueName: "time"))
    var until: String?
    @Option(
        help: ArgumentHelp("Folder of a stopped journal or a backup.", valueName: "folder"),
        completion: .directory)
    var offline: String?
    @Option(
        help: ArgumentHelp("Folder of a journal that may be in use.", valueName: "folder"),
        completion: .directory)
    var database: String?
    @OptionGroup var output: JSONOption

    func validate() throws {
        guard offline == nil || database == nil else {
            throw ValidationError("--offline and --database name one folder in two ways: give one of them.")
        }
    }

    func run() throws {
        let (tariff, zone) = try TariffArgument.load(tariff)
        let window = try window()
        let result = try rehearse(tariff, zone, window)
        if output.json { return Output.json(FieldWriter.object(result.write)) }
        for line in RehearsalText(result).lines { Output.line("\(line.chinese)  |  \(line.english)") }
    }

    /// Seconds since 1970.
    private func window() throws -> Range<Int64> {
        let from = try since.map { try LocalTime.parse($0, .past, option: "--since").second } ?? .min
        let end = try until.map { try LocalTime.parse($0, .past, option: "--until").second } ?? .max
        guard from < end else {
            throw CommandFailure(
                .usage, "--until: nothing lies between it and --since", hint: "a later --until")
        }
        return from..<end
    }

    private func rehearse(
        _ tariff: Tariff, _ zone: ZoneRules, _ window: Range<Int64>
    ) throws -> RehearsalResult {
        let folder = offline ?? database ?? JournalPlan().folder
        guard FileManager.default.fileExists(atPath: "\(folder)/journal.db") else {
            throw CommandFailure(
                .notFound, "\(folder): there is no journal here, or not for you to see",
                hint: "--database \(JournalPlan().folder), as root")
        }
        do throws(StoreFault) {
            let history = try open(folder)
            defer { history.close() }
            return try history.rehearse(tariff, in: zone, endedIn: window)
        } catch {
            throw CommandFailure(.data, "\(folder): \(error.words)", hint: error.hint(offline: offline))
        }
    }

    private func open(_ folder: String) throws(StoreFault) -> StayHistory {
        offline == nil ? try StayHistory(beside: folder) : try StayHistory(offline: folder)
    }
}

extension WallTime {
    /// Whole seconds since 1970: what is below is dropped (`tariffs.md` §1, 2).
    fileprivate var second: Int64 { milliseconds.floorDivided(by: 1000) }
}
