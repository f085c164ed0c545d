// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import Logging
internal import Synchronization

/// The journal as the gateway found it. One that does not open keeps no gate shut: what it holds is read if
/// that is possible, so that permits still count, the lanes run by the policy for a dead store, loudly, and what
/// they record goes to the journal as soon as it opens.
final class Store: Sendable {
    /// What the site starts from. Handed out once: a copy kept would make the site's first changes copy its tables.
    struct Beginning: Sendable {
        var remembered = SiteMemory()
        var directory = Directory.empty
        var nextSequence = Sequence(1)
        var lastRecord: StoredRecord?
        var wasClosedCleanly = false
    }

    private final class Slot: Sendable {
        let journal = Mutex<Journal?>(nil)
        let isOutdated = Atomic<Bool>(false)
    }

    let port: any JournalPort
    let pictures: PictureStore
    private let slot: Slot
    private let standby: StandbyJournal?
    private let logger: Logger

    private init(
        _ plan: JournalPlan, port: any JournalPort, slot: Slot, standby: StandbyJournal?, logger: Logger
    ) {
        self.port = port
        self.slot = slot
        self.standby = standby
        self.logger = logger
        pictures = PictureStore("\(plan.folder)/pictures", maximumBytes: plan.imageMaximumBytes)
    }

    /// Throws when another process writes the journal, and only then.
    /// - Parameter restart: asks for an orderly end, after which the service manager starts the process anew.
    static func open(
        _ plan: JournalPlan, inbox: Inbox, keeper: DirectoryKeeper, logger: Logger,
        committed: @escaping @Sendable (Sequence) -> Void, restart: @escaping @Sendable () -> Void
    ) throws(StoreFault) -> (Store, Beginning) {
        let slot = Slot()
        let tell: @Sendable (JournalResult) -> Void = { result in
            inbox.offer(.journal(result))
            if case .committed(let through) = result { committed(Sequence(through)) }
        }
        do throws(StoreFault) {
            let (journal, beginning) = try openWhole(plan.folder, tell)
            keeper.attach(journal)
            slot.journal.withLock { $0 = journal }
            logger.info("journal open", metadata: ["record": "\(beginning.nextSequence.number - 1)"])
            return (Store(plan, port: journal, slot: slot, standby: nil, logger: logger), beginning)
        } catch {
            // Two gateways at one journal would also be two at its relays.
            if case .inUse = error { throw error }
            let found = Journal.look(into: plan.folder)
            let (beginning, unreadable) = found.map(best(of:)) ?? (Beginning(), nil)
            logger.critical(
                "the journal does not open, lanes run without it: \(error.words)",
                metadata: ["readable": "\(found != nil)", "credentials": "\(beginning.directory.count)"])
            let (folder, base) = (plan.folder, found?.end)
            let standby = StandbyJournal(
                after: error, base: base,
                attempt: { (mayBegin) throws(StoreFault) in
                    let (journal, opening) = try Journal.open(
                        folder, mayBegin: mayBegin, readsRows: false, onResult: tell)
                    if let unreadable, opening.end == base {
                        journal.close()
                        throw unreadable
                    }
                    return (journal, opening.end)
                },
                onResult: tell,
                onEnding: { ending in
                    switch ending {
                    case .opened(let journal):
                        slot.journal.withLock { $0 = journal }
                        keeper.attach(journal)
                        logger.notice("the journal opened, what waited is written now")
                    case .isAnother:
                        slot.isOutdated.store(true, ordering: .relaxed)
                        logger.critical(
                            "the journal opens again but is not what this process began with: restarting")
                        restart()
                    }
                })
            return (Store(plan, port: standby, slot: slot, standby: standby, logger: logger), beginning)
        }
    }

    /// Open, or nil until it can be opened.
    var journal: Journal? { slot.journal.withLock { $0 } }

    /// The journal at hand is not the one that this process began with.
    var isOutdated: Bool { slot.isOutdated.load(ordering: .relaxed) }

    /// Nobody was told that what is lost here is durable; still it must not go without a word.
    func close() {
        var lost = 0
        if let standby {
            standby.close()
            lost = standby.lost
        } else if let journal {
            journal.close()
            lost = journal.lost
        }
        if lost > 0 {
            logger.critical("\(lost) records kept in memory are lost: the journal did not take them")
        }
    }

    /// Size of the database's pages in use, 0 when there is none.
    var bytes: Int64 { (try? journal?.reader.usedBytes()) ?? 0 }

    /// A journal whose rows cannot be read must not be written on: the state would not be that of its records.
    private static func openWhole(
        _ folder: String, _ tell: @escaping @Sendable (JournalResult) -> Void
    ) throws(StoreFault) -> (Journal, Beginning) {
        let (journal, opening) = try Journal.open(folder, onResult: tell)
        let (beginning, unreadable) = best(of: opening)
        if let unreadable {
            journal.close()
            throw unreadable
        }
        return (journal, beginning)
    }

    /// What can be used of a journal's rows, and what keeps the rest from being used.
    private static func best(of opening: JournalOpening) -> (Beginning, unreadable: StoreFault?) {
        var beginning = Beginning(nextSequence: opening.lastSequence.next, lastRecord: opening.lastRecord)
        var unreadable: StoreFault?
        let note = { (error: any Error) in
            unreadable = .corrupt("the state cannot be read: \(error). The folder was left as it is")
        }
        do {
            beginning.directory = try DirectoryKeeper.build(from: opening.rows, asOf: opening.lastSequence)
        } catch { note(error) }
        do { beginning.remembered = try SiteMemory(rows: opening.rows) } catch { note(error) }
        beginning.wasClosedCleanly =
            opening.isNew || (opening.wasClosedCleanly && beginning.remembered.wasStoppedCleanly)
        return (beginning, unreadable)
    }
}
