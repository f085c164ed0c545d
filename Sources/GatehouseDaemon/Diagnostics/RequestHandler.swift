// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore
internal import GatehouseSync

/// Answers one request: the daemon's one `switch` over the protocol.
struct RequestHandler: Sendable {
    typealias Failure = DiagnosticProtocol.Failure

    let gateway: Gateway
    let by: Operator
    let authority: Authority
    /// Sends `event` lines before the result, and returns when the asker has taken them; false: it is gone.
    let deliver: @Sendable ([[UInt8]]) async -> Bool

    func answer(_ request: DiagnosticRequest) async throws(Failure) -> [UInt8] {
        switch request {
        case .status: try await status()
        case .watch: []
        case .events(let query): try await events(query)
        case .explain(let sequence): try await explain(Sequence(sequence))
        case .faults: try await faults()
        case .lane(let name, let order): try await self.order(name, order)
        case .capture(let device): try capture(device)
        case .sights(let record): try await sights(of: Sequence(record))
        case .picture(let hash): try await picture(hash)
        case .verify: try await verify()
        case .permit(let request): try await permit(request)
        case .list(let request): try await list(request)
        case .importDirectory(let file, let changes): try await change(changes, reason: file)
        case .stay(let request): try await stay(request)
        case .recount(let area, let cars, let reason): try await recount(area, cars, reason)
        case .drill(let order): try await drill(order)
        case .reload: try await reload()
        case .replay(let after): try await replay(after: Sequence(after))
        case .money(let order): try await money(order)
        case .ledger(let request): try await ledger(request)
        case .clock(.show): gateway.clockKeeper.result(gateway.currentPlan).json
        case .clock(.set(let wall, let reason)): try await setClock(wall, reason)
        }
    }

    // MARK: Looking

    private func status() async throws(Failure) -> [UInt8] {
        let now = gateway.clock.now()
        let site = try await look { $0.status(at: now) }
        let running = now.uptime - gateway.startedAt
        let memory = gh_private_dirty_kib()
        let process = ProcessFacts(
            version: Version.text, site: gateway.currentPlan.id, startedAt: now.wall + (.zero - running),
            uptimeSeconds: running.components.seconds, privateMemoryKiB: memory < 0 ? nil : Int(memory),
            journalBytes: gateway.store.bytes, clock: now.quality, isRealtime: gateway.engine.isRealtime,
            isBusRealtime: gateway.isBusRealtime,
            planHash: gateway.planHash, watchers: gateway.watchers.count,
            uplink: gateway.uplink.status.map {
                UplinkFacts($0, isSignalled: site.isLinkSignalled)
            })
        var result = StatusResult(
            process, site, devices: gateway.currentPlan.devices, counts: gateway.tally.store)
        for index in result.lanes.indices {
            result.lanes[index].counts = gateway.tally.lane(result.lanes[index].name)
        }
        return result.json
    }

    private func faults() async throws(Failure) -> [UInt8] {
        let now = gateway.clock.now()
        let site = try await look { $0.status(at: now) }
        let plan = gateway.currentPlan
        let notices = plan.inputs.filter(\.isBrokenWireUnnoticed).map { wire in
            "\(plan.devices[wire.terminal.device.index].name).in\(wire.terminal.channel): "
                + "a broken wire would go unnoticed; accepted in the site file"
        }
        return FaultsResult(faults: site.faults, notices: notices).json
    }

    /// Lines that are read and sent at a time. An asker who reads slowly, or not at all, holds up nobody and so many
    /// lines.
    static let page = 64

    private func events(_ query: EventQuery) async throws(Failure) -> [UInt8] {
        if let kind = query.kinds.first(where: { !Fact.kinds.contains($0) }) {
            throw Failure(
                code: "bad_request", message: "no record is of the kind \"\(kind.prefix(64))\"",
                hint: Fact.kinds.joined(separator: ", "))
        }
        let start = try await read { reader throws(StoreFault) in try Self.start(of: query, reader) }
        var (sent, last) = (0, start)
        while sent < query.limit {
            let (after, wanted) = (last, min(Self.page, query.limit - sent))
            let page = try await read { reader throws(StoreFault) in
                try reader.records(after: after, kinds: query.kinds, limit: wanted)
            }
            guard let newest = page.last else { break }
            guard await deliver(page.map { EventLine($0).asSeen(by: authority).json }) else {
                throw Failure(code: "busy", message: "the asker is gone")
            }
            sent += page.count
            last = newest.sequence
        }
        let end = last
        let rest = try await read { reader throws(StoreFault) in
            try reader.records(after: end, kinds: query.kinds, limit: 1)
        }
        return EventsResult(count: sent, last: last.number, hasMore: !rest.isEmpty).json
    }

