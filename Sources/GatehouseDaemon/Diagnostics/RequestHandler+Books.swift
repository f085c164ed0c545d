// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore

/// Permits, lists and stays: what people look up and put right.
extension RequestHandler {
    func permit(_ request: PermitRequest) async throws(Failure) -> [UInt8] {
        switch request {
        case .set(let permit): return try await change([.permitSet(permit)], reason: nil)
        case .end(let number, let reason):
            let why = try checked(reason)
            var permit = try await row(.permit, number) { fields throws(FieldError) in
                try Permit(from: fields)
            }
            guard permit.endedAt == nil else {
                throw Failure(code: "refused", message: "permit \(number) has ended already")
            }
            permit.endedAt = gateway.clock.now().wall
            return try await operate(.directory([.permitEnded(permit)], reason: why))
        case .show(let text):
            let wanted = try text.map(Self.credential)
            var permits = try await rows(.permit) { fields throws(FieldError) in try Permit(from: fields) }
            permits.removeAll { !$0.isSeen(by: authority) }
            let households = try await rows(.household) { fields throws(FieldError) in
                try Household(from: fields)
            }
            let visits = try await look { $0.memory.visits }
            guard let wanted else {
                return PermitResult(permits: permits, households: households, visits: visits).json
            }
            permits.removeAll { $0.credential != wanted }
            let named = permits.compactMap(\.household)
            return PermitResult(
                permits: permits, households: households.filter { named.contains($0.id) }, visits: visits
            ).json
        }
    }

    func list(_ request: ListRequest) async throws(Failure) -> [UInt8] {
        switch request {
        case .set(var entry):
            if entry.author.isEmpty { entry.author = by.name }
            return try await change([.listEntrySet(entry)], reason: nil)
        case .end(let number, let reason):
            let why = try checked(reason)
            var entry = try await row(.listEntry, number) { fields throws(FieldError) in
                try ListEntry(from: fields)
            }
            let now = gateway.clock.now().wall
            guard entry.effectiveTo.map({ now < $0 }) ?? true else {
                throw Failure(code: "refused", message: "entry \(number) has ended already")
            }
            entry.effectiveTo = now
            return try await operate(.directory([.listEntryEnded(entry)], reason: why))
        case .show:
            let entries = try await rows(.listEntry) { fields throws(FieldError) in
                try ListEntry(from: fields)
            }
            return ListResult(entries: entries.map { $0.asSeen(by: authority) }).json
        }
    }

    func stay(_ request: StayRequest) async throws(Failure) -> [UInt8] {
        switch request {
        case .list(let all): return try await look { StayListResult($0.memory.stays, all: all).json }
        case .show(let number): return try await show(StayID(number))
        case .correct(let id, let text, let reason):
            let reading = try Self.reading(text)
            let holder = try await holder(of: reading, booking: StayID(id))
            return try await repair(.correct(StayID(id), reading, holder), reason)
        case .match(let id, let exit, let reason):
            return try await repair(.match(StayID(id), exit: Sequence(exit)), reason)
        case .close(let id, let reason): return try await repair(.close(StayID(id)), reason)
        case .claim(let id, let text, let reason):
            let reading = try Self.reading(text)
            let holder = try await holder(of: reading, booking: StayID(id))
            return try await repair(.claim(StayID(id), reading, holder), reason)
        case .import(let area, let plates, let reason): return try await bring(in: area, plates, reason)
        }
    }

    func recount(_ area: String, _ cars: Int, _ reason: String) async throws(Failure) -> [UInt8] {
        try requireArea(area)
        return try await repair(.recount(area: area, counted: cars), reason)
    }

    private func show(_ id: StayID) async throws(Failure) -> [UInt8] {
        let unfinished = try await look { $0.memory.stays.stay(id) }
        let story = try await read { reader throws(StoreFault) in try Self.story(of: id, reader) }
        guard let stay = unfinished ?? story?.stay else {
            let what =
                story == nil
                ? "record \(id.number) opened no stay" : "the content of stay \(id.number) was deleted"
            throw Failure(
                code: "not_found", message: what,
                hint:
                    "`gatehouse stay list` shows the unfinished, `gatehouse explain \(id.number)` the record")
        }
        return StayResult(stay: stay, records: story?.lines ?? []).json
    }

    /// A stay as its records tell it, and those: from the read to the passage that opened it, and what was said about
    /// it until it was finished, oldest first.
    private struct Story: Sendable {
        /// nil when the content of its opening was deleted since.
        var stay: Stay?
        var lines: [EventLine]

        mutating func take(_ record: StoredRecord, _ reader: JournalReader) throws(StoreFault) {
            guard let fact = record.stayFact else { return }
            var exit: Stay.Exit?
            if case .matched(_, let number, _) = fact,
                case .unmatchedExit(let unmatched) = try reader.record(number)?.stayFact
            {
                exit = unmatched.exit
            }
            stay?.take(fact, matching: exit)
        }
    }

