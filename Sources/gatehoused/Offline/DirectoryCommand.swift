// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse directory`: households, permits and list entries from a spreadsheet.
struct DirectoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory", abstract: "Households, permits and lists in bulk.",
        subcommands: [Import.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take over a CSV file; all its mistakes are listed first.",
            discussion: """
                Households first, then permits and list entries, \(ImportPlan.chunk) rows in one request. A \
                file with mistakes changes nothing. With --dry-run no daemon is needed, so names of areas stay \
                unchecked. The file's name is recorded with each change.
                """)

        @Argument(help: "CSV file with a header row.", completion: .file(extensions: ["csv"])) var file:
            String
        @Flag(help: "Only check and count.") var dryRun = false
        @OptionGroup var options: SocketOptions

        func run() throws {
            let directory = DirectoryFile.load(
                path: file, areas: dryRun ? nil : try areas(),
                today: LocalTime.zone.civil(LocalTime.now).date)
            for issue in directory.issues { Output.error(issue.text) }
            let unseen = ImportPlan(directory.rows, known: PermitResult(permits: [], households: []))
            guard !directory.issues.hasErrors else {
                throw CommandFailure(.data, "\(file): nothing was changed", hint: "correct the lines above")
            }
            if dryRun { return report(unseen.counts, first: nil, last: nil) }
            var session = try Session(path: options.socket)
            let known = try Session.read(try session.ask(.permit(.show(plate: nil))), as: PermitResult.self)
            let plan = ImportPlan(directory.rows, known: known)
            let listed = try Session.read(try session.ask(.list(.show)), as: ListResult.self)
            let (first, last) = try send(plan, known, listed, over: &session)
            report(plan.counts, first: first, last: last)
        }

        /// Of the plan in force: only the daemon knows which names are right.
        private func areas() throws -> [String] {
            var session = try Session(path: options.socket)
            return try Session.read(try session.ask(.status), as: StatusResult.self).areas.map(\.name)
        }

        private func send(
            _ plan: ImportPlan, _ known: PermitResult, _ listed: ListResult, over session: inout Session
        ) throws -> (first: Int64?, last: Int64?) {
            var numbered = known.households
            let households = plan.households.map { DirectoryChange.householdSet($0) }
            let made = try send(households, over: &session)
            for (household, record) in zip(plan.households, made) {
                var household = household
                if household.id == 0 { household.id = record }
                numbered.removeAll { $0.name == household.name }
                numbered.append(household)
            }
            let changes = plan.changes(
                households: numbered, permits: known.permits, entries: listed.entries, zone: LocalTime.zone)
            let rest = try send(changes, over: &session)
            return ((made + rest).first, (made + rest).last)
        }

        /// The record of each change, in order.
        private func send(_ changes: [DirectoryChange], over session: inout Session) throws -> [Int64] {
            var records: [Int64] = []
            for start in stride(from: 0, to: changes.count, by: ImportPlan.chunk) {
                let chunk = Array(changes[start..<min(start + ImportPlan.chunk, changes.count)])
                let bytes = try session.ask(.importDirectory(file: file, changes: chunk))
                let result = try Session.read(bytes, as: OrderResult.self)
                let first = result.first ?? result.record
                guard result.record - first + 1 == Int64(chunk.count) else {
                    throw CommandFailure(
                        .data,
                        "\(file): \(chunk.count) changes sent, records \(first) to \(result.record) made",
                        hint: "gatehouse events --after \(first - 1)")
                }
                records += Array(first...result.record)
            }
            return records
        }

        private func report(_ counts: String, first: Int64?, last: Int64?) {
            if options.output.json {
                return Output.json(
                    FieldWriter.object { fields in
                        fields.put("file", file)
                        fields.put("dry_run", dryRun)
                        fields.put("counts", counts)
                        fields.put("first", ifPresent: first)
                        fields.put("record", ifPresent: last)
                    })
            }
            let records =
                dryRun ? "" : first.map { ", records \($0) to \(last ?? $0)" } ?? ", nothing was new"
            Output.line("\(file): \(counts)\(dryRun ? " would be taken over" : " taken over")\(records)")
        }
    }
}
