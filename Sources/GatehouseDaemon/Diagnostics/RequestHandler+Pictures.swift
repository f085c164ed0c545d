// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseProof
internal import GatehouseStore

/// What the cameras saw, by the records that name it.
extension RequestHandler {
    func sights(of number: Sequence) async throws(Failure) -> [UInt8] {
        let found = try await read { reader throws(StoreFault) in
            try SightSearch(reader: reader).sights(of: number)
        }
        guard let found else {
            throw Failure(
                code: "not_found", message: "record \(number.number) is no read, passage or stay",
                hint: "`gatehouse events --kind passageCompleted` lists passages")
        }
        return found.json
    }

    /// One at a time: who looks at pictures makes the disk no busier than that.
    private static let queue = DispatchQueue(label: "pictures to look at", qos: .utility)

    func picture(_ hash: String) async throws(Failure) -> [UInt8] {
        guard let name = Digest(hexadecimal: hash) else {
            throw Failure(code: "bad_request", message: "\"\(hash)\" is no SHA-256")
        }
        let pictures = gateway.store.pictures
        let bytes = await withCheckedContinuation { continuation in
            Self.queue.async { continuation.resume(returning: pictures.read(name)) }
        }
        guard let bytes else {
            throw Failure(
                code: "not_found", message: "no picture \(hash.prefix(12))",
                hint: "it was deleted by age or space, or its file is not what its name says")
        }
        guard bytes.count <= PictureResult.maximumBytes else {
            throw Failure(
                code: "refused",
                message: "picture \(hash.prefix(12)) has \(bytes.count) bytes, the limit is "
                    + "\(PictureResult.maximumBytes)",
                hint: "take the file from the folder of the journal")
        }
        return PictureResult(sha256: hash, bytes: bytes).json
    }
}

/// From a record to the reads behind it. A passage and what it did to a stay are records of one instant, so each
/// step looks at a handful of neighbours.
struct SightSearch {
    private static let reach: Int64 = 4
    let reader: JournalReader

    /// nil: the record is none of those that have sights.
    func sights(of number: Sequence) throws(StoreFault) -> SightsResult? {
        guard let record = try reader.record(number) else { return nil }
        let line = EventLine(record)
        var result = SightsResult(record: number.number)
        switch line.kind {
        case "plateRead":
            let sight = Sight(line)
            if line.fields.text("direction") == "leave" { result.exit = sight } else { result.entry = sight }
        case _ where line.isPassage:
            let sight = try self.sight(of: line)
            guard line.fields.text("direction") == "out" else {
                result.entry = sight
                return result
            }
            result.exit = sight
            result.stay = try neighbour(of: line, before: false) { $0.fields.number("stay") }
            if let stay = result.stay { result.entry = try entry(of: Sequence(stay)) }
        case _ where StayFact.openingKinds.contains(line.kind):
            result.stay = number.number
            result.entry = try entry(of: number)
        case "unmatchedExit":
            result.exit = try exit(before: line)
        case _ where StayFact.kinds.contains(line.kind):
            guard let stay = line.fields.number("stay") else { return nil }
            result.stay = stay
            result.entry = try entry(of: Sequence(stay))
            result.exit = try exit(before: line)
        default: return nil
        }
        return result
    }

    private func entry(of stay: Sequence) throws(StoreFault) -> Sight? {
        guard let opening = try reader.record(stay).map(EventLine.init) else { return nil }
        // First seen at an exit: what was read there is no entry.
        return opening.fields.flag("at_exit") ? nil : try exit(before: opening)
    }

    /// What was seen of the passage that made this record.
    private func exit(before line: EventLine) throws(StoreFault) -> Sight? {
        try neighbour(of: line, before: true) { $0.isPassage ? $0 : nil }.flatMap {
            passage throws(StoreFault) in
            try sight(of: passage)
        }
    }

    private func sight(of passage: EventLine) throws(StoreFault) -> Sight? {
        guard let read = passage.fields.number("read"), let record = try reader.record(Sequence(read)) else {
            return nil
        }
        return Sight(EventLine(record))
    }

    private func neighbour<Found>(
        of line: EventLine, before: Bool, _ find: (EventLine) -> Found?
    ) throws(StoreFault) -> Found? {
        for distance in 1...Self.reach {
            let number = Sequence(line.sequence + (before ? -distance : distance))
            guard let record = try reader.record(number), record.at.uptime == line.at.uptime else {
                return nil
            }
            if let found = find(EventLine(record)) { return found }
        }
        return nil
    }
}
