// SPDX-License-Identifier: Apache-2.0

internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseProof
internal import GatehouseStore
internal import Logging
internal import Synchronization

/// Has the ledger's key and signs what it is asked to. Which key that is the journal says, and a key that it does not
/// name signs nothing. A key that cannot be had keeps no gate shut and no record out of the journal: what was not signed
/// in one hour is signed in another.
final class LedgerNotary: Sendable {
    enum Failure: Error {
        case key(LedgerKeyFault)
        case store(StoreFault)
        /// What was to be put on record is not durable.
        case notRecorded
        case refused(String)
    }

    static let faultCode = "ledger_key"

    /// One at a time: a key that is found under its draft name is put in its place, and meanwhile no other is prepared there.
    private let place: Mutex<LedgerKey>
    /// Of a ledger that is begun now.
    private let origin: String
    private let recorder: Recorder
    private let logger: Logger
    private let isChanging = Atomic<Bool>(false)

    init(_ plan: SitePlan, recorder: Recorder, logger: Logger) {
        place = Mutex(
            LedgerKey(
                folder: plan.journal.folder, credential: try? Credentials().text(LedgerKey.name)))
        origin = "gatehouse.\(plan.id).\(plan.gateway)"
        self.recorder = recorder
        self.logger = logger
    }

    /// At the start, so that the key is there before the first receipt, and its loss is known at once.
    func begin(_ journal: Journal) {
        do throws(Failure) {
            let found = try signer(try Self.standing(journal.reader))
            if !found.isOnRecord {
                logger.notice("the ledger has a key: publish it", metadata: ["key": "\(found.signer.key)"])
            }
        } catch { logger.error("the ledger cannot be signed: \(error)") }
    }

    struct Keys: Sendable {
        /// In force, its private half at hand.
        var current: NoteKey
        /// Those on record, the current one among them if it is.
        var past: LedgerKeys
        /// Where the private half lies; nil: the service manager has it.
        var file: String?
        var isCredentialOutdated: Bool
    }

    func keys(_ journal: Journal) async throws(Failure) -> Keys {
        let now = try await standing(journal)
        let key = try signer(now).signer.key
        return place.withLock { place in
            let isOutdated = place.isCredentialOutdated(for: key)
            return Keys(
                current: key, past: now.keys, file: place.hasCredential && !isOutdated ? nil : place.file,
                isCredentialOutdated: isOutdated)
        }
    }

    /// A checkpoint over all that is durable now.
    func sign(_ journal: Journal, at wall: WallTime) async throws(Failure) -> StoredCheckpoint {
        let signer = try await signerOnRecord(journal)
        do throws(StoreFault) { return try await journal.signCheckpoint(by: signer, at: wall) } catch {
            throw .store(error)
        }
    }

    /// As upkeep does it, by the hour: a ledger without a new record is not signed anew, and one without any not begun.
    func signIfGrown(_ journal: Journal, at wall: WallTime) async throws(Failure) {
        let now = try await standing(journal)
        guard now.isGrown else { return }
        _ = try await sign(journal, at: wall)
    }

    // MARK: Another key

    /// The key in force says who follows it. A power cut at any moment leaves one that signs: see `LedgerKey`.
    func rotate(_ journal: Journal, by: Operator, _ reason: String) async throws(Failure) {
        try await changing { () async throws(Failure) in
            let old = try await signerOnRecord(journal)
            try await replace(old.key.name) { next throws(KeyRotationFault) in
                LedgerKeyFact(
                    .rotated, key: next.key.description, previous: old.key.description,
                    statement: try KeyRotation.note(from: old, to: next).words, by: by, reason: reason)
            }
        }
    }

    /// The key in force is nowhere. The new one is begun in its stead, and only those who get it from its owner have
    /// a reason to trust it.
    func replaceLost(_ journal: Journal, by: Operator, _ reason: String) async throws(Failure) {
        try await changing { () async throws(Failure) in
            let now = try await standing(journal)
            guard let gone = now.signedBy else {
                throw .refused("nothing was ever signed: there is no key that could be lost")
            }
            if let found = try? signer(now).signer {
                throw .refused("the key \(found.key.label) is there: rotate it without --lost")
            }
            try await replace(gone.name) { next throws(KeyRotationFault) in
                do throws(NoteFault) {
                    return LedgerKeyFact(
                        .lost, key: next.key.description, previous: now.keys.current,
                        statement: try KeyLoss.note(of: gone.label, to: next).words, by: by, reason: reason)
                } catch { throw .note(error) }
            }
        }
    }

