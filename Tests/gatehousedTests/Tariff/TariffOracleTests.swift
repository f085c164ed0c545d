// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseCore
import Testing

@testable import gatehoused

/// The engine against a slow walk of the prose, in another language, by tariffs and stays that nobody thought of.
@Suite struct TariffOracleTests {
    private struct Answer: Decodable {
        struct Got: Decodable, Equatable {
            var status: String?
            var gross: Int64?
            var fee: Int64?
            var due: Int64?
            var flags: [String]?
            var validFrom: String?
            var validTo: String?

            enum CodingKeys: String, CodingKey {
                case status, gross, fee, due, flags
                case validFrom = "valid_from"
                case validTo = "valid_to"
            }
        }
        struct Named: Decodable {
            var fee: Int64?
            var due: Int64?
        }

        var id: String
        var got: Got
        var cars: [String: Named]

        enum CodingKeys: String, CodingKey { case id, got }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(String.self, forKey: .id)
            got = try container.decode(Got.self, forKey: .got)
            // Of a household: an answer by plate.
            cars = (try? container.decode([String: Named].self, forKey: .got)) ?? [:]
        }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Oracle")

    /// `GATEHOUSE_ORACLE_CASES`: more of them, by hand.
    private static let seeds: Range<Int> = {
        let wanted = ProcessInfo.processInfo.environment["GATEHOUSE_ORACLE_CASES"].flatMap { Int($0) } ?? 5000
        return 1..<(wanted + 999) / 1000 + 1
    }()

    @Test(arguments: seeds) func `a thousand random stays cost what the oracle says`(_ seed: Int) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try python("tariff_random.py", "--seed", "\(seed)", "--count", "1000").write(to: file)
        let theirs = try answers(python("tariff_oracle.py", "--cases", file.path))
        let cases = TariffCasesFile.load(path: file.path)
        #expect(cases.issues.filter { $0.severity == .error }.map(\.text) == [])
        #expect(cases.cases.count == 1000 && theirs.count == 1000)
        for (one, their) in zip(cases.cases, theirs) {
            let outcome = CaseOutcome(of: one)
            #expect(outcome.differences(from: nil) == [], "\(one.id)")
            let line = FieldWriter.object {
                $0.put("id", one.id)
                $0.put("got", object: outcome.write)
            }
            let ours = try JSONDecoder().decode(Answer.self, from: Data(line))
            #expect(ours.id == their.id)
            guard case .household = one.subject else {
                #expect(ours.got == their.got, "seed \(seed), \(one.id)")
                continue
            }
            #expect(ours.cars.mapValues(\.fee) == their.cars.mapValues(\.fee), "seed \(seed), \(one.id)")
            #expect(ours.cars.mapValues(\.due) == their.cars.mapValues(\.due), "seed \(seed), \(one.id)")
        }
    }

    @Test(arguments: ["tariff-examples.json", "tariff-found.json"])
    func `the oracle agrees with the worked cases`(_ file: String) throws {
        let examples = Self.folder.appending(path: file).path
        _ = try python("tariff_oracle.py", "--cases", examples, "--check")
    }

    private func answers(_ lines: Data) throws -> [Answer] {
        try lines.split(separator: 0x0A).map { try JSONDecoder().decode(Answer.self, from: Data($0)) }
    }

    private func python(_ script: String, _ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", Self.folder.appending(path: script).path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(script)")
        return output
    }
}
