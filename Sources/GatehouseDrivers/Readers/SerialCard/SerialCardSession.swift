// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the session of a reader tells.
package enum ReaderOutput: Hashable, Sendable {
    /// A card was held to the reader. Said once however long it lies there.
    case presented(Card, at: Uptime)
    case faultRaised(DeviceFault)
    case faultCleared(code: String)
}

/// Listens to one reader of 125 kHz cards. Such a reader never answers, so its silence says nothing: only its line can
/// be known lost. It does no I/O: feed it bytes and time, do what it returns, call `timer` at `nextTimer`.
package struct SerialCardSession: Sendable {
    private let settings: SerialCardSettings
    private var framer: SerialCardFramer
    private var lying: [Lying] = []
    private var lastByte = Uptime.zero
    private var garbled: [Uptime] = []
    private var faults = FaultSet()

    private struct Lying: Hashable, Sendable {
        var card: Card
        var seen: Uptime
    }

    /// A frame that stops half way is dropped after this silence.
    static let partialLife = Duration.milliseconds(100)
    /// Cards that can lie on one reader; a stack of more is read by turns anyway.
    static let most = 4
    static let garbledLimit = 5
    static let garbledWindow = Duration.seconds(60)
    static let garbledCode = "reader_garbled"

    package init(_ settings: SerialCardSettings) {
        self.settings = settings
        framer = SerialCardFramer(settings)
    }

    package mutating func connected(at now: Uptime) {
        framer.drop()
        lying = []
    }

    package mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [ReaderOutput] {
        guard !bytes.isEmpty else { return [] }
        dropStale(at: now)
        lastByte = now
        var outputs: [ReaderOutput] = []
        for result in framer.receive(bytes) {
            switch result {
            case .card(let card): outputs += seen(card, at: now)
            case .broken: outputs += broken(at: now)
            }
        }
        return outputs
    }

    package mutating func timer(at now: Uptime) -> [ReaderOutput] {
        dropStale(at: now)
        forgetGarbled(at: now)
        return garbled.isEmpty && faults.clear(Self.garbledCode)
            ? [.faultCleared(code: Self.garbledCode)] : []
    }

    package var nextTimer: Uptime? {
        let partial = framer.isInFrame ? lastByte + Self.partialLife : nil
        let quiet = garbled.last.map { $0 + Self.garbledWindow + .milliseconds(1) }
        return [partial, quiet].compactMap(\.self).min()
    }

    private mutating func dropStale(at now: Uptime) {
        if framer.isInFrame, now - lastByte >= Self.partialLife { framer.drop() }
    }

    private mutating func seen(_ card: Card, at now: Uptime) -> [ReaderOutput] {
        lying.removeAll { now - $0.seen > settings.removedAfter }
        if let index = lying.firstIndex(where: { $0.card == card }) {
            lying[index].seen = now
            return []
        }
        if lying.count == Self.most { lying.removeFirst() }
        lying.append(Lying(card: card, seen: now))
        return [.presented(card, at: now)]
    }

    private mutating func broken(at now: Uptime) -> [ReaderOutput] {
        forgetGarbled(at: now)
        garbled.append(now)
        if garbled.count > Self.garbledLimit { garbled.removeFirst() }
        guard garbled.count == Self.garbledLimit, faults.raise(Self.garbledCode) else { return [] }
        let detail =
            "\(Self.garbledLimit) broken frames within a minute; speed and framing of the profile, the cable, a second "
            + "reader too near"
        return [.faultRaised(DeviceFault(Self.garbledCode, .warning, detail))]
    }

    private mutating func forgetGarbled(at now: Uptime) {
        garbled.removeAll { now - $0 > Self.garbledWindow }
    }
}
