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
    /// What the site starts from.
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
    let beginning: Beginning
    private let slot = Slot()
    private let standby: StandbyJournal?
    private let logger: Logger

    /// Throws when another process writes the journal, and only then.
    /// - Parameter restart: asks for an orderly end, after which the service manager starts the process anew.
    init(
        plan: JournalPlan, inbox: Inbox, keeper: DirectoryKeeper, logger: Logger,
        restart: @escaping @Sendable () -> Void
    ) throws(StoreFault) {
        let folder = plan.folder
        self.logger = logger
        pictures = PictureStore("\(folder)/pictures", maximumBytes: plan.imageMaximumBytes)
        let tell: @Sendable (JournalResult) -> Void = { result in
            inbox.offer(.journal(result))
            if case .committed(let through) = result { keeper.committed(through: Sequence(through)) }
        }
        do throws(StoreFault) {
            let (journal, opening, beginning) = try Self.open(folder, tell)
            keeper.attach(journal)
            slot.journal.withLock { $0 = journal }
            port = journal
            standby = nil
            self.beginning = beginning
            logger.info("journal open", metadata: ["record": "\(opening.lastSequence.number)"])
        } catch {
            // Two gateways at one journal would also be two at its relays.
            if case .inUse = error { throw error }
            let found = Journal.look(into: folder)
            beginning = found.map(Self.best(of:)) ?? Beginning()
            logger.critical(
                "the journal does not open, lanes run without it: \(error.words)",
                metadata: ["readable": "\(found != nil)", "credentials": "\(beginning.directory.count)"])
            let standby = StandbyJournal(
                after: error, base: found,
                attempt: { (mayBegin) throws(StoreFault) in
                    let (journal, opening, _) = try Self.open(folder, mayBegin: mayBegin, tell)
                    return (journal, opening)
                },
                onResult: tell,
                onEnding: { [slot] ending in
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
            port = standby
            self.standby = standby
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
    private static func open(
        _ folder: String, mayBegin: Bool = true, _ tell: @escaping @Sendable (JournalResult) -> Void
    ) throws(StoreFault) -> (Journal, JournalOpening, Beginning) {
        let (journal, opening) = try Journal.open(folder, mayBegin: mayBegin, onResult: tell)
        do {
            var beginning = Beginning(opening)
            beginning.directory = try DirectoryKeeper.build(from: opening.rows, asOf: opening.lastSequence)
            beginning.remembered = try SiteMemory(rows: opening.rows)
            beginning.wasClosedCleanly =
                opening.isNew || (opening.wasClosedCleanly && beginning.remembered.wasStoppedCleanly)
            return (journal, opening, beginning)
        } catch {
            journal.close()
            throw .corrupt("the state cannot be read: \(error). The folder was left as it is")
        }
    }

    /// What can be used of a journal that does not open.
    private static func best(of opening: JournalOpening) -> Beginning {
        var beginning = Beginning(opening)
        let directory = try? DirectoryKeeper.build(from: opening.rows, asOf: opening.lastSequence)
        beginning.directory = directory ?? .empty
        beginning.remembered = (try? SiteMemory(rows: opening.rows)) ?? SiteMemory()
        return beginning
    }
}

extension Store.Beginning {
    init(_ opening: JournalOpening) {
        nextSequence = opening.lastSequence.next
        lastRecord = opening.lastRecord
    }
}
