// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import NIOCore

/// One display card behind a camera. It lives on the cameras' loop, so that no relay ever waits for it. It has no faults
/// of its own: whether the card is there nobody can know, and whether the camera is the camera's service says. Unchecked
/// for the compiler, checked at the entries.
final class PassedDisplay: DisplayDevice, CameraSerialUser, @unchecked Sendable {
    private let camera: CameraService
    private let loop: any EventLoop
    private let clock: SystemClock
    private let captures: CaptureRing
    private let name: String
    private let settings: DisplaySettings
    private var session: PassedDisplaySession
    private var shown: LaneText?
    private var wakeUp: Scheduled<Void>?
    private var isStopped = false

    /// Nil for a device that is no display behind a camera.
    init?(
        device: DevicePlan, camera: CameraService, zone: ZoneRules, loop: any EventLoop, clock: SystemClock,
        captures: CaptureRing
    ) {
        guard let settings = DisplaySettings(device), let port = device.through?.port,
            let session = PassedDisplaySession(device, zone: zone)
        else { return nil }
        DisplayText.prepare()
        self.camera = camera
        self.loop = loop
        self.clock = clock
        self.captures = captures
        self.settings = settings
        self.session = session
        name = device.name
        // A text may come before the start.
        camera.attach(self, port: port - 1)
    }

    func start() {}

    /// From the engine's thread. The same text again is no news.
    func show(_ text: LaneText) {
        loop.execute { [self] in
            guard text != shown else { return }
            shown = text
            let content = DisplayLayout.content(text, settings)
            step { session, now in session.show(content, at: now) }
        }
    }

    func mute() async { await stop() }

    func stop() async {
        let stopped = loop.submit { [self] in
            isStopped = true
            wakeUp?.cancel()
        }
        try? await stopped.get()
    }

    /// A camera that passes on what it hears: no card that we know says anything there that would help.
    func received(_ bytes: [UInt8]) {
        captures.frame(bytes, isSent: false, of: name, at: clock.now().wall)
    }

    func passed(_ token: Int, _ outcome: CommandOutcome) {
        step { session, now in session.passed(token, outcome, at: now) }
    }

    private func step(_ tell: (inout PassedDisplaySession, Moment) -> SerialBatch?) {
        loop.preconditionInEventLoop()
        guard !isStopped else { return }
        let now = clock.now()
        if let batch = tell(&session, now) {
            for frame in batch.frames { captures.frame(frame, isSent: true, of: name, at: now.wall) }
            camera.pass(batch)
        }
        wakeUp?.cancel()
        wakeUp = session.nextTimer.map { due in
            loop.scheduleTask(in: .nanoseconds(max(0, (due - clock.uptime()).inNanoseconds))) { [weak self] in
                self?.step { session, now in session.timer(at: now) }
            }
        }
    }
}
