// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseCore
import Testing

@testable import gatehoused

/// The worked cases of the tariff specification, as `gatehouse tariff test` runs them.
@Suite struct TariffExamplesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Oracle")

    @Test(arguments: ["yaml", "json"]) func `every worked case comes out as it was worked`(_ ending: String) {
        let file = TariffCasesFile.load(path: Self.folder.appending(path: "tariff-examples.\(ending)").path)
        #expect(file.issues.map(\.text) == [])
        #expect(file.cases.count == 70)
        #expect(file.cases.allSatisfy { $0.expected != nil })
        for one in file.cases {
            #expect(CaseOutcome(of: one).differences(from: one.expected) == [], "\(one.id)")
        }
    }

    /// Where engine and oracle once differed on random stays.
    @Test func `what was found stays mended`() {
        let file = TariffCasesFile.load(path: Self.folder.appending(path: "tariff-found.json").path)
        #expect(file.issues.map(\.text) == [])
        #expect(file.cases.count == 3)
        for one in file.cases {
            #expect(one.expected != nil)
            #expect(CaseOutcome(of: one).differences(from: one.expected) == [], "\(one.id)")
        }
    }

    @Test(arguments: [
        ("fee: 900", "fee: 901", "ex-04: expected fee 901, got 900"),
        ("status: REVIEW", "status: PAY", "ex-30c: expected status PAY, got REVIEW"),
        ("flags: [WITHIN_PAY_GRACE]", "flags: [LONG_STAY]", "ex-17a: expected LONG_STAY among the flags"),
        ("percent_off: 350", "percent_off: 349", "ex-16d: expected percent_off 349, got 350"),
        (
            "expect: {valid_from: '2026-05-01', valid_to: '2026-07-31'}",
            "expect: {valid_from: '2026-05-01', valid_to: '2026-07-30'}",
            "ex-32a: expected 2026-05-01 to 2026-07-30, got 2026-05-01 to 2026-07-31"
        ),
    ]) func `what differs is said`(_ right: String, _ wrong: String, _ said: String) throws {
        let path = Self.folder.appending(path: "tariff-examples.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        let id = String(said.prefix { $0 != ":" })
        let place = try #require(text.range(of: "- id: \(id)\n"))
        let target = try #require(text.range(of: right, range: place.upperBound..<text.endIndex))
        let file = FileManager.default.temporaryDirectory.appending(path: "cases-\(UUID()).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.replacingCharacters(in: target, with: wrong).write(
            to: file, atomically: true, encoding: .utf8)
        let cases = TariffCasesFile.load(path: file.path)
        #expect(cases.issues.map(\.text) == [])
        let lines = cases.cases.flatMap { one in
            CaseOutcome(of: one).differences(from: one.expected).map { "\(one.id): \($0)" }
        }
        #expect(lines == [said])
    }

    /// The same file, in processes with another hash seed each, on machines elsewhere: the same bytes.
    @Test func `prices depend neither on the machine's zone nor on the process`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zone-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let program = folder.appending(path: "gatehouse")
        try FileManager.default.createSymbolicLink(
            at: program, withDestinationURL: tests.appending(path: "gatehoused"))
        let places = [
            ["TZ": "UTC", "LC_ALL": "C"], ["TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"],
            ["TZ": "America/New_York", "LC_ALL": "C"], ["TZ": "Pacific/Apia"], ["TZ": "Nowhere/Land"], [:],
        ]
        let outputs = try places.map { place in
            let process = Process()
            process.executableURL = program
            process.arguments = [
                "tariff", "test", Self.folder.appending(path: "tariff-examples.json").path, "--json",
            ]
            process.environment = place
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return output
        }
        #expect(outputs[0].split(separator: 0x0A).count >= 70)
        for output in outputs { #expect(output == outputs[0]) }
    }

    @Test func `the output of a case has the shape of its expectation`() throws {
        let file = TariffCasesFile.load(path: Self.folder.appending(path: "tariff-examples.json").path)
        let one = try #require(file.cases.first { $0.id == "ex-21a" })
        let json = String(decoding: FieldWriter.object(CaseOutcome(of: one).write), as: UTF8.self)
        #expect(
            json == #"{"status":"PAY","gross":1100,"minutes_off":200,"percent_off":180,"amount_off":300,"#
                + #""rounding":-20,"fee":400,"due":400,"flags":[],"lines":["#
                + #"{"code":"CHARGE","band":"ALL","from":"2026-05-06T08:00+08:00","to":"2026-05-06T09:00+08:00","#
                + #""units":1,"price":500,"amount":500},"#
                + #"{"code":"CHARGE","band":"ALL","from":"2026-05-06T09:00+08:00","to":"2026-05-06T11:15+08:00","#
                + #""units":3,"price":200,"amount":600},"#
                + #"{"code":"MINUTES_OFF","minutes":60,"amount":-200},"#
                + #"{"code":"COUPON_PERCENT","id":"p20","percent":20,"amount":-180},"#
                + #"{"code":"COUPON_AMOUNT","id":"a3","amount":-300},{"code":"ROUNDING","amount":-20}]}"#)
    }
}
