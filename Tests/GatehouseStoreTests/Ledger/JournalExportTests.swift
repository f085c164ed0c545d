// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JournalExportTests {
    /// 2026-05-01T00:00:00+08:00.
    static let may: Int64 = 1_777_564_800_000

    /// A tariff of April, the last second of April, and a month with something of everything.
    static let records: [Record] = {
        var made: [Record] = []
        func add(_ kind: String, _ payload: String, _ wall: Int64) {
            made.append(record(Int64(made.count + 1), kind, payload, at: wall))
        }
        let zone = #"{"name":"Asia/Shanghai","initial_offset_s":29143,"transitions":[-2177481943,28800]}"#
        add("tariffAdopted", #"{"tariff":"estate","version":3,"zone":\#(zone),"text":"x"}"#, may - 90_000)
        func charge(_ stay: Int, _ more: String) -> String {
            #"{"stay":\#(stay),"plate":"沪A2K605","category":"common.temp_parking",\#(more)}"#
        }
        let priced = #""tariff":"estate","version":3,"class":"small""#
        add(
            "stayCharged",
            charge(
                1,
                #""outcome":"paid",\#(priced),"owed":0,"postings":[{"account":"income.common.temp_parking","amount":-500}]"#
            ), may - 1)
        add("stayOpened", #"{"reading":{"plate":"沪A2K605","raw":"沪A·2K605"},"area":"main"}"#, may)
        add(
            "stayCharged",
            charge(
                3,
                #""outcome":"paid",\#(priced),"owed":0,"collected":[{"stay":"1","amount":150}],"postings":[{"account":"income.common.temp_parking","amount":-1205},{"account":"reductions.adjust.waiver.OTHER: 沪A2K605","amount":200},{"account":"reductions.rounding","amount":5},{"account":"liabilities.deposits","amount":1000}]"#
            ), may)
        add(
            "stayCharged",
            charge(
                4,
                #""outcome":"owed","tariff":"estate","version":3,"class":"large","owed":800,"postings":[{"account":"income.common.temp_parking","amount":-800},{"account":"assets.arrears","amount":800}]"#
            ), may + 86_400_000)
        add("stayCharged", charge(5, #""outcome":"unknown","paid":0,"owed":0"#), may + 86_400_001)
        add("manualOpen", #"{"lane":"north","plate":"沪A2K605","why":"TEST"}"#, may + 90_000_000)
        add("chargeAdjusted", #"{"stay":3,"reason":"OTHER: 沪A2K605 | guest","fee_is":0}"#, may + 90_000_001)
        add("chargeAdjusted", #"{"stay":3,"reason":"GOODWILL","by_amount":-200}"#, may + 90_000_002)
        add("chargeAdjusted", #"{"stay":6,"reason":"GOODWILL","fee_is":0}"#, may + 90_000_003)
        add(
            "paymentSettled",
            #"{"serial":"s","amount":700,"use":"arrears","stay":4,"rest":50,"postings":[{"account":"assets.cash","amount":700},{"account":"assets.arrears","amount":-650},{"account":"liabilities.refundable","amount":-50}]}"#,
            may + 90_000_004)
        add(
            "shiftClosed",
            #"{"shift":1,"difference":-30,"postings":[{"account":"differences.cash","amount":30},{"account":"assets.cash","amount":-30}]}"#,
            may + 90_000_005)
        add("paymentRefunded", #"{"settlement":11,"amount":50}"#, may + 90_000_006)
        add(
            "ledgerCorrected",
            #"{"corrects":5,"reason":"=1","postings":[{"account":"assets.arrears","amount":-150},{"account":"income.more\u00a0|x","amount":150}]}"#,
            may + 90_000_007)
        add("stayCharged", #"{"stay":9,"outcome":"lost","owed":0}"#, may + 90_000_008)
        add(
            "shiftClosed", #"{"difference":1,"postings":[{"account":"income.x"}]}"#, may + 90_000_009)
        add(
            "couponConsumed",
            #"{"coupon":"k1","kind":"minutes","value":60,"merchant":"tea","used":400,"stay":3,"at_s":1,"charge_record":4}"#,
            may + 90_000_010)
        add(
            "couponConsumed",
            #"{"coupon":"k2","kind":"full","used":105,"stay":3,"at_s":1,"charge_record":4}"#,
            may + 90_000_011)
        add("manualOpen", #"{"lane":"north"}"#, may + 31 * 86_400_000)
        return made
    }()

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func journal() async throws -> OpenJournal {
        let open = try OpenJournal(folder)
        await open.commit(Self.records)
        return open
    }

    private static func export(
        _ open: OpenJournal, _ format: JournalExport.Format, hiding: Bool = true, since: Int64? = nil
    ) throws -> String {
        let names = PlatePseudonyms(key: [UInt8](repeating: 1, count: 32))
        var bytes: [UInt8] = []
        try JournalExport(format, hidingPlates: hiding ? names : nil)
            .run(open.journal.reader, since: since.map(WallTime.init(milliseconds:))) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a line is a record, and plates are gone unless asked for`() async throws {
        let open = try await journal()
        defer { open.journal.close() }
        let lines = try Self.export(open, .jsonl).split(separator: "\n")
        #expect(lines.count == Self.records.count)
        let sequences = try lines.map { try Fields(Array($0.utf8)).integer("sequence") }
        #expect(sequences == Self.records.map(\.sequence.number))
        #expect(!lines.joined().contains("2K605"))
        let named = try Self.export(open, .jsonl, hiding: false)
        #expect(named.split(separator: "\n").count { $0.contains("2K605") } == 7)
        #expect(
            named.contains(
                "{\"sequence\":7,\"kind\":\"manualOpen\",\"wall_ms\":\(Self.may + 90_000_000),\"payload\":\(String(decoding: Self.records[6].payload, as: UTF8.self))}"
            ))
    }

    @Test func `an export since a day still has the tariffs`() async throws {
        let open = try await journal()
        defer { open.journal.close() }
        let lines = try Self.export(open, .jsonl, since: Self.may).split(separator: "\n")
        let sequences = try lines.map { try Fields(Array($0.utf8)).integer("sequence") }
        let expected = Self.records.map(\.sequence.number).filter { $0 != 2 }
        #expect(sequences == expected)
    }

    @Test func `a line of the table is a posting`() async throws {
        let open = try await journal()
        defer { open.journal.close() }
        let lines = try Self.export(open, .csv).split(separator: "\r\n")
        #expect(
            lines.first
                == "sequence,wall_ms,kind,stay,account,amount,tariff,version,class,outcome,reason")
        #expect(
            lines.dropFirst(2).first
                == "4,\(Self.may),stayCharged,3,income.common.temp_parking,-1205,estate,3,small,paid,")
        #expect(lines.last?.hasSuffix(",'=1") == true)
        // The heading, and of records 2, 4, 5, 11, 12 and 14 one, four, two, three, two and two.
        #expect(lines.count == 15)
        #expect(!lines.joined().contains("2K605"))
    }

    @Test func `an empty journal is an empty export`() throws {
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        #expect(try Self.export(open, .jsonl).isEmpty)
        let month = try #require(CivilMonth("2026-05"))
        #expect(try open.journal.reader.statement(of: month).zone == .utc)
    }

    @Test(
        .enabled(if: StatementScript.isThere, "no Python"),
        arguments: ["2026-04", "2026-05", "2026-06", "2025-12"])
    func `whoever has the export makes the same statement`(month: String) async throws {
        let open = try await journal()
        defer { open.journal.close() }
        let ours = try open.journal.reader.statement(of: try #require(CivilMonth(month))).text
        for since in [nil, Self.may - 90_001] {
            let export = try Self.export(open, .jsonl, since: since)
            #expect(try StatementScript.run(month, export) == ours)
        }
    }

    @Test(.enabled(if: StatementScript.isThere, "no Python"))
    func `in another currency it is the same statement too`() async throws {
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        let adopted = #"{"tariff":"estate","version":4,"currency":"EUR","zone":{"name":"UTC"}}"#
        let number = Int64(Self.records.count + 1)
        await open.commit(Self.records + [record(number, "tariffAdopted", adopted, at: Self.may)])
        let ours = try open.journal.reader.statement(of: try #require(CivilMonth("2026-05"))).text
        #expect(ours.contains("商户抵扣  |  due from merchant  |  tea  |  1  |  400  |  EUR 4.00\n"))
        #expect(!ours.contains("元"))
        #expect(try StatementScript.run("2026-05", try Self.export(open, .jsonl)) == ours)
    }

    /// Journals of before the tariff's record said it.
    @Test(
        .enabled(if: StatementScript.isThere, "no Python"),
        arguments: [("2026-04", "CNY"), ("2026-05", "EUR"), ("2026-06", "HKD"), ("2026-07", "CNY")])
    func `the currency is that of the month's stays`(month: String, currency: String) async throws {
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var made = Self.records
        let stays: [(outcome: String, currency: String, Int64)] = [
            ("paid", "USD", 1), ("paid", "EUR", 1), ("lost", "GBP", 1), ("paid", "HKD", 32),
        ]
        for (outcome, currency, day) in stays {
            let stay = #"{"outcome":"\#(outcome)","currency":"\#(currency)","owed":0}"#
            let number = Int64(made.count + 1)
            made.append(record(number, "stayCharged", stay, at: Self.may + day * 86_400_000))
        }
        await open.commit(made)
        let statement = try open.journal.reader.statement(of: try #require(CivilMonth(month)))
        #expect(statement.currency == currency)
        #expect(statement.text.contains("元") == (currency == "CNY"))
        for since in [nil, Self.may - 90_001] {
            let export = try Self.export(open, .jsonl, since: since)
            #expect(try StatementScript.run(month, export) == statement.text)
        }
    }

    @Test func `no statement names anybody`() async throws {
        let open = try await journal()
        defer { open.journal.close() }
        let text = try open.journal.reader.statement(of: try #require(CivilMonth("2026-05"))).text
        #expect(!text.contains("2K605") && !text.contains("guest"))
        #expect(text.contains("adjust.waiver.OTHER  |  200  |  2.00元"))
        #expect(text.contains("原因  |  reason  |  OTHER  |  1\n"))
        #expect(text.contains("商户抵扣  |  due from merchant  |  tea  |  1  |  400  |  4.00元\n"))
        #expect(text.contains("本处承担  |  borne by the site  |  1  |  105  |  1.05元\n"))
        #expect(text.contains("cannot be read  |  2\n"))
    }

    @Test func `a journal that is being written is read beside its writer`() async throws {
        let open = try await journal()
        #expect(throws: StoreFault.self) { try OfflineJournal(folder.journal) }
        let beside = try OfflineJournal(folder.journal, isWritten: true)
        let month = try #require(CivilMonth("2026-05"))
        #expect(
            try beside.reader.statement(of: month).text == open.journal.reader.statement(of: month).text)
        beside.close()
        open.journal.close()
    }
}

private enum StatementScript {
    static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/statement.py")

    static let isThere = (try? launch(["-c", ""])) != nil

    static func run(_ month: String, _ export: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID()).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(export.utf8).write(to: file)
        return try launch([script.path(), month, file.path()])
    }

    private static func launch(_ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B"] + arguments
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw StoreFault.failed("python3 ended with \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self)
    }
}
