// SPDX-License-Identifier: Apache-2.0

/// One input of an `InputBank`.
struct InputChannel: Hashable, Sendable {
    static let chatterWindow = Duration.seconds(5)
    static let chatterQuiet = Duration.seconds(10)

    let input: InputBank.Input
    private(set) var level = Level.unknown
    /// The unbroken run of equal samples that the last one belongs to.
    private var run: Run?
    private var lastSample: Uptime?
    /// Instants of the latest edges, oldest first; at most one more than chatter needs.
    private var edges: [Uptime] = []
    /// Set while the input chatters: the last edge.
    private var chatterSince: Uptime?

    private struct Run: Hashable, Sendable {
        var level: Level
        var since: Uptime
    }

    init(_ input: InputBank.Input) { self.input = input }

    var nextExpiry: Uptime? {
        guard level != .unknown, let lastSample else { return nil }
        return lastSample + input.staleAfter
    }

    mutating func expire(at now: Uptime) -> [(Level, Uptime)] {
        guard let lastSample, now - lastSample >= input.staleAfter else { return [] }
        run = nil
        return become(.unknown, since: lastSample)
    }

    mutating func lose(at now: Uptime) -> [(Level, Uptime)] {
        run = nil
        return become(.unknown, since: now)
    }

    mutating func sample(closed: Bool, at now: Uptime) -> [(Level, Uptime)] {
        var changes = expire(at: now)
        defer { lastSample = now }
        // A closed normally-open contact and an open normally-closed one both say "on".
        let sampled: Level = closed == (input.contact == .normallyOpen) ? .on : .off
        if let run, run.level != sampled { noteEdge(at: now) }
        if run?.level != sampled { run = Run(level: sampled, since: now) }
        if let last = chatterSince {
            if now - last < Self.chatterQuiet { return changes + become(.unknown, since: now) }
            chatterSince = nil
            edges = []
        }
        guard let run else { return changes }
        let isSettled = level != .unknown || now - run.since >= InputBank.settleTime
        if isSettled { changes += become(sampled, since: run.since) }
        return changes
    }

    private mutating func noteEdge(at now: Uptime) {
        edges.append(now)
        if edges.count > input.chatterEdges + 1 { edges.removeFirst() }
        let isChatter =
            edges.count > input.chatterEdges && now - edges[0] <= Self.chatterWindow
        if isChatter || chatterSince != nil { chatterSince = now }
    }

    private mutating func become(_ new: Level, since: Uptime) -> [(Level, Uptime)] {
        guard new != level else { return [] }
        level = new
        return [(new, since)]
    }
}