    /// The record before the first that is asked for.
    private static func start(of query: EventQuery, _ reader: JournalReader) throws(StoreFault) -> Sequence {
        if query.after == nil, query.since == nil {
            return try reader.start(ofNewest: query.limit, kinds: query.kinds)
        }
        let after = Sequence(query.after ?? 0)
        guard let since = query.since else { return after }
        // None since then: after the last.
        guard let first = try reader.firstSequence(since: since) else { return Sequence(try reader.count()) }
        return max(after, Sequence(first.number - 1))
    }

    private func explain(_ sequence: Sequence) async throws(Failure) -> [UInt8] {
        let found = try await read { reader throws(StoreFault) in
            try Explanation(of: sequence, from: Self.recordSource(reader))
        }
        guard var found else {
            throw Failure(
                code: "not_found", message: "there is no record \(sequence.number)",
                hint: "`gatehouse events` lists the newest")
        }
        found.record = found.record.asSeen(by: authority)
        return found.json
    }

    static func recordSource(_ reader: JournalReader) -> RecordSource<StoreFault> {
        RecordSource<StoreFault>(
            record: { sequence throws(StoreFault) in try reader.record(sequence) },
            after: { sequence, limit throws(StoreFault) in
                try reader.records(after: sequence, limit: limit)
            },
            money: { sequence, limit throws(StoreFault) in
                try reader.ledger.records(after: sequence, limit: limit)
            })
    }

    private func capture(_ name: String) throws(Failure) -> [UInt8] {
        let plan = gateway.currentPlan
        guard plan.devices.contains(where: { $0.name == name }) else {
            throw Failure(
                code: "not_found", message: "no device \(name)",
                hint: "devices: \(plan.devices.map(\.name).joined(separator: ", "))")
        }
        guard let capture = gateway.captures.latest(from: name) else {
            throw Failure(
                code: "not_found", message: "\(name) has said nothing since the start",
                hint: "`gatehouse faults` says whether it is reached at all")
        }
        return CaptureResult(device: name, at: capture.at, format: capture.format, bytes: capture.bytes).json
    }

    private func verify() async throws(Failure) -> [UInt8] {
        let journal = try self.journal()
        do throws(StoreFault) {
            let report = try await journal.verify(folding: SiteMemory.self)
            return VerifyResult(report).json
        } catch {
            throw Failure(code: "store", message: error.words)
        }
    }

    private func reload() async throws(Failure) -> [UInt8] {
        guard let issues = await gateway.reload() else {
            throw Failure(code: "busy", message: "the gateway is stopping")
        }
        guard !issues.hasErrors else {
            throw Failure(
                code: "refused", message: issues.inReadingOrder.map(\.text).joined(separator: "\n"),
                hint: "the plan in force stays; mend the file and try again")
        }
        let last = try await look { $0.nextSequence }
        return ReloadResult(
            plan: gateway.planHash, record: last.number - 1, warnings: issues.map(\.text)
        ).json
    }

    // MARK: Changing

    private func replay(after: Sequence) async throws(Failure) -> [UInt8] {
        guard let uplink = gateway.uplink.status else {
            throw Failure(
                code: "refused", message: "nothing goes upstream from this site",
                hint: "`gatehouse faults` says why")
        }
        guard uplink.acknowledged.number > 0 else {
            throw Failure(
                code: "refused", message: "upstream has confirmed nothing yet: everything goes there anyway")
        }
        guard after.number >= 0, after < uplink.acknowledged else {
            throw Failure(
                code: "refused",
                message:
                    "record \(after.number) is not among those that upstream confirmed, 1 to \(uplink.acknowledged.number)"
            )
        }
        let by = by
        let fact = Housekeeping.replayOrdered(after: after, by: by)
        let record = try await ask { .housekeeping(fact, reply: $0) }
        guard gateway.uplink.replay(after: after) else {
            throw Failure(code: "busy", message: "the uplink is stopping")
        }
        return OrderResult(record: record.number).json
    }

    /// The clock itself is set by whoever asked, who has the right to: this process has no capability to.
    private func setClock(_ wall: WallTime, _ reason: String) async throws(Failure) -> [UInt8] {
        let asked = gateway.clock.now()
        guard asked.quality != .synchronised else {
            throw Failure(
                code: "refused", message: "network time disciplines this clock and would set it back",
                hint: "`timedatectl set-ntp false` first, if the network is wrong")
        }
        guard wall >= ClockJudge.earliest, wall < Self.latestWall else {
            throw Failure(
                code: "bad_request",
                message:
                    "\(wall.rfc3339) is before \(ClockJudge.earliest.rfc3339) or after \(Self.latestWall.rfc3339)"
            )
        }
        _ = try checked(reason)
        let by = by
        let fact = Housekeeping.clockSetOrdered(to: wall, by: by, reason: reason)
        let record = try await ask { .housekeeping(fact, reply: $0) }
        gateway.clockKeeper.expect(wall, at: asked.uptime)
        return OrderResult(record: record.number).json
    }

