// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Glibc
import Testing

/// What a commit promises and what it costs, seen from outside the process.
@Suite(.timeLimit(.minutes(2)))
struct DurabilityTests {
    @Test func `every commit is one sync of the log: synchronous is FULL`() async throws {
        let strace = try #require(
            ["/usr/bin/strace", "/bin/strace"].first { FileManager.default.isExecutableFile(atPath: $0) },
            "strace is missing: `make deps` installs it")
        let few = try await syncs(strace, commits: 20)
        let many = try await syncs(strace, commits: 60)
        #expect(many - few == 40, "\(few) syncs for 20 commits, \(many) for 60")
    }

    @Test(arguments: 0..<12)
    func `H-25 whatever moment the process is killed at, what was acknowledged is there`(
        round: Int
    ) async throws {
        let folder = try TemporaryFolder()
        // Two lives in one folder: the second starts on what the first left behind.
        var acknowledged: Int64 = 0
        for life in 0..<2 {
            let probe = try Probe(folder.journal, commits: 100_000, size: 1 + round % 5)
            let last = try await probe.killed(afterLines: 3 + 17 * round + 5 * life)
            #expect(last > acknowledged)
            acknowledged = last
        }
        let open = try OpenJournal(folder)
        #expect(!open.opening.wasClosedCleanly)
        #expect(open.opening.lastSequence.number >= acknowledged)
        let count = ProjectionRow(
            ProjectionKey(.site, "count"), Array("\(open.opening.lastSequence.number)".utf8))
        #expect(open.opening.rows.contains(count))
        open.journal.close()
        let offline = try OfflineJournal(folder.journal)
        let report = try offline.reader.verify(folding: ProbeFolding.self)
        offline.close()
        #expect(report.isSound, "\(report.text)")
        #expect(report.recordsChecked == open.opening.lastSequence.number)
    }

    private func syncs(_ strace: String, commits: Int) async throws -> Int {
        let folder = try TemporaryFolder()
        let summary = folder.path + "/strace"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: strace)
        process.arguments = [
            "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", summary, Probe.executable, folder.journal,
            "\(commits)", "3",
        ]
        process.standardOutput = FileHandle.nullDevice
        try await process.finished()
        #expect(process.terminationStatus == 0)
        let text = try String(contentsOfFile: summary, encoding: .utf8)
        return text.split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count >= 5, words.last == "fdatasync" || words.last == "fsync" else { return sum }
            return sum + (Int(words[3]) ?? 0)
        }
    }
}

/// What journal-probe writes.
private struct ProbeFolding: JournalFolding {
    init(rows: [ProjectionRow]) throws(FieldError) {}

    mutating func fold(_ record: StoredRecord) throws(FieldError) -> [ProjectionChange] {
        let number = try Fields(record.payload ?? []).integer("n")
        let value = Array("\(number)".utf8)
        return [
            ProjectionChange(ProjectionKey(.site, "count"), value),
            ProjectionChange(ProjectionKey(.lane, "\(number % 7)"), value),
        ]
    }
}

/// A process of `journal-probe`, which lies beside the tests' own program.
private struct Probe {
    static var executable: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/journal-probe"
    }

    private let process = Process()
    private let output = Pipe()

    init(_ folder: String, commits: Int, size: Int) throws {
        process.executableURL = URL(fileURLWithPath: Self.executable)
        process.arguments = [folder, "\(commits)", "\(size)"]
        process.standardOutput = output
        try process.run()
    }

    /// Reads what it acknowledges, kills it after so many lines, and returns the last whole line of all.
    func killed(afterLines count: Int) async throws -> Int64 {
        var text: [UInt8] = []
        var hasKilled = false
        while true {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
            if !hasKilled, text.count(where: { $0 == UInt8(ascii: "\n") }) >= count {
                kill(process.processIdentifier, SIGKILL)
                hasKilled = true
            }
        }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        let whole = text.prefix((text.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
        let last = String(decoding: whole, as: UTF8.self).split(separator: "\n").last
        return try #require(last.flatMap { Int64($0) })
    }
}

extension Process {
    fileprivate func finished() async throws {
        let ended = AsyncStream.makeStream(of: Void.self)
        terminationHandler = { @Sendable _ in ended.continuation.yield() }
        try run()
        for await _ in ended.stream { break }
    }
}
