// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import Logging
internal import NIOCore
internal import Synchronization

/// What happens by the clock and not by a vehicle: watchdog, clock quality, checkpoints and dropped reads every
/// second; retention and a checkpoint of the ledger hourly, a seal and old pictures daily. Nothing here holds up a lane.
final class Upkeep: Sendable {
    private let store: Store
    private let pictures: PictureKeeper
    private let notary: LedgerNotary
    private let inbox: Inbox
    private let clock: SystemClock
    private let shell: Shell
    private let keeper: DirectoryKeeper
    private let recorder: Recorder
    private let clockKeeper: ClockKeeper
    private let boot: String
    private let logger: Logger
    private let state: Mutex<State>

    private struct State: Sendable {
        var task: RepeatedTask?
        var progress = 0
        var stuckSince: Uptime?
        var nextHour: Uptime?
        var nextDay: Uptime?
        var isRetaining = false
        var isStopped = false
        var plan: SitePlan
        var overload = ReadOverload()
        var size = JournalSizeWatch()
    }

    init(
        store: Store, pictures: PictureKeeper, notary: LedgerNotary, inbox: Inbox, clock: SystemClock,
        shell: Shell,
        keeper: DirectoryKeeper, clockKeeper: ClockKeeper, recorder: Recorder, boot: String, plan: SitePlan,
        logger: Logger
    ) {
        self.store = store
        self.pictures = pictures
        self.notary = notary
        self.inbox = inbox
        self.clock = clock
        self.shell = shell
        self.keeper = keeper
        self.recorder = recorder
        self.clockKeeper = clockKeeper
        self.boot = boot
        self.logger = logger
        state = Mutex(State(plan: plan))
    }

    /// After a reload.
    func obey(_ plan: SitePlan) {
        state.withLock { $0.plan = plan }
        store.pictures.limit(to: plan.journal.imageMaximumBytes)
    }

    func start(on loop: any EventLoop) {
        let now = clock.uptime()
        let task = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { [self] _ in second() }
        state.withLock {
            $0.task = task
            $0.nextHour = now + .seconds(60)
            $0.nextDay = now + .seconds(300)
        }
    }

    func stop() {
        let task = state.withLock { state in
            state.isStopped = true
            return state.task
        }
        task?.cancel()
    }

    private func second() {
        clockKeeper.second(state.withLock { $0.plan })
        feedWatchdog()
        inbox.offer(.tick)
        store.journal?.checkpointIfIdle()
        keeper.buildIfDue()
        let now = clock.uptime()
        tellDroppedReads(now)
        let (isHour, isDay) = state.withLock { state in
            (
                Self.isDue(&state.nextHour, now, every: .seconds(3600)),
                Self.isDue(&state.nextDay, now, every: .seconds(86_400))
            )
        }
        if isHour || isDay { prunePictures(byAge: isDay) }
        if isHour || isDay { Task { await keepHouse(seals: isDay) } }
        if isHour { Task { await signLedger() } }
    }

    /// Only a loop that handled the tick of the second before proves progress: a slow disk restarts nobody, a
    /// hung loop does.
    private func feedWatchdog() {
        let progress = shell.progress
        let hasProgressed = state.withLock { state in
            defer { state.progress = progress }
            return progress != state.progress
        }
        if hasProgressed { announce("WATCHDOG=1") }
    }

    private static func isDue(_ when: inout Uptime?, _ now: Uptime, every interval: Duration) -> Bool {
        guard let due = when, due <= now else { return false }
        when = now + interval
        return true
    }

    private func tellDroppedReads(_ now: Uptime) {
        let dropped = inbox.takeDroppedReads()
        for (camera, event) in state.withLock({ $0.overload.second(dropped, at: now) }) {
            logger.warning("reads dropped", metadata: ["camera": "\(camera.index)", "fault": "\(event)"])
            inbox.offer(.site(.device(camera, event)))
        }
    }

