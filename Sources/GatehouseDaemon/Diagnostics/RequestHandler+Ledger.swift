// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseProof
internal import GatehouseStore

/// The ledger as a log that anybody can check: its key, its checkpoints, and receipts for single stays.
extension RequestHandler {
    func ledger(_ request: LedgerRequest) async throws(Failure) -> [UInt8] {
        switch request {
        case .balances: return try await look { LedgerResult($0.memory.money) }.json
        case .key: return try await keys().result.json
        case .rotateKey(let isLost, let reason):
            try await rotateKey(isLost: isLost, try checked(reason))
            return try await keys().result.json
        case .checkpoint: return try await checkpoint().result.json
        case .receipt(let stay): return try await receipt(StayID(stay))
        case .coupons:
            let merchants = gateway.currentPlan.pricing?.coupons.merchants ?? Table()
            return try await look { CouponListResult($0.memory.money.coupons, merchants: merchants) }.json
        case .stored(let holder):
            return try await look { StoredResult($0.memory.money.stored, of: holder, $0.directory) }.json
        }
    }

    /// Signed when it is asked for, and only if records came since the last.
    private func checkpoint() async throws(Failure) -> StoredCheckpoint {
        let journal = try self.journal()
        do throws(LedgerNotary.Failure) {
            return try await gateway.notary.sign(journal, at: gateway.clock.now().wall)
        } catch { throw Failure(code: "store", message: "\(error)") }
    }

    private func keys() async throws(Failure) -> LedgerNotary.Keys {
        let journal = try self.journal()
        do throws(LedgerNotary.Failure) { return try await gateway.notary.keys(journal) } catch {
            throw Failure(code: "store", message: "\(error)")
        }
    }

    private func rotateKey(isLost: Bool, _ reason: String) async throws(Failure) {
        let journal = try self.journal()
        do throws(LedgerNotary.Failure) {
            if isLost {
                try await gateway.notary.replaceLost(journal, by: by, reason)
            } else {
                try await gateway.notary.rotate(journal, by: by, reason)
            }
        } catch {
            if case .refused(let why) = error { throw Failure(code: "refused", message: why) }
            throw Failure(code: "store", message: "\(error)")
        }
    }

    private func receipt(_ stay: StayID) async throws(Failure) -> [UInt8] {
        let story = try await read { reader throws(StoreFault) in try MoneyStory(of: stay, reader.ledger) }
        guard let charge = story.charge else {
            throw Failure(
                code: "not_found", message: "stay \(stay.number) has no charge yet, or never was",
                hint: "a receipt is of a stay that is over; `gatehouse charge show \(stay.number)`")
        }
        let key = try await keys().current
        let newest = try await checkpoint()
        let proof = try await read { reader throws(StoreFault) -> ReceiptProof? in
            let ledger = reader.ledger
            guard let leaf = try ledger.leaf(of: charge.record) else { return nil }
            // The first that covers it: with the way to the newest, it can be checked against both.
            let first = try ledger.checkpoint(covering: leaf + 1, by: key) ?? newest
            return try ledger.proof(of: charge.record, under: first, until: newest)
        }
        guard let proof, let json = proof.json else {
            throw Failure(
                code: "store", message: "record \(charge.record.number) is not in the ledger",
                hint: "`gatehouse verify`")
        }
        let debt = try await look { $0.memory.money.debts[stay]?.amount ?? .zero }
        let plan = gateway.currentPlan
        do throws(FieldError) {
            let contents = try ReceiptContents(charge.record, charge.fields)
            return try ReceiptResult(
                site: plan.id, gateway: plan.gateway, contents, stillOwed: debt,
                settlements: story.settlements, proof: try Fields(json), code: proof.code(of: contents),
                contact: plan.pricing?.contact
            ).json
        } catch {
            throw Failure(
                code: "store", message: "record \(charge.record.number) cannot be read: \(error)")
        }
    }
}

/// What the ledger has of one stay. A stay is charged once; payments may come later still.
private struct MoneyStory: Sendable {
    var charge: (record: Sequence, fields: Fields)?
    var settlements: [ReceiptResult.Settled] = []

    init(of stay: StayID, _ ledger: LedgerReader) throws(StoreFault) {
        var after = stay
        while true {
            let page = try ledger.records(after: after, limit: JournalReader.maximumLimit)
            for record in page { take(record, stay) }
            guard let last = page.last, page.count == JournalReader.maximumLimit else { return }
            after = last.sequence
        }
    }

    private mutating func take(_ record: StoredRecord, _ stay: StayID) {
        guard ["stayCharged", "paymentSettled"].contains(record.kind),
            let fields = record.payload.flatMap({ try? Fields($0) }), fields.number("stay") == stay.number
        else { return }
        if record.kind == "stayCharged" {
            charge = (record.sequence, fields)
        } else if let settled = ReceiptResult.Settled(record.sequence.number, fields) {
            settlements.append(settled)
        }
    }
}

extension LedgerNotary.Keys {
    fileprivate var result: LedgerKeyResult {
        LedgerKeyResult(
            origin: current.name, key: current.description, keys: past, file: file,
            isCredentialOutdated: isCredentialOutdated)
    }
}

extension StoredCheckpoint {
    var result: CheckpointResult {
        CheckpointResult(size: size, at: wall, note: String(decoding: note, as: UTF8.self))
    }
}
