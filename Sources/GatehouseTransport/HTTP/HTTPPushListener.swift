// SPDX-License-Identifier: Apache-2.0

package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// One request of a device that pushes.
package struct PushRequest: Sendable {
    package var method: String
    /// Path without the query.
    package var path: String
    package var query: String?
    package var contentType: String?
    /// Of those that the service asked for, by lower-case name, the first of each.
    package var headers: [String: String] = [:]
    package var body: [UInt8]
    /// Numeric address of the peer.
    package var peer: String
    /// That it came by; nil: by none.
    package var connection: PushConnection?

    package init(
        method: String, path: String, query: String?, contentType: String?, body: [UInt8], peer: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.body = body
        self.peer = peer
    }
}

/// Whoever asked, for as long as an answer reaches him. What is done for him later than at once looks whether he is still
/// there: he may have left before there was anything that `PushService.left` could end.
package final class PushConnection: Sendable {
    private let gone = Atomic(false)

    package init() {}

    package var isGone: Bool { gone.load(ordering: .acquiring) }
    package func leave() { gone.store(true, ordering: .releasing) }
}

package struct PushReply: Sendable {
    package var status: Int
    package var contentType: String?
    /// More header fields than those of the body.
    package var headers: [String: String] = [:]
    package var body: [UInt8]
    /// Told whether the whole answer left on a connection that stood; on the listener's loop.
    package var sent: (@Sendable (Bool) -> Void)?

    package init(
        status: Int, contentType: String? = nil, body: [UInt8] = [], sent: (@Sendable (Bool) -> Void)? = nil
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.sent = sent
    }
}

/// Who takes the requests. Calls come on the listener's event loop.
package struct PushService: Sendable {
    /// By the head alone, before a byte of the body is kept: nil admits, else the status that refuses.
    package var admit: @Sendable (PushRequest) -> Int?
    /// Lower-case names of the header fields that it wants to see.
    package var headers: [String] = []
    /// A whole request; the reply may come from any thread.
    package var receive: @Sendable (PushRequest, @escaping @Sendable (PushReply) -> Void) -> Void
    /// Nobody is there any more for what this connection asked; it says so itself by then.
    package var left: @Sendable (PushConnection) -> Void = { _ in }

    package init(
        admit: @escaping @Sendable (PushRequest) -> Int?,
        receive: @escaping @Sendable (PushRequest, @escaping @Sendable (PushReply) -> Void) -> Void
    ) {
        self.admit = admit
        self.receive = receive
    }
}

/// What the listener holds for its peers at most. One host cannot take what the others need: connections beyond
/// its share are closed at once, a body that finds no room is answered 503 and comes again.
package struct PushLimits: Hashable, Sendable {
    package var connections = 64
    package var connectionsPerPeer = 16
    /// One body; more is answered 413.
    package var body = 8 << 20
    /// All bodies that are being received.
    package var bodies = 32 << 20
    /// Seconds without a byte.
    package var idle = 30

    package init() {}
}

/// The HTTP/1.1 server that cameras push to, within `PushLimits`.
package final class HTTPPushListener: Sendable {
    private let channel: any Channel

    private init(channel: any Channel) { self.channel = channel }

    /// The port that was bound, for a listener asked to take any.
    package var port: Int { channel.localAddress?.port ?? 0 }

    package static func bind(
        host: String, port: Int, loop: any EventLoop, limits: PushLimits = PushLimits(), service: PushService
    ) async throws -> HTTPPushListener {
        let usage = NIOLoopBoundBox.makeBoxSendingValue(PushUsage(), eventLoop: loop)
        let channel = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                let peer = channel.remoteAddress?.ipAddress ?? ""
                guard usage.value.enter(peer, limits) else { return channel.close() }
                channel.closeFuture.whenComplete { _ in usage.value.leave(peer) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(
                        IdleStateHandler(allTimeout: .seconds(Int64(limits.idle))))
                    try channel.pipeline.syncOperations.addHandler(
                        PushHandler(service: service, limits: limits, usage: usage))
                }
            }
            .bind(host: host, port: port)
            .get()
        return HTTPPushListener(channel: channel)
    }

    package func close() async { try? await channel.close().get() }

    /// Ends when the listener is closed, by us or by the system.
    package func closed() async { try? await channel.closeFuture.get() }
}

