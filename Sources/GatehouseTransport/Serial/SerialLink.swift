// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import GatehouseWire
internal import Glibc
package import NIOCore
internal import NIOPosix

/// Line settings of a serial port.
package struct SerialSettings: Hashable, Sendable {
    package enum Parity: String, Hashable, Sendable { case none, even, odd }

    package var baud: Int
    package var dataBits: Int
    package var parity: Parity
    package var stopBits: Int
    /// Let the kernel switch the RS-485 direction; adapters that switch it themselves refuse, which is fine.
    package var rs485: Bool

    package init(
        baud: Int = 9600, dataBits: Int = 8, parity: Parity = .none, stopBits: Int = 1, rs485: Bool = false
    ) {
        self.baud = baud
        self.dataBits = dataBits
        self.parity = parity
        self.stopBits = stopBits
        self.rs485 = rs485
    }
}

/// The conversation on a serial line. All calls come on the line's event loop.
package protocol SerialEndpoint: AnyObject {
    func connected(_ line: any SerialWriter)
    func received(_ bytes: [UInt8])
    /// The port could not be opened, hung up (adapter pulled) or failed; it is opened again by itself.
    func disconnected(why: String)
}

package protocol SerialWriter {
    /// On the event loop. The promise is done when the kernel took the bytes.
    func write(_ bytes: [UInt8])
}

/// Keeps one tty open: opens it by name, reopens it after unplugging with `Backoff` between tries (udev gives
/// the adapter its name back), hands bytes to an endpoint on one event loop. Handlers and not async
/// channels, because relay commands take this path.
package final class SerialLink {
    /// Opening a tty costs nothing, and a lane without its board serves nobody.
    private static let longestWait = Duration.seconds(10)

    private let path: String
    private let settings: SerialSettings
    private let loop: any EventLoop
    private let endpoint: any SerialEndpoint
    private var channel: (any Channel)?
    private var retry: Scheduled<Void>?
    private var backoff: Backoff
    private var isStopped = false

    package init(path: String, settings: SerialSettings, loop: any EventLoop, endpoint: any SerialEndpoint) {
        self.path = path
        backoff = Backoff(of: path, longest: Self.longestWait)
        self.settings = settings
        self.loop = loop
        self.endpoint = endpoint
    }

    /// On the event loop.
    package func start() {
        loop.preconditionInEventLoop()
        let parity: CChar =
            switch settings.parity {
            case .none: CChar(bitPattern: UInt8(ascii: "N"))
            case .even: CChar(bitPattern: UInt8(ascii: "E"))
            case .odd: CChar(bitPattern: UInt8(ascii: "O"))
            }
        let descriptor = unsafe gh_serial_open(
            path, UInt32(settings.baud), Int32(settings.dataBits), parity, Int32(settings.stopBits))
        guard descriptor >= 0 else {
            let why = descriptor == -EBUSY ? "another program has it open" : errorText(-descriptor)
            return lost("cannot open \(path): \(why)")
        }
        if settings.rs485 { gh_serial_rs485(descriptor, 0, 0) }
        let bound = NIOLoopBound(self, eventLoop: loop)
        NIOPipeBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(SerialHandler(link: bound.value))
                }
            }
            .takingOwnershipOfDescriptor(inputOutput: descriptor)
            .whenComplete { result in bound.value.opened(result) }
    }

    /// On the event loop. What was written before is flushed by the kernel.
    package func stop() {
        isStopped = true
        retry?.cancel()
        channel?.close(promise: nil)
    }

    private func opened(_ result: Result<any Channel, any Error>) {
        switch result {
        case .failure(let error): lost("cannot use \(path): \(error)")
        case .success(let opened):
            guard !isStopped else { return opened.close(promise: nil) }
            channel = opened
            backoff.reset()
            endpoint.connected(SerialChannelWriter(channel: opened))
        }
    }

    fileprivate func received(_ bytes: [UInt8]) { endpoint.received(bytes) }

    /// Pulled adapters end as EOF without an error; a failed write as EIO.
    fileprivate func inactive() {
        channel = nil
        lost("\(path) hung up")
    }

    private func lost(_ why: String) {
        guard !isStopped else { return }
        endpoint.disconnected(why: why)
        let wait = backoff.next()
        let bound = NIOLoopBound(self, eventLoop: loop)
        retry = loop.scheduleTask(in: TimeAmount(wait)) { bound.value.start() }
    }
}

private struct SerialChannelWriter: SerialWriter {
    let channel: any Channel

    func write(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }
}

private final class SerialHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let link: SerialLink

    init(link: SerialLink) { self.link = link }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        link.received(Array(buffer.readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { link.inactive() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The kernel's words for an errno.
package func errorText(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}
