// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine
import GatehouseStore
import GatehouseTransport
import GatehouseTwins
import Logging
import NIOCore
import NIOPosix

@testable import GatehouseDaemon

typealias Record = GatehouseCore.Record

/// A whole gateway in the test's process, on the demonstration's site with boards that are not there.
struct RunningGateway: Sendable {
    let folder: String
    let gateway: Gateway
    private let group: MultiThreadedEventLoopGroup

    var state: String { "\(folder)/state" }
    var socket: String { "\(folder)/gatehouse.sock" }

    /// - Parameters:
    ///   - site: its sections but `network`; the demonstration's when left out.
    ///   - prepare: gets the folder of the journal before the gateway opens it.
    static func with(
        site: String? = nil,
        prepare: (_ state: String) async throws -> Void = { _ in },
        _ body: (RunningGateway) async throws -> Void
    ) async throws {
        let folder = "\(FileManager.default.temporaryDirectory.path)/gw-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await prepare("\(folder)/state")
        let running = try await start(folder, site)
        do {
            try await body(running)
        } catch {
            await running.stop()
            throw error
        }
        await running.stop()
    }

    private static func start(_ folder: String, _ given: String?) async throws -> RunningGateway {
        let profiles =
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path() + "hardware-profiles"
        guard let port = PlainHTTP.freePort() else { throw TwinError("no free port at 127.0.0.1") }
        let site =
            try (given ?? String(contentsOfFile: "\(profiles)/demo/site.yaml", encoding: .utf8))
                + """

                network: {camera_listener: "127.0.0.1:\(port)", diagnostics_socket: \(folder)/gatehouse.sock}

                """
        try site.write(toFile: "\(folder)/site.yaml", atomically: true, encoding: .utf8)
        let source = SiteSource(
            options: DaemonOptions(
                site: "\(folder)/site.yaml", profiles: profiles, stateFolder: "\(folder)/state"))
        let (loaded, _) = try source.load()
        guard let bell = Bell() else { throw TwinError("no event descriptor") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let gateway = try await Gateway.start(
            loaded, source: source, bell: bell, loops: Gateway.Loops(group), logger: logger)
        return RunningGateway(folder: folder, gateway: gateway, group: group)
    }

    private func stop() async {
        await gateway.stop()
        try? await group.shutdownGracefully()
    }

    /// A client's work blocks: it gets a thread of its own.
    func client<Value: Sendable>(
        at path: String? = nil, _ work: @escaping @Sendable (inout LineClient) throws -> Value
    ) async throws -> Value {
        let path = path ?? socket
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        var client = try LineClient(path: path)
                        return try work(&client)
                    })
            }
        }
    }

    /// Answers of one request, the last one its result or error.
    func ask(_ request: String, at path: String? = nil) async throws -> [String] {
        try await client(at: path) { client in
            try client.send(Array((request + "\n").utf8))
            _ = try client.receive()
            var lines: [String] = []
            while lines.last?.contains("\"event\"") ?? true {
                lines.append(String(decoding: try client.receive(), as: UTF8.self))
            }
            return lines
        }
    }
}

/// Fills a journal with records that change nothing.
func fillJournal(_ folder: String, _ count: Int) async throws {
    let (results, said) = AsyncStream.makeStream(of: JournalResult.self)
    let (journal, opening) = try Journal.open(folder) { said.yield($0) }
    let text = FieldWriter.object { $0.put("text", String(repeating: "x", count: 200)) }
    let first = opening.lastSequence.number + 1
    journal.submit(
        (first..<first + Int64(count)).map { number in
            Record(
                sequence: Sequence(number), kind: "plateRead",
                at: Moment(
                    uptime: Uptime(nanoseconds: number),
                    wall: WallTime(milliseconds: 1_700_000_000_000 + number),
                    quality: .synchronised),
                boot: "boot", payload: text)
        })
    for await case .committed(first + Int64(count) - 1) in results { break }
    journal.close()
}
