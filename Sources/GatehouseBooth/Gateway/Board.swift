// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// What the guard's page shows, as the daemon told it.
struct Board: Hashable, Sendable {
    struct Passage: Hashable, Sendable {
        var line: EventLine
        var sights: SightsResult?
    }

    /// A stay whose entry may be that of a vehicle at an exit.
    struct Candidate: Hashable, Sendable {
        var stay: Int64
        /// nil: nobody could read it.
        var plate: String?
        /// nil: its record cannot be read.
        var since: WallTime?
        var entry: Sight?
    }

    var status: StatusResult
    var authority: Authority
    /// Newest first.
    var passages: [Passage] = []
    /// By lane: who waits there, and how it came in.
    var waiting: [String: SightsResult] = [:]
    /// By lane: what its cameras read last.
    var lastRead: [String: Sight] = [:]
    /// By lane: what who waits there is asked for, as the record has it.
    var quotes: [String: Fields] = [:]
    /// By lane: who that may be that waits there, by what was decided and by what the quote says.
    var candidates: [String: [Candidate]] = [:]

    /// Without what changes all the time and is not on the page.
    fileprivate var shown: Board {
        var board = self
        board.status.process.uptimeSeconds = 0
        board.status.process.privateMemoryKiB = nil
        board.status.process.journalBytes = 0
        board.status.process.watchers = 0
        board.status.lastRecord = 0
        board.status.counts = StoreCounts()
        for index in board.status.lanes.indices { board.status.lanes[index].counts = LaneCounts() }
        return board
    }
}

/// The board as it was known at a time.
struct Snapshot: Sendable {
    /// nil: the daemon was never heard.
    var board: Board?
    /// Another when what is shown is another.
    var version = 0
    /// When the daemon last answered.
    var heardAt: Uptime?
    var asOf: WallTime?

    /// The daemon answered within three seconds; what is older must not look live.
    func isLive(at now: Uptime) -> Bool { heardAt.map { now - $0 < .seconds(3) } ?? false }
}

