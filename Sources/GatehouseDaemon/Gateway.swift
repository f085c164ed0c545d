// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore
internal import GatehouseTransport
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The running gateway: everything that was started and what diagnostics reach it by.
final class Gateway: Sendable {
    /// Who does what: `io` writes relays and nothing else heavy; camera bodies and technicians have their own.
    struct Loops: Sendable {
        let io: any EventLoop
        let cameras: any EventLoop
        let diagnostics: any EventLoop

        init(_ group: MultiThreadedEventLoopGroup) {
            io = group.next()
            cameras = group.next()
            diagnostics = group.next()
        }
    }

    let source: SiteSource
    let clock: SystemClock
    let inbox: Inbox
    let replies: Replies
    let watchers: Watchers
    let keeper: DirectoryKeeper
    let captures = CaptureRing()
    let shell: Shell
    let loops: Loops
    let logger: Logger
    let store: Store
    let boot: String
    let engine = EngineThread()
    let startedAt: Uptime
    private let loaded: Mutex<SiteSource.Loaded>
    private let upkeep: Upkeep
    /// Where the clocks stood before this process.
    private let past: Moment?
    private let running = Mutex(Running())

    private struct Running: Sendable {
        var listener: HTTPPushListener?
        var socket: LineServer?
    }

    var currentPlan: SitePlan { loaded.withLock { $0.plan } }
    var planHash: String { loaded.withLock { $0.hash } }

    private init(
        _ loaded: SiteSource.Loaded, source: SiteSource, bell: Bell, loops: Loops, logger: Logger
    ) throws(StoreFault) {
        self.source = source
        self.loops = loops
        self.logger = logger
        clock = SystemClock()
        startedAt = clock.uptime()
        inbox = Inbox(bell: bell)
        replies = Replies()
        watchers = Watchers()
        keeper = DirectoryKeeper(inbox: inbox, clock: clock, logger: logger)
        shell = Shell(replies: replies, keeper: keeper, watchers: watchers, logger: logger)
        boot = Self.bootID()
        self.loaded = Mutex(loaded)
        store = try Store(plan: loaded.plan.journal, inbox: inbox, keeper: keeper, logger: logger) {
            kill(getpid(), SIGTERM)
        }
        let now = clock.now()
        past = store.beginning.lastRecord.flatMap { [boot] last in
            ClockJudge.past(last.at, isSameBoot: last.boot == boot, now: now)
        }
        upkeep = Upkeep(
            store: store, inbox: inbox, clock: clock, shell: shell, keeper: keeper, replies: replies,
            boot: boot,
            plan: loaded.plan.journal, past: past, logger: logger)
    }

    static func start(
        _ loaded: SiteSource.Loaded, source: SiteSource, bell: Bell, loops: Loops, logger: Logger
    ) async throws -> Gateway {
        let gateway = try Gateway(loaded, source: source, bell: bell, loops: loops, logger: logger)
        try await gateway.start(loaded, bell: bell)
        return gateway
    }

    private func start(_ loaded: SiteSource.Loaded, bell: Bell) async throws {
        // Relay writes share the engine's class: a decision must not wait for the loop that carries it out.
        loops.io.execute { _ = gh_thread_realtime(EngineThread.priority) }
        let memory = store.beginning.remembered
        let site = Site(
            plan: loaded.plan, memory: memory, directory: store.beginning.directory,
            nextSequence: store.beginning.nextSequence, boot: boot)
        let loop = EngineLoop(
            inbox: inbox, bell: bell, journal: store.port, ports: shell, clock: clock)
        inbox.offer(
            .site(
                .started(
                    ProcessStart(
                        version: Version.text, planHash: loaded.hash,
                        wasClean: store.beginning.wasClosedCleanly,
                        isNewBoot: store.beginning.lastRecord?.boot != boot))))
        engine.start(loop, EngineState(site: site, past: past))
        let service = DiagnosticsServer(gateway: self)
        let socket = try await LineServer.bind(
            path: loaded.plan.network.diagnosticsSocket, loop: loops.diagnostics,
            maximumLine: DiagnosticProtocol.maximumLine, service: service)
        let (host, port) = Self.listenAddress(loaded.plan.network.cameraListener)
        let listener = try await HTTPPushListener.bind(host: host, port: port, loop: loops.cameras) {
            [shell] request, reply in
            guard let services = shell.attached else { return reply(PushReply(status: 503)) }
            services.receive(request, reply)
        }
        running.withLock {
            $0.socket = socket
            $0.listener = listener
        }
        startDevices(loaded.plan, memory)
        upkeep.start(on: loops.diagnostics)
        logger.info(
            "gatehouse \(Version.text) runs",
            metadata: [
                "site": "\(loaded.plan.id)", "lanes": "\(loaded.plan.lanes.count)",
                "port": "\(listener.port)",
            ])
    }

    private func startDevices(_ plan: SitePlan, _ memory: SiteMemory) {
        let shared = CameraService.Shared(
            loop: loops.cameras, pictureLoop: loops.diagnostics, clock: clock, inbox: inbox, replies: replies,
            pictures: store.pictures, captures: captures)
        let services = DeviceServices(plan: plan, memory: memory, io: loops.io, shared: shared)
        shell.attach(services)
        services.start()
    }

    /// Reads the site again; a wrong file keeps the plan in force. Returns what was wrong.
    func reload() async -> [ConfigIssue] {
        do throws(SiteSource.Failure) {
            let (loaded, warnings) = try source.load()
            let before = currentPlan
            let mustRestart =
                before.devices != loaded.plan.devices || before.inputs != loaded.plan.inputs
                || before.outputs != loaded.plan.outputs || before.cameras != loaded.plan.cameras
            self.loaded.withLock { $0 = loaded }
            upkeep.obey(loaded.plan.journal)
            if mustRestart {
                let old = shell.attached
                shell.attach(nil)
                await old?.stop()
            }
            inbox.offer(.site(.plan(loaded.plan, hash: loaded.hash)))
            if mustRestart { startDevices(loaded.plan, await inspect { $0.memory } ?? SiteMemory()) }
            logger.notice("site reloaded", metadata: ["plan": "\(loaded.hash.prefix(12))"])
            return warnings
        } catch {
            guard case .refused(let issues) = error else { return [] }
            for issue in issues.inReadingOrder { logger.error("\(issue.text)") }
            logger.error("reload refused: the plan in force stays")
            return issues
        }
    }

    /// A look at the site on the engine's thread; nil while stopping.
    func inspect<Value: Sendable>(_ look: @escaping @Sendable (borrowing Site) -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let offer = inbox.offer(.inspect { site in continuation.resume(returning: look(site)) })
            if offer == .refused { continuation.resume(returning: nil) }
        }
    }

    func stop() async {
        upkeep.stop()
        let (listener, socket) = running.withLock { ($0.listener, $0.socket) }
        await listener?.close()
        await socket?.close()
        await shell.attached?.stop()
        inbox.offer(.site(.stopping))
        inbox.close()
        engine.join()
        store.close()
    }

    private static func bootID() -> String {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    }

    private static func listenAddress(_ text: String) -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            return (text, 8080)
        }
        return (String(text[..<colon]), port)
    }
}
