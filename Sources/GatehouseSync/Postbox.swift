// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What we say at the broker unasked, kept until the broker has taken it or its time is over. One connection may end
/// before the broker confirms, or the broker may refuse it or know nobody who listens: then it is said again, the same
/// bytes, and whoever hears it twice knows it by what stands in it. Of one subject only the newest word is said.
///
///     waiting ─connected, next─▶ under way ─taken─▶ gone
///        ▲                           │ refused, nobody listens, connection ended
///        └───────────────────────────┘
package struct Postbox: Sendable {
    package enum Effect: Hashable, Sendable {
        /// The broker keeps it for so many seconds for who is away (MQTT 5, 3.3.2.3.3).
        case send(Int, BrokerAnswer, seconds: UInt32)
        case told(PublishAnswer)
    }

    private struct Letter: Sendable {
        let subject: Int64
        let answer: BrokerAnswer
        var until: Uptime
        /// Not before; nil: under way.
        var next: Uptime?
        var tries = 0
    }

    /// The oldest is given up for the newest.
    static let places = 64
    private static let shortestPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(300)

    /// By the order of their coming.
    private var letters = Table<Int, Letter>()
    private var last = 0
    private var isConnected = false

    package init() {}

    /// When something is to be said again.
    package var nextDeadline: Uptime? {
        isConnected ? letters.inOrder.compactMap(\.value.next).min() : nil
    }

    package mutating func put(
        _ answer: BrokerAnswer, of subject: Int64, until: Uptime, at now: Uptime
    ) -> [Effect] {
        withdraw(subject)
        last += 1
        letters[last] = Letter(subject: subject, answer: answer, until: until, next: now)
        if letters.count > Self.places, let oldest = letters.keysInOrder.first { letters.remove(oldest) }
        return due(at: now)
    }

    /// What the broker may have already is not said again.
    package mutating func withdraw(_ subject: Int64) {
        for (number, letter) in letters.inOrder where letter.subject == subject { letters.remove(number) }
    }

    package mutating func connected(at now: Uptime) -> [Effect] {
        ended(at: now)
        isConnected = true
        return due(at: now)
    }

    /// Of what was under way nobody knows whether it arrived.
    package mutating func ended(at now: Uptime) {
        isConnected = false
        for number in letters.keysInOrder { letters[number]?.next = now }
    }

    package mutating func answered(_ number: Int, _ answer: PublishAnswer, at now: Uptime) -> [Effect] {
        guard var letter = letters[number], letter.next == nil else { return [] }
        switch answer {
        case .accepted, .refusedAlone: letters.remove(number)
        case .refused, .noSubscribers:
            letter.next = now + min(Self.longestPause, Self.shortestPause * (1 << min(letter.tries, 6)))
            letter.tries += 1
            letters[number] = letter
        }
        return [.told(answer)]
    }

    package mutating func due(at now: Uptime) -> [Effect] {
        var effects: [Effect] = []
        for (number, letter) in letters.inOrder {
            guard letter.until > now else {
                letters.remove(number)
                continue
            }
            guard isConnected, let next = letter.next, next <= now else { continue }
            letters[number]?.next = nil
            // Rounded down: nobody hears of it when it is over. None at all would be for ever.
            let seconds = max(1, (letter.until - now).inNanoseconds / 1_000_000_000)
            effects.append(.send(number, letter.answer, seconds: UInt32(clamping: seconds)))
        }
        return effects
    }
}
