// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// Events, repeats and life, as of any camera; what answers carry is in `VzenithOpeningTests`.
@Suite struct VzenithSessionTests {
    private var bench = VzenithBench(outputs: [])

    @Test mutating func `a fresh event may open and is acknowledged when it is durable, not before`() {
        bench.storesEvents = nil
        bench.see(delay: .seconds(4))
        #expect(bench.observed.map(\.mayOpen) == [true] && bench.answers == [])
        #expect(bench.observed.map(\.capturedAt) == [bench.now.uptime + .seconds(-4)])
        #expect(bench.observed.first?.pictures.map(\.count) == [4, 4])
        bench.wait(.seconds(2))
        #expect(bench.answers == [])
        bench.settle(1, isDurable: true)
        #expect(bench.answers.map(\.status) == [200] && bench.answers[0].action.isTaken)
        #expect(bench.faults == [])
    }

    @Test mutating func `the offset of the camera's clock is measured at each event`() {
        bench.see(delay: .seconds(4))
        #expect(bench.observed.first?.clockOffset == .seconds(-4))
        bench.camera.clockError = .seconds(3 * 365 * 86_400 + 17)
        bench.see()
        #expect(bench.faults == ["camera_wrong_clock"])
        #expect(bench.observed.last?.clockOffset == .seconds(3 * 365 * 86_400 + 17) + .milliseconds(-400))
    }

    @Test mutating func `H-22 stored and late events are recorded and may not open`() {
        bench.see()
        bench.see(isOffline: true)
        bench.see(delay: .seconds(11))
        #expect(bench.observed.map(\.freshness) == [.fresh, .resent, .old(.seconds(11))])
        #expect(bench.answers.map(\.status) == [200, 200, 200])
    }

    @Test mutating func `stored records come one after the other, each when the one before is durable`() {
        bench.storesEvents = nil
        let record = bench.capture(isOffline: true)
        bench.push(record)
        #expect(bench.answers == [])
        bench.settle(1, isDurable: true)
        #expect(bench.answers.map(\.action.continues) == [true])
        // The same record can come twice; it must not hold up the next one.
        bench.push(record)
        #expect(bench.answers.map(\.action.continues) == [true, true] && bench.observed.count == 1)
        bench.see()
        bench.settle(3, isDurable: true)
        #expect(bench.answers.last?.action.continues == false)
    }

    @Test mutating func `H-21 the same event twice is one, and a repeat waits for the answer of the first`() {
        bench.storesEvents = nil
        let event = bench.capture()
        bench.push(event)
        bench.push(event)
        #expect(bench.answers == [] && bench.observed.count == 1)
        bench.settle(1, isDurable: true)
        #expect(bench.answers.map(\.status) == [200, 200])
        bench.push(event)
        #expect(bench.answers.map(\.status) == [200, 200, 200] && bench.observed.count == 1)
    }

    @Test mutating func `an event that was not stored is new when it is sent again`() {
        let event = bench.capture()
        bench.storesEvents = false
        bench.push(event)
        #expect(bench.answers.map(\.status) == [503])
        bench.storesEvents = true
        bench.push(event)
        #expect(bench.observed.count == 2 && bench.answers.map(\.status) == [503, 200])
    }

    @Test mutating func `a record number that begins anew is another event`() {
        bench.see()
        var formatted = VzenithCameraModel(address: "192.0.2.31")
        formatted.target = bench.camera.target
        bench.camera = formatted
        bench.wait(.seconds(1))
        bench.see()
        #expect(bench.observed.count == 2)
    }

    @Test mutating func `copies are told to stop sending again`() {
        bench.camera.isClone = true
        bench.see()
        bench.see(isOffline: true)
        #expect(bench.answers.map(\.action.isTaken) == [true, true])
    }

    @Test mutating func `who turned back is answered and no plate is read`() {
        bench.push(
            bench.camera.capture(
                VzenithCameraModel.Sight(plate: "沪A2K605", trigger: 66), at: bench.now.wall))
        #expect(bench.observed == [] && bench.answers.map(\.status) == [200])
        #expect(bench.answers[0].action.isTaken)
    }

    @Test mutating func `heartbeats keep it alive and three that are missed are a lost camera`() {
        for _ in 0..<4 {
            bench.wait(.seconds(29))
            bench.heartbeat()
        }
        #expect(bench.answers.map(\.status) == [200, 200, 200, 200] && bench.faults == [])
        bench.wait(.seconds(91))
        #expect(bench.faults == ["camera_lost"])
        bench.push(bench.camera.contact(0, 1))
        #expect(bench.faults == [] && bench.answers.last?.status == 200)
    }

    @Test mutating func `H-38 a push from another address is refused and told`() {
        bench.push(bench.capture(), from: "192.0.2.99")
        #expect(bench.observed == [] && bench.answers.map(\.status) == [403])
        #expect(bench.faults == ["camera_stranger"])
    }

    @Test mutating func `H-38 a flood is refused, to be sent again, and repeats cost nothing of it`() {
        let event = bench.capture()
        for _ in 0..<50 { bench.push(event) }
        for _ in 0..<30 { bench.see() }
        #expect(bench.observed.count == 20 && bench.answers.last?.status == 503)
        #expect(bench.faults == ["camera_flood"])
    }

    @Test mutating func `H-42 requests that cannot be read are answered and become a fault after three`() {
        let bad = VzenithCameraModel.Request(
            contentType: "application/json", body: Array("{".utf8), bytes: [])
        for _ in 0..<3 { bench.push(bad) }
        #expect(bench.answers.map(\.status) == [400, 400, 400] && bench.faults == ["camera_bad_data"])
    }

    @Test mutating func `H-22 an event without a stamp never opens`() {
        let bare = #"{"AlarmInfoPlate":{"result":{"PlateResult":{"license":"沪A2K605","plateid":1}}}}"#
        bench.push(
            VzenithCameraModel.Request(contentType: "application/json", body: Array(bare.utf8), bytes: []))
        #expect(bench.observed.map(\.freshness) == [.undated] && bench.faults == ["camera_undated"])
    }
}
