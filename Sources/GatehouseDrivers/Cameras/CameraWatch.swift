// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseWire

/// What a plan says of any camera that pushes.
package struct CameraRules: Hashable, Sendable {
    /// Peers that may push for this camera. Anything on the network can forge a plate (H-38); empty: any.
    package var allowedPeers: [String]
    /// Between heartbeats as set in the camera; nil: none, so it is probed.
    package var heartbeat: Duration?
    /// More plates per minute than this are refused.
    package var platesPerMinute: Int

    package init(
        allowedPeers: [String] = [], heartbeat: Duration? = .seconds(30), platesPerMinute: Int = 120
    ) {
        self.allowedPeers = allowedPeers
        self.heartbeat = heartbeat
        self.platesPerMinute = platesPerMinute
    }

    static let settings = [
        DriverSetting(
            "allowed_peers", .text, "",
            "Addresses that may push for this camera, separated by commas; empty: the camera's own"),
        DriverSetting(
            "heartbeat", .integer(0...180), "30", unit: "s",
            "As set in the camera; 0: none, the camera is probed instead"),
        DriverSetting(
            "plates_per_minute", .integer(10...600), "120", "More than this are refused as a flood"),
    ]

    /// The device's own address is the one peer, unless the plan lists others.
    init(_ values: SettingValues, address: String) {
        let listed = values.text("allowed_peers").split(separator: ",").map { $0.filter { $0 != " " } }
        let seconds = values.integer("heartbeat")
        self.init(
            allowedPeers: listed.isEmpty ? [address] : listed,
            heartbeat: seconds > 0 ? .seconds(seconds) : nil,
            platesPerMinute: values.integer("plates_per_minute"))
    }
}

/// What every camera that pushes is watched for: who speaks for it, whether it lives, how often it speaks and
/// whether its clock can be believed.
struct CameraWatch: Sendable {
    private let rules: CameraRules
    private var clock = CameraClock()
    private(set) var deviceClock: DeviceClock?
    private var faults = FaultSet()
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

    init(_ rules: CameraRules, at now: Uptime) {
        self.rules = rules
        budget = RateBudget(perMinute: rules.platesPerMinute, at: now)
        lastSign = now
        nextProbe = now + Self.probeInterval
    }

    // MARK: Who speaks

    mutating func admit(peer: String, at now: Uptime) -> CameraAdmission {
        // A listener for both families sees IPv4 peers as `::ffff:192.0.2.21`.
        let host = peer.hasPrefix("::ffff:") ? String(peer.dropFirst(7)) : peer
        guard !rules.allowedPeers.isEmpty, !rules.allowedPeers.contains(host) else {
            return CameraAdmission()
        }
        lastStranger = now
        return CameraAdmission(
            refusal: 403,
            outputs: raise(
                Code.stranger, .warning,
                "\(peer) pushed events for this camera and is not among its addresses; refused"))
    }

    mutating func misread(_ error: WireError) -> [CameraOutput] {
        badRequests += 1
        guard badRequests >= Self.badRequestLimit else { return [] }
        return raise(Code.badData, .warning, "\(badRequests) requests cannot be read: \(error)")
    }

    // MARK: Life

    /// A request was understood.
    mutating func heard(at now: Uptime) -> [CameraOutput] {
        badRequests = 0
        return clear(Code.badData) + sign(at: now)
    }

    private mutating func sign(at now: Uptime) -> [CameraOutput] {
        lastSign = now
        unansweredProbes = 0
        guard let lastStranger, now - lastStranger >= Self.strangerMemory else { return clear(Code.lost) }
        self.lastStranger = nil
        return clear(Code.lost) + clear(Code.stranger)
    }

    mutating func probed(isAlive: Bool, at now: Uptime) -> [CameraOutput] {
        guard !isAlive else { return sign(at: now) }
        unansweredProbes += 1
        guard unansweredProbes >= Self.missedProbes else { return [] }
        return raise(Code.lost, .critical, "\(unansweredProbes) probes without an answer")
    }

    var nextTimer: Uptime? {
        guard let silence else { return nextProbe }
        return faults.contains(Code.lost) ? nil : lastSign + silence
    }

    mutating func timer(at now: Uptime) -> [CameraOutput] {
        guard let silence else {
            guard now >= nextProbe else { return [] }
            nextProbe = now + Self.probeInterval
            return now - lastSign >= Self.probeInterval ? [.probe] : []
        }
        guard now - lastSign >= silence else { return [] }
        return raise(
            Code.lost, .critical,
            "no event or heartbeat for \(silence.components.seconds) s; power, network, or where the camera pushes to"
        )
    }

    /// How long silence is tolerated; nil where the camera is probed.
    private var silence: Duration? {
        rules.heartbeat.map { max(.seconds(30), $0 * 3) }
    }

    // MARK: Events

    /// Whether there is room for one more plate.
    mutating func spend(at now: Uptime) -> (isAllowed: Bool, outputs: [CameraOutput]) {
        guard budget.spend(at: now) else {
            let detail =
                "more than \(rules.platesPerMinute) plates a minute; the rest is refused, to be sent again"
            return (false, raise(Code.flood, .warning, detail))
        }
        return (true, budget.isRested ? clear(Code.flood) : [])
    }

    /// How old is it?
    mutating func date(
        _ observation: PlateObservation, stamp: CameraTime?, pictures: [ArraySlice<UInt8>], at now: Moment
    ) -> (plate: ObservedPlate, outputs: [CameraOutput]) {
        var plate = ObservedPlate(
            observation: observation, capturedAt: now.uptime, freshness: .fresh,
            clockOffset: stamp.map { $0.wall - now.wall }, pictures: pictures)
        guard observation.isLive else {
            plate.freshness = .resent
            return (plate, [])
        }
        guard let stamp else {
            plate.freshness = .undated
            let outputs = raise(
                Code.undated, .warning, "events carry no time stamp with an offset; none of them opens")
            return (plate, outputs)
        }
        let reading = read(stamp, at: now, isPrompt: false)
        let outputs = report(reading) + clear(Code.undated)
        if reading.age > CameraClock.freshness { plate.freshness = .old(reading.age) }
        if clock.health == .good { plate.capturedAt = now.uptime + (.zero - reading.age) }
        return (plate, outputs)
    }

    /// A heartbeat is never queued: it tells the camera's clock at once.
    mutating func readClock(_ stamp: CameraTime?, at now: Moment) -> [CameraOutput] {
        guard let stamp else { return [] }
        return report(read(stamp, at: now, isPrompt: true))
    }

    private mutating func read(
        _ stamp: CameraTime, at now: Moment, isPrompt: Bool
    ) -> CameraClock.Reading {
        let reading = clock.read(stamp.wall, at: now, isPrompt: isPrompt)
        deviceClock = DeviceClock(
            opinion: clock.opinion, offset: stamp.wall - now.wall, readAt: now.uptime)
        return reading
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

    // MARK: Faults

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
