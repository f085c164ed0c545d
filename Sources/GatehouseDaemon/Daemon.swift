// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore
internal import GatehouseTransport
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import UnixSignals

/// The composition root: plan in, running services out. Start order: journal, engine, boards and cameras, camera
/// port, diagnostics socket: safety waits for no socket. Stop order is the reverse.
package struct Daemon: Sendable {
    let source: SiteSource
    let logger: Logger

    /// Runs until SIGTERM or SIGINT; returns the exit code.
    package static func run(_ options: DaemonOptions) async -> Int32 {
        gh_bound_heap()
        var logger = Logger(label: "gatehouse")
        logger.logLevel = Logger.Level(rawValue: options.logLevel) ?? .info
        let source = SiteSource(options: options)
        do throws(SiteSource.Failure) {
            let (loaded, warnings) = try source.load()
            for warning in warnings { logger.warning("\(warning.text)") }
            return await Daemon(source: source, logger: logger).run(loaded)
        } catch {
            guard case .refused(let issues) = error else { return DaemonExit.software }
            for issue in issues.inReadingOrder { note(issue.text) }
            note("gatehoused: \(options.site) is refused; `gatehouse check` says more")
            return DaemonExit.configuration
        }
    }

    private static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    private func run(_ loaded: SiteSource.Loaded) async -> Int32 {
        guard let bell = Bell() else { return DaemonExit.osFailure }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        do {
            let gateway = try await Gateway.start(
                loaded, source: source, bell: bell, loops: Gateway.Loops(group), logger: logger)
            announce("READY=1")
            gh_trim_heap()
            await obeySignals(gateway)
            announce("STOPPING=1")
            await gateway.stop()
            try await group.shutdownGracefully()
            return gateway.store.isOutdated ? DaemonExit.temporary : DaemonExit.ok
        } catch {
            Self.note("gatehoused: \((error as? StoreFault)?.words ?? "\(error)")")
            return DaemonExit.osFailure
        }
    }

    private func obeySignals(_ gateway: Gateway) async {
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup) {
            guard signal == .sighup else { return }
            announce("RELOADING=1\nMONOTONIC_USEC=\(gateway.clock.uptime().nanoseconds / 1000)")
            _ = await gateway.reload()
            announce("READY=1")
        }
    }
}

/// A word to the service manager, if there is one.
func announce(_ message: String) { _ = unsafe gh_notify(message) }
