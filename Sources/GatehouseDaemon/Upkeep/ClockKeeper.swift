// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import Synchronization

/// How far the wall clock is believed: asks the kernel every second, hears the cameras, and says when it is in doubt.
final class ClockKeeper: Sendable {
    private let clock: SystemClock
    private let inbox: Inbox
    private let board: ClockBoard
    private let state: Mutex<State>

    private struct State: Sendable {
        var judge: ClockJudge
        var isTold = false
    }

    private static let fault = "clock_in_doubt"

    init(clock: SystemClock, inbox: Inbox, board: ClockBoard, past: Moment?) {
        self.clock = clock
        self.inbox = inbox
        self.board = board
        state = Mutex(State(judge: ClockJudge(after: past)))
    }

    /// Before the first record: only the kernel is asked, and nobody told.
    func begin() { _ = judge([]) }

    func second(_ plan: SitePlan) {
        let doubt = judge(board.clocks(of: plan))
        let isNew = state.withLock { state in
            defer { state.isTold = doubt != nil }
            return state.isTold != (doubt != nil)
        }
        guard isNew else { return }
        guard let doubt else {
            inbox.offer(.site(.service(.clock, .faultCleared(code: Self.fault))))
            return
        }
        let detail =
            "\(doubt.words); records carry it, bills take the end of the error that costs less. `gatehouse clock` shows who says what"
        inbox.offer(
            .site(.service(.clock, .faultRaised(code: Self.fault, severity: .warning, detail: detail))))
    }

    /// Somebody sets the clock to this in a moment.
    func expect(_ wall: WallTime, at uptime: Uptime) {
        state.withLock { $0.judge.expect(wall, at: uptime) }
    }

    private func judge(_ witnesses: [(name: String, clock: DeviceClock)]) -> ClockDoubt? {
        let isSynchronised = Self.kernel()?.isSynchronised ?? false
        let now = clock.now()
        return state.withLock { state in
            let quality = state.judge.judge(now, isSynchronised: isSynchronised, witnesses: witnesses)
            clock.setQuality(quality)
            return state.judge.doubt
        }
    }

    func result(_ plan: SitePlan) -> ClockResult {
        let now = clock.now()
        return ClockResult(
            wall: now.wall, quality: now.quality, doubt: state.withLock { $0.judge.doubt }?.words,
            kernel: Self.kernel(), battery: Self.battery(now.wall),
            cameras: board.clocks(of: plan).map { name, clock in
                ClockResult.Camera(
                    name: name, verdict: clock.opinion.map(ClockResult.Camera.Verdict.init) ?? .unknown,
                    offsetMilliseconds: clock.offset.inMilliseconds,
                    secondsAgo: (now.uptime - clock.readAt).components.seconds)
            })
    }

    private static func kernel() -> ClockResult.Kernel? {
        var kernel = gh_clock()
        guard unsafe gh_clock_read(&kernel) == 0 else { return nil }
        return ClockResult.Kernel(
            isSynchronised: kernel.is_synchronised == 1, offsetMicroseconds: kernel.offset_ns / 1000,
            maximumErrorMilliseconds: kernel.maximum_error_us / 1000)
    }

    /// The first battery clock as the kernel reads it; nil where there is none.
    private static func battery(_ wall: WallTime) -> ClockResult.Battery? {
        let path = "/sys/class/rtc/rtc0/since_epoch"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let seconds = Int64(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        return ClockResult.Battery(device: "rtc0", offsetSeconds: seconds - wall.milliseconds / 1000)
    }
}

extension ClockResult.Camera.Verdict {
    fileprivate init(_ opinion: ClockOpinion) {
        self =
            switch opinion {
            case .agrees: .agrees
            case .otherZone: .otherZone
            case .differs: .differs
            }
    }
}

extension ClockDoubt {
    fileprivate var words: String {
        switch self {
        case .early: "the clock shows a time before this program existed: no battery, no network time"
        case .stepped(let step):
            "the clock was moved by \(step.inMilliseconds / 1000) s and nothing vouches for it"
        case .inherited: "the clock was in doubt already before this start"
        case .contradicted(let device, let offset):
            "\(device)'s own clock is \(offset.inMilliseconds / 1000) s apart from this one and no other camera agrees"
        }
    }
}
