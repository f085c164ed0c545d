// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTwins
import NIOPosix
import Testing

@testable import GatehouseDaemon

/// A camera that prints plates, on a real tty.
@Suite struct SerialCameraTests {
    @Test func `plates arrive, and the plug is noticed`() async throws {
        let twin = try SerialPlateTwin(SerialPlateModel(.stxETXCheck))
        defer { twin.stop() }
        twin.start()
        let inbox = Inbox(bell: SilentBell())
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: Replies(),
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: CaptureRing())
        var plan = SitePlan(id: "bench")
        var settings = Table<String, String>()
        settings["framing"] = "stx_etx_bcc"
        settings["repeat_ms"] = "0"
        plan.devices = [
            DevicePlan(
                name: "camera", profile: "p", driver: "serial-plate", address: twin.path, settings: settings)
        ]
        let services = DeviceServices(plan: plan, memory: SiteMemory(), io: loop, shared: shared)
        services.start()
        // Until the line is open a plate is nobody's.
        var raw: String?
        try await awaiting("a plate", within: .seconds(20)) {
            twin.see("沪A2K605")
            for case .site(.observed(let observation, reply: nil)) in inbox.take() {
                raw = observation.plate.raw
                #expect(observation.isFresh && observation.device == DeviceID(0))
            }
            return raw == nil ? nil : true
        }
        #expect(raw == "沪A2K605")
        twin.pull()
        try await awaiting("the line is lost", within: .seconds(20)) { () -> Bool? in
            let isLost = inbox.take().contains { input in
                if case .site(.device(DeviceID(0), .faultRaised("line_lost", .critical, _))) = input {
                    true
                } else {
                    false
                }
            }
            return isLost ? true : nil
        }
        await services.stop()
    }
}
