// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// A session and a camera that pushes to it, in virtual time.
private struct CameraBench {
    var session: HikvisionSession
    var camera = PlateCameraModel(address: "192.0.2.21")
    var now = Moment(uptime: .zero, wall: WallTime(milliseconds: 1_772_411_415_000))
    var faults: [String] = []
    var replies: [Int] = []
    var probes = 0
    /// What the journal makes of events; nil: nothing yet.
    var storesEvents: Bool? = true
    /// The request of the newest event.
    var lastEvent = PushID(0)
    private var lastPush: UInt64 = 0

    init(_ settings: HikvisionSettings = HikvisionSettings(CameraRules(allowedPeers: ["192.0.2.21"]))) {
        session = HikvisionSession(settings, at: .zero)
    }

    mutating func wait(_ duration: Duration) {
        now.wall = now.wall + duration
        let end = now.uptime + duration
        while let timer = session.nextTimer, timer <= end {
            now.uptime = max(now.uptime, timer)
            _ = take(session.timer(at: now.uptime))
        }
        now.uptime = end
    }

    /// Captured `delay` ago, received now.
    mutating func see(
        _ plate: String = "蓝沪A2K605", delay: Duration = .milliseconds(400), isResent: Bool = false
    ) -> [ObservedPlate] {
        let sight = PlateCameraModel.Sight(plate: plate, isResent: isResent)
        return push(camera.capture(sight, at: now.wall + (.zero - delay)))
    }

    mutating func heartbeat() { _ = push(camera.heartbeat(at: now.wall)) }

    mutating func push(_ request: PlateCameraModel.Request, from peer: String = "192.0.2.21")
        -> [ObservedPlate]
    {
        lastPush += 1
        return take(
            session.receive(
                CameraPush(
                    id: PushID(lastPush), peer: peer, target: camera.target, contentType: request.contentType,
                    body: request.body), at: now))
    }

    mutating func settle(_ push: PushID, isDurable: Bool) {
        _ = take(session.settled(push, isDurable: isDurable, at: now.uptime))
    }

    mutating func take(_ outputs: [CameraOutput]) -> [ObservedPlate] {
        var observed: [ObservedPlate] = []
        for output in outputs {
            switch output {
            case .observed(let push, let plate):
                observed.append(plate)
                lastEvent = push
                if let storesEvents { settle(push, isDurable: storesEvents) }
            case .faultRaised(let fault): faults.append(fault.code)
            case .faultCleared(let code): faults.removeAll { $0 == code }
            case .answer(_, let reply): replies.append(reply.status)
            case .probe: probes += 1
            case .heartbeat, .outcome, .passed, .serial: break
            }
        }
        return observed
    }
}

@Suite struct HikvisionSessionTests {
    private var bench = CameraBench()

    @Test mutating func `a fresh event may open and its capture time is corrected for its age`() {
        bench.wait(.seconds(100))
        bench.heartbeat()
        let seen = bench.see(delay: .seconds(4))
        #expect(seen.map(\.freshness) == [.fresh])
        #expect(seen.map(\.capturedAt) == [.zero + .seconds(96)])
        #expect(seen.first?.pictures.count == 2)
        #expect(bench.replies == [200, 200])
        #expect(bench.faults == [])
    }

    @Test mutating func `H-22 events resent, old or unmarked but late never open`() {
        bench.heartbeat()
        #expect(bench.see(isResent: true).map(\.freshness) == [.resent])
        #expect(bench.see(delay: .seconds(9)).map(\.mayOpen) == [true])
        #expect(bench.see(delay: .seconds(11)).map(\.mayOpen) == [false])
        #expect(bench.see(delay: .seconds(437)).map(\.freshness) == [.old(.seconds(437))])
        // A quarter of an hour exactly, from a camera whose clock was right a moment ago.
        #expect(bench.see(delay: .seconds(900)).map(\.mayOpen) == [false])
        #expect(bench.faults == [])
    }

