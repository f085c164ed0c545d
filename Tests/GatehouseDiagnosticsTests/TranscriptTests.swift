// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import Testing

@testable import GatehouseDiagnostics

/// A conversation as it goes over the socket, line by line. The same files stand in
/// `docs/diagnostics-protocol.md`.
struct Transcript: Sendable, CustomTestStringConvertible {
    var name: String
    var lines: [[UInt8]]
    var testDescription: String { name }

    static let all: [Transcript] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Transcripts")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return files.sorted().compactMap { file in
            guard let data = try? Data(contentsOf: folder.appending(path: file)) else { return nil }
            return Transcript(name: file, lines: data.split(separator: 0x0A).map { Array($0) })
        }
    }()
}

@Suite struct TranscriptTests {
    @Test func `every request stands in a transcript`() throws {
        var seen: Set<String> = []
        for line in Transcript.all.flatMap(\.lines) {
            if let name = try Fields(line).stringIfPresent("request") { seen.insert(name) }
        }
        let names: Set<String> = [
            "status", "watch", "events", "explain", "faults", "lane", "capture", "verify", "permit", "list",
            "import", "stay", "recount", "drill", "reload", "replay", "clock", "sights", "picture",
            "money", "ledger",
        ]
        #expect(seen == names)
    }

    @Test(arguments: Transcript.all) func `a transcript comes back byte for byte`(_ transcript: Transcript)
        throws
    {
        var asked: [Int: DiagnosticRequest] = [:]
        for line in transcript.lines {
            let fields = try Fields(line)
            if fields.has("hello") {
                #expect(text(DiagnosticProtocol.line(try DiagnosticProtocol.hello(line))) == text(line))
            } else if fields.has("request") {
                let question = try DiagnosticProtocol.question(line)
                asked[question.id] = question.request
                #expect(text(DiagnosticProtocol.line(question)) == text(line))
            } else {
                let (id, reply) = try DiagnosticProtocol.reply(line)
                let request = try #require(asked[id], "a reply to nothing")
                let again = try Self.again(reply, to: request)
                #expect(text(DiagnosticProtocol.line(id: id, again)) == text(line))
            }
        }
    }

    private func text(_ line: [UInt8]) -> String {
        String(decoding: line.last == 0x0A ? line.dropLast() : line[...], as: UTF8.self)
    }

    /// Read as the value that answers this request, and written anew.
    private static func again(
        _ reply: DiagnosticProtocol.Reply, to request: DiagnosticRequest
    ) throws -> DiagnosticProtocol.Reply {
        switch reply {
        case .event(let json):
            if case .watch = request { return .event(try WatchItem(json: json).json) }
            return .event(try EventLine(json: json).json)
        case .result(let json): return .result(try result(json, of: request))
        case .failure: return reply
        }
    }

    private static func result(_ json: [UInt8], of request: DiagnosticRequest) throws -> [UInt8] {
        switch request {
        case .status: try StatusResult(json: json).json
        case .watch: []
        case .events: try EventsResult(json: json).json
        case .explain: try Explanation(json: json).json
        case .faults: try FaultsResult(json: json).json
        case .capture: try CaptureResult(json: json).json
        case .sights: try SightsResult(json: json).json
        case .picture: try PictureResult(json: json).json
        case .verify: try VerifyResult(json: json).json
        case .permit(.show): try PermitResult(json: json).json
        case .list(.show): try ListResult(json: json).json
        case .stay(.list): try StayListResult(json: json).json
        case .stay(.show): try StayResult(json: json).json
        case .reload: try ReloadResult(json: json).json
        case .clock(.show): try ClockResult(json: json).json
        case .money(.quote): try QuoteResult(json: json).json
        case .ledger(.balances): try LedgerResult(json: json).json
        case .ledger(.key), .ledger(.rotateKey): try LedgerKeyResult(json: json).json
        case .ledger(.checkpoint): try CheckpointResult(json: json).json
        case .ledger(.receipt): try ReceiptResult(json: json).json
        case .ledger(.coupons): try CouponListResult(json: json).json
        case .ledger(.stored): try StoredResult(json: json).json
        case .lane, .permit, .list, .importDirectory, .stay, .recount, .drill, .replay, .clock, .money:
            try OrderResult(json: json).json
        }
    }