/// What is in use now, of one listener.
private struct PushUsage {
    private var connections = 0
    private var byPeer: [String: Int] = [:]
    private var bodies = 0

    mutating func enter(_ peer: String, _ limits: PushLimits) -> Bool {
        guard connections < limits.connections, byPeer[peer, default: 0] < limits.connectionsPerPeer else {
            return false
        }
        connections += 1
        byPeer[peer, default: 0] += 1
        return true
    }

    mutating func leave(_ peer: String) {
        connections -= 1
        let rest = byPeer[peer, default: 1] - 1
        byPeer[peer] = rest == 0 ? nil : rest
    }

    mutating func take(_ bytes: Int, _ limits: PushLimits) -> Bool {
        guard bodies + bytes <= limits.bodies else { return false }
        bodies += bytes
        return true
    }

    mutating func give(back bytes: Int) { bodies -= bytes }
}

private final class PushHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Where the request on this connection stands.
    private enum State {
        case idle
        case receiving(PushRequest, HTTPRequestHead)
        /// Answered already; what still comes is dropped, so that the peer reads the answer and not a reset.
        case refused(dropped: Int)
    }

    private let service: PushService
    private let limits: PushLimits
    private let usage: NIOLoopBoundBox<PushUsage>
    private let connection = PushConnection()
    private var state = State.idle
    /// Of `limits.bodies`.
    private var taken = 0

    init(service: PushService, limits: PushLimits, usage: NIOLoopBoundBox<PushUsage>) {
        self.service = service
        self.limits = limits
        self.usage = usage
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let part): append(part, context)
        case .end: finish(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        connection.leave()
        service.left(connection)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { giveBack() }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var request = PushRequest(
            method: head.method.rawValue, path: String(parts.first ?? ""),
            query: parts.count > 1 ? String(parts[1]) : nil,
            contentType: head.headers.first(name: "content-type"), body: [],
            peer: context.remoteAddress?.ipAddress ?? "")
        request.connection = connection
        for name in service.headers { request.headers[name] = head.headers.first(name: name) }
        let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if let status = service.admit(request) { return refuse(status, head, context) }
        if announced > limits.body { return refuse(413, head, context) }
        // A picture's worth at once; more only as it comes, since anybody can announce it.
        request.body.reserveCapacity(min(max(0, announced), 512 << 10))
        state = .receiving(request, head)
    }

    private func append(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        let count = part.readableBytes
        switch state {
        case .idle: break
        case .receiving(var request, let head):
            guard request.body.count + count <= limits.body else { return refuse(413, head, context) }
            guard usage.value.take(count, limits) else { return refuse(503, head, context) }
            taken += count
            state = .idle
            request.body.append(contentsOf: part.readableBytesView)
            state = .receiving(request, head)
        case .refused(let dropped):
            state = .refused(dropped: dropped + count)
            if dropped + count > limits.body { context.close(promise: nil) }
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        defer {
            giveBack()
            state = .idle
        }
        switch state {
        case .idle: break
        case .refused: context.close(promise: nil)
        case .receiving(let request, let head):
            let (version, keepAlive, channel) = (head.version, head.isKeepAlive, context.channel)
            service.receive(request) { reply in
                let written = Self.send(reply, version: version, keepAlive: keepAlive, to: channel)
                if let sent = reply.sent {
                    written.whenComplete { result in
                        if case .success = result { sent(true) } else { sent(false) }
                    }
                }
                if !keepAlive { written.whenComplete { _ in channel.close(promise: nil) } }
            }
        }
    }

    private func refuse(_ status: Int, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        giveBack()
        state = .refused(dropped: 0)
        _ = Self.send(
            PushReply(status: status), version: head.version, keepAlive: false, to: context.channel)
    }

    private func giveBack() {
        usage.value.give(back: taken)
        taken = 0
    }

    private static func send(
        _ reply: PushReply, version: HTTPVersion, keepAlive: Bool, to channel: any Channel
    ) -> EventLoopFuture<Void> {
        var headers = HTTPHeaders([("content-length", String(reply.body.count))])
        if let type = reply.contentType { headers.add(name: "content-type", value: type) }
        for (name, value) in reply.headers { headers.add(name: name, value: value) }
        if !keepAlive { headers.add(name: "connection", value: "close") }
        let head = HTTPResponseHead(
            version: version, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: reply.body))), promise: nil)
        return channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    }
}
