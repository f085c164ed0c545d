// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import Logging
internal import NIOCore
internal import Synchronization

/// What happens by the clock and not by a vehicle: watchdog, clock quality and checkpoints every second;
/// seals and retention daily, pictures hourly. Nothing here holds up a lane.
final class Upkeep: Sendable {
    private let store: Store
    private let pictures: PictureKeeper
    private let inbox: Inbox
    private let clock: SystemClock
    private let shell: Shell
    private let replies: Replies
    private let boot: String
    private let logger: Logger
    private let plan: Mutex<JournalPlan>
    private let state = Mutex(State())

    private struct State: Sendable {
        var task: RepeatedTask?
        var progress = 0
        var stuckSince: Uptime?
        var nextHour: Uptime?
        var nextDay: Uptime?
        var isDailyRunning = false
    }

    init(
        store: Store, pictures: PictureKeeper, inbox: Inbox, clock: SystemClock, shell: Shell,
        replies: Replies, boot: String,
        plan: JournalPlan,
        logger: Logger
    ) {
        self.store = store
        self.pictures = pictures
        self.inbox = inbox
        self.clock = clock
        self.shell = shell
        self.replies = replies
        self.boot = boot
        self.plan = Mutex(plan)
        self.logger = logger
    }

    /// A reload changed how long and how much is kept.
    func replan(_ new: JournalPlan) { plan.withLock { $0 = new } }

    static func clockQuality() -> ClockQuality { gh_clock_is_synchronised() == 1 ? .synchronised : .holdover }

    func start(on loop: any EventLoop) {
        let now = clock.uptime()
        let task = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { [self] _ in second() }
        state.withLock {
            $0.task = task
            $0.nextHour = now + .seconds(60)
            $0.nextDay = now + .seconds(300)
        }
    }

    func stop() { state.withLock { $0.task }?.cancel() }

    private func second() {
        clock.setQuality(Self.clockQuality())
        feedWatchdog()
        inbox.offer(.tick)
        store.journal?.checkpointIfIdle()
        let now = clock.uptime()
        let (isHour, isDay) = state.withLock { state in
            (
                Self.isDue(&state.nextHour, now, every: .seconds(3600)),
                Self.isDue(&state.nextDay, now, every: .seconds(86_400))
            )
        }
        if isHour { prunePictures() }
        if isDay { Task { await daily() } }
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

    private func prunePictures() {
        let now = clock.now()
        // A clock in doubt must not empty the folder.
        guard now.quality != .doubtful else { return }
        let plan = plan.withLock { $0 }
        let oldest = now.wall + .seconds(-Int64(plan.imageKeepDays) * 86_400)
        let most = plan.imageMaximumBytes
        pictures.prune { [store, inbox] in
            let byAge = store.pictures.prune(olderThan: oldest)
            let bySize = store.pictures.prune(to: most)
            let count = byAge.count + bySize.count
            guard count > 0 else { return }
            inbox.offer(
                .site(
                    .housekeeping(
                        .imagesDeleted(count: count, bytes: byAge.bytes + bySize.bytes), reply: nil)))
        }
    }

    private func daily() async {
        guard let journal = store.journal else { return }
        let plan = plan.withLock { $0 }
        do {
            let seal = try await journal.seal(at: clock.now().wall)
            let sealed = Housekeeping.sealed(through: seal.sequence.number, hash: "\(seal.hash)")
            inbox.offer(.site(.housekeeping(sealed, reply: nil)))
            var policy = RetentionPolicy(
                maximumAge: .seconds(Int64(plan.keepDays) * 86_400),
                acknowledgedThrough: seal.sequence, verdict: Self.verdict)
            policy.maximumBytes = plan.maximumBytes
            guard let deletion = try await journal.planRetention(policy, now: clock.now(), boot: boot) else {
                return
            }
            // The deletion's record is durable before the first payload goes.
            guard await record(.payloadsDeleted(deletion.record)) else { return }
            let count = try await journal.execute(deletion)
            logger.notice("retention deleted \(count) payloads")
        } catch {
            logger.error("seal or retention failed, tomorrow again: \(error.words)")
        }
    }

    /// Whether the fact became durable.
    private func record(_ fact: Housekeeping) async -> Bool {
        await withCheckedContinuation { continuation in
            let id = replies.expect { answer in
                if case .done = answer {
                    continuation.resume(returning: true)
                } else {
                    continuation.resume(returning: false)
                }
            }
            guard let id else { return continuation.resume(returning: false) }
            if inbox.offer(.site(.housekeeping(fact, reply: id))) == .refused {
                replies.answer(id, .notStored("stopping"))
            }
        }
    }

    /// Money and the books of stays are kept for ever; who stood where and was read goes with its age.
    private static func verdict(_ record: StoredRecord) -> RetentionVerdict {
        if StayFact.kinds.contains(record.kind) || DirectoryChange.kinds.contains(record.kind) {
            return .keepForever
        }
        return ["sealed", "areaRecounted"].contains(record.kind) ? .keepForever : .delete
    }
}
