// SPDX-License-Identifier: Apache-2.0

import GatehouseTwins
import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseTransport

/// What a link says of its line. On the event loop.
private final class Ear: SerialEndpoint {
    private(set) var isConnected = false
    private(set) var trouble: String?
    private(set) var heard: [UInt8] = []

    func connected(_ line: any SerialWriter) { isConnected = true }
    func received(_ bytes: [UInt8]) { heard += bytes }
    func disconnected(why: String) {
        isConnected = false
        trouble = why
    }
}

/// A link and its ear.
private struct Port: Sendable {
    private let loop: any EventLoop
    private let ear: NIOLoopBound<Ear>
    private let link: NIOLoopBound<SerialLink>

    init(_ path: String) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        (ear, link) = try await loop.submit {
            let ear = Ear()
            let link = SerialLink(path: path, settings: SerialSettings(), loop: loop, endpoint: ear)
            link.start()
            return (NIOLoopBound(ear, eventLoop: loop), NIOLoopBound(link, eventLoop: loop))
        }.get()
        self.loop = loop
    }

    func ask<Answer: Sendable>(_ look: @escaping @Sendable (Ear) -> Answer) async throws -> Answer {
        let ear = ear
        return try await loop.submit { look(ear.value) }.get()
    }

    func stop() async throws {
        let link = link
        try await loop.submit { link.value.stop() }.get()
    }
}

struct SerialLinkTests {
    @Test func `a line belongs to one program, also among those that run as root`() async throws {
        let says = "hello"
        let twin = try TtyTwin("line")
        defer { twin.stop() }
        let foreign = unsafe open(twin.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(foreign) }
        try #require(flock(foreign, LOCK_EX | LOCK_NB) == 0)
        twin.start { _, _ in [Array(says.utf8)] }

        let port = try await Port(twin.path)
        let words = try await awaiting("a refusal", within: .seconds(20)) {
            try await port.ask { $0.trouble }
        }
        #expect(words == "cannot open \(twin.path): another program has it open")
        #expect(try await port.ask { $0.heard.isEmpty })

        try #require(flock(foreign, LOCK_UN) == 0)
        try await awaiting("the line", within: .seconds(20)) {
            try await port.ask { $0.heard.count >= says.utf8.count ? true : nil }
        }
        #expect(flock(foreign, LOCK_EX | LOCK_NB) != 0)
        try await port.stop()
    }
}