    @Test mutating func `H-22 an event without a readable stamp is recorded, never opened for, and told`() {
        var request = bench.camera.capture(
            PlateCameraModel.Sight(plate: "蓝沪A2K605", overviewBytes: nil, cropBytes: nil), at: bench.now.wall)
        let text = String(decoding: request.body, as: UTF8.self)
        request.body = Array(text.replacing("+08:00</dateTime>", with: "</dateTime>").utf8)
        #expect(bench.push(request).map(\.freshness) == [.undated])
        #expect(bench.faults == ["camera_undated"])
        #expect(bench.see().map(\.mayOpen) == [true])
        #expect(bench.faults == [])
    }

    @Test mutating func `H-21 the same event twice is one`() {
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        #expect(bench.push(request).count == 1)
        bench.wait(.seconds(2))
        #expect(bench.push(request) == [])
        #expect(bench.replies == [200, 200])
    }

    @Test mutating func `an event that was not stored is new when it is sent again`() {
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        bench.storesEvents = false
        #expect(bench.push(request).count == 1)
        bench.storesEvents = true
        #expect(bench.push(request).count == 1)
        #expect(bench.push(request) == [])
        #expect(bench.replies == [503, 200, 200])
    }

    @Test mutating func `a repeat of what is still on its way waits for the same answer`() throws {
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        bench.storesEvents = nil
        #expect(bench.push(request).count == 1)
        #expect(bench.push(request) == [])
        #expect(bench.replies == [])
        bench.settle(bench.lastEvent, isDurable: true)
        #expect(bench.replies == [200, 200])
        #expect(bench.push(request) == [])
        #expect(bench.replies == [200, 200, 200])
    }

    @Test mutating func `a plate beyond the rate is not acknowledged and is taken when it comes again`() {
        for _ in 0..<20 { _ = bench.see() }
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        #expect(bench.push(request) == [])
        #expect(bench.replies.last == 503)
        bench.wait(.seconds(5))
        #expect(bench.push(request).count == 1)
        #expect(bench.replies.last == 200)
    }

    @Test mutating func `H-38 a replay is known among the latest 256 events and old after that`() {
        bench = CameraBench(HikvisionSettings(CameraRules(heartbeat: nil, platesPerMinute: 600)))
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        #expect(bench.push(request).count == 1)
        for _ in 0..<255 {
            bench.wait(.milliseconds(200))
            _ = bench.see()
        }
        #expect(bench.push(request) == [])
        bench.wait(.seconds(1))
        _ = bench.see()
        #expect(bench.push(request).map(\.mayOpen) == [false])
    }

    @Test mutating func `a wrong zone label is told, receipt is used and the event still opens`() {
        bench.camera.zoneLabelMinutes = 540
        bench.wait(.seconds(10))
        let seen = bench.see(delay: .seconds(4))
        #expect(seen.map(\.mayOpen) == [true])
        #expect(seen.map(\.capturedAt) == [bench.now.uptime])
        #expect(bench.faults == ["camera_wrong_zone"])
        #expect(bench.see(delay: .seconds(60)).map(\.mayOpen) == [false])
        bench.camera.zoneLabelMinutes = 480
        bench.heartbeat()
        #expect(bench.faults == [])
        #expect(bench.see().map(\.mayOpen) == [true])
    }

    @Test
    mutating func `H-22 an hour-old event of a camera with a wrong zone label does not pass for a fresh one`()
    {
        bench.camera.zoneLabelMinutes = 420
        bench.heartbeat()
        #expect(bench.faults == ["camera_wrong_zone"])
        #expect(bench.see(delay: .seconds(3600)).map(\.mayOpen) == [false])
        #expect(bench.see().map(\.mayOpen) == [true])
    }

    @Test mutating func `a clock years ahead is told at once and receipt is used`() {
        bench.camera.clockError = .seconds(3 * 365 * 86_400 + 17)
        let seen = bench.see()
        #expect(seen.map(\.mayOpen) == [true])
        #expect(seen.map(\.capturedAt) == [bench.now.uptime])
        #expect(bench.faults == ["camera_wrong_clock"])
    }

