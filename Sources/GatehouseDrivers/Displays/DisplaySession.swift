// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The conversation with one display card: one frame at a time, the newest text of each line, the voice once.
/// It does no I/O: feed it texts, bytes and time, do what it returns, call `timer` at `nextTimer`.
///
/// Bounded by its shape: one slot a line, one code in the place of them, one voice, one clock. What is newer replaces
/// what was not sent yet.
package struct DisplaySession: Sendable {
    private let settings: DisplaySettings
    private let zone: ZoneRules
    private var wire: any DisplayCard
    private var content = DisplayContent([])
    /// Lines that are to be sent; none while a code stands in their place.
    private var dirty: [Bool]
    /// A code is to be sent, or taken away.
    private var isScreenDirty = false
    private var voice: Voice?
    private var nextRepeat = Uptime.zero
    private var nextClock = Uptime.zero
    private var exchange: Exchange?
    private var freeAt = Uptime.zero
    private var isConnected = false
    private var received: [UInt8] = []
    private var failures = 0
    private var faults = FaultSet()
    /// Another device of the same line speaks, or goes first: nothing is begun.
    package var mayBegin = true

    private struct Voice {
        var text: String
        var expires: Uptime
    }

    private struct Exchange {
        enum Purpose: Hashable {
            case line(Int)
            case screen, all, voice, clock
        }

        var purpose: Purpose
        var frame: [UInt8]
        var ends: Uptime
    }

    private enum Code {
        static let silent = "display_silent"
        static let refuses = "display_refuses"
    }

    /// So many frames in a row without an answer: the card is silent.
    private static let silentAfter = 3
    /// A greeting that comes later is for the next vehicle.
    private static let voiceLife = Duration.seconds(3)
    private static let clockInterval = Duration.seconds(86_400)
    /// After what others said on the line.
    private static let quiet = Duration.milliseconds(5)
    /// No answer has more bytes: what exceeds that is noise.
    private static let receiveLimit = 128

    package init(_ settings: DisplaySettings, wire: any DisplayCard, zone: ZoneRules) {
        self.settings = settings
        self.wire = wire
        self.zone = zone
        dirty = Array(repeating: false, count: settings.lines)
    }

    /// A frame is on the line, or its answer is waited for.
    package var isExchanging: Bool { exchange != nil }

    /// What it would do with the line at this instant.
    package func claim(at now: Uptime) -> LineClaim {
        guard isConnected, exchange == nil, now >= freeAt else { return .none }
        let isDue = now >= nextRepeat || settings.setsClock && now >= nextClock
        return hasText || voice != nil || isDue ? .turn : .none
    }

    package mutating func connected(at now: Moment) -> [DisplayOutput] {
        isConnected = true
        exchange = nil
        received = []
        freeAt = now.uptime + settings.gap
        nextClock = now.uptime
        repeatAll(at: now.uptime)
        // One that an earlier run left there.
        isScreenDirty = settings.code != nil
        return advance(at: now)
    }

    package mutating func disconnected() {
        isConnected = false
        exchange = nil
        voice = nil
    }

    /// What the board shows from now on.
    package mutating func show(_ wanted: DisplayContent, at now: Moment) -> [DisplayOutput] {
        let (old, new) = (shownCode(content), shownCode(wanted))
        if old != new { isScreenDirty = true }
        for index in dirty.indices {
            let isOther = wanted.line(index) != content.line(index) || old != nil
            dirty[index] = new == nil && (dirty[index] || isOther)
        }
        content = wanted
        voice = nil
        if settings.speaks, let text = wanted.voice {
            voice = Voice(text: text, expires: now.uptime + Self.voiceLife)
        }
        return advance(at: now)
    }

    package mutating func receive(_ bytes: [UInt8], at now: Moment) -> [DisplayOutput] {
        guard settings.answers, let current = exchange else { return advance(at: now) }
        received += bytes
        if received.count > Self.receiveLimit { received.removeFirst(received.count - Self.receiveLimit) }
        guard let reply = wire.reply(to: current.frame, in: received) else { return advance(at: now) }
        finish(at: now.uptime)
        failures = 0
        var outputs = clear(Code.silent)
        switch reply {
        case .done: outputs += clear(Code.refuses)
        case .refused(let status):
            outputs += raise(
                Code.refuses, "the card answered status \(status); profile, lines or width do not fit it")
        }
        return outputs + advance(at: now)
    }

    package mutating func timer(at now: Moment) -> [DisplayOutput] { advance(at: now) }

    /// The line was another's until now.
    package mutating func lineFreed(at now: Moment) -> [DisplayOutput] {
        freeAt = max(freeAt, now.uptime + Self.quiet)
        return advance(at: now)
    }

    package var nextTimer: Uptime? {
        guard isConnected else { return nil }
        if let exchange { return exchange.ends }
        guard mayBegin else { return nil }
        if hasText || voice != nil { return freeAt }
        return max(freeAt, settings.setsClock ? min(nextRepeat, nextClock) : nextRepeat)
    }

    private mutating func advance(at now: Moment) -> [DisplayOutput] {
        var outputs: [DisplayOutput] = []
        if let current = exchange, now.uptime >= current.ends {
            finish(at: now.uptime)
            if settings.answers { outputs += unanswered(current) }
        }
        if let waiting = voice, now.uptime >= waiting.expires { voice = nil }
        guard isConnected, mayBegin, exchange == nil, now.uptime >= freeAt else { return outputs }
        if now.uptime >= nextRepeat { repeatAll(at: now.uptime) }
        return outputs + begin(at: now)
    }

    private var hasText: Bool { isScreenDirty || dirty.contains(true) }

    private func shownCode(_ content: DisplayContent) -> DisplayContent.Code? {
        settings.code == nil ? nil : content.code
    }

    private mutating func begin(at now: Moment) -> [DisplayOutput] {
        if isScreenDirty, let size = settings.code {
            isScreenDirty = false
            let frame = wire.screen(shownCode(content), size, seconds: settings.codeSeconds)
            return put(.screen, frame, at: now.uptime)
        }
        if settings.isTogether, dirty.contains(true) {
            var whole = content
            whole.voice = voice?.text
            if let frame = wire.together(whole, width: settings.width) {
                dirty = dirty.map { _ in false }
                voice = nil
                return put(.all, frame, at: now.uptime)
            }
        }
        if let index = dirty.firstIndex(of: true) {
            dirty[index] = false
            return put(
                .line(index), wire.text(content.line(index), at: index, width: settings.width), at: now.uptime
            )
        }
        if let waiting = voice {
            voice = nil
            return put(.voice, wire.voice(waiting.text), at: now.uptime)
        }
        if settings.setsClock, now.uptime >= nextClock {
            nextClock = now.uptime + Self.clockInterval
            return put(.clock, wire.clock(zone.civil(now.wall)), at: now.uptime)
        }
        return []
    }

    private mutating func put(
        _ purpose: Exchange.Purpose, _ frame: [UInt8], at now: Uptime
    ) -> [DisplayOutput] {
        let onTheLine = now + settings.characterTime * frame.count
        exchange = Exchange(
            purpose: purpose, frame: frame,
            ends: settings.answers ? onTheLine + settings.replyTimeout : onTheLine)
        received = []
        return [.write(frame)]
    }

    private mutating func finish(at now: Uptime) {
        exchange = nil
        freeAt = now + settings.gap
    }

    /// A line is tried once more, unless its text is another by now; what the card says late is not said.
    private mutating func unanswered(_ exchange: Exchange) -> [DisplayOutput] {
        failures += 1
        let isSilent = failures >= Self.silentAfter
        switch exchange.purpose {
        case .line(let index) where !isSilent && failures == 1: dirty[index] = shownCode(content) == nil
        case .screen where !isSilent && failures == 1: isScreenDirty = true
        case .all where !isSilent && failures == 1: dirty = dirty.map { _ in shownCode(content) == nil }
        default: break
        }
        guard isSilent else { return [] }
        return raise(
            Code.silent,
            "\(failures) frames without an answer; supply, address, A and B, speed, or a card that never answers (answers: false)"
        )
    }

    private mutating func repeatAll(at now: Uptime) {
        nextRepeat = now + settings.repeatInterval
        guard shownCode(content) == nil else { return isScreenDirty = true }
        for index in dirty.indices where index < content.lines.count { dirty[index] = true }
    }

    /// A display stops no lane: a warning.
    private mutating func raise(_ code: String, _ detail: String) -> [DisplayOutput] {
        faults.raise(code) ? [.faultRaised(DeviceFault(code, .warning, detail))] : []
    }

    private mutating func clear(_ code: String) -> [DisplayOutput] {
        faults.clear(code) ? [.faultCleared(code: code)] : []
    }
}

extension DisplayContent {
    /// A line that has no text is an empty one.
    func line(_ index: Int) -> Line {
        lines.indices.contains(index) ? lines[index] : Line("", lines.last?.color ?? .green)
    }
}
