// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDiagnostics
import GatehouseStore
import GatehouseTransport
import GatehouseTwins
import Synchronization
import Testing

@testable import GatehouseDaemon

/// The technician's socket, a real one, with callers who do not behave.
@Suite(.timeLimit(.minutes(2))) struct DiagnosticsServerTests {
    /// The server behind a second socket, so that the test sees the connections.
    private final class Spy: LineService {
        private let server: DiagnosticsServer
        private let first = Mutex<LineConnection?>(nil)

        init(_ gateway: Gateway) { server = DiagnosticsServer(gateway: gateway) }

        var backlog: Int { first.withLock { $0?.backlog ?? 0 } }

        func connected(_ connection: LineConnection) {
            first.withLock { $0 = $0 ?? connection }
            server.connected(connection)
        }

        func received(_ line: [UInt8], from connection: LineConnection) {
            server.received(line, from: connection)
        }

        func disconnected(_ connection: LineConnection) { server.disconnected(connection) }
    }

    private func spying(
        records: Int, _ body: (RunningGateway, Spy, _ path: String) async throws -> Void
    ) async throws {
        try await RunningGateway.with(prepare: { try await fillJournal($0, records) }) { running in
            let spy = Spy(running.gateway)
            let path = "\(running.folder)/spied.sock"
            let server = try await LineServer.bind(
                path: path, loop: running.gateway.loops.diagnostics,
                maximumLine: DiagnosticProtocol.maximumLine, service: spy)
            try await body(running, spy, path)
            await server.close()
        }
    }

    @Test func `who asks for many records and does not read holds up nobody and a few pages`() async throws {
        try await spying(records: 10_000) { running, spy, path in
            let asked = Clients.requests
            let mayRead = Gate()
            async let slow = running.client(at: path) { client in
                for id in 1...asked {
                    try client.send(
                        Array(#"{"id":\#(id),"request":"events","after":0,"limit":2000}"#.utf8) + [10])
                }
                mayRead.wait()
                _ = try client.receive()
                var lines = [Int](repeating: 0, count: asked)
                var results = 0
                while results < asked {
                    let fields = try Fields(try client.receive())
                    if fields.has("event") { lines[try fields.int("id") - 1] += 1 } else { results += 1 }
                }
                return lines
            }
            do {
                defer { mayRead.open() }
                // Each request has a page under way that is not taken.
                try await awaiting("the full socket", within: .seconds(20)) {
                    spy.backlog == asked ? true : nil
                }
                let other = try await running.ask(
                    #"{"id":1,"request":"events","after":0,"limit":10000}"#, at: path)
                #expect(other.count == 10_001 && other.last?.contains(#""count":10000"#) == true)
                #expect(spy.backlog == asked)
            }
            #expect(try await slow == Array(repeating: 2000, count: asked))
        }
    }

    @Test func `who does not read the answers is not read either, and gets all of them in the end`()
        async throws
    {
        let lines = 20_000
        try await spying(records: 1) { running, spy, path in
            let mayRead = Gate()
            async let slow = running.client(at: path) { client in
                try client.send(Array(repeating: 10, count: lines))
                mayRead.wait()
                _ = try client.receive()
                for _ in 0..<lines { _ = try client.receive() }
                return true
            }
            do {
                defer { mayRead.open() }
                try await awaiting("the full socket", within: .seconds(20)) {
                    spy.backlog > 100 ? true : nil
                }
                for _ in 0..<20 {
                    #expect(
                        try await running.ask(#"{"id":1,"request":"status"}"#, at: path).last?.contains(
                            #""result""#) == true)
                }
                #expect(spy.backlog < 1_000)
            }
            #expect(try await slow)
        }
    }

    @Test func `the newest records are as many as asked for, of the kinds asked for`() async throws {
        try await spying(records: 1_500) { running, _, path in
            let newest = try await running.ask(
                #"{"id":1,"request":"events","kinds":["plateRead"],"limit":1200}"#, at: path)
            #expect(newest.count == 1_201)
            #expect(newest.first?.contains(#""seq":301,"#) == true, "\(newest.first ?? "")")
            #expect(newest.last?.contains(#""last":1500"#) == true, "\(newest.last ?? "")")
            // Who follows goes on from here, and not from the beginning.
            let none = try await running.ask(
                #"{"id":1,"request":"events","since":\#(Int64.max / 2),"limit":10}"#, at: path)
            let count = try #require(running.gateway.store.journal).reader.count()
            #expect(none.count == 1)
            let result = try Fields(Array(try #require(none.last).utf8)).object("result")
            #expect(try result.integer("last") >= 1_500 && result.integer("last") <= count)
        }
    }

    @Test func `an order stands though its asker is gone, and leaves nothing behind`() async throws {
        try await RunningGateway.with { running in
            let reader = try #require(running.gateway.store.journal).reader
            let kind = "manualOpen"
            // More than there are places for connections, and for answers.
            for count in 1...270 {
                try await running.client { client in
                    try client.send(
                        Array(
                            #"{"id":1,"request":"lane","lane":"north","action":"open","reason":"TEST"}"#.utf8)
                            + [10])
                }
                try await awaiting("order \(count) on record", within: .seconds(10)) {
                    try reader.start(ofNewest: count, kinds: [kind]) > Sequence(0) ? true : nil
                }
            }
            let answer = try await running.ask(
                #"{"id":1,"request":"lane","lane":"north","action":"open","reason":"TEST"}"#)
            #expect(answer.last?.contains(#""result""#) == true, "\(answer)")
        }
    }
}

/// Closed at first; who waits at it blocks its thread.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}
