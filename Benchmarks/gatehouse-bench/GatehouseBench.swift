// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import GatehouseDrivers
import GatehouseEngine
import GatehouseStore
import Glibc

/// The parts of `make bench` that need the gateway's own code: fills journals, drives the engine in process.
@main
struct GatehouseBench {
    static let usage = """
        usage: gatehouse-bench fill FOLDER PERMITS RECORDS     a stopped journal with so many of each
               gatehouse-bench steps SITE PROFILES             engine steps a second by size of each table
               gatehouse-bench journal FOLDER SCRIPT SITE PROFILES PASSAGES ROUNDS
               gatehouse-bench pictures PORT FOLDER            stores what cameras push, until its input ends
               gatehouse-bench quotes EXAMPLES                 prices a second, of a file of worked cases
               gatehouse-bench ledger FOLDER SIZE              appends and proofs, on a ledger of that size
        """

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("fill", 4): try fill(arguments)
            case ("steps", 3): try StepsBench(plan: plan(arguments[1], arguments[2])).run()
            case ("journal", 7): try journal(arguments)
            case ("pictures", 3): try await pictures(arguments)
            case ("quotes", 2): try QuoteBench(examples: arguments[1]).run()
            case ("ledger", 3): try ledger(arguments)
            default: throw BenchFailure(words: usage)
            }
        } catch {
            say("gatehouse-bench: \(error)")
            exit(1)
        }
    }

    private static func fill(_ arguments: [String]) throws {
        guard let permits = Int(arguments[2]), let records = Int(arguments[3]) else {
            throw BenchFailure(words: usage)
        }
        try Filler(folder: arguments[1]).fill(permits: permits, records: records)
    }

    private static func journal(_ arguments: [String]) throws {
        guard let passages = Int(arguments[5]), let rounds = Int(arguments[6]) else {
            throw BenchFailure(words: usage)
        }
        var bench = JournalBench(folder: arguments[1], script: arguments[2])
        try bench.run(plan: plan(arguments[3], arguments[4]), passages: passages, rounds: rounds)
    }

    private static func ledger(_ arguments: [String]) throws {
        guard let size = Int64(arguments[2]) else { throw BenchFailure(words: usage) }
        try LedgerBench(folder: arguments[1], size: size).run()
    }

    private static func pictures(_ arguments: [String]) async throws {
        guard let port = Int(arguments[1]) else { throw BenchFailure(words: usage) }
        try await PictureBench(port: port, folder: arguments[2]).run()
    }

    static func plan(_ site: String, _ profiles: String) throws -> SitePlan {
        let result = SiteLoader.load(
            path: site, profilesFolder: profiles, drivers: DriverCatalog.descriptions)
        guard let plan = result.plan else {
            throw BenchFailure(words: result.issues.map(\.text).joined(separator: "\n"))
        }
        return plan
    }

    /// At once, past every buffer.
    static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

struct BenchFailure: Error, CustomStringConvertible {
    let words: String
    var description: String { words }
}

enum BenchPlates {
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")

    /// All different and spread over the plates that there are, as the twin numbers them.
    static func text(_ number: Int) -> String {
        let x = number * 2_654_435_761 % 4_800_000
        let digits = String(10_000 + x % 10_000).dropFirst()
        return "沪\(letters[x / 240_000])\(letters[x / 10_000 % 24])\(digits)"
    }

    static func plate(_ number: Int) throws -> Plate {
        let text = text(number)
        guard let plate = PlateGrammar.parse(text, color: .blue, declared: .unknown).plate else {
            throw BenchFailure(words: "\(text) is no plate")
        }
        return plate
    }
}
