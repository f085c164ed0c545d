// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The conversation with a display card behind a camera's serial port. The bytes go out with the next answer that the
/// camera reads, which may be at the next car, so all that the board is to show goes in one batch and a newer one takes
/// its place; so does what takes a code away. The card's own answers do not come back: that a batch left for the camera
/// is all that is ever known.
package struct PassedDisplaySession: Sendable {
    private let settings: DisplaySettings
    private let zone: ZoneRules
    private let port: Int
    private var wire: any DisplayCard
    private var content: DisplayContent?
    /// A code was passed, and may stand there: what has no code takes it away first.
    private var mayShowCode = false
    private var voice: (text: String, expires: Uptime)?
    /// What the board is to show was not passed yet, or is to be passed again.
    private var isDue = false
    private var waiting: Waiting?
    private var lastToken = 0
    /// The port is silent again, and the card has read what came.
    private var freeAt = Uptime.zero
    private var nextRepeat = Uptime.zero
    private var nextClock = Uptime.zero

    private struct Waiting: Sendable {
        var token: Int
        var time: Duration
        var setsClock: Bool
        var hasCode: Bool
    }

    /// A greeting that comes later is for the next vehicle.
    private static let voiceLife = Duration.seconds(3)
    private static let clockInterval = Duration.seconds(86_400)

    /// `port`: 0 is the camera's first.
    package init(_ settings: DisplaySettings, wire: any DisplayCard, port: Int, zone: ZoneRules) {
        self.settings = settings
        self.wire = wire
        self.port = port
        self.zone = zone
    }

    /// What the board shows from now on.
    package mutating func show(_ wanted: DisplayContent, at now: Moment) -> SerialBatch? {
        content = wanted
        voice = settings.speaks ? wanted.voice.map { ($0, now.uptime + Self.voiceLife) } : nil
        isDue = true
        return advance(at: now)
    }

    /// What became of a batch.
    package mutating func passed(_ token: Int, _ outcome: CommandOutcome, at now: Moment) -> SerialBatch? {
        guard let sent = waiting, sent.token == token else { return nil }
        switch outcome {
        case .written: return nil
        case .confirmed:
            voice = nil
            freeAt = now.uptime + sent.time
            nextRepeat = now.uptime + settings.repeatInterval
            if sent.setsClock { nextClock = now.uptime + Self.clockInterval }
            mayShowCode = sent.hasCode
        case .expired:
            // The greeting is late, the text is not.
            voice = nil
            isDue = true
        case .uncertain, .withdrawn, .refused: nextRepeat = now.uptime + settings.repeatInterval
        }
        waiting = nil
        return advance(at: now)
    }

    package mutating func timer(at now: Moment) -> SerialBatch? { advance(at: now) }

    package var nextTimer: Uptime? {
        guard content != nil else { return nil }
        if isDue { return freeAt }
        return waiting == nil ? max(freeAt, nextRepeat) : nil
    }

    private mutating func advance(at now: Moment) -> SerialBatch? {
        guard let content, now.uptime >= freeAt else { return nil }
        guard isDue || waiting == nil && now.uptime >= nextRepeat else { return nil }
        isDue = false
        if let late = voice, now.uptime >= late.expires { voice = nil }
        var frames: [[UInt8]] = []
        var whole = content
        whole.voice = voice?.text
        let code = settings.code == nil ? nil : content.code
        if let size = settings.code, code != nil || mayShowCode {
            frames = [wire.screen(code, size, seconds: settings.codeSeconds)]
            mayShowCode = true
        }
        if code != nil {
            if let voice { frames.append(wire.voice(voice.text)) }
        } else if settings.isTogether, let frame = wire.together(whole, width: settings.width) {
            frames.append(frame)
        } else {
            frames += (0..<settings.lines).map {
                wire.text(content.line($0), at: $0, width: settings.width)
            }
            if let voice { frames.append(wire.voice(voice.text)) }
        }
        let setsClock = settings.setsClock && now.uptime >= nextClock
        if setsClock { frames.append(wire.clock(zone.civil(now.wall))) }
        lastToken += 1
        let bytes = frames.reduce(0) { $0 + $1.count }
        waiting = Waiting(
            token: lastToken, time: settings.characterTime * bytes + settings.gap, setsClock: setsClock,
            hasCode: code != nil)
        return SerialBatch(token: lastToken, port: port, frames: frames, expires: voice?.expires)
    }
}
