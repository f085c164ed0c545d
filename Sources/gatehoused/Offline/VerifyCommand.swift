// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseCore
import GatehouseDaemon
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseStore

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Whether the journal is what was once written.",
        discussion: """
            Checks every hash and folds the records again. In the running daemon, or with --offline on the \
            folder of one that is stopped. Ends with 65 when it is not sound.
            """)

    @Option(help: ArgumentHelp("Folder of a stopped journal.", valueName: "folder"), completion: .directory)
    var offline: String?
    @OptionGroup var options: SocketOptions

    func run() throws {
        let bytes = try offline.map { try Self.verify($0).json } ?? ask()
        let result = try Session.read(bytes, as: VerifyResult.self)
        if options.output.json { Output.json(bytes) } else { Output.line(VerifyText.text(result)) }
        if !result.isSound { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private func ask() throws -> [UInt8] {
        var session = try Session(path: options.socket)
        return try session.ask(.verify, isPatient: true)
    }

    /// What is damaged so that it cannot be opened, no command looks into.
    static func hint(_ fault: StoreFault, _ folder: String) -> String? {
        if case .corrupt = fault { return "keep the folder as it is, and restore the journal from a backup" }
        return fault.hint(offline: folder)
    }

    private static func verify(_ folder: String) throws -> VerifyResult {
        guard FileManager.default.fileExists(atPath: "\(folder)/journal.db") else {
            throw CommandFailure(.notFound, "\(folder): there is no journal here", hint: "/var/lib/gatehouse")
        }
        do throws(StoreFault) {
            let journal = try OfflineJournal(folder)
            defer { journal.close() }
            return VerifyResult(try journal.reader.verify(folding: SiteMemory.self))
        } catch {
            throw CommandFailure(.data, "\(folder): \(error.words)", hint: Self.hint(error, folder))
        }
    }
}
