// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GatehouseCore
import GatehouseEngine
import GatehouseStore
import Glibc
import Synchronization

/// Writes batches to a journal and prints the number of the last durable record after each, so that a test
/// can count what a commit costs or kill the process and look what is left.
///
/// usage: journal-probe FOLDER COMMITS RECORDS-PER-COMMIT
@main
struct JournalProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let commits = Int(arguments[2]), let size = Int(arguments[3]) else {
            say("usage: journal-probe FOLDER COMMITS RECORDS-PER-COMMIT")
            exit(2)
        }
        do throws(StoreFault) {
            try run(folder: arguments[1], commits: commits, size: size)
        } catch {
            say("failed: \(error)")
            exit(1)
        }
    }

    private static func run(folder: String, commits: Int, size: Int) throws(StoreFault) {
        let acknowledged = Acknowledged()
        let (journal, opening) = try Journal.open(folder) { result in acknowledged.note(result) }
        var next = opening.lastSequence.next
        for _ in 0..<commits {
            var batch: [Record] = []
            for _ in 0..<size {
                batch.append(record(next))
                next = next.next
            }
            journal.submit(batch)
            guard let through = acknowledged.wait(for: next.number - 1) else { exit(1) }
            say("\(through)")
        }
        journal.close()
    }

    /// One row that counts and one of a few that each record overwrites.
    private static func record(_ sequence: Sequence) -> Record {
        let moment = Moment(
            uptime: Uptime(nanoseconds: sequence.number * 1_000),
            wall: WallTime(milliseconds: 1_700_000_000_000 + sequence.number))
        return Record(
            sequence: sequence, kind: "probe", at: moment, boot: "probe-boot",
            payload: FieldWriter.object { $0.put("n", sequence.number) },
            changes: [
                ProjectionChange(ProjectionKey(.site, "count"), Array("\(sequence.number)".utf8)),
                ProjectionChange(
                    ProjectionKey(.lane, "\(sequence.number % 7)"), Array("\(sequence.number)".utf8)),
            ])
    }

    /// At once, past every buffer.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

/// The writer thread's answers, waited for by the main thread.
private final class Acknowledged: Sendable {
    private let through = Mutex<Int64?>(0)
    private let answered = DispatchSemaphore(value: 0)

    func note(_ result: JournalResult) {
        switch result {
        case .committed(let number): through.withLock { $0 = number }
        case .commitFailed: through.withLock { $0 = nil }
        }
        answered.signal()
    }

    func wait(for number: Int64) -> Int64? {
        while let now = through.withLock({ $0 }) {
            if now >= number { return now }
            answered.wait()
        }
        return nil
    }
}