/// Keeps the board while somebody looks at it: asks anew when the daemon recorded something, and every second, so
/// that silence is noticed.
actor BoardKeeper {
    /// After the last look.
    private static let interest = Duration.seconds(15)
    private static let passages = 12
    /// Pictures that a guard compares with what stands there.
    private static let mostCandidates = 4

    private let link: DaemonLink
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private(set) var snapshot = Snapshot()
    private var seen: Board?
    private var lookedAt: Uptime?
    private var turns: [CheckedContinuation<Void, Never>] = []
    /// The newest that was told of; those on the board are asked for until they are as new, since what is made is on
    /// disk a moment later. nil: whatever there is.
    private var newestPassage: Int64?
    private var mayHaveMissed = true
    private var passages: [Board.Passage] = []
    private var lastRead: [String: Sight] = [:]
    /// Quotes and openings of stays, which do not change.
    private var records: [Int64: EventLine] = [:]
    /// What records of one instant say does not change any more.
    private var sights: [Int64: SightsResult] = [:]

    init(link: DaemonLink) {
        self.link = link
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Until cancelled.
    func run() async {
        let (items, item) = AsyncStream.makeStream(
            of: WatchItem?.self, bufferingPolicy: .bufferingNewest(256))
        await withTaskGroup { group in
            group.addTask { [link] in
                // nil: everything may have changed.
                await link.run(watched: { item.yield($0) }, changed: { _ in item.yield(nil) })
                item.finish()
            }
            group.addTask { [self] in
                for await item in items { await noticed(item) }
            }
            group.addTask { [wake] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    wake.yield()
                }
                wake.finish()
            }
            for await _ in wakes {
                await refresh()
                // Records come in bursts; one look at the end of each is enough.
                try? await Task.sleep(for: .milliseconds(60))
            }
        }
    }

    /// The board when it differs from `version`, or after some two seconds as it is.
    func next(after version: Int) async -> Snapshot {
        look()
        for _ in 0..<2 where snapshot.version == version || !snapshot.isLive(at: BoothClock.uptime) {
            await turn()
            look()
        }
        return snapshot
    }

    /// As it is after the next look at the daemon.
    func now() async -> Snapshot {
        look()
        await turn()
        return snapshot
    }

    private func look() {
        let isNew = lookedAt == nil || BoothClock.uptime - (lookedAt ?? .zero) > Self.interest
        lookedAt = BoothClock.uptime
        if isNew { wake.yield() }
    }

    private func turn() async { await withCheckedContinuation { turns.append($0) } }

    private func noticed(_ item: WatchItem?) {
        switch item {
        case .record(let line):
            switch line.kind {
            case "plateRead":
                if let sight = Sight(line) { lastRead[sight.lane] = sight }
            case _ where line.isPassage: newestPassage = line.sequence
            default: break
            }
        case .missed, nil: mayHaveMissed = true
        }
        wake.yield()
    }

    private func refresh() async {
        defer {
            let waiting = turns
            turns = []
            for turn in waiting { turn.resume() }
        }
        guard let lookedAt, BoothClock.uptime - lookedAt < Self.interest, let hello = link.hello else {
            return
        }
        do throws(Failure) {
            let status = try await link.ask(.status, within: .seconds(2), as: StatusResult.self)
            try await gather()
            var board = Board(status: status, authority: hello.authority)
            board.passages = passages
            board.lastRead = lastRead
            for lane in status.lanes {
                guard let waiting = lane.waiting else { continue }
                board.waiting[lane.name] = try await sights(of: waiting)
                if let quote = waiting.quote {
                    board.quotes[lane.name] = try await record(quote, ["chargeQuoted"])?.fields
                }
                board.candidates[lane.name] = try await candidates(of: waiting, board.quotes[lane.name])
            }
            forget(board)
            let isOther = seen?.shown != board.shown
            seen = board
            snapshot = Snapshot(
                board: board, version: snapshot.version + (isOther ? 1 : 0), heardAt: BoothClock.uptime,
                asOf: BoothClock.wall)
        } catch {
            // The snapshot grows old, and says so.
        }
    }

    private func gather() async throws(Failure) {
        let isDue = newestPassage.map { $0 > passages.first?.line.sequence ?? 0 } ?? false
        guard mayHaveMissed || isDue else { return }
        if mayHaveMissed {
            for line in try await link.events(EventQuery(kinds: ["plateRead"], limit: 32)) {
                if let sight = Sight(line) { lastRead[sight.lane] = sight }
            }
        }
        let query = EventQuery(kinds: ["passageCompleted", "passageReverse"], limit: Self.passages)
        var found: [Board.Passage] = []
        for line in try await link.events(query).reversed() {
            found.append(Board.Passage(line: line, sights: try await sights(of: line.sequence)))
        }
        passages = found
        mayHaveMissed = false
    }

    /// A vehicle at the line, and the entry of the stay that it would end.
    private func sights(of waiting: StatusResult.Waiting) async throws(Failure) -> SightsResult {
        var result = SightsResult(record: waiting.read ?? 0, stay: waiting.stay)
        if let read = waiting.read {
            let last = lastRead.values.first { $0.read == read }
            let stored = last == nil ? try await sights(of: read) : nil
            result.exit = last ?? stored?.entry ?? stored?.exit
        }
        if let stay = waiting.stay { result.entry = try await sights(of: stay)?.entry }
        return result
    }

    /// Those whose entry the quote reckoned with besides the stay's own.
    private static func otherStays(of quote: Fields) -> [Int64] {
        let entries = (try? quote.objects("entries")) ?? []
        return entries.compactMap { $0.number("stay") }.filter { $0 != quote.number("stay") }
    }

    /// Those that `status` names, nearest first, and those of the quote that left in between.
    static func candidates(_ waiting: StatusResult.Waiting, _ quote: Fields?) -> [Board.Candidate] {
        var found = waiting.candidates.map { Board.Candidate(stay: $0.stay, plate: $0.plate) }
        for stay in quote.map(otherStays) ?? [] where !found.contains(where: { $0.stay == stay }) {
            found.append(Board.Candidate(stay: stay))
        }
        return Array(found.prefix(mostCandidates))
    }

    /// With what the records of their entries say.
    private func candidates(
        of waiting: StatusResult.Waiting, _ quote: Fields?
    ) async throws(Failure) -> [Board.Candidate] {
        var found = Self.candidates(waiting, quote)
        for index in found.indices {
            let stay = found[index].stay
            let opening = try await record(stay, StayFact.openingKinds)
            found[index].plate = found[index].plate ?? opening?.fields.text("plate")
            found[index].entry = try await sights(of: stay)?.entry
            found[index].since = found[index].entry?.at ?? opening?.at.wall
        }
        return found
    }

    private func record(_ number: Int64, _ kinds: [String]) async throws(Failure) -> EventLine? {
        if let known = records[number] { return known }
        let query = EventQuery(after: number - 1, kinds: kinds, limit: 1)
        let found = try await link.events(query).first { $0.sequence == number }
        records[number] = found
        return found
    }

    private func sights(of record: Int64) async throws(Failure) -> SightsResult? {
        if let known = sights[record] { return known }
        do throws(Failure) {
            let found = try await link.ask(.sights(record), as: SightsResult.self)
            sights[record] = found
            return found
        } catch  where error.code == "not_found" { return nil }
    }

    /// Of what is not on the board any more.
    private func forget(_ board: Board) {
        let waiting = board.status.lanes.compactMap(\.waiting).flatMap { [$0.read, $0.stay] }.compactMap(
            \.self)
        let doubtful = board.candidates.values.joined().map(\.stay)
        let used = Set(waiting + doubtful + passages.map(\.line.sequence))
        sights = sights.filter { used.contains($0.key) }
        let asked = Set(doubtful + board.status.lanes.compactMap { $0.waiting?.quote })
        records = records.filter { asked.contains($0.key) }
        let lanes = Set(board.status.lanes.map(\.name))
        lastRead = lastRead.filter { lanes.contains($0.key) }
    }
}
