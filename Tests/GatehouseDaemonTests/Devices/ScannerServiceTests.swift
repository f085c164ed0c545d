// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTwins
import NIOPosix
import Synchronization
import Testing

@testable import GatehouseDaemon

/// What the services have raised and not cleared.
private final class Faults: Sendable {
    let raised = Mutex<Set<String>>([])
}

/// Scanners of payment codes on real ttys: what reaches the engine, and what is kept of it.
@Suite struct ScannerServiceTests {
    private static let wallet = "134567890123456789"
    private let inbox = Inbox(bell: SilentBell())
    private let captures = CaptureRing()
    private let faults = Faults()
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private static func plan(_ path: String, _ settings: [(String, String)], lane: Int = 1) -> SitePlan {
        var plan = SitePlan(id: "bench")
        plan.devices = [
            DevicePlan(
                name: "scan", profile: "p", driver: "serial-scanner", address: path,
                settings: Table(settings))
        ]
        plan.scanners = [ScannerWire(device: DeviceID(0), lane: LaneID(lane))]
        return plan
    }

    private func services(_ plan: SitePlan, replacing old: DeviceServices? = nil) -> DeviceServices {
        let shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: Replies(),
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: captures)
        return DeviceServices(
            plan: plan, memory: SiteMemory(), io: loop, shared: shared, replacing: old)
    }

    private func running(
        _ style: CodeScannerModel.Style,
        _ body: (SerialTwin<CodeScannerModel>, SitePlan, DeviceServices) async throws -> Void
    ) async throws {
        let twin = try SerialTwin.scanner(style)
        defer { twin.stop() }
        twin.start()
        let settings = style == .gm65 ? [("family", "gm65"), ("suffix", "none"), ("heartbeat_s", "1")] : []
        let plan = Self.plan(twin.path, settings)
        let services = services(plan)
        services.start()
        do {
            try await body(twin, plan, services)
        } catch {
            await services.stop()
            throw error
        }
        await services.stop()
    }

    /// Until one comes; whatever else comes before it is looked at by `also`.
    private func code(_ what: String, also: (EngineInput) -> Void = { _ in }) async throws -> (
        LaneID, PaymentCode
    ) {
        try await awaiting(what, within: .seconds(20)) {
            var found: (LaneID, PaymentCode)?
            for input in news() {
                also(input)
                if case .site(.codeScanned(let lane, let code)) = input { found = found ?? (lane, code) }
            }
            return found
        }
    }

    /// What stands now counts: on a busy machine a fault may have come and gone before anybody looks.
    private func fault(_ wanted: String, isRaised: Bool) async throws {
        try await awaiting("\(wanted) \(isRaised)", within: .seconds(20)) { () -> Bool? in
            _ = news()
            return faults.raised.withLock { $0.contains(wanted) } == isRaised ? true : nil
        }
    }

    private func news() -> [EngineInput] {
        let inputs = inbox.take()
        faults.raised.withLock { raised in
            for input in inputs {
                switch input {
                case .site(.device(DeviceID(0), .faultRaised(let fault, .warning, _))): raised.insert(fault)
                case .site(.device(DeviceID(0), .faultCleared(let fault))): raised.remove(fault)
                default: break
                }
            }
        }
        return inputs
    }

    @Test(arguments: CodeScannerModel.Style.allCases)
    func `a phone's code reaches its lane, once while it is held there, and the plug is noticed`(
        _ style: CodeScannerModel.Style
    ) async throws {
        try await running(style) { twin, _, _ in
            twin.with { model, now in
                model.period = .seconds(1)
                model.hold(Self.wallet, at: now)
            }
            let (lane, code) = try await code("the code")
            #expect(lane == LaneID(1))
            #expect(code.text == Self.wallet)
            // It is read on and said no more; another phone is.
            try await awaiting("more reads", within: .seconds(20)) {
                twin.with { model, _ in model.reads >= 3 } ? true : nil
            }
            var again = 0
            twin.with { $0.hold("286543210987654321", at: $1) }
            let (_, other) = try await self.code("another code") { input in
                if case .site(.codeScanned(_, code)) = input { again += 1 }
            }
            #expect(other.text == "286543210987654321")
            #expect(again == 0)
            twin.with { model, _ in model.takeAway() }
            twin.pull()
            try await fault("line_lost", isRaised: true)
            try twin.plugIn()
            try await fault("line_lost", isRaised: false)
            twin.with { $0.hold(Self.wallet, at: $1) }
            #expect(try await self.code("the code on the new line").1.text == Self.wallet)
        }
    }

    @Test(arguments: CodeScannerModel.Style.allCases)
    func `a capture has the marks and never the code`(_ style: CodeScannerModel.Style) async throws {
        try await running(style) { twin, _, _ in
            twin.with { $0.hold(Self.wallet, at: $1) }
            _ = try await code("the code")
            let kept = try #require(captures.latest(from: "scan"))
            let text = String(decoding: kept.bytes, as: UTF8.self)
            #expect(kept.format == "serial-frames")
            #expect(text.contains("2a 2a 2a"))
            // 31 33 34 is how the code begins; only a module's own answer has 33 31.
            #expect(!text.contains("31 33 34 35"))
            if style == .gm65 { #expect(text.contains("> 7e 00 0a 01 00 00 00 30 1a")) }
        }
    }

    @Test func `a module that answers no more is a fault until it does`() async throws {
        try await running(.gm65) { twin, _, _ in
            try await awaiting("a heartbeat", within: .seconds(20)) {
                twin.with { model, _ in model.heartbeats > 0 } ? true : nil
            }
            twin.with { model, _ in model.isDead = true }
            try await fault("scanner_silent", isRaised: true)
            twin.with { model, _ in model.isDead = false }
            try await fault("scanner_silent", isRaised: false)
        }
    }

    @Test func `a scanner stays through a reload, and is another where its lane is`() async throws {
        try await running(.line) { _, plan, old in
            let same = services(plan, replacing: old)
            #expect(same.readers[DeviceID(0)] === old.readers[DeviceID(0)])
            var moved = plan
            moved.scanners[0].lane = LaneID(0)
            let next = services(moved, replacing: old)
            #expect(next.readers[DeviceID(0)] !== old.readers[DeviceID(0)])
            var gone = plan
            gone.scanners = []
            #expect(services(gone, replacing: old).readers[DeviceID(0)] == nil)
        }
    }
}