    /// What a request may not do, it may not do under another spelling either.
    @Test func `authority goes by what is asked`() throws {
        let cases: [(String, Authority)] = [
            (#"{"id":1,"request":"status"}"#, .observe), (#"{"id":1,"request":"watch"}"#, .observe),
            (#"{"id":1,"request":"lane","lane":"n","action":"open","reason":"TEST"}"#, .guard),
            (
                #"{"id":1,"request":"lane","lane":"n","action":"hold","position":"open","reason":"TEST"}"#,
                .technician
            ),
            (#"{"id":1,"request":"stay","action":"list"}"#, .observe),
            (#"{"id":1,"request":"stay","action":"close","stay":1,"reason":"TEST"}"#, .guard),
            (#"{"id":1,"request":"permit","action":"show"}"#, .observe),
            (#"{"id":1,"request":"permit","action":"end","number":1,"reason":"TEST"}"#, .technician),
            (#"{"id":1,"request":"recount","area":"m","cars":1,"reason":"TEST"}"#, .guard),
            (#"{"id":1,"request":"drill","action":"end","reason":"TEST"}"#, .technician),
            (#"{"id":1,"request":"import","file":"f","changes":[]}"#, .technician),
            (#"{"id":1,"request":"clock","action":"show"}"#, .observe),
            (#"{"id":1,"request":"clock","action":"set","to":1,"reason":"TEST"}"#, .technician),
            (#"{"id":1,"request":"sights","record":1}"#, .observe),
            (#"{"id":1,"request":"ledger","action":"balances"}"#, .observe),
            (#"{"id":1,"request":"ledger","action":"receipt","stay":1}"#, .observe),
            (#"{"id":1,"request":"ledger","action":"key"}"#, .observe),
            (#"{"id":1,"request":"ledger","action":"rotate_key","reason":"TEST"}"#, .technician),
            (#"{"id":1,"request":"ledger","action":"coupons"}"#, .guard),
            (#"{"id":1,"request":"ledger","action":"stored"}"#, .guard),
            (#"{"id":1,"request":"money","action":"revoke_coupon","coupon":"k","reason":"TEST"}"#, .guard),
            (
                #"{"id":1,"request":"money","action":"give_back_stored","holder":{"household":1},"way":"cash","reason":"TEST"}"#,
                .technician
            ),
            (#"{"id":1,"request":"money","action":"quote","lane":"south"}"#, .guard),
            (#"{"id":1,"request":"money","action":"open_shift"}"#, .guard),
            (
                #"{"id":1,"request":"money","action":"correct","record":1,"reason":"TEST","postings":[]}"#,
                .technician
            ),
            (
                #"{"id":1,"for":"li","request":"picture","sha256":"\#(String(repeating: "0", count: 64))"}"#,
                .guard
            ),
        ]
        for (line, authority) in cases {
            #expect(
                try DiagnosticProtocol.request(Array(line.utf8)).request.authority == authority, "\(line)")
        }
    }

    @Test(arguments: [
        (#""action":"hold","position":"ajar""#, "ajar"), (#""action":"hold""#, "position"),
        (#""action":"jump""#, "jump"),
    ])
    func `an order that is none is refused by name`(members: String, named: String) {
        let line = #"{"id":1,"request":"lane","lane":"n",\#(members),"reason":"TEST"}"#
        let error = #expect(throws: FieldError.self) { try DiagnosticProtocol.request(Array(line.utf8)) }
        #expect(error.map { "\($0)".contains(named) } == true)
    }

    @Test(arguments: [
        #""for":"""#, #""for":" li""#, #""for":"li\nwang""#, #""for":"\u202eil""#, #""for":7"#,
        #""for":"\#(String(repeating: "x", count: 65))""#,
    ])
    func `a person has a name that a record can show`(member: String) {
        let line = Array(#"{"id":1,\#(member),"request":"status"}"#.utf8)
        #expect(throws: FieldError.self) { try DiagnosticProtocol.question(line) }
    }

    @Test(arguments: ["", "../../etc/passwd", String(repeating: "A", count: 64)])
    func `a picture is asked for by its hash and nothing else`(text: String) {
        let line = Array(#"{"id":1,"request":"picture","sha256":"\#(text)"}"#.utf8)
        #expect(throws: FieldError.self) { try DiagnosticProtocol.request(line) }
    }

    @Test func `observers see that an entry is there, not why`() throws {
        let plate = try #require(Plate("沪B99999"))
        let entry = ListEntry(
            id: 7, list: .block, plate: plate, effectiveFrom: WallTime(milliseconds: 1), reason: "fraud",
            author: "wang", variant: .denyBoth, document: "GA-17")
        for authority in Authority.allCases {
            let seen = ListResult(entries: [entry.asSeen(by: authority)])
            let text = String(decoding: seen.json, as: UTF8.self)
            #expect(text.contains("fraud") == (authority != .observe))
            #expect(text.contains("GA-17") == (authority != .observe))
            #expect(try ListResult(json: seen.json) == seen)
            let payload = DirectoryChange.listEntrySet(entry).payload
            let record = StoredRecord(
                sequence: Sequence(7), kind: "listEntrySet", format: 1,
                at: Moment(uptime: .zero, wall: WallTime(milliseconds: 1)), boot: "", payload: payload)
            let line = String(decoding: EventLine(record).asSeen(by: authority).json, as: UTF8.self)
            #expect(line.contains("沪B99999"))
            #expect(line.contains("fraud") == (authority != .observe))
            #expect(line.contains("GA-17") == (authority != .observe))
        }
    }

    @Test(arguments: Transcript.all) func `cut lines are refused and never trap`(_ transcript: Transcript) {
        for line in transcript.lines {
            for end in stride(from: 0, to: line.count, by: 7) {
                let cut = Array(line[..<end])
                #expect(throws: FieldError.self) { try DiagnosticProtocol.reply(cut) }
                #expect(throws: FieldError.self) { try DiagnosticProtocol.request(cut) }
            }
        }
    }

    @Test func `results are shown to people`() throws {
        for transcript in Transcript.all {
            var request = DiagnosticRequest.status
            for line in transcript.lines {
                let fields = try Fields(line)
                if fields.has("request") { request = try DiagnosticProtocol.request(line).request }
                guard fields.has("result"), case .result(let json) = try DiagnosticProtocol.reply(line).reply
                else {
                    continue
                }
                #expect(try Self.people(json, request)?.isEmpty != true)
            }
        }
    }

    private static func people(_ json: [UInt8], _ request: DiagnosticRequest) throws -> String? {
        switch request {
        case .status: StatusText.text(try StatusResult(json: json), zone: .utc)
        case .faults: FaultsText.text(try FaultsResult(json: json), zone: .utc)
        case .explain: ExplanationText.text(try Explanation(json: json), zone: .utc)
        case .clock(.show): ClockText.text(try ClockResult(json: json), zone: .utc)
        case .sights: SightText.text(try SightsResult(json: json), zone: .utc)
        case .verify: VerifyText.text(try VerifyResult(json: json))
        case .permit(.show): BookText.text(try PermitResult(json: json), zone: .utc)
        case .list(.show): BookText.text(try ListResult(json: json), zone: .utc)
        case .stay(.list): BookText.text(try StayListResult(json: json), zone: .utc)
        case .stay(.show): BookText.text(try StayResult(json: json), zone: .utc)
        case .ledger(.balances): LedgerText.text(try LedgerResult(json: json), zone: .utc)
        case .ledger(.key): LedgerKeyText.keys(try LedgerKeyResult(json: json))
        case .ledger(.rotateKey): LedgerKeyText.changed(try LedgerKeyResult(json: json))
        case .ledger(.receipt): ReceiptText.text(try ReceiptResult(json: json), zone: .utc)
        case .ledger(.coupons): CouponText.text(try CouponListResult(json: json), zone: .utc)
        case .ledger(.stored): CouponText.text(try StoredResult(json: json))
        default: nil
        }
    }
}

@Suite struct StatusTextTests {
    private func status() throws -> StatusResult {
        let transcript = try #require(Transcript.all.first { $0.name == "status.jsonl" })
        guard case .result(let json) = try DiagnosticProtocol.reply(transcript.lines[2]).reply else {
            throw FieldError.missing(key: "result")
        }
        return try StatusResult(json: json)
    }

    @Test func `status shows lanes, levels, holds, areas and faults`() throws {
        let text = StatusText.text(try status(), zone: ZoneRules(name: "", initialOffset: 8 * 3600))
        #expect(
            text == """
                gatehoused 0.1.0 at site demo, up 1 h 0 min, 9.0 MiB private memory
                journal: record 1236, 4.0 MiB; plan 4f4f4f4f4f4f
                clock synchronised, real-time class granted, 1 watching

                FIRE DRILL until 2026-03-02 08:31:00, by wang (socket): OTHER: yearly drill
                  Fire release moves as ever and is recorded as drill.

                lane north (entry): clear, arm down
                  presence off  safety off
                lane south (exit): present, arm down, HELD CLOSED, 沪B99999, waits: NO_ENTRY_RECORD
                  presence on  safety unknown

                area main: 7 of 20 inside, 11 free, 2 kept for residents

                412 permits and list entries, 180 households, 7 open stays

                CRITICAL  lane south: safety_unknown, since 2026-03-02 07:30:00
                  safety input silent: no close is commanded until it reads off again
                """)
    }

    @Test func `whose entry it may be is said below whoever waits without one`() throws {
        var status = try status()
        let index = try #require(status.lanes.firstIndex { $0.name == "south" })
        status.lanes[index].waiting?.candidates = [
            UnmatchedExitLine.Candidate(stay: 7, plate: "沪B99998", distance: 1)
        ]
        let text = StatusText.text(status, zone: .utc)
        #expect(
            text.contains(
                "waits: NO_ENTRY_RECORD\n  presence on  safety unknown\n"
                    + "  perhaps stay 7 沪B99998, distance 1\n"), "\(text)")
    }

    @Test func `a journal that takes nothing is said loudly`() throws {
        var status = try status()
        status.storeTrouble = "disk full"
        status.factsDropped = 3
        status.process.isRealtime = false
        let text = StatusText.text(status, zone: .utc)
        #expect(text.contains("THE JOURNAL TAKES NO RECORDS: disk full"))
        #expect(text.contains("3 facts found no place"))
        #expect(text.contains("REAL-TIME CLASS REFUSED to engine"))
        status.process.isBusRealtime = false
        #expect(StatusText.text(status, zone: .utc).contains("REFUSED to engine and bus"))
        status.process.isRealtime = true
        #expect(StatusText.text(status, zone: .utc).contains("REFUSED to bus"))
    }
}

@Suite struct ClockTextTests {
    private let shanghai = ZoneRules(name: "", initialOffset: 8 * 3600)

    @Test func `a clock in doubt says why, who says otherwise and what to do`() {
        let clock = ClockResult(
            wall: WallTime(milliseconds: 1_772_411_415_482), quality: .doubtful,
            doubt: "camera-north's own clock is 3723 s apart",
            kernel: ClockResult.Kernel(
                isSynchronised: false, offsetMicroseconds: 0, maximumErrorMilliseconds: 16_000),
            battery: nil,
            cameras: [
                ClockResult.Camera(
                    name: "camera-north", verdict: .differs, offsetMilliseconds: 3_722_600, secondsAgo: 12),
                ClockResult.Camera(
                    name: "camera-south", verdict: .unknown, offsetMilliseconds: -61_000, secondsAgo: 3_700),
            ])
        #expect(
            ClockText.text(clock, zone: shanghai) == """
                2026-03-02 08:30:15.482, IN DOUBT
                  camera-north's own clock is 3723 s apart
                  `gatehouse clock set TIME --reason CODE` sets it, in the journal too
                network time: none disciplines this clock
                battery clock: none; a power cut loses the time
                camera camera-north: differs, its stamps are 1 h 2 min ahead, heard 12 s ago
                camera camera-south: was not heard often enough, its last stamp was 61 s behind, heard 1 h 1 min ago
                """)
    }

    @Test func `a disciplined clock says how well`() {
        let clock = ClockResult(
            wall: WallTime(milliseconds: 1_772_411_415_482), quality: .synchronised, doubt: nil,
            kernel: ClockResult.Kernel(
                isSynchronised: true, offsetMicroseconds: -37, maximumErrorMilliseconds: 12),
            battery: ClockResult.Battery(device: "rtc0", offsetSeconds: -2),
            cameras: [
                ClockResult.Camera(
                    name: "c", verdict: .otherZone, offsetMilliseconds: -28_800_000, secondsAgo: 0)
            ])
        #expect(
            ClockText.text(clock, zone: .utc) == """
                2026-03-02 00:30:15.482, synchronised
                network time: disciplined, -37 µs to go, at most 12 ms wrong
                battery clock rtc0: 2 s behind
                camera c: has another zone, its stamps are 8 h 0 min behind, heard 0 s ago
                """)
    }
}