    private func prunePictures(byAge: Bool) {
        let plan = state.withLock { $0.plan.journal }
        let age = Duration.seconds(Int64(plan.imageKeepDays) * 86_400)
        let now = clock.now()
        pictures.prune { [store, inbox] in
            let byAge = byAge ? store.pictures.prune(keeping: age, at: now) : PictureStore.Deleted()
            let bySize = store.pictures.prune(to: plan.imageMaximumBytes)
            let count = byAge.count + bySize.count
            guard count > 0 else { return }
            inbox.offer(
                .site(
                    .housekeeping(
                        .imagesDeleted(count: count, bytes: byAge.bytes + bySize.bytes), reply: nil)))
        }
    }

    /// Not where retention is: that may take longer than an hour.
    private func signLedger() async {
        guard let journal = store.journal else { return }
        do throws(LedgerNotary.Failure) {
            try await notary.signIfGrown(journal, at: clock.now().wall)
        } catch { logger.error("the ledger is not signed, to be tried again: \(error)") }
    }

    /// One at a time: a run of retention that takes longer than an hour goes on.
    private func keepHouse(seals: Bool) async {
        guard let journal = store.journal, mayRetain() else { return }
        defer { state.withLock { $0.isRetaining = false } }
        do {
            if seals {
                let seal = try await journal.seal(at: clock.now().wall)
                let sealed = Housekeeping.sealed(through: seal.sequence.number, hash: "\(seal.hash)")
                inbox.offer(.site(.housekeeping(sealed, reply: nil)))
            }
            let count = try await retain(journal)
            if count > 0 { logger.notice("retention deleted \(count) payloads") }
            try await watchSize(of: journal)
        } catch {
            logger.error("seal or retention failed, to be tried again: \(error.words)")
        }
    }

    private func mayRetain() -> Bool {
        state.withLock { state in
            defer { state.isRetaining = true }
            return !state.isRetaining
        }
    }

    /// Step by step until nothing may go any more.
    private func retain(_ journal: Journal) async throws(StoreFault) -> Int {
        var count = 0
        while !state.withLock({ $0.isStopped }) {
            let (plan, uplink) = state.withLock { ($0.plan.journal, $0.plan.uplink) }
            var policy = RetentionPolicy(
                maximumAge: .seconds(Int64(plan.keepDays) * 86_400),
                acknowledgedThrough: try await spareable(journal, uplink), verdict: Self.verdict)
            policy.maximumBytes = plan.maximumBytes
            guard let deletion = try await journal.planRetention(policy, now: clock.now(), boot: boot)
            else { break }
            // The deletion's record is durable before the first payload goes.
            guard await recorder.record(.payloadsDeleted(deletion.record)) != nil else { break }
            count += try await journal.execute(deletion)
        }
        return count
    }

    private func watchSize(of journal: Journal) async throws(StoreFault) {
        let (bytes, waiting) = try await journal.read { reader throws(StoreFault) in
            (try reader.usedBytes(), try reader.count() - (try journal.outboxCursor()).number)
        }
        let event = state.withLock { state in
            state.size.judge(
                bytes: bytes, maximum: state.plan.journal.maximumBytes,
                waiting: state.plan.uplink == nil ? 0 : waiting)
        }
        if let event { inbox.offer(.site(.service(.journal, event))) }
    }

    /// Records up to here upstream has, and for long enough to have asked for them again. Without an uplink all.
    private func spareable(_ journal: Journal, _ uplink: UplinkPlan?) async throws(StoreFault) -> Sequence {
        let now = clock.now()
        return try await journal.read { reader throws(StoreFault) in
            let last = Sequence(try reader.count())
            guard let uplink else { return last }
            guard now.quality != .doubtful else { return Sequence(0) }
            let kept =
                try reader.firstSequence(since: now.wall + (.zero - uplink.keepAcknowledged)) ?? last.next
            return min(try journal.outboxCursor(), Sequence(kept.number - 1))
        }
    }

    /// Money and the books of stays are kept for ever; who stood where and was read goes with its age.
    private static func verdict(_ record: StoredRecord) -> RetentionVerdict {
        if MoneyFact.kinds.contains(record.kind) || LedgerKeyFact.kinds.contains(record.kind)
            || StayFact.kinds.contains(record.kind) || DirectoryChange.kinds.contains(record.kind)
        {
            return .keepForever
        }
        return ["sealed", "areaRecounted"].contains(record.kind) ? .keepForever : .delete
    }
}
