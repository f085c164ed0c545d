// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GatehouseCore
import GatehouseEngine
import GatehouseStore
import Synchronization

/// Hands batches to a journal and waits until each is durable.
final class DurableJournal {
    private let journal: Journal
    private let answers: Answers
    private(set) var last: Sequence

    private final class Answers: Sendable {
        let through = Mutex<Int64?>(0)
        let arrived = DispatchSemaphore(value: 0)
    }

    init(_ folder: String) throws {
        let answers = Answers()
        let (journal, opening) = try Journal.open(folder) { result in
            switch result {
            case .committed(let number): answers.through.withLock { $0 = number }
            case .commitFailed: answers.through.withLock { $0 = nil }
            }
            answers.arrived.signal()
        }
        self.journal = journal
        self.answers = answers
        last = opening.lastSequence
    }

    func commit(_ records: [Record]) throws {
        guard let end = records.last?.sequence else { return }
        journal.submit(records)
        while true {
            answers.arrived.wait()
            guard let through = answers.through.withLock({ $0 }) else {
                throw BenchFailure(words: "a commit failed")
            }
            if through >= end.number { break }
        }
        last = end
        journal.checkpointIfIdle()
    }

    var ledger: LedgerReader { journal.reader.ledger }

    func close() { journal.close() }
}

/// Makes a journal with permits and, behind them, records of passages gone by.
struct Filler {
    let folder: String
    private static let batch = 4_000
    private static let boot = "00000000-0000-4000-8000-000000000000"

    func fill(permits: Int, records: Int) throws {
        let journal = try DurableJournal(folder)
        defer { journal.close() }
        var waiting: [Record] = []
        for number in 0..<max(permits, records) {
            let sequence = Sequence(journal.last.number + Int64(waiting.count) + 1)
            waiting.append(try number < permits ? permit(number, sequence) : past(sequence))
            if waiting.count == Self.batch {
                try journal.commit(waiting)
                waiting = []
            }
        }
        try journal.commit(waiting)
        GatehouseBench.say("FIGURE permits=\(permits) records=\(journal.last.number)")
    }

    private func permit(_ number: Int, _ sequence: Sequence) throws -> Record {
        let permit = Permit(id: Int64(number + 1), plate: try BenchPlates.plate(number), holder: "bench")
        let fact = Fact.directory(
            .permitSet(permit), by: Operator(channel: "self", name: "bench"), reason: "import")
        var memory = SiteMemory()
        let moment = moment(sequence)
        let changes = memory.apply(fact, sequence, at: moment)
        return Record(
            sequence: sequence, kind: fact.kind, at: moment, boot: Self.boot, payload: fact.payload,
            changes: changes)
    }

    private func past(_ sequence: Sequence) -> Record {
        let fact = Fact.clockStepped(milliseconds: 2_000 + sequence.number % 1_000)
        return Record(
            sequence: sequence, kind: fact.kind, at: moment(sequence), boot: Self.boot, payload: fact.payload)
    }

    private func moment(_ sequence: Sequence) -> Moment {
        Moment(
            uptime: Uptime(nanoseconds: sequence.number * 1_000_000),
            wall: WallTime(milliseconds: 1_750_000_000_000 + sequence.number * 1_000))
    }
}