    /// The record stands between the next key's file and its use.
    private func replace(
        _ name: String, _ fact: (NoteSigner) throws(KeyRotationFault) -> LedgerKeyFact
    ) async throws(Failure) {
        let next: NoteSigner
        do throws(LedgerKeyFault) {
            next = try place.withLock { place throws(LedgerKeyFault) in try place.prepare(origin: name) }
        } catch { throw .key(error) }
        let change: LedgerKeyFact
        do throws(KeyRotationFault) { change = try fact(next) } catch { throw .refused("\(error)") }
        guard await recorder.record(.ledgerKey(change)) != nil else { throw .notRecorded }
        do throws(LedgerKeyFault) {
            try place.withLock { place throws(LedgerKeyFault) in try place.install() }
        } catch { throw .key(error) }
        logger.notice("the ledger has a new key: publish it", metadata: ["key": "\(next.key)"])
        tell(nil)
    }

    /// One change at a time: two would prepare a key each, and one of them would be written over.
    private func changing(_ work: () async throws(Failure) -> Void) async throws(Failure) {
        guard !isChanging.exchange(true, ordering: .acquiring) else {
            throw .refused("the key is being changed already")
        }
        defer { isChanging.store(false, ordering: .releasing) }
        try await work()
    }

    // MARK: Which key

    /// The key's private half, after a record says that it is in force.
    private func signerOnRecord(_ journal: Journal) async throws(Failure) -> NoteSigner {
        let found = try signer(try await standing(journal))
        guard !found.isOnRecord else { return found.signer }
        let begun = LedgerKeyFact(.begun, key: found.signer.key.description)
        guard await recorder.record(.ledgerKey(begun)) != nil else { throw .notRecorded }
        return found.signer
    }

    /// A key that others go by is never replaced here: who only has a receipt could not tell that from a fraud.
    private func signer(
        _ now: LedgerReader.Standing
    ) throws(Failure) -> (signer: NoteSigner, isOnRecord: Bool) {
        do throws(LedgerKeyFault) {
            if let text = now.keys.current {
                let key = try Self.key(text)
                let found = try place.withLock { place throws(LedgerKeyFault) in try place.signer(of: key) }
                guard let found else { throw .lost(key.label) }
                tell(nil)
                return (found, true)
            }
            let found = try place.withLock { place throws(LedgerKeyFault) in try place.first() }
            // Signed before keys were on record.
            if let newest = now.newest {
                guard let found, newest.isSigned(by: found.key) else {
                    throw .lost(now.signedBy?.label ?? "of the checkpoints")
                }
            }
            tell(nil)
            if let found { return (found, false) }
            let first = try place.withLock { [origin] place throws(LedgerKeyFault) in
                try place.begin(origin: origin)
            }
            return (first, false)
        } catch {
            tell(error)
            throw .key(error)
        }
    }

    private static func key(_ text: String) throws(LedgerKeyFault) -> NoteKey {
        do { return try NoteKey(text) } catch { throw .malformed(error) }
    }

    private func tell(_ fault: LedgerKeyFault?) {
        let event: DeviceEvent =
            if let fault {
                .faultRaised(code: Self.faultCode, severity: .critical, detail: "\(fault)")
            } else {
                .faultCleared(code: Self.faultCode)
            }
        recorder.inbox.offer(.site(.service(.ledger, event)))
    }

    private func standing(_ journal: Journal) async throws(Failure) -> LedgerReader.Standing {
        do throws(StoreFault) {
            return try await journal.read { reader throws(StoreFault) in try reader.ledger.standing() }
        } catch { throw .store(error) }
    }

    private static func standing(_ reader: JournalReader) throws(Failure) -> LedgerReader.Standing {
        do throws(StoreFault) { return try reader.ledger.standing() } catch { throw .store(error) }
    }
}

extension LedgerNotary.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .key(let fault): fault.description
        case .store(let fault): fault.words
        case .notRecorded: "the record of the ledger's key is not on the disk: `gatehouse faults`, then again"
        case .refused(let why): why
        }
    }
}
