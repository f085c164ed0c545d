// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
package import GatehouseCore
package import GatehouseEngine
import GatehouseProof
import Synchronization

/// Takes the place of a journal that does not open: a full or read-only disk, a damaged file, a folder that is
/// not mounted yet. It keeps what is submitted (the engine bounds that, see `RecordBatch`), says why nothing is
/// durable, and tries to open again like a journal tries to commit again. When that works, the journal gets
/// everything that was kept, and all that follows. What is kept still when the process ends is lost.
/// A try costs the same however much the journal holds: of what the process began with only the end is kept here.
///
/// But only if it still ends where the process began. One that was restored, begun anew or mounted late holds
/// another past: what was kept fits nowhere in it, and only a new process can take it up. A process that began
/// from a journal waits until there is one again and never begins one.
package final class StandbyJournal: JournalPort {
    /// Opens the journal; is told whether it may begin one.
    package typealias Attempt = @Sendable (_ mayBegin: Bool) throws(StoreFault) -> (Journal, JournalEnd)

    package enum Ending: Sendable {
        case opened(Journal)
        /// Can be opened, but is not what the process started from. It was closed again, nothing was written.
        case isAnother
    }

    private struct State {
        var held: [Record] = []
        var journal: Journal?
        var fault: StoreFault
        var isFaultSaid = false
        var isClosing = false
    }

    private let state: Mutex<State>
    private let base: JournalEnd?
    private let attempt: Attempt
    private let onResult: @Sendable (JournalResult) -> Void
    private let onEnding: @Sendable (Ending) -> Void
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter base: what the process started from; nil: from nothing.
    package init(
        after fault: StoreFault, base: JournalEnd?, attempt: @escaping Attempt,
        onResult: @escaping @Sendable (JournalResult) -> Void,
        onEnding: @escaping @Sendable (Ending) -> Void
    ) {
        state = Mutex(State(fault: fault))
        self.base = base
        self.attempt = attempt
        self.onResult = onResult
        self.onEnding = onEnding
        let thread = Thread { @Sendable [self] in run() }
        thread.name = "journal-standby"
        thread.start()
    }

    /// Never waits.
    package func submit(_ records: [GatehouseCore.Record]) {
        guard !records.isEmpty else { return }
        let news: StoreFault? = state.withLock { state in
            if let journal = state.journal {
                journal.submit(records)
                return nil
            }
            state.held += records
            defer { state.isFaultSaid = true }
            return state.isFaultSaid ? nil : state.fault
        }
        if let news { say(news) }
    }

    /// Tries a last time if records wait. True when every record submitted is durable.
    @discardableResult
    package func close(within limit: Duration = .seconds(5)) -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        if isFirst {
            wake.signal()
            ended.wait()
        }
        let (journal, isEmpty) = state.withLock { ($0.journal, $0.held.isEmpty) }
        return journal?.close(within: limit) ?? isEmpty
    }

    /// After `close`: how many of the records submitted are durable nowhere.
    package var lost: Int { state.withLock { $0.journal?.lost ?? $0.held.count } }

    private func run() {
        defer { ended.signal() }
        var pause = RetryPause()
        while true {
            _ = wake.wait(timeout: .now() + .milliseconds(Int(clamping: pause.next().inMilliseconds)))
            let (isClosing, mustTry) = state.withLock { ($0.isClosing, !$0.isClosing || !$0.held.isEmpty) }
            if mustTry, isOver() { return }
            if isClosing { return }
        }
    }

    private func isOver() -> Bool {
        do throws(StoreFault) {
            let (journal, end) = try attempt(base == nil)
            guard end == base ?? JournalEnd() else {
                journal.close()
                onEnding(.isAnother)
                return true
            }
            onEnding(.opened(journal))
            // Under the lock, so that nothing submitted now overtakes what was kept.
            state.withLock { state in
                state.journal = journal
                journal.submit(state.held)
                state.held = []
            }
            return true
        } catch {
            note(error)
            return false
        }
    }

    private func note(_ fault: StoreFault) {
        let isNews = state.withLock { state in
            defer { state.fault = fault }
            return state.isFaultSaid && !state.fault.isSameKind(as: fault)
        }
        if isNews { say(fault) }
    }

    private func say(_ fault: StoreFault) {
        onResult(.commitFailed(after: base?.sequence.number ?? 0, fault))
    }
}
