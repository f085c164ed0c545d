// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine

/// Writes the records of a run of passages, batch by batch as the engine made them, and a script of the same
/// statements for the yardstick `replay`, which then takes turns with it.
struct JournalBench {
    let folder: String
    let script: String

    init(folder: String, script: String) {
        self.folder = folder
        self.script = script
    }

    mutating func run(plan: SitePlan, passages: Int, rounds: Int) throws {
        var builder = DirectoryBuilder()
        for number in 0..<100 {
            try builder.set(
                Permit(id: Int64(number + 1), plate: try BenchPlates.plate(number), holder: "bench"))
        }
        var morning = Morning(
            plan: plan, memory: SiteMemory(), directory: try builder.build(asOf: Sequence(0)),
            nextSequence: Sequence(1))
        morning.keepsBatches = true
        morning.begin()
        let beginning = morning.batches.count
        for number in 0..<passages {
            let lane = number / 2 % 8 * 2 + number % 2
            guard morning.passage(lane: lane, plate: BenchPlates.text(number / 2 % 100)) else {
                throw BenchFailure(words: "passage \(number) did not open")
            }
        }
        let batches = morning.batches
        GatehouseBench.say(
            "RUN commits=\(batches.count - beginning) records=\(batches.reduce(0) { $0 + $1.count }) passages=\(passages)"
        )
        try write(batches)
        for round in 0..<rounds { try measure(batches, round) }
    }

    private func measure(_ batches: [[Record]], _ round: Int) throws {
        let seconds = try JournalFeed(batches).run("\(folder)/journal-\(round)")
        GatehouseBench.say("FIGURE commits_s=\(StepsBench.text(Double(batches.count) / seconds))")
        // The caller runs the yardstick now and says when it is done.
        _ = readLine()
    }

    /// `B` begin, `R` a record by its number (its bytes stand in the journal), `P` a projection row set, `D`
    /// one deleted, `C` commit; then 64-bit numbers and length-prefixed bytes, little-endian.
    private func write(_ batches: [[Record]]) throws {
        var bytes: [UInt8] = []
        for batch in batches {
            bytes.append(UInt8(ascii: "B"))
            for record in batch {
                bytes.append(UInt8(ascii: "R"))
                append(record.sequence.number, to: &bytes)
                for change in record.changes {
                    bytes.append(UInt8(ascii: change.value == nil ? "D" : "P"))
                    append(Array(change.row.table.rawValue.utf8), to: &bytes)
                    append(Array(change.row.key.utf8), to: &bytes)
                    if let value = change.value { append(value, to: &bytes) }
                }
            }
            bytes.append(UInt8(ascii: "C"))
        }
        try Data(bytes).write(to: URL(fileURLWithPath: script))
    }

    private func append(_ number: Int64, to bytes: inout [UInt8]) {
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * Int64(shift)))) }
    }

    private func append(_ data: [UInt8], to bytes: inout [UInt8]) {
        append(Int64(data.count), to: &bytes)
        bytes += data
    }
}
