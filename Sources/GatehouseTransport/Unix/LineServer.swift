// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Glibc
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// Who connected to a Unix socket, by the kernel's word.
package struct PeerCredentials: Hashable, Sendable {
    package var pid: UInt32
    package var uid: UInt32
    package var gid: UInt32

    /// Membership of a Unix group, primary or supplementary. A group that does not exist has no members.
    package func isMember(of group: String) -> Bool {
        unsafe gh_user_in_group(uid, gid, group) == 1
    }

    package var userName: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress else { return String(uid) }
            unsafe gh_user_name(uid, base, 256)
            return unsafe String(cString: base)
        }
    }
}

/// One connection: lines out, from any thread. Who does not read is not read from either: requests whose answers
/// nobody takes make no more answers.
package final class LineConnection: Sendable {
    package let peer: PeerCredentials
    private let channel: any Channel
    private let waiting = Atomic<Int>(0)

    fileprivate init(peer: PeerCredentials, channel: any Channel) {
        self.peer = peer
        self.channel = channel
    }

    /// Lines that the other end has not taken yet: a slow watcher is told what it missed, nobody waits.
    package var backlog: Int { waiting.load(ordering: .relaxed) }

    /// Fewer than 64 KiB wait for the other end.
    fileprivate var hasRoom: Bool { channel.isWritable }

    /// `taken` is called when the kernel has the line, or the connection is gone.
    package func send(_ line: [UInt8], taken: (@Sendable () -> Void)? = nil) {
        waiting.add(1, ordering: .relaxed)
        channel.writeAndFlush(ByteBuffer(bytes: line)).whenComplete { [self] _ in
            waiting.subtract(1, ordering: .relaxed)
            taken?()
        }
    }

    /// Returns when the kernel has the lines: who makes many goes no faster than the other end reads them. False: the
    /// connection is gone.
    package func deliver(_ lines: [UInt8]) async -> Bool {
        waiting.add(1, ordering: .relaxed)
        defer { waiting.subtract(1, ordering: .relaxed) }
        return (try? await channel.writeAndFlush(ByteBuffer(bytes: lines)).get()) != nil
    }

    package func close() { channel.close(promise: nil) }

    package var closed: EventLoopFuture<Void> { channel.closeFuture }
}

/// What happens on a connection. Calls come on the server's event loop.
package protocol LineService: AnyObject, Sendable {
    func connected(_ connection: LineConnection)
    func received(_ line: [UInt8], from connection: LineConnection)
    func disconnected(_ connection: LineConnection)
}

/// A Unix stream socket that speaks lines, with the peer's credentials read at connect.
package final class LineServer: Sendable {
    private let channel: any Channel
    private let path: String

    private init(channel: any Channel, path: String) {
        self.channel = channel
        self.path = path
    }

    /// Takes the place of a stale socket file; a live server on it is an error. Mode 0666 by intention:
    /// authority comes from the peer's credentials, and who may enter the folder from its own mode.
    package static func bind(
        path: String, loop: any EventLoop, maximumLine: Int, service: any LineService
    ) async throws -> LineServer {
        if await isAlive(path: path, loop: loop) { throw LineServerError.inUse(path: path) }
        unsafe unlink(path)
        let channel = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        BackPressureHandler(), LineHandler(service: service, maximumLine: maximumLine))
                }
            }
            .bind(unixDomainSocketPath: path)
            .get()
        unsafe chmod(path, 0o666)
        return LineServer(channel: channel, path: path)
    }

    package func close() async {
        try? await channel.close().get()
        unsafe unlink(path)
    }

    /// Ends when the server is closed, by us or by the system.
    package func closed() async { try? await channel.closeFuture.get() }

    /// Somebody answers at the path.
    package static func isAlive(path: String, loop: any EventLoop) async -> Bool {
        guard let probe = try? await ClientBootstrap(group: loop).connect(unixDomainSocketPath: path).get()
        else { return false }
        try? await probe.close().get()
        return true
    }
}

package enum LineServerError: Error, Hashable, Sendable, CustomStringConvertible {
    case inUse(path: String)

    package var description: String {
        switch self {
        case .inUse(let path): "another program answers at \(path)"
        }
    }
}

private final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let service: any LineService
    private let maximumLine: Int
    private var pending: [UInt8] = []
    private var connection: LineConnection?
    /// An answer changes the writability while the lines are gone through.
    private var isDraining = false

    init(service: any LineService, maximumLine: Int) {
        self.service = service
        self.maximumLine = maximumLine
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        guard let provider = channel as? any SocketOptionProvider else {
            return context.close(promise: nil)
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        Self.credentials(of: provider).whenComplete { result in
            guard case .success(let peer) = result else { return channel.close(promise: nil) }
            bound.value.begin(LineConnection(peer: peer, channel: channel))
        }
    }

    private static func credentials(of socket: any SocketOptionProvider) -> EventLoopFuture<PeerCredentials> {
        let answer: EventLoopFuture<gh_peer> = socket.unsafeGetSocketOption(
            level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: SO_PEERCRED))
        return answer.map { PeerCredentials(pid: UInt32($0.pid), uid: $0.uid, gid: $0.gid) }
    }

    private func begin(_ connection: LineConnection) {
        self.connection = connection
        service.connected(connection)
        drain()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        drain()
        if !pending.contains(0x0A), pending.count > maximumLine { context.close(promise: nil) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        drain()
        context.fireChannelWritabilityChanged()
    }

    /// As long as answers are taken. `BackPressureHandler` sees that no more is read meanwhile.
    private func drain() {
        guard let connection, !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while connection.hasRoom, let end = pending.firstIndex(of: 0x0A) {
            let line = Array(pending[..<end])
            pending.removeFirst(end + 1)
            if line.count <= maximumLine { service.received(line, from: connection) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let connection { service.disconnected(connection) }
        connection = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
