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
    let tally = Tally()
    let keeper: DirectoryKeeper
    let captures = CaptureRing()
    let pictures: PictureKeeper
    let shell: Shell
    let loops: Loops
    let logger: Logger
    let store: Store
    let boot: String
    let engine = EngineThread()
    let startedAt: Uptime
    private let loaded: Mutex<SiteSource.Loaded>
    let uplink: UplinkService
    let notary: LedgerNotary
    let clockBoard = ClockBoard()
    let clockKeeper: ClockKeeper
    private let upkeep: Upkeep
    /// Where the clocks stood before this process.
    private let past: Moment?
    private let payments = Mutex<PaymentService?>(nil)
    private let listeners = Mutex<[SupervisedListener]>([])
    private let busRealtime = Atomic<Bool>(false)
    private let reloads = Mutex(Reloads())

    private struct Reloads: Sendable {
        var last: Task<[ConfigIssue], Never>?
        var isStopping = false
    }

    /// The journal tells of its commits before there is an uplink to hear of them.
    private final class Outlet: Sendable {
        let uplink = Mutex<UplinkService?>(nil)
    }

    var currentPlan: SitePlan { loaded.withLock { $0.plan } }
    /// The thread that writes to the boards got its real-time class.
    var isBusRealtime: Bool { busRealtime.load(ordering: .relaxed) }
    var planHash: String { loaded.withLock { $0.hash } }

    private init(
        _ loaded: SiteSource.Loaded, source: SiteSource, bell: Bell, loops: Loops, logger: Logger,
        _ beginning: inout Store.Beginning
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
        shell = Shell(replies: replies, keeper: keeper, watchers: watchers, tally: tally, logger: logger)
        boot = Self.bootID()
        self.loaded = Mutex(loaded)
        let outlet = Outlet()
        (store, beginning) = try Store.open(
            loaded.plan.journal, inbox: inbox, keeper: keeper, logger: logger,
            committed: { [keeper, tally] through in
                tally.committed(through: through)
                keeper.committed(through: through)
                outlet.uplink.withLock { $0 }?.durable(through: through)
            },
            restart: { kill(getpid(), SIGTERM) })
        let recorder = Recorder(inbox: inbox, replies: replies)
        notary = LedgerNotary(loaded.plan, recorder: recorder, logger: logger)
        uplink = UplinkService(
            store: store, inbox: inbox, replies: replies, clock: clock,
            durable: Sequence(beginning.nextSequence.number - 1), logger: logger)
        outlet.uplink.withLock { [uplink] in $0 = uplink }
        pictures = PictureKeeper(inbox: inbox) { [store] bytes throws(StoreFault) in
            _ = try store.pictures.put(bytes)
        }
        let now = clock.now()
        past = beginning.lastRecord.flatMap { [boot] last in
            ClockJudge.past(last.at, isSameBoot: last.boot == boot, now: now)
        }
        clockKeeper = ClockKeeper(clock: clock, inbox: inbox, board: clockBoard, past: past)
        clockKeeper.begin()
        upkeep = Upkeep(
            store: store, pictures: pictures, notary: notary, inbox: inbox, clock: clock, shell: shell,
            keeper: keeper, clockKeeper: clockKeeper, recorder: recorder, boot: boot, plan: loaded.plan,
            logger: logger)
    }

    static func start(
        _ loaded: SiteSource.Loaded, source: SiteSource, bell: Bell, loops: Loops, logger: Logger
    ) async throws -> Gateway {
        // Two gateways at one board: the one that was there first stays alone.
        let path = loaded.plan.network.diagnosticsSocket
        if await LineServer.isAlive(path: path, loop: loops.diagnostics) {
            throw LineServerError.inUse(path: path)
        }
        var beginning = Store.Beginning()
        let gateway = try Gateway(
            loaded, source: source, bell: bell, loops: loops, logger: logger, &beginning)
        await gateway.start(loaded, beginning, bell: bell)
        return gateway
    }

    private func start(
        _ loaded: SiteSource.Loaded, _ beginning: consuming Store.Beginning, bell: Bell
    ) async {
        // Relay writes share the engine's class: a decision must not wait for the loop that carries it out.
        loops.io.execute { [self] in
            busRealtime.store(gh_thread_realtime(EngineThread.priority) == 0, ordering: .relaxed)
        }
        let memory = beginning.remembered
        let site = Site(
            plan: loaded.plan, memory: memory, directory: beginning.directory,
            nextSequence: beginning.nextSequence, boot: boot)
        let loop = EngineLoop(
            inbox: inbox, bell: bell, journal: store.port, ports: shell, clock: clock)
        inbox.offer(
            .site(
                .started(
                    ProcessStart(
                        version: Version.text, planHash: loaded.hash,
                        wasClean: beginning.wasClosedCleanly,
                        isNewBoot: beginning.lastRecord?.boot != boot))))
        // What the process before found wrong beside the lanes is found again, or is over.
        for service in SiteService.allCases { inbox.offer(.site(.service(service, .begins))) }
        if let journal = store.journal { notary.begin(journal) }
        // Boards take commands before their lines are open: the first ones come with the engine's first step.
        let devices = services(loaded.plan, memory)
        shell.attach(devices)
        engine.start(loop, EngineState(site: site, past: past))
        devices.start()
        upkeep.start(on: loops.diagnostics)
        let payments = PaymentService(gateway: self)
        self.payments.withLock { $0 = payments }
        shell.attach(payments)
        uplink.hand(callsTo: payments)
        uplink.obey(loaded.plan)
        await payments.obey(loaded.plan)
        for listener in makeListeners(loaded.plan.network) {
            await listener.start()
            listeners.withLock { $0.append(listener) }
        }
        logger.info(
            "gatehouse \(Version.text) runs",
            metadata: ["site": "\(loaded.plan.id)", "lanes": "\(loaded.plan.laneCount)"])
    }

    private func makeListeners(_ plan: NetworkPlan) -> [SupervisedListener] {
        let (host, port) = Self.listenAddress(plan.cameraListener)
        let strange = StrangePushes(logger: logger)
        let push = PushService(
            admit: { [shell] request in
                guard let devices = shell.attached else { return 503 }
                let refusal = devices.refusal(of: request)
                if refusal == 404 { strange.note(path: request.path, from: request.peer) }
                return refusal
            },
            receive: { [shell] request, reply in
                guard let devices = shell.attached else { return reply(PushReply(status: 503)) }
                devices.receive(request, reply)
            })
        let service = DiagnosticsServer(gateway: self)
        return [
            SupervisedListener(.cameraPort, at: plan.cameraListener, inbox: inbox) { [loops] in
                try await HTTPPushListener.bind(host: host, port: port, loop: loops.cameras, service: push)
            },
            SupervisedListener(.diagnosticsSocket, at: plan.diagnosticsSocket, inbox: inbox) { [loops] in
                try await LineServer.bind(
                    path: plan.diagnosticsSocket, loop: loops.diagnostics,
                    maximumLine: DiagnosticProtocol.maximumLine, service: service)
            },
        ]
    }

    private func services(
        _ plan: SitePlan, _ memory: SiteMemory, replacing old: DeviceServices? = nil
    ) -> DeviceServices {
        let shared = CameraService.Shared(
            loop: loops.cameras, clock: clock, inbox: inbox, replies: replies, pictures: pictures,
            captures: captures, clocks: clockBoard)
        return DeviceServices(plan: plan, memory: memory, io: loops.io, shared: shared, replacing: old)
    }

    /// Reads the site again; a wrong file keeps the plan in force. Returns what was wrong. One at a time, in the
    /// order of asking. nil while stopping: nobody would stop what it starts.
    func reload() async -> [ConfigIssue]? {
        let mine: Task<[ConfigIssue], Never>? = reloads.withLock { reloads in
            guard !reloads.isStopping else { return nil }
            let before = reloads.last
            let task = Task {
                _ = await before?.value
                return await self.reloadNow()
            }
            reloads.last = task
            return task
        }
        return await mine?.value
    }

    private func reloadNow() async -> [ConfigIssue] {
        do throws(SiteSource.Failure) {
            let (loaded, warnings) = try source.load()
            let before = currentPlan
            if before.network != loaded.plan.network || before.journal.folder != loaded.plan.journal.folder {
                logger.warning("sockets and the journal's folder change at the next start only")
            }
            await swap(to: loaded)
            upkeep.obey(loaded.plan)
            uplink.obey(loaded.plan)
            await payments.withLock { $0 }?.obey(loaded.plan)
            logger.notice("site reloaded", metadata: ["plan": "\(loaded.hash.prefix(12))"])
            return warnings
        } catch {
            guard case .refused(let issues) = error else { return [] }
            for issue in issues.inReadingOrder { logger.error("\(issue.text)") }
            logger.error("reload refused: the plan in force stays")
            return issues
        }
    }

    /// Devices that the new plan leaves as they are do not notice. Of the others the old service falls silent,
    /// carries out commands until the engine has taken the new plan, and stops; the new one takes the commands
    /// of the new plan from then on and has them in hand when its line opens.
    private func swap(to loaded: SiteSource.Loaded) async {
        let old = shell.attached
        let next = services(
            loaded.plan, await inspect { $0.memory } ?? SiteMemory(), replacing: old)
        await old?.mute(before: next)
        shell.prepare(next)
        self.loaded.withLock { $0 = loaded }
        inbox.offer(.site(.plan(loaded.plan, hash: loaded.hash)))
        // The engine handles its inbox in order: when it answers, the plan is in force.
        await inspect { _ in }
        if let old { await next.inherit(from: old) }
        await old?.stop(before: next)
        next.start(replacing: old)
    }

    /// A look at the site on the engine's thread; nil while stopping.
    @discardableResult
    func inspect<Value: Sendable>(_ look: @escaping @Sendable (borrowing Site) -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let offer = inbox.offer(.inspect { site in continuation.resume(returning: look(site)) })
            if offer == .refused { continuation.resume(returning: nil) }
        }
    }

    func stop() async {
        let reload = reloads.withLock { reloads in
            reloads.isStopping = true
            return reloads.last
        }
        _ = await reload?.value
        upkeep.stop()
        for listener in listeners.withLock({ $0 }) { await listener.stop() }
        await payments.withLock { $0 }?.stop()
        await shell.attached?.stop()
        inbox.offer(.site(.stopping))
        inbox.close()
        engine.join()
        pictures.close()
        uplink.stop()
        store.close()
    }

    private static func bootID() -> String {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    }

    static func listenAddress(_ text: String) -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            return (text, 8080)
        }
        return (String(text[..<colon]), port)
    }
}
