// SPDX-License-Identifier: Apache-2.0

package import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One request of a device that pushes.
package struct PushRequest: Sendable {
    package var method: String
    /// Path without the query.
    package var path: String
    package var query: String?
    package var contentType: String?
    package var body: [UInt8]
    /// Numeric address of the peer.
    package var peer: String

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

package struct PushReply: Sendable {
    package var status: Int
    package var contentType: String?
    package var body: [UInt8]

    package init(status: Int, contentType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// The HTTP/1.1 server that cameras push to. A request is handed over whole, on the listener's event loop;
/// the reply may come from any thread. Bounds: 8 MiB of body, 64 connections, 30 s without a byte.
package final class HTTPPushListener: Sendable {
    package typealias Handler = @Sendable (PushRequest, @escaping @Sendable (PushReply) -> Void) -> Void

    package static let maximumBody = 8 << 20
    package static let maximumConnections = 64
    package static let idleLimit = TimeAmount.seconds(30)

    private let channel: any Channel

    private init(channel: any Channel) { self.channel = channel }

    /// The port that was bound, for a listener asked to take any.
    package var port: Int { channel.localAddress?.port ?? 0 }

    package static func bind(
        host: String, port: Int, loop: any EventLoop, handler: @escaping Handler
    ) async throws -> HTTPPushListener {
        let counter = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
        let channel = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard counter.value < maximumConnections else { return channel.close() }
                counter.value += 1
                channel.closeFuture.whenComplete { _ in counter.value -= 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(
                        IdleStateHandler(allTimeout: idleLimit))
                    try channel.pipeline.syncOperations.addHandler(PushHandler(handler: handler))
                }
            }
            .bind(host: host, port: port)
            .get()
        return HTTPPushListener(channel: channel)
    }

    package func close() async { try? await channel.close().get() }
}

private final class PushHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let handler: HTTPPushListener.Handler
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(handler: @escaping HTTPPushListener.Handler) { self.handler = handler }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let part): append(part)
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

    private func begin(_ head: HTTPRequestHead) {
        self.head = head
        body = []
        let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        isTooLarge = announced > HTTPPushListener.maximumBody
        if !isTooLarge { body.reserveCapacity(announced) }
    }

    private func append(_ part: ByteBuffer) {
        guard !isTooLarge else { return }
        isTooLarge = body.count + part.readableBytes > HTTPPushListener.maximumBody
        if isTooLarge { body = [] } else { body.append(contentsOf: part.readableBytesView) }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let keepAlive = head.isKeepAlive
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = PushRequest(
            method: head.method.rawValue, path: String(parts.first ?? ""),
            query: parts.count > 1 ? String(parts[1]) : nil,
            contentType: head.headers.first(name: "content-type"), body: body,
            peer: context.remoteAddress?.ipAddress ?? "")
        self.head = nil
        body = []
        let channel = context.channel
        guard !isTooLarge else {
            return Self.send(PushReply(status: 413), version: head.version, keepAlive: false, to: channel)
        }
        let version = head.version
        handler(request) { reply in
            Self.send(reply, version: version, keepAlive: keepAlive, to: channel)
        }
    }

    private static func send(
        _ reply: PushReply, version: HTTPVersion, keepAlive: Bool, to channel: any Channel
    ) {
        var headers = HTTPHeaders([("content-length", String(reply.body.count))])
        if let type = reply.contentType { headers.add(name: "content-type", value: type) }
        if !keepAlive { headers.add(name: "connection", value: "close") }
        let head = HTTPResponseHead(
            version: version, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: reply.body))), promise: nil)
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !keepAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }
}
