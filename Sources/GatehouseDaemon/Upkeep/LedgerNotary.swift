// SPDX-License-Identifier: Apache-2.0

internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseProof
internal import GatehouseStore
internal import Logging
internal import Synchronization

/// Has the ledger's key and signs what it is asked to. A key that cannot be had keeps no gate shut and no record out of
/// the journal: what was not signed in one hour is signed in another.
final class LedgerNotary: Sendable {
    enum Failure: Error {
        case key(LedgerKeyFault)
        case store(StoreFault)
    }

    private let folder: String
    /// Of a ledger that is begun now.
    private let origin: String
    private let logger: Logger
    private let signer = Mutex<NoteSigner?>(nil)

    init(_ plan: SitePlan, logger: Logger) {
        folder = plan.journal.folder
        origin = "gatehouse.\(plan.id).\(plan.gateway)"
        self.logger = logger
    }

    /// At the start, so that the key is there before the first receipt.
    func begin() {
        do throws(Failure) { _ = try key() } catch { logger.error("the ledger cannot be signed: \(error)") }
    }

    /// From the service manager where it hands one over, else from the state folder.
    func key() throws(Failure) -> NoteSigner {
        try signer.withLock { held throws(Failure) in
            if let held { return held }
            let found: NoteSigner
            do throws(LedgerKeyFault) {
                if let text = try? Credentials().text(LedgerKey.name) {
                    found = try LedgerKey.read(text)
                } else {
                    let (signer, isNew) = try LedgerKey.open(folder: folder, origin: origin)
                    found = signer
                    if isNew {
                        logger.notice(
                            "the ledger has a new key: publish it", metadata: ["key": "\(signer.key)"])
                    }
                }
            } catch { throw .key(error) }
            held = found
            return found
        }
    }

    /// A checkpoint over all that is durable now.
    func sign(_ journal: Journal, at wall: WallTime) async throws(Failure) -> StoredCheckpoint {
        let signer = try key()
        do throws(StoreFault) { return try await journal.signCheckpoint(by: signer, at: wall) } catch {
            throw .store(error)
        }
    }

    func signIfGrown(_ journal: Journal, at wall: WallTime) async throws(Failure) {
        let signer = try key()
        do throws(StoreFault) { try await journal.signCheckpointIfGrown(by: signer, at: wall) } catch {
            throw .store(error)
        }
    }
}

extension LedgerNotary.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .key(let fault): fault.description
        case .store(let fault): fault.words
        }
    }
}
