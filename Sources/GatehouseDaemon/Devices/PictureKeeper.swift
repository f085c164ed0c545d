// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Dispatch
internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import Synchronization

/// Stores and prunes pictures on a thread of its own, because a slow disk must hold up no loop and no decision.
/// Bounded: when so many wait, the newest is dropped, which is a fault until pictures are stored again. The
/// record of the event keeps the picture's hash.
final class PictureKeeper: Sendable {
    struct Limits: Hashable, Sendable {
        var pushes = 32
        var bytes = 32 << 20
    }

    private struct State: Sendable {
        var pushes = 0
        var bytes = 0
        var isPruning = false
        /// nil: nothing was stored yet in this run.
        var isFaulted: Bool?
    }

    static let fault = "pictures_not_stored"
    private static let stopPatience = DispatchTimeInterval.seconds(2)

    private let put: @Sendable (ArraySlice<UInt8>) throws(StoreFault) -> Void
    private let limits: Limits
    private let inbox: Inbox
    private let worker = WorkerThread(name: "pictures")
    private let state = Mutex(State())

    init(
        limits: Limits = Limits(), inbox: Inbox,
        put: @escaping @Sendable (ArraySlice<UInt8>) throws(StoreFault) -> Void
    ) {
        self.limits = limits
        self.inbox = inbox
        self.put = put
        worker.enqueue { gh_thread_background() }
    }

    /// Pictures of one push. Returns at once.
    func keep(_ pictures: [ArraySlice<UInt8>]) {
        guard !pictures.isEmpty else { return }
        let bytes = pictures.reduce(0) { $0 + $1.count }
        let hasRoom = state.withLock { state in
            guard state.pushes < limits.pushes, state.bytes + bytes <= limits.bytes else { return false }
            state.pushes += 1
            state.bytes += bytes
            return true
        }
        guard hasRoom else {
            return raise(
                "pictures come faster than the disk takes them: \(limits.pushes) pushes or "
                    + "\(limits.bytes >> 20) MiB wait already, the newest are dropped; look at the disk")
        }
        worker.enqueue { [self] in
            store(pictures)
            state.withLock { state in
                state.pushes -= 1
                state.bytes -= bytes
            }
        }
    }

    /// Behind the pictures that wait; not while another prunes.
    func prune(_ work: @escaping @Sendable () -> Void) {
        let isFree = state.withLock { state in
            defer { state.isPruning = true }
            return !state.isPruning
        }
        guard isFree else { return }
        worker.enqueue { [self] in
            work()
            state.withLock { $0.isPruning = false }
        }
    }

    /// Waits for what is queued, a moment: a disk that hangs does not keep the process.
    func close() { worker.stop(within: Self.stopPatience) }

    private func store(_ pictures: [ArraySlice<UInt8>]) {
        do throws(StoreFault) {
            for picture in pictures { try put(picture) }
            clear()
        } catch {
            raise("a picture could not be stored: \(error.words)")
        }
    }

    private func raise(_ detail: String) {
        let isNew = state.withLock { state in
            defer { state.isFaulted = true }
            return state.isFaulted != true
        }
        guard isNew else { return }
        inbox.offer(
            .site(
                .service(
                    .pictures, .faultRaised(code: Self.fault, severity: .warning, detail: detail))))
    }

    /// Not while the queue is still half full: the fault would come and go with every picture.
    private func clear() {
        let isNew = state.withLock { state in
            guard state.isFaulted != false, state.pushes * 2 <= limits.pushes else { return false }
            state.isFaulted = false
            return true
        }
        if isNew { inbox.offer(.site(.service(.pictures, .faultCleared(code: Self.fault)))) }
    }
}
