// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseEngine
package import GatehouseProof

extension Journal {
    /// Signs the ledger as it is now and keeps the checkpoint. One of the same size by the same key is given back as it
    /// is, so asking often signs nothing. A tree that does not begin with what was signed last is never signed: that
    /// would be two histories under one key.
    package func signCheckpoint(
        by signer: NoteSigner, at wall: WallTime
    ) async throws(StoreFault) -> StoredCheckpoint {
        let now = try await read { reader throws(StoreFault) in try reader.ledger.standing() }
        guard now.continuesNewest else {
            throw .corrupt(
                "the ledger of \(now.size) records does not continue the one of \(now.newest?.size ?? 0) that was "
                    + "signed: keep the folder for the investigation")
        }
        // A key that no record names signs nothing; the one that did until a moment ago nothing any more.
        guard now.keys.current.map({ $0 == signer.key.description }) ?? true else {
            throw .failed("\(signer.key.label) is not the key on record: try again")
        }
        if let newest = now.newest, newest.size == now.size, newest.isSigned(by: signer.key) {
            return newest
        }
        let note: [UInt8]
        do throws(CheckpointFault) {
            note = try Checkpoint(origin: signer.key.name, size: now.size, root: now.root)
                .signed(by: signer).bytes
        } catch { throw .failed("the ledger cannot be signed: \(error)") }
        let checkpoint = StoredCheckpoint(size: now.size, wall: wall, note: note)
        try await write { db in try checkpoint.insert(db) }
        return checkpoint
    }
}
