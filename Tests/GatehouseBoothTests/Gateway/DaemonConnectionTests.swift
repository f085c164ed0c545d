// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseDiagnostics
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseBooth

@Suite struct DaemonConnectionTests {
    /// The daemon greets as it accepts, often before `connect` has returned.
    @Test func `no greeting is missed, however soon it comes`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "greet-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "socket").path
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        defer { group.shutdownGracefully { _ in } }
        let greeting =
            #"{"protocol":\#(DiagnosticProtocol.version),"version":"1","site":"s","authority":"observe"}"#
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Greeter(greeting + "\n"))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        for _ in 0..<100 {
            let connection = try await DaemonConnection.open(path, group: group) { _ in }
            #expect(connection.hello?.site == "s")
            connection.close()
        }
        try await server.close().get()
    }

    @Test func `nobody at the socket is an error and nothing else`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        for _ in 0..<20 {
            await #expect(throws: (any Error).self) {
                try await DaemonConnection.open("/nonexistent/gatehouse.sock", group: group) { _ in }
            }
        }
    }
}

private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let greeting: String

    init(_ greeting: String) { self.greeting = greeting }

    func channelActive(context: ChannelHandlerContext) {
        context.channel.writeAndFlush(ByteBuffer(string: greeting), promise: nil)
    }
}
