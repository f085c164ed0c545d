// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Drives the engine through passages in virtual time, lane after lane: a read, the opening, limits and the
/// safety loop, the arm down again. The disk answers at once.
struct Morning {
    private(set) var state: EngineState
    /// Calls of `absorb`, of which all but the disk's answers step the site.
    private(set) var steps = 0
    private(set) var openings = 0
    /// Records as they went to the journal, one array per commit.
    private(set) var batches: [[Record]] = []
    var keepsBatches = false

    private let plan: SitePlan
    private var now = Moment(
        uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 1_760_000_000_000))
    private var reads = 0

    init(plan: SitePlan, memory: SiteMemory, directory: Directory, nextSequence: Sequence) {
        self.plan = plan
        state = EngineState(
            site: Site(
                plan: plan, memory: memory, directory: directory, nextSequence: nextSequence,
                boot: "bench-boot"))
    }

    mutating func begin() {
        offer(
            .site(
                .started(ProcessStart(version: "bench", planHash: "", wasClean: true, isNewBoot: false))))
        for lane in plan.lanes.indices where !plan.cameras.filter({ $0.lane.index == lane }).isEmpty {
            arm(lane, up: false, down: true)
            input(lane, 1, .off)
        }
        wait(.seconds(5))
    }

    /// True when the lane opened.
    mutating func passage(lane: Int, plate: String) -> Bool {
        let before = openings
        guard let wire = plan.cameras.first(where: { $0.lane.index == lane }) else { return false }
        reads += 1
        let claim = PlateObservation(
            raw: plate, color: .blue, declaredKind: .smallCivil, confidence: 97, direction: .approach,
            capturedAt: now.wall, duplicateKey: "00000000-0000-4000-8000-\(1_000_000_000_000 + reads)")
        let observation = Observation(
            device: wire.device, plate: claim, capturedAt: now.uptime, clockOffset: .zero,
            receivedAt: now.uptime)
        offer(.site(.observed(observation, reply: ReplyID(UInt64(reads)))))
        wait(.milliseconds(100))
        guard openings > before else { return false }
        arm(lane, up: false, down: false)
        wait(.milliseconds(900))
        arm(lane, up: true, down: false)
        wait(.milliseconds(1000))
        input(lane, 1, .on)
        wait(.milliseconds(900))
        input(lane, 1, .off)
        wait(.milliseconds(1200))
        arm(lane, up: false, down: false)
        wait(.milliseconds(900))
        arm(lane, up: false, down: true)
        wait(.milliseconds(1500))
        return true
    }

    // MARK: The lane's wires: safety, limit up, limit down, three channels per lane as the twin has them

    private mutating func arm(_ lane: Int, up: Bool, down: Bool) {
        input(lane, 2, up ? .on : .off)
        input(lane, 3, down ? .on : .off)
    }

    private mutating func input(_ lane: Int, _ which: Int, _ level: Level) {
        let board = plan.devices.firstIndex { $0.name == "board-\(lane / 8)" } ?? 0
        let terminal = Terminal(DeviceID(board), lane % 8 * 3 + which)
        offer(.site(.input(terminal, level, since: now.uptime)))
    }

    private mutating func wait(_ duration: Duration) {
        let end = now.uptime + duration
        while let due = state.nextDeadline, due <= end {
            go(to: max(due, now.uptime))
            offer(.wake)
        }
        go(to: end)
    }

    private mutating func go(to instant: Uptime) {
        now = Moment(uptime: instant, wall: now.wall + (instant - now.uptime))
    }

    private mutating func offer(_ input: EngineInput) {
        steps += 1
        let output = state.absorb(input, at: now)
        if let last = output.records.last {
            if keepsBatches { batches.append(output.records) }
            offer(.journal(.committed(through: last.sequence.number)))
        }
        for command in output.commands {
            if case .pulse = command.action, command.output == .open { openings += 1 }
            offer(.site(.command(command.id, .written(at: now.uptime))))
            offer(.site(.command(command.id, .confirmed(at: now.uptime))))
        }
    }
}
