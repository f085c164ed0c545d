// SPDX-License-Identifier: Apache-2.0

/// Turns samples of a board's inputs into levels (`lanes.md` §2): wiring resolved, silence and chatter made
/// `unknown`. Every change is reported, in order and once; nothing is merged, so that an `on` between two
/// `off` is never lost (H-11). Debounce is the lane's.
package struct InputBank: Hashable, Sendable {
    /// How one channel is judged.
    package struct Input: Hashable, Sendable {
        package var contact: ContactWiring
        /// Without a good sample for this long the level is unknown.
        package var staleAfter: Duration
        /// More edges than this within five seconds are chatter.
        package var chatterEdges: Int

        /// A flooded loop, a loose wire (H-13).
        package static let usualChatter = 8
        /// People through a turnstile, one each 300 ms: two edges each.
        package static let countedChatter = 40

        package init(contact: ContactWiring, staleAfter: Duration, chatterEdges: Int = Input.usualChatter) {
            self.contact = contact
            self.staleAfter = staleAfter
            self.chatterEdges = chatterEdges
        }
    }

    /// A changed level of a channel; channel 1 is what the maker prints as 1.
    package struct Change: Hashable, Sendable {
        package var channel: Int
        package var level: Level
        /// First sample of the unbroken run; for `unknown` by silence the last good sample.
        package var since: Uptime

        package init(channel: Int, level: Level, since: Uptime) {
            self.channel = channel
            self.level = level
            self.since = since
        }
    }

    /// Two equal samples this far apart leave `unknown`.
    static let settleTime = Duration.milliseconds(50)

    private var channels: [InputChannel?]

    /// Index 0 is channel 1; nil where nothing is wired. At most 32.
    package init(_ inputs: [Input?]) {
        precondition(inputs.count <= 32, "a board has at most 32 inputs")
        channels = inputs.map { $0.map(InputChannel.init) }
    }

    /// `unknown` for a channel that is not wired.
    package func level(of channel: Int) -> Level {
        guard channels.indices.contains(channel - 1) else { return .unknown }
        return channels[channel - 1]?.level ?? .unknown
    }

    /// A good sample of all channels: whether current flows, first channel first. Channels beyond the sample
    /// are not touched. The caller's instants never go back.
    package mutating func sample(_ closed: [Bool], at now: Uptime) -> [Change] {
        change { channel, number in
            number <= closed.count ? channel.sample(closed: closed[number - 1], at: now) : []
        }
    }

    /// Time alone: what became stale. Due at `nextExpiry`.
    package mutating func expire(at now: Uptime) -> [Change] {
        change { channel, _ in channel.expire(at: now) }
    }

    /// The board failed or was unplugged: everything is unknown at once.
    package mutating func lost(at now: Uptime) -> [Change] {
        change { channel, _ in channel.lose(at: now) }
    }

    /// When `expire` has something to do, unless samples come.
    package var nextExpiry: Uptime? {
        channels.compactMap { $0?.nextExpiry }.min()
    }

    private mutating func change(
        _ body: (inout InputChannel, _ number: Int) -> [(Level, Uptime)]
    ) -> [Change] {
        var changes: [Change] = []
        for index in channels.indices {
            guard var channel = channels[index] else { continue }
            for (level, since) in body(&channel, index + 1) {
                changes.append(Change(channel: index + 1, level: level, since: since))
            }
            channels[index] = channel
        }
        return changes
    }
}
