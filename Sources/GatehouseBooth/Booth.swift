// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// The guard's page as a process of its own: a listener, sessions, and one connection to the daemon's socket. It knows
/// and can do what that socket gives it, and nothing else.
package enum Booth {
    /// Connections at a time, and how long one may be idle.
    private static let connections = 128
    private static let idle = TimeAmount.seconds(30)

    /// Until SIGTERM or SIGINT. `listening` is told the address that browsers take.
    package static func run(
        _ settings: BoothSettings, logger: Logger, listening: @escaping @Sendable (String) -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let link = DaemonLink(path: settings.socket, group: group, logger: logger)
        let keeper = BoardKeeper(link: link)
        let server = BoothServer(settings: settings, link: link, keeper: keeper)
        let host = settings.address == "0.0.0.0" ? settings.names.first ?? "127.0.0.1" : settings.address
        var http = HTTP1Channel.Configuration(idleTimeout: idle)
        http.httpDecoder = .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 64)
        let application = Application(
            router: server.router(origins: Origins(settings, addresses: NetworkAddresses.all)),
            server: .http1(configuration: http),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.address, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(connections, logger: logger)),
            services: [KeeperService(keeper: keeper)],
            onServerRunning: { channel in
                listening("http://\(host):\(channel.localAddress?.port ?? settings.port)/")
            },
            eventLoopGroupProvider: .shared(group), logger: logger)
        try await application.runService()
    }
}

private struct KeeperService: Service {
    let keeper: BoardKeeper

    func run() async throws { await cancelWhenGracefulShutdown { await keeper.run() } }
}
