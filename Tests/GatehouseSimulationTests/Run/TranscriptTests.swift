// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

@Suite struct TranscriptTests {
    private static func run() -> [String] {
        var options = RunOptions(seed: 11, hours: 2)
        options.traces = true
        return simulate(options).transcript
    }

    /// Practice in one is skill in the other: number, time, lane, what, plate, text, at the places of `gatehouse watch`.
    @Test func `every line has the columns of watch`() {
        let lines = Self.run()
        #expect(lines.count > 100)
        for line in lines {
            #expect(DisplayWidth.of(line) <= WatchLine.width, "\(line)")
            let columns = Array(line)
            guard columns.count > 20 else {
                Issue.record("too short: \(line)")
                continue
            }
            #expect(columns[..<7].allSatisfy { $0 == " " || $0.isNumber }, "\(line)")
            #expect(
                columns[7] == " " && columns[10] == ":" && columns[13] == ":" && columns[16] == ".", "\(line)"
            )
            #expect(columns[20] == " ", "\(line)")
        }
    }

    @Test func `a record's line is that of watch, letter by letter`() {
        let passage = record(7, "accessGranted") {
            $0.put("lane", "north")
            $0.put("plate", "京AD12345")
            $0.put("reason", "PERMIT_VEHICLE")
        }
        var transcript = Transcript(keeps: true, origin: WallTime(milliseconds: 0))
        transcript.add(passage, at: .zero)
        #expect(transcript.lines == [WatchLine.text(StoredRecord(passage), zone: .utc)])
    }

    @Test func `what a line cuts off still tells two runs apart`() {
        let hashes = ["a", "b"].map { end in
            var transcript = Transcript(keeps: false, origin: WallTime(milliseconds: 0))
            transcript.add(
                record(1, "faultRaised") { $0.put("detail", String(repeating: "x", count: 200) + end) },
                at: .zero)
            return transcript.hash
        }
        #expect(hashes[0] != hashes[1])
    }
}