    private static func story(of id: StayID, _ reader: JournalReader) throws(StoreFault) -> Story? {
        guard let opening = try reader.record(id), StayFact.openingKinds.contains(opening.kind) else {
            return nil
        }
        let entry = try Explanation(of: id, from: recordSource(reader))
        var lines = (entry?.reads ?? []) + (entry?.otherDecisions ?? []) + (entry?.passages ?? [])
        if let decision = entry?.decision { lines.append(decision) }
        if lines.isEmpty, let before = try reader.record(StayID(id.number - 1)) {
            // Nobody decided about it: its passage stands right before it.
            lines = [EventLine(before)].filter(\.isPassage)
        }
        lines = lines.filter { $0.sequence < id.number }.sorted { $0.sequence < $1.sequence }
        lines.append(EventLine(opening))
        var story = Story(stay: opening.stayFact.flatMap { Stay(opened: id, by: $0) }, lines: lines)
        var after = id
        while true {
            let page = try reader.records(
                after: after, kinds: StayFact.kinds, limit: JournalReader.maximumLimit)
            for record in page {
                let line = EventLine(record)
                guard line.fields.number("stay") == id.number else { continue }
                story.lines.append(line)
                try story.take(record, reader)
                if story.stay?.state.isFinal == true { return story }
            }
            guard page.count == JournalReader.maximumLimit, let last = page.last else { return story }
            after = last.sequence
        }
    }

    /// Cars that were inside on the day of the change-over: all of them, or none when one is wrong.
    private func bring(in area: String, _ plates: [String], _ reason: String) async throws(Failure) -> [UInt8]
    {
        try requireArea(area)
        let now = gateway.clock.now().wall
        var repairs: [StayRepair] = []
        for text in plates {
            let reading = try Self.reading(text)
            let holder = try await holder(of: reading, in: area)
            repairs.append(.import(area: area, reading, holder, since: now))
        }
        return try await operate(.stays(repairs, reason: try checked(reason)), count: repairs.count)
    }

    private func repair(_ repair: StayRepair, _ reason: String) async throws(Failure) -> [UInt8] {
        try await operate(.stays([repair], reason: try checked(reason)))
    }

    private func holder(of reading: PlateReading, in area: String) async throws(Failure) -> StayHolder {
        guard let plate = reading.plate else { return StayHolder(.temporary) }
        let now = gateway.clock.now()
        return try await look { $0.holder(of: plate, area: area, at: now) }
    }

    private func holder(of reading: PlateReading, booking id: StayID) async throws(Failure) -> StayHolder {
        guard let stay = try await look({ $0.memory.stays.stay(id) }) else {
            let error = StayRepairError.noSuchStay(id)
            throw Failure(code: error.code, message: error.words)
        }
        guard let plate = reading.plate else { return StayHolder(.temporary) }
        let now = gateway.clock.now()
        return try await look { $0.holder(of: plate, booking: stay, at: now) }
    }

    func requireArea(_ name: String) throws(Failure) {
        let names = gateway.currentPlan.areas.map(\.name)
        guard names.contains(name) else {
            throw Failure(
                code: "not_found", message: "no area \(name)", hint: "areas: \(names.joined(separator: ", "))"
            )
        }
    }

    private static func reading(_ text: String) throws(Failure) -> PlateReading {
        let reading = PlateGrammar.parse(text, color: .unknown, declared: .unknown)
        guard reading.plate != nil else {
            throw Failure(code: "refused", message: "\(text) is no plate", hint: "for example 沪A2K605")
        }
        return reading
    }

    private static func credential(_ text: String) throws(Failure) -> Credential {
        if let card = Card(text) { return .card(card) }
        guard let plate = try reading(text).plate else {
            throw Failure(code: "refused", message: "\(text) is neither a plate nor a card")
        }
        return .plate(plate)
    }

    private func rows<Value: Sendable>(
        _ table: ProjectionTable, _ make: @escaping @Sendable (Fields) throws(FieldError) -> Value
    ) async throws(Failure) -> [Value] {
        let rows = try await read { reader throws(StoreFault) in try reader.rows() }
        do throws(FieldError) {
            var values: [Value] = []
            for row in rows where row.key.table == table { values.append(try make(try Fields(row.value))) }
            return values
        } catch {
            throw Failure(code: "store", message: "a row of \(table.rawValue) cannot be read: \(error)")
        }
    }

    private func row<Value: Sendable>(
        _ table: ProjectionTable, _ number: Int64,
        _ make: @escaping @Sendable (Fields) throws(FieldError) -> Value
    ) async throws(Failure) -> Value {
        let key = ProjectionKey(table, String(number))
        let found = try await read { reader throws(StoreFault) in try reader.rows([key]) }
        guard let value = found.first?.value else {
            throw Failure(code: "not_found", message: "no \(table.rawValue) \(number)")
        }
        do throws(FieldError) { return try make(try Fields(value)) } catch {
            throw Failure(code: "store", message: "\(table.rawValue) \(number) cannot be read: \(error)")
        }
    }
}

extension StayListResult {
    init(_ book: StayBook, all: Bool) {
        self.init(
            stays: book.stays.inOrder.map(\.value).filter { all || $0.state == .open },
            unmatchedExits: book.unmatchedExits.inOrder.map { number, exit in
                UnmatchedExitLine(
                    record: number.number, exit: exit,
                    candidates: book.candidates(for: exit).map(UnmatchedExitLine.Candidate.init))
            })
    }
}

extension StoredRecord {
    /// nil: about something else, or its content was deleted.
    fileprivate var stayFact: StayFact? {
        guard let payload, let fields = try? Fields(payload) else { return nil }
        return try? StayFact(kind: kind, from: fields)
    }
}