    /// 2100: what battery clocks and time stamps of 32 bits without sign still hold.
    private static let latestWall = WallTime(milliseconds: 4_102_444_800_000)

    /// Offers an event that is answered when durable.
    func ask(_ event: @Sendable (ReplyID) -> SiteEvent) async throws(Failure) -> Sequence {
        let answer: Answer? = await withCheckedContinuation { continuation in
            guard let id = gateway.replies.expect({ continuation.resume(returning: $0) }) else {
                return continuation.resume(returning: nil)
            }
            if gateway.inbox.offer(.site(event(id))) == .refused {
                gateway.replies.answer(id, .refused(code: "busy", message: "16 orders wait already"))
            }
        }
        switch answer {
        case .done(let sequence): return sequence
        case .refused(let code, let message): throw Failure(code: code, message: message)
        case .notStored(let why): throw Failure(code: "store", message: why, hint: "`gatehouse faults`")
        case nil: throw Failure(code: "busy", message: "too many requests wait for an answer")
        }
    }

    func operate(_ operation: Operation, count: Int = 1) async throws(Failure) -> [UInt8] {
        let by = by
        let last = try await ask { .operation(operation, by: by, reply: $0) }
        return OrderResult(record: last.number, first: count > 1 ? last.number - Int64(count) + 1 : nil).json
    }

    private func order(_ name: String, _ request: LaneRequest) async throws(Failure) -> [UInt8] {
        let plan = gateway.currentPlan
        guard plan.lane(named: name) != nil else {
            throw Failure(
                code: "not_found", message: "no lane \(name)",
                hint: "lanes: \((plan.lanes.map(\.name) + plan.walkways.map(\.name)).joined(separator: ", "))"
            )
        }
        if let until = request.until, until <= gateway.clock.now().wall {
            throw Failure(
                code: "bad_request", message: "until \(until.rfc3339) lies in the past",
                hint: "a time to come, or none: until released")
        }
        if let until = request.until, until > gateway.clock.now().wall + Self.longestHold {
            throw Failure(
                code: "bad_request", message: "until \(until.rfc3339) is more than 366 days away",
                hint: "an earlier time, or none: until released")
        }
        let order = LaneOrder(
            action: request.laneAction, by: by, reason: try checked(request.reason, note: request.note),
            note: request.note,
            isOnSite: request.isOnSite, going: request.way)
        let last = try await ask { .order(lane: name, order, reply: $0) }
        return OrderResult(record: last.number).json
    }

    private static let longestHold = Duration.seconds(366 * 86_400)

    private func drill(_ order: DrillOrder) async throws(Failure) -> [UInt8] {
        switch order {
        case .start(_, let reason), .end(let reason): _ = try checked(reason)
        }
        return try await operate(.drill(order))
    }

    /// A reason code of `access-rules.md` §9; OTHER wants a note.
    func checked(_ reason: String, note: String? = nil) throws(Failure) -> String {
        let whole = OperatorReason(rawValue: reason)?.text(note: note) ?? reason
        guard OperatorReason.parse(whole) != nil else {
            let known = OperatorReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                code: "bad_request", message: "\"\(reason)\" is no reason code",
                hint: "one of \(known); OTHER needs a note")
        }
        return reason
    }

    // MARK: Ways to the gateway

    func look<Value: Sendable>(
        _ look: @escaping @Sendable (borrowing Site) -> Value
    ) async throws(Failure) -> Value {
        guard let value = await gateway.inspect(look) else {
            throw Failure(code: "busy", message: "the gateway is stopping")
        }
        return value
    }

    func journal() throws(Failure) -> Journal {
        guard let journal = gateway.store.journal else {
            throw Failure(
                code: "store", message: "the journal could not be opened", hint: "`gatehouse faults`")
        }
        return journal
    }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (JournalReader) throws(StoreFault) -> Value
    ) async throws(Failure) -> Value {
        let journal = try self.journal()
        do throws(StoreFault) { return try await journal.read(work) } catch {
            throw Failure(code: "store", message: error.words)
        }
    }
}

extension LaneRequest {
    fileprivate var laneAction: LaneOrder.Action {
        switch action {
        case .open: .open
        case .close: .close
        case .hold: position == .closed ? .holdClosed(until: until) : .holdOpen(until: until)
        case .release: .release
        case .emergency: .emergency
        case .seenEmpty: .seenEmpty
        case .confirm: .confirm
        case .refuse: .refuse
        }
    }
}