    @Test mutating func `a clock that is behind is believed wrong only when events agree on it`() {
        bench.camera.clockError = .seconds(-437)
        #expect(bench.see().map(\.mayOpen) == [false])
        #expect(bench.faults == [])
        bench.wait(.seconds(31))
        #expect(bench.see().map(\.mayOpen) == [true])
        #expect(bench.faults == ["camera_wrong_clock"])
        bench.camera.clockError = .zero
        bench.wait(.seconds(5))
        #expect(bench.see().map(\.mayOpen) == [true])
        #expect(bench.faults == [])
    }

    @Test mutating func `H-24 a step of our own clock makes no fresh event old and no old one fresh`() {
        bench.heartbeat()
        bench.now.wall = bench.now.wall + .seconds(86_400)
        bench.camera.clockError = .seconds(-86_400)
        #expect(bench.see().map(\.mayOpen) == [true])
        #expect(bench.see(delay: .seconds(30)).map(\.mayOpen) == [false])
    }

    @Test mutating func `what a camera says of our clock follows a step of ours`() {
        #expect(bench.session.deviceClock == nil)
        bench.heartbeat()
        #expect(bench.session.deviceClock?.opinion == .agrees)
        bench.now.wall = bench.now.wall + .seconds(5_000)
        bench.camera.clockError = .seconds(-5_000)
        bench.heartbeat()
        #expect(bench.session.deviceClock?.opinion == .differs(.seconds(-5_000)))
        #expect(bench.session.deviceClock?.offset == .seconds(-5_000))
        bench.camera.clockError = .zero
        bench.wait(.seconds(31))
        bench.heartbeat()
        #expect(bench.session.deviceClock?.opinion == .agrees)
        bench.camera.clockError = .seconds(-28_800)
        bench.heartbeat()
        #expect(bench.session.deviceClock?.opinion == .otherZone(.seconds(-28_800)))
    }

    @Test mutating func `three missed heartbeats are a lost camera and any event finds it again`() {
        bench.heartbeat()
        bench.wait(.seconds(89))
        #expect(bench.faults == [])
        bench.wait(.seconds(1))
        #expect(bench.faults == ["camera_lost"])
        _ = bench.see()
        #expect(bench.faults == [])
    }

    @Test mutating func `without heartbeats a quiet camera is probed and lost after three silent probes`() {
        bench = CameraBench(HikvisionSettings(CameraRules(heartbeat: nil)))
        bench.wait(.seconds(91))
        #expect(bench.probes == 3)
        for _ in 0..<3 { _ = bench.take(bench.session.probed(isAlive: false, at: bench.now.uptime)) }
        #expect(bench.faults == ["camera_lost"])
        _ = bench.take(bench.session.probed(isAlive: true, at: bench.now.uptime))
        #expect(bench.faults == [])
    }

    @Test mutating func `H-38 a push from another address is refused and told`() {
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        #expect(bench.push(request, from: "192.0.2.99") == [])
        #expect(bench.replies == [403])
        #expect(bench.faults == ["camera_stranger"])
        bench.wait(.seconds(20))
        bench.heartbeat()
        #expect(bench.faults == ["camera_stranger"])
        for _ in 0..<30 {
            bench.wait(.seconds(20))
            bench.heartbeat()
        }
        #expect(bench.faults == [])
    }

    @Test mutating func `an IPv4 peer of a listener for both families is the same peer`() {
        let request = bench.camera.capture(PlateCameraModel.Sight(plate: "蓝沪A2K605"), at: bench.now.wall)
        #expect(bench.push(request, from: "::ffff:192.0.2.21").count == 1)
    }

    @Test mutating func `H-38 a flood of plates is refused beyond its rate and passes`() {
        var observed = 0
        for _ in 0..<200 { observed += bench.see().count }
        #expect(observed == 20)
        #expect(bench.faults == ["camera_flood"])
        bench.wait(.seconds(60))
        #expect(bench.see().count == 1)
        #expect(bench.faults == [])
    }

    @Test mutating func `H-42 requests that cannot be read are answered and become a fault after three`() {
        for count in 1...3 {
            _ = bench.push(PlateCameraModel.Request(contentType: "text/xml", body: [0xFF], bytes: []))
            #expect(bench.faults == (count < 3 ? [] : ["camera_bad_data"]))
        }
        #expect(bench.replies == [400, 400, 400])
        bench.heartbeat()
        #expect(bench.faults == [])
    }
}
