// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import Logging

/// The journal as the gateway found it. A journal that cannot be opened does not keep the gate shut: the
/// lanes then run by the policy for a dead store, loudly, until a technician has mended it.
final class Store: Sendable {
    let port: any JournalPort
    let journal: Journal?
    let pictures: PictureStore
    let remembered: SiteMemory
    let directory: Directory
    let nextSequence: Sequence
    let lastBoot: String?
    let wasClosedCleanly: Bool

    init(folder: String, inbox: Inbox, keeper: DirectoryKeeper, logger: Logger) {
        pictures = PictureStore("\(folder)/pictures", maximumBytes: JournalPlan().imageMaximumBytes)
        do {
            let (journal, opening) = try Journal.open(folder) { result in
                inbox.offer(.journal(result))
                if case .committed(let through) = result { keeper.committed(through: Sequence(through)) }
            }
            keeper.attach(journal)
            let directory = try DirectoryKeeper.build(from: opening.rows, asOf: opening.lastSequence)
            let remembered = try SiteMemory(rows: opening.rows)
            port = journal
            self.journal = journal
            self.directory = directory
            self.remembered = remembered
            nextSequence = opening.lastSequence.next
            lastBoot = opening.lastRecord?.boot
            wasClosedCleanly = opening.isNew || (opening.wasClosedCleanly && remembered.wasStoppedCleanly)
        } catch {
            logger.critical("the journal cannot be used, lanes run without it: \(error)")
            port = DeadJournal(why: "\(error)", inbox: inbox)
            journal = nil
            directory = .empty
            remembered = SiteMemory()
            nextSequence = Sequence(1)
            lastBoot = nil
            wasClosedCleanly = false
        }
    }

    func close() { journal?.close() }

    /// Size of the database's pages in use, 0 when there is none.
    var bytes: Int64 { (try? journal?.reader.usedBytes()) ?? 0 }
}

/// Stands in for a journal that could not be opened: nothing is ever durable.
private struct DeadJournal: JournalPort {
    let why: String
    let inbox: Inbox

    func submit(_ records: [Record]) {
        inbox.offer(.journal(.commitFailed(after: 0, .failed(why))))
    }
}
