// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// The conversation with one Hikvision camera that pushes its events. Nothing here waits: an event is handed
/// out, and `settled` says whether it became durable. Only then it counts as seen, since a camera that was told
/// 200 forgets the event. Call `timer` at `nextTimer`.
package struct HikvisionSession: Sendable {
    private let settings: HikvisionSettings
    private var clock = CameraClock()
    private var faults = FaultSet()
    /// Events that are durable.
    private var seen = RecentKeys(capacity: 256)
    /// Events on their way to the journal.
    private var inHand: Set<String> = []
    private var budget: RateBudget
    private var badRequests = 0
    private var unansweredProbes = 0
    private var lastSign: Uptime
    private var nextProbe: Uptime
    private var lastStranger: Uptime?

    /// So many undecodable requests in a row are a fault of the device or its settings.
    private static let badRequestLimit = 3
    private static let probeInterval = Duration.seconds(30)
    private static let missedProbes = 3
    private static let strangerMemory = Duration.seconds(600)

    package init(_ settings: HikvisionSettings, at now: Uptime) {
        self.settings = settings
        budget = RateBudget(perMinute: settings.platesPerMinute, at: now)
        lastSign = now
        nextProbe = now + Self.probeInterval
    }

    package var nextTimer: Uptime? {
        guard let silence else { return nextProbe }
        return faults.contains(Code.lost) ? nil : lastSign + silence
    }

    /// Judges who pushes, before a body is read; empty: it may.
    package mutating func refuse(peer: String, at now: Uptime) -> [CameraOutput] {
        let host = CameraPush.host(of: peer)
        guard !settings.allowedPeers.isEmpty, !settings.allowedPeers.contains(host) else { return [] }
        lastStranger = now
        return raise(
            Code.stranger, .warning,
            "\(peer) pushed events for this camera and is not among its addresses; refused")
            + [.reply(CameraReply(status: 403))]
    }

    package mutating func receive(_ push: CameraPush, at now: Moment) -> [CameraOutput] {
        let refusal = refuse(peer: push.peer, at: now.uptime)
        guard refusal.isEmpty else { return refusal }
        let event: HikvisionEvent
        do {
            event = try HikvisionPlateWire.decode(contentType: push.contentType, body: push.body)
        } catch {
            badRequests += 1
            let outputs: [CameraOutput] =
                badRequests < Self.badRequestLimit
                ? [] : raise(Code.badData, .warning, "\(badRequests) requests cannot be read: \(error)")
            return outputs + [.reply(CameraReply(status: 400))]
        }
        badRequests = 0
        let outputs = clear(Code.badData) + sign(at: now.uptime)
        let yes = CameraOutput.reply(acknowledgement(to: push.target))
        switch event.content {
        case .plate(let plate): return outputs + take(plate, stamp: event.at, yes, at: now)
        case .heartbeat: return outputs + [.heartbeat, yes] + heartbeat(event.at, at: now)
        case .other: return outputs + [yes]
        }
    }

    /// What became of an observed event; nil: it had no key.
    package mutating func settled(_ key: String?, isDurable: Bool) {
        guard let key else { return }
        inHand.remove(key)
        if isDurable { seen.insert(key) }
    }

    /// The answer to `.probe`: any HTTP status counts, also 401.
    package mutating func probed(isAlive: Bool, at now: Uptime) -> [CameraOutput] {
        guard !isAlive else { return sign(at: now) }
        unansweredProbes += 1
        guard unansweredProbes >= Self.missedProbes else { return [] }
        return raise(Code.lost, .critical, "\(unansweredProbes) probes without an answer")
    }

    package mutating func timer(at now: Uptime) -> [CameraOutput] {
        guard let silence else {
            guard now >= nextProbe else { return [] }
            nextProbe = now + Self.probeInterval
            return now - lastSign >= Self.probeInterval ? [.probe] : []
        }
        guard now - lastSign >= silence else { return [] }
        return raise(
            Code.lost, .critical,
            "no event or heartbeat for \(silence.components.seconds) s; power, network, or the camera's host entry"
        )
    }

    /// How long silence is tolerated; nil where the camera is probed.
    private var silence: Duration? {
        settings.heartbeat.map { max(.seconds(30), $0 * 3) }
    }

    private mutating func sign(at now: Uptime) -> [CameraOutput] {
        lastSign = now
        unansweredProbes = 0
        guard let lastStranger, now - lastStranger >= Self.strangerMemory else { return clear(Code.lost) }
        self.lastStranger = nil
        return clear(Code.lost) + clear(Code.stranger)
    }

    private mutating func heartbeat(_ stamp: CameraTime?, at now: Moment) -> [CameraOutput] {
        guard let stamp else { return [] }
        return report(clock.read(stamp.wall, at: now, isPrompt: true))
    }

    /// Repeats cost nothing of the budget; what is beyond it is not acknowledged, so the camera sends it again.
    private mutating func take(
        _ plate: HikvisionPlate, stamp: CameraTime?, _ yes: CameraOutput, at now: Moment
    ) -> [CameraOutput] {
        let key = plate.observation.duplicateKey
        if let key, seen.contains(key) { return [yes] }
        if let key, inHand.contains(key) { return [.repeated(key: key), yes] }
        guard budget.spend(at: now.uptime) else {
            return raise(
                Code.flood, .warning,
                "more than \(settings.platesPerMinute) plates a minute; the rest is refused, to be sent again"
            )
                + [.reply(CameraReply(status: 503))]
        }
        if let key { inHand.insert(key) }
        let rested = budget.isRested ? clear(Code.flood) : []
        return rested + [yes] + observed(plate, stamp: stamp, at: now)
    }

    private mutating func observed(
        _ plate: HikvisionPlate, stamp: CameraTime?, at now: Moment
    ) -> [CameraOutput] {
        var outputs: [CameraOutput] = []
        var observed = ObservedPlate(
            observation: plate.observation, capturedAt: now.uptime, freshness: .fresh,
            clockOffset: stamp.map { $0.wall - now.wall },
            pictures: plate.pictures)
        if !plate.observation.isLive {
            observed.freshness = .resent
        } else if let stamp {
            let reading = clock.read(stamp.wall, at: now, isPrompt: false)
            outputs += report(reading)
            if reading.age > CameraClock.freshness { observed.freshness = .old(reading.age) }
            if clock.health == .good { observed.capturedAt = now.uptime + (.zero - reading.age) }
            outputs += clear(Code.undated)
        } else {
            observed.freshness = .undated
            outputs += raise(
                Code.undated, .warning, "events carry no time stamp with an offset; none of them opens")
        }
        outputs.append(.observed(observed))
        return outputs
    }

    private mutating func report(_ reading: CameraClock.Reading) -> [CameraOutput] {
        switch reading.newHealth {
        case nil: return []
        case .good: return clear(Code.wrongZone) + clear(Code.wrongClock)
        case .wrongZone(let offset):
            return clear(Code.wrongClock)
                + raise(
                    Code.wrongZone, .notice,
                    "the camera's stamps are \(offset.inMilliseconds / 60_000) minutes off by their zone label; "
                        + "set its time zone. Time of receipt is used")
        case .wrong(let offset):
            return clear(Code.wrongZone)
                + raise(
                    Code.wrongClock, .warning,
                    "the camera's clock is \(offset.inMilliseconds / 1000) s off; set it to network time. "
                        + "Time of receipt is used")
        }
    }

    private func acknowledgement(to target: String) -> CameraReply {
        guard settings.repliesWithXML else { return CameraReply(status: 200) }
        return CameraReply(
            status: 200, contentType: #"application/xml; charset="UTF-8""#,
            body: HikvisionPlateWire.reply(to: target))
    }

    private enum Code {
        static let lost = "camera_lost"
        static let badData = "camera_bad_data"
        static let stranger = "camera_stranger"
        static let flood = "camera_flood"
        static let undated = "camera_undated"
        static let wrongClock = "camera_wrong_clock"
        static let wrongZone = "camera_wrong_zone"
    }

    private mutating func raise(
        _ code: String, _ severity: FaultSeverity, _ detail: String
    ) -> [CameraOutput] {
        faults.raise(code) ? [.faultRaised(DeviceFault(code, severity, detail))] : []
    }

    private mutating func clear(_ code: String) -> [CameraOutput] {
        faults.clear(code) ? [.faultCleared(code: code)] : []
    }
}
