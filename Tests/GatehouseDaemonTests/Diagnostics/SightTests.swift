// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseStore
import GatehouseTwins
import Testing

@testable import GatehouseDaemon

/// From a record to what the cameras saw, and who is said to have ordered.
@Suite(.timeLimit(.minutes(2))) struct SightTests {
    /// In with one picture, out with another; one exit that belongs to no stay. Records of one instant have one uptime.
    private static let story: [(kind: String, second: Int64, data: String)] = [
        (
            "plateRead", 1,
            #"{"lane":"north","plate":"沪A12345","images":[{"role":"overview","bytes":4,"sha256":"\#(entry)"}]}"#
        ),
        ("passageCompleted", 9, #"{"lane":"north","direction":"in","plate":"沪A12345","read":1}"#),
        ("stayOpened", 9, #"{"area":"main","lane":"north","plate":"沪A12345"}"#),
        ("plateRead", 20, #"{"lane":"south","plate":"沪A12346","images":[]}"#),
        ("passageCompleted", 29, #"{"lane":"south","direction":"out","plate":"沪A12345","read":4}"#),
        ("stayClosed", 29, #"{"stay":3,"area":"main"}"#),
        ("passageCompleted", 40, #"{"lane":"south","direction":"out","read":4}"#),
        ("unmatchedExit", 40, #"{"area":"main"}"#),
        ("passageCompleted", 50, #"{"lane":"south","direction":"out"}"#),
        ("armUp", 51, #"{"lane":"south"}"#),
    ]
    private static let entry = String(repeating: "ab", count: 32)

    private static func write(_ folder: String) async throws {
        let (results, said) = AsyncStream.makeStream(of: JournalResult.self)
        let (journal, _) = try Journal.open(folder) { said.yield($0) }
        journal.submit(
            story.enumerated().map { index, record in
                Record(
                    sequence: Sequence(Int64(index) + 1), kind: record.kind,
                    at: Moment(
                        uptime: Uptime(nanoseconds: record.second * 1_000_000_000),
                        wall: WallTime(milliseconds: 1_700_000_000_000 + record.second * 1000)),
                    boot: "boot", payload: Array(record.data.utf8))
            })
        for await case .committed(Int64(story.count)) in results { break }
        journal.close()
    }

    private func sights(_ running: RunningGateway, _ record: Int) async throws -> Fields {
        let answer = try await running.ask(#"{"id":1,"request":"sights","record":\#(record)}"#)
        return try Fields(Array(try #require(answer.last).utf8))
    }

    @Test func `the entry is found for the read, the passage, the stay, its exit and its end`() async throws {
        try await RunningGateway.with(prepare: Self.write) { running in
            func reads(_ record: Int) async throws -> [Int64?] {
                let result = try await sights(running, record).object("result")
                let (entry, exit) = (try result.objectIfPresent("entry"), try result.objectIfPresent("exit"))
                return [result.number("stay"), entry?.number("read"), exit?.number("read")]
            }
            #expect(try await reads(1) == [nil, 1, nil])
            #expect(try await reads(2) == [nil, 1, nil])
            #expect(try await reads(3) == [3, 1, nil])
            #expect(try await reads(5) == [3, 1, 4])
            #expect(try await reads(6) == [3, 1, 4])
            #expect(try await reads(7) == [nil, nil, 4])
            #expect(try await reads(8) == [nil, nil, 4])
            // Its neighbours are of another instant, and nothing was read there.
            #expect(try await reads(9) == [nil, nil, nil])
            let entry = try await sights(running, 5).object("result").object("entry")
            #expect(try entry.objects("images").first?.text("sha256") == Self.entry)
            for record in [0, 10, 999] {
                #expect(try await sights(running, record).object("error").text("code") == "not_found")
            }
        }
    }

    @Test func `a picture comes by its hash and is what its name says`() async throws {
        try await RunningGateway.with { running in
            let bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xD9]
            let name = try running.gateway.store.pictures.put(bytes[...])
            let answer = try await running.ask(#"{"id":1,"request":"picture","sha256":"\#(name)"}"#)
            #expect(answer.last?.contains(#""bytes":4,"base64":"/9j/2Q==""#) == true, "\(answer)")
            let none = try await running.ask(#"{"id":1,"request":"picture","sha256":"\#(Self.entry)"}"#)
            #expect(none.last?.contains("not_found") == true)
        }
    }

    @Test func `an order is recorded under the name that was vouched for, and under who vouched`()
        async throws
    {
        try await RunningGateway.with { running in
            let order = #""request":"lane","lane":"north","action":"open","reason":"TEST"}"#
            for line in [#"{"id":1,"for":"李伟",\#(order)"#, #"{"id":1,\#(order)"#] {
                #expect(try await running.ask(line).last?.contains("result") == true)
            }
            let events = try await running.ask(
                #"{"id":1,"request":"events","kinds":["manualOpen"],"limit":9}"#)
            let by = try events.dropLast().map { line in
                try Fields(Array(line.utf8)).object("event").object("data").object("by")
            }
            let user = try #require(by.last?.text("name"))
            #expect(by.map { $0.text("name") } == ["李伟", user])
            #expect(by.map { $0.text("channel") } == ["via \(user)", "socket"])
        }
    }

    @Test func `status counts what was recorded since the start, by lane`() async throws {
        try await RunningGateway.with(prepare: Self.write) { running in
            let tally = running.gateway.tally
            let records = Self.story.enumerated().map { index, record in
                Record(
                    sequence: Sequence(Int64(index) + 1), kind: record.kind,
                    at: Moment(uptime: .zero, wall: WallTime(milliseconds: 0)), boot: "b",
                    payload: Array(record.data.utf8))
            }
            let before = tally.store.records
            tally.made(records)
            try await awaiting("the count", within: .seconds(5)) {
                tally.store.records >= before + Int64(records.count) ? true : nil
            }
            #expect(tally.lane("north").passagesIn == 1 && tally.lane("north").passagesOut == 0)
            #expect(tally.lane("south").passagesOut == 3 && tally.lane("nowhere").passagesIn == 0)
            let status = try await running.ask(#"{"id":1,"request":"status"}"#).last ?? ""
            #expect(status.contains(#""counts":{"in":0,"out":3"#), "\(status)")
            #expect(status.contains(#"{"name":"relays-north","driver":"modbus-relay","reached":"#))
        }
    }
}
