// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What each target may import, besides the standard library and `Synchronization`. SwiftPM does not refuse
/// an undeclared import of a sibling, so this table does. A new row or word needs a decision record.
private let table: [String: Set<String>] = [
    "GatehouseCore": [],
    "GatehouseWire": [],
    "GatehouseProof": ["GatehouseCore", "Crypto"],
    "GatehouseTransport": [
        "GatehouseWire", "NIOCore", "NIOPosix", "NIOHTTP1", "CGatehouseSystem", "CGPIO",
    ],
    "GatehouseEngine": ["GatehouseCore", "ServiceLifecycle"],
    "GatehouseConfig": ["GatehouseCore", "Yams", "FoundationEssentials"],
    "GatehouseDiagnostics": ["GatehouseCore", "FoundationEssentials"],
    "GatehouseDrivers": [
        "GatehouseCore", "GatehouseWire", "GatehouseTransport", "GatehouseEngine", "FoundationEssentials",
        "Crypto",
    ],
    "GatehouseSync": [
        "GatehouseCore", "GatehouseWire", "GatehouseEngine", "CMosquitto", "FoundationEssentials", "Crypto",
    ],
    "GatehouseStore": ["GatehouseCore", "GatehouseEngine", "GatehouseProof", "GRDB", "Foundation"],
    "GatehouseBooth": [
        "GatehouseCore", "GatehouseDiagnostics", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore",
        "NIOPosix", "ServiceLifecycle", "Crypto", "CryptoExtras", "FoundationEssentials",
    ],
    "GatehouseDaemon": [
        "GatehouseCore", "GatehouseWire", "GatehouseProof", "GatehouseTransport", "GatehouseEngine",
        "GatehouseConfig", "GatehouseDiagnostics", "GatehouseDrivers", "GatehouseStore", "GatehouseSync",
        "CGatehouseSystem",
        "NIOCore", "NIOPosix", "ServiceLifecycle", "UnixSignals", "Foundation", "FoundationEssentials",
        "Crypto",
    ],
    "GatehouseSimulation": [
        "GatehouseCore", "GatehouseWire", "GatehouseEngine", "GatehouseDrivers", "GatehouseSync",
        "GatehouseProof",
    ],
    "GatehouseTwins": [
        "GatehouseCore", "GatehouseSimulation", "GatehouseTransport", "CGatehouseSystem", "NIOCore",
        "NIOPosix",
        "NIOHTTP1", "Foundation",
    ],
    "GatehouseCommandLine": ["GatehouseDiagnostics", "ArgumentParser"],
    "gatehouse-booth": [
        "GatehouseCommandLine", "GatehouseBooth", "GatehouseConfig", "GatehouseDrivers", "GatehouseCore",
        "ArgumentParser", "Foundation",
    ],
    "gatehoused": [
        "GatehouseCommandLine", "GatehouseDaemon", "GatehouseDiagnostics", "GatehouseTransport",
        "ArgumentParser", "GatehouseConfig",
        "GatehouseDrivers", "GatehouseStore", "GatehouseProof", "GatehouseEngine", "GatehouseCore",
        "CGatehouseSystem", "Foundation", "FoundationEssentials",
    ],
    "gatehouse-sim": [
        "GatehouseSimulation", "GatehouseTwins", "GatehouseCore", "ArgumentParser", "Foundation",
    ],
    "gatehouse-demo": [
        "GatehouseTwins", "GatehouseSimulation", "GatehouseCore", "ArgumentParser", "Foundation",
    ],
    "journal-probe": ["GatehouseStore", "GatehouseEngine", "GatehouseCore", "Foundation"],
]

/// Outside the core and the wire formats everybody may log and call the C library.
private let common: Set<String> = ["Logging", "Glibc", "Synchronization", "Dispatch"]
private let pure: Set<String> = ["GatehouseCore", "GatehouseWire"]

struct SourceFile: Sendable, CustomTestStringConvertible {
    var target: String
    var path: String
    var lines: [Substring]
    var testDescription: String { path }
}

let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

func sources(under folder: String = "Sources") -> [SourceFile] {
    let base = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else {
        return []
    }
    var files: [SourceFile] = []
    for case let url as URL in walk where url.pathExtension == "swift" {
        let path = String(url.path().dropFirst(base.path().count)).trimmingPrefix("/")
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
        files.append(
            SourceFile(
                target: String(path.split(separator: "/")[0]), path: String(path),
                lines: text.split(separator: "\n", omittingEmptySubsequences: false)))
    }
    return files
}

private func imports(of file: SourceFile) -> [String] {
    file.lines.compactMap { line in
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count,
            words[..<index].allSatisfy({ ["package", "internal", "private", "@preconcurrency"].contains($0) })
        else { return nil }
        return String(words.last ?? "")
    }
}

@Suite struct LayeringTests {
    @Test func `sources are found`() { #expect(sources().count > 50) }

    @Test(arguments: sources()) func `imports stay within the table`(_ file: SourceFile) throws {
        let row = try #require(table[file.target], "\(file.target) has no row in the table")
        let allowed = pure.contains(file.target) ? row.union(["Synchronization"]) : row.union(common)
        for name in imports(of: file) {
            #expect(allowed.contains(name), "\(file.path) imports \(name)")
        }
    }

    @Test func `a forbidden import is noticed`() {
        let file = SourceFile(
            target: "GatehouseCore", path: "x.swift", lines: ["// import A", "internal import Foundation"])
        #expect(imports(of: file) == ["Foundation"])
    }

    /// The core is a function of its events: no clock, no randomness, no floating point, and no container that
    /// iterates in an order of its own.
    @Test(arguments: sources().filter { $0.target == "GatehouseCore" })
    func `the core is deterministic`(_ file: SourceFile) {
        let forbidden = [
            "Double", "Float", ".random", "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock",
            " Date(", ".hashValue", "Hasher()",
        ]
        for (index, line) in file.lines.enumerated() {
            let code = line.prefix(upTo: line.range(of: "//")?.lowerBound ?? line.endIndex)
            for word in forbidden {
                #expect(!code.contains(word), "\(file.path):\(index + 1) uses \(word)")
            }
            let isTable = file.path.hasSuffix("Vocabulary/Table.swift")
            let isDictionary =
                code.contains("Dictionary<") || code.contains(": [String:") || code.contains("[Key:")
            #expect(isTable || !isDictionary, "\(file.path):\(index + 1) uses a dictionary")
        }
    }

    @Test(arguments: sources() + sources(under: "Tests")) func `a file stays one idea long`(
        _ file: SourceFile
    ) {
        #expect(file.lines.first == "// SPDX-License-Identifier: Apache-2.0" || file.path.contains("Package"))
        #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines")
    }

    /// Traps belong to our own invariants, `precondition`; nothing from outside may end the process.
    @Test(arguments: sources()) func `nothing traps on bad input`(_ file: SourceFile) {
        for (index, line) in file.lines.enumerated() {
            for word in ["try!", "as!", "fatalError(", "TODO", "FIXME"] {
                #expect(!line.contains(word), "\(file.path):\(index + 1) has \(word)")
            }
        }
    }
}
