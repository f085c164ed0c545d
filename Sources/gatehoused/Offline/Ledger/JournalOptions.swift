// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseCore
import GatehouseEngine
import GatehouseStore

/// Of commands that read the journal themselves: many records go through no socket. Beside a running daemon what was
/// committed is read, on a connection of its own that can write nothing; of a stopped one, or a copy, under its lock.
struct JournalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of a stopped journal.", valueName: "folder"), completion: .directory)
    var offline: String?
    @Option(
        help: ArgumentHelp("Folder of the running daemon's journal.", valueName: "folder"),
        completion: .directory)
    var folder = JournalPlan().folder

    func read<Value>(_ work: (JournalReader) throws(StoreFault) -> Value) throws -> Value {
        let path = offline ?? folder
        guard FileManager.default.fileExists(atPath: "\(path)/journal.db") else {
            throw CommandFailure(
                .notFound, "\(path): there is no journal here",
                hint: "--folder or --offline, and the right to read it")
        }
        do throws(StoreFault) {
            let journal = try OfflineJournal(path, isWritten: offline == nil)
            defer { journal.close() }
            return try work(journal.reader)
        } catch {
            throw CommandFailure(.data, "\(path): \(error.words)", hint: error.hint(offline: offline))
        }
    }
}

extension StoreFault {
    /// What to try where a command reads a journal itself.
    /// - Parameter offline: the folder, of a stopped one.
    func hint(offline: String?) -> String? {
        switch self {
        case .corrupt: offline.map { "gatehouse verify --offline \($0)" } ?? "gatehouse verify"
        case .inUse: "stop the daemon first, or leave --offline out"
        case .diskFull, .readOnly, .failed: offline == nil ? "the daemon's user and root may read it" : nil
        }
    }
}
