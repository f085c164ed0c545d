// SPDX-License-Identifier: Apache-2.0

import GatehouseTransport
import GatehouseTwins
import Glibc
import NIOPosix
import Synchronization
import Testing

/// A listener at a free port, and peers of a few lines.
@Suite struct HTTPPushListenerTests {
    private func listening(
        _ limits: PushLimits = PushLimits(), admit: @escaping @Sendable (PushRequest) -> Int? = { _ in nil },
        _ body: (UInt16) throws -> Void
    ) async throws {
        let service = PushService(admit: admit) { request, reply in
            reply(PushReply(status: 200, body: Array("\(request.body.count)".utf8)))
        }
        let listener = try await HTTPPushListener.bind(
            host: "127.0.0.1", port: 0, loop: MultiThreadedEventLoopGroup.singleton.next(), limits: limits,
            service: service)
        let outcome = Result { try body(UInt16(listener.port)) }
        await listener.close()
        try outcome.get()
    }

    private func head(_ length: Int, path: String = "/camera/north") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test func `path and peer are judged by the head, before any body`() async throws {
        let admit = { @Sendable (request: PushRequest) -> Int? in
            #expect(request.peer == "127.0.0.1" && request.body.isEmpty)
            return request.path == "/camera/north" ? nil : 404
        }
        try await listening(admit: admit) { port in
            let stranger = try Peer(port)
            stranger.send(head(1000, path: "/other"))
            #expect(stranger.status() == 404)
            let camera = try Peer(port)
            camera.send(head(3))
            camera.send("abc")
            #expect(camera.status() == 200)
        }
    }

    @Test func `a body that is announced too large is refused before it comes, another when it is`()
        async throws
    {
        var limits = PushLimits()
        limits.body = 1000
        try await listening(limits) { port in
            let honest = try Peer(port)
            honest.send(head(1001))
            #expect(honest.status() == 413)
            let chunked = try Peer(port)
            chunked.send("POST /camera/north HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunked.send("3E9\r\n" + String(repeating: "a", count: 1001) + "\r\n0\r\n\r\n")
            #expect(chunked.status() == 413)
            let fitting = try Peer(port)
            fitting.send(head(1000) + String(repeating: "a", count: 1000))
            #expect(fitting.status() == 200)
        }
    }

    @Test func `one peer gets its share of the connections and no more`() async throws {
        var limits = PushLimits()
        limits.connectionsPerPeer = 2
        try await listening(limits) { port in
            let first = try Peer(port)
            let second = try Peer(port)
            for peer in [first, second] {
                peer.send(head(0))
                #expect(peer.status() == 200)
            }
            let third = try Peer(port)
            third.send(head(0))
            #expect(third.status() == nil)
            let neighbour = try Peer(port, from: "127.0.0.2")
            neighbour.send(head(0))
            #expect(neighbour.status() == 200)
        }
    }

    @Test func `bodies together are bounded, and what one gave up another gets`() async throws {
        var limits = PushLimits()
        limits.bodies = 1500
        try await listening(limits) { port in
            let slow = try Peer(port)
            slow.send(head(1000) + String(repeating: "a", count: 999))
            // The second is refused only when the first one's bytes have arrived.
            try waiting(for: "the refusal", within: .seconds(20)) {
                Self.ask(port, 600) == 503 ? true : nil
            }
            slow.send("a")
            #expect(slow.status() == 200)
            #expect(Self.ask(port, 600) == 200)
        }
    }

    @Test func `an answer says whether it left on a connection that stood`() async throws {
        let held = Mutex<[@Sendable (PushReply) -> Void]>([])
        let said = Mutex<[Bool]>([])
        let service = PushService(admit: { _ in nil }) { _, reply in held.withLock { $0.append(reply) } }
        let listener = try await HTTPPushListener.bind(
            host: "127.0.0.1", port: 0, loop: MultiThreadedEventLoopGroup.singleton.next(), service: service)
        let outcome = Result {
            let port = UInt16(listener.port)
            func answer() throws -> Bool {
                let reply = try waiting(for: "the request", within: .seconds(20)) {
                    held.withLock { $0.popLast() }
                }
                reply(PushReply(status: 200) { isSent in said.withLock { $0.append(isSent) } })
                return try waiting(for: "the word", within: .seconds(20)) { said.withLock { $0.popLast() } }
            }
            let patient = try Peer(port)
            patient.send(head(0))
            #expect(try answer())
            #expect(patient.status() == 200)
            // When the listener hears of a close is not to be seen from here.
            try waiting(for: "an answer to nobody", within: .seconds(20)) { () -> Bool? in
                try Peer(port).send(head(0))
                return try answer() ? nil : true
            }
        }
        await listener.close()
        try outcome.get()
    }

    @Test func `a service is told who left without his answer`() async throws {
        let arrived = Mutex<[PushConnection]>([])
        let left = Mutex<[PushConnection]>([])
        var service = PushService(admit: { _ in nil }) { request, _ in
            if let connection = request.connection { arrived.withLock { $0.append(connection) } }
        }
        service.left = { one in left.withLock { $0.append(one) } }
        let listener = try await HTTPPushListener.bind(
            host: "127.0.0.1", port: 0, loop: MultiThreadedEventLoopGroup.singleton.next(), service: service)
        let outcome = Result {
            func arrive() throws -> PushConnection {
                try waiting(for: "the request", within: .seconds(20)) {
                    arrived.withLock { $0.popLast() }
                }
            }
            let patient = try Peer(UInt16(listener.port))
            patient.send(head(0))
            let first = try arrive()
            let second = try { () throws -> PushConnection in
                let peer = try Peer(UInt16(listener.port))
                peer.send(head(0))
                return try arrive()
            }()
            #expect(first !== second)
            try waiting(for: "the word", within: .seconds(20)) {
                left.withLock { $0.contains { $0 === second } } ? true : nil
            }
            #expect(second.isGone && !first.isGone)
            #expect(left.withLock { !$0.contains { $0 === first } })
            withExtendedLifetime(patient) {}
        }
        await listener.close()
        try outcome.get()
    }

    private static func ask(_ port: UInt16, _ size: Int) -> Int? {
        guard let peer = try? Peer(port) else { return nil }
        let head = "POST /camera/north HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n"
        peer.send(head + String(repeating: "a", count: size))
        return peer.status()
    }
}

private struct NoPeer: Error {}

/// One connection; silent for 5 s is no answer.
private final class Peer {
    private let descriptor: Int32

    init(_ port: UInt16, from source: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        func at(_ host: String, _ port: UInt16) -> sockaddr_in {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = unsafe inet_addr(host)
            return address
        }
        var (own, other) = (at(source, 0), at("127.0.0.1", port))
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = unsafe withUnsafePointer(to: &own) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length)
            }
        }
        let isConnected = unsafe withUnsafePointer(to: &other) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, length)
            }
        }
        guard isOpen == 0, isConnected == 0 else { throw NoPeer() }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Of the next answer; nil: the connection was closed without one.
    func status() -> Int? {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { return nil }
            head += buffer[..<count]
        }
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}
