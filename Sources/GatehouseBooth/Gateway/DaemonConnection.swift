// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import NIOCore
internal import NIOPosix
internal import Synchronization

typealias Failure = DiagnosticProtocol.Failure

/// One connection to the daemon's socket, on which several ask at a time and one watches.
final class DaemonConnection: Sendable {
    /// What a request was answered with.
    struct Answer: Sendable {
        var events: [[UInt8]] = []
        var result: [UInt8] = []
    }

    /// A line of the daemon's; the largest is a picture.
    fileprivate static let maximumLine = 8 << 20

    private struct Pending: Sendable {
        var answer = Answer()
        var resume: @Sendable (Result<Answer, Failure>) -> Void
    }

    private struct State: Sendable {
        var lastID = 0
        var pending: [Int: Pending] = [:]
        var isClosed = false
        var hello: DiagnosticProtocol.Hello?
    }

    private let channel: any Channel
    private let greeted: EventLoopPromise<DiagnosticProtocol.Hello>
    private let watched: @Sendable (WatchItem) -> Void
    private let state = Mutex(State())

    private init(channel: any Channel, watched: @escaping @Sendable (WatchItem) -> Void) {
        self.channel = channel
        self.watched = watched
        greeted = channel.eventLoop.makePromise()
    }

    /// Greeted, and watching. `watched` is called for every record from then on.
    static func open(
        _ path: String, group: any EventLoopGroup, watched: @escaping @Sendable (WatchItem) -> Void
    ) async throws -> DaemonConnection {
        // The daemon greets at once: whoever listens only after connecting may have missed it.
        let connection = try await ClientBootstrap(group: group).connectTimeout(.seconds(2))
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = DaemonConnection(channel: channel, watched: watched)
                    try channel.pipeline.syncOperations.addHandler(LineHandler(connection))
                    return connection
                }
            }
        let channel = connection.channel
        let late = channel.eventLoop.scheduleTask(in: .seconds(5)) { connection.fail("no greeting in 5 s") }
        let hello: DiagnosticProtocol.Hello
        do { hello = try await connection.greeted.futureResult.get() } catch {
            channel.close(promise: nil)
            throw error
        }
        late.cancel()
        guard hello.version == DiagnosticProtocol.version else {
            channel.close(promise: nil)
            throw Failure(
                code: "internal",
                message: "gatehoused \(hello.program) speaks protocol \(hello.version), this page "
                    + "\(DiagnosticProtocol.version)",
                hint: "restart gatehouse-booth after an upgrade")
        }
        connection.state.withLock { $0.hello = hello }
        connection.send(DiagnosticProtocol.line(id: 0, .watch))
        return connection
    }

    var hello: DiagnosticProtocol.Hello? { state.withLock { $0.hello } }

    /// Returns when the daemon has hung up, or `close` was called.
    func closed() async { try? await channel.closeFuture.get() }

    func close() { channel.close(promise: nil) }

    /// - Parameter person: who stands at the page.
    func ask(
        _ request: DiagnosticRequest, for person: String?, within limit: Duration
    ) async throws(Failure) -> Answer {
        let result = await withCheckedContinuation { continuation in
            let id = begin { continuation.resume(returning: $0) }
            guard let id else { return }
            let seconds = TimeAmount.milliseconds(limit.inMilliseconds)
            channel.eventLoop.scheduleTask(in: seconds) { [self] in
                let late = Failure(code: "busy", message: "no answer from the gateway within \(limit)")
                end(id, .failure(late))
            }
            send(DiagnosticProtocol.line(.init(id: id, person: person, request)))
        }
        return try result.get()
    }

    /// nil: the connection is closed, and was answered so.
    private func begin(_ resume: @escaping @Sendable (Result<Answer, Failure>) -> Void) -> Int? {
        let id = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.lastID += 1
            state.pending[state.lastID] = Pending(resume: resume)
            return state.lastID
        }
        if id == nil { resume(.failure(Self.gone)) }
        return id
    }

    private func end(_ id: Int, _ result: Result<Answer, Failure>) {
        state.withLock { $0.pending.removeValue(forKey: id) }?.resume(result)
    }

    private static let gone = Failure(code: "busy", message: "the gateway does not answer")

    private func send(_ line: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: line), promise: nil) }

    private func fail(_ why: String) {
        greeted.fail(Failure(code: "internal", message: why))
        channel.close(promise: nil)
    }

    // MARK: From the daemon

    fileprivate func received(_ line: [UInt8]) {
        guard state.withLock({ $0.hello }) != nil else {
            if let hello = try? DiagnosticProtocol.hello(line) { return greeted.succeed(hello) }
            if case .failure(let refusal) = try? DiagnosticProtocol.reply(line).reply {
                greeted.fail(refusal)
                return channel.close(promise: nil)
            }
            return reply(line)
        }
        reply(line)
    }

    private func reply(_ line: [UInt8]) {
        guard let (id, reply) = try? DiagnosticProtocol.reply(line) else {
            return fail("a line of the gateway cannot be read")
        }
        switch reply {
        case .event(let event):
            if id == 0 {
                if let item = try? WatchItem(json: event) { watched(item) }
            } else {
                state.withLock { $0.pending[id]?.answer.events.append(event) }
            }
        case .result(let result):
            let pending = state.withLock { $0.pending.removeValue(forKey: id) }
            guard var answer = pending?.answer else { return }
            answer.result = result
            pending?.resume(.success(answer))
        case .failure(let failure): end(id, .failure(failure))
        }
    }

    fileprivate func lost() {
        let pending = state.withLock { state in
            state.isClosed = true
            defer { state.pending = [:] }
            return state.pending
        }
        greeted.fail(Self.gone)
        for waiting in pending.values { waiting.resume(.failure(Self.gone)) }
    }
}

private final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: DaemonConnection
    private var rest = ByteBuffer()
    /// So much of the rest is known to have no line end.
    private var searched = 0

    init(_ connection: DaemonConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        rest.writeBuffer(&part)
        while let end = rest.readableBytesView.dropFirst(searched).firstIndex(of: 0x0A) {
            let length = end - rest.readerIndex
            let line = rest.readBytes(length: length) ?? []
            rest.moveReaderIndex(forwardBy: 1)
            searched = 0
            connection.received(line)
        }
        searched = rest.readableBytes
        rest.discardReadBytes()
        if rest.readableBytes > DaemonConnection.maximumLine { context.close(promise: nil) }
    }

    /// Of every end, also of a connection that never came about.
    func handlerRemoved(context: ChannelHandlerContext) { connection.lost() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
