// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Testing

/// What the passage of a resident costs the flash: real records, from engine and lane, in a real journal.
@Suite(.timeLimit(.minutes(2)))
struct PassageCostTests {
    enum Traffic: CaseIterable {
        /// The next car comes when the arm is down and everything said of the last is on disk.
        case sparse
        /// The next car comes seconds after the arm is down.
        case dense
    }

    @Test(arguments: [LanePlan.Closing.controller, .gateway], Traffic.allCases)
    func `a passage costs three commits and sixteen pages of the log, from the read to the arm down`(
        closing: LanePlan.Closing, traffic: Traffic
    ) async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var gate = try Gatehouse(open, closing: closing)
        try await gate.begin()
        var costs: [Cost] = []
        for number in 0..<40 {
            let before = gate.commits
            try await open.journal.writerQueue.writeWithoutTransaction { db in
                _ = try db.checkpoint(.truncate)
            }
            let lane = number % 2
            try await gate.passage(lane, resident: number / 2)
            await gate.wait(traffic == .sparse ? .seconds(20) : .seconds(2))
            let log = open.journal.folder.size(of: open.journal.folder.writeAheadLog)
            costs.append(
                Cost(
                    commits: gate.commits - before,
                    frames: Int(max(0, log - 32)) / (StoreDatabase.pageSize + 24)))
        }
        #expect(gate.openings == 40 && gate.passages == 40)
        let commits = costs.map(\.commits)
        let frames = costs.map(\.frames)
        #expect((commits.max() ?? .max) <= 3, "\(commits)")
        #expect((frames.max() ?? .max) <= 16, "\(frames)")
    }

    private struct Cost {
        var commits: Int
        var frames: Int
    }
}

/// An entry and an exit with all their loops and limits, driven in virtual time; the disk is a real one.
private struct Gatehouse {
    private(set) var commits = 0
    private(set) var openings = 0
    private(set) var passages = 0
    private var state: EngineState
    private var now = Moment(
        uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 1_760_000_000_000))
    private var reads = 0
    private var hasClosed = false
    private let open: OpenJournal
    private let closing: LanePlan.Closing
    private static let inputs: [LaneInput] = [.presence, .safety(0), .clear, .limitUp, .limitDown]

    init(_ open: OpenJournal, closing: LanePlan.Closing) throws {
        self.open = open
        self.closing = closing
        var plan = SitePlan(id: "cost")
        plan.areas = [AreaPlan(name: "main", capacity: 500)]
        for index in 0..<2 {
            plan.devices.append(
                DevicePlan(name: "board-\(index)", profile: "p", driver: "modbus-relay", address: "/dev/x"))
            var lane = LanePlan(
                name: index == 0 ? "north" : "south", kind: index == 0 ? .entry : .exit, area: AreaID(0),
                closing: closing)
            lane.presence = .loop
            lane.safety = [.loop]
            lane.clear = .loop
            lane.hasLimitUp = true
            lane.hasLimitDown = true
            lane.outputs = closing == .gateway ? [.open, .close, .red, .green] : [.open, .red, .green]
            plan.lanes.append(lane)
            for (channel, output) in [LaneOutput.open, .close, .red, .green].enumerated()
            where lane.outputs.contains(output) {
                plan.outputs.append(
                    OutputWire(
                        terminal: Terminal(DeviceID(index), channel + 1), lane: LaneID(index), output: output)
                )
            }
            for (channel, input) in Self.inputs.enumerated() {
                plan.inputs.append(
                    InputWire(
                        terminal: Terminal(DeviceID(index), channel + 1),
                        meaning: .lane(LaneID(index), input), contact: .normallyOpen, source: .modbus,
                        staleAfter: .milliseconds(300)))
            }
        }
        for index in 0..<2 {
            plan.devices.append(
                DevicePlan(
                    name: "camera-\(index)", profile: "p", driver: "hikvision-isapi", address: "127.0.0.1"))
            plan.cameras.append(
                CameraWire(
                    device: DeviceID(2 + index), lane: LaneID(index),
                    direction: index == 0 ? .in : .out))
        }
        var builder = DirectoryBuilder()
        for number in 0..<600 {
            let plate = try #require(Plate(Self.plate(number)))
            try builder.set(Permit(id: Int64(number + 1), plate: plate, holder: "resident \(number)"))
        }
        state = EngineState(
            site: Site(
                plan: plan, memory: SiteMemory(), directory: try builder.build(asOf: Sequence(0)),
                nextSequence: Sequence(601), boot: "boot-1"))
    }

    static func plate(_ number: Int) -> String { "沪A\(10_000 + number)" }

    /// The permits are rows of the journal, too: its trees are as deep as a site's.
    mutating func begin() async throws {
        var memory = SiteMemory()
        var records: [Record] = []
        for number in 0..<600 {
            let plate = try #require(Plate(Self.plate(number)))
            let permit = Permit(id: Int64(number + 1), plate: plate, holder: "resident \(number)")
            let fact = Fact.directory(.permitSet(permit), by: nil, reason: "import")
            let sequence = Sequence(Int64(number + 1))
            records.append(
                Record(
                    sequence: sequence, kind: fact.kind, at: now, boot: "boot-1", payload: fact.payload,
                    changes: memory.apply(fact, sequence, at: now)))
        }
        await open.commit(records)
        await offer(
            .site(.started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false))))
        for lane in 0..<2 {
            for input in Self.inputs { await level(lane, input, input == .limitDown) }
        }
        await wait(.seconds(30))
    }

    mutating func passage(_ lane: Int, resident: Int) async throws {
        let before = openings
        hasClosed = false
        await level(lane, .presence, true)
        await wait(.milliseconds(400))
        reads += 1
        let raw = "蓝\(Self.plate(resident))"
        let claim = PlateObservation(
            raw: raw, color: .blue, declaredKind: .smallCivil, confidence: 97, direction: .approach,
            capturedAt: now.wall, duplicateKey: "00000000-0000-4000-8000-\(1_000_000_000_000 + reads)")
        await offer(
            .site(
                .observed(
                    Observation(
                        device: DeviceID(2 + lane), plate: claim, capturedAt: now.uptime, clockOffset: .zero,
                        receivedAt: now.uptime), reply: ReplyID(UInt64(reads)))))
        await wait(.seconds(1))
        try #require(openings == before + 1, "the read of \(raw) did not open")
        await level(lane, .limitDown, false)
        await wait(.milliseconds(900))
        await level(lane, .limitUp, true)
        await wait(.milliseconds(700))
        await level(lane, .safety(0), true)
        await wait(.milliseconds(600))
        await level(lane, .presence, false)
        await level(lane, .clear, true)
        await wait(.milliseconds(700))
        await level(lane, .safety(0), false)
        await wait(.milliseconds(600))
        await level(lane, .clear, false)
        if closing == .gateway {
            await wait(.seconds(3))
            try #require(hasClosed, "no close was commanded")
        } else {
            await wait(.milliseconds(1200))
        }
        await level(lane, .limitUp, false)
        await wait(.milliseconds(900))
        await level(lane, .limitDown, true)
    }

    mutating func wait(_ duration: Duration) async {
        let end = now.uptime + duration
        while let due = state.nextDeadline, due <= end {
            go(to: max(due, now.uptime))
            await offer(.wake)
        }
        go(to: end)
    }

    private mutating func level(_ lane: Int, _ input: LaneInput, _ isOn: Bool) async {
        let channel = (Self.inputs.firstIndex(of: input) ?? 0) + 1
        let terminal = Terminal(DeviceID(lane), channel)
        await offer(.site(.input(terminal, isOn ? .on : .off, since: now.uptime)))
    }

    private mutating func go(to instant: Uptime) {
        now = Moment(uptime: instant, wall: now.wall + (instant - now.uptime))
    }

    private mutating func offer(_ input: EngineInput) async {
        let output = state.absorb(input, at: now)
        passages += output.made.count { $0.kind == "passageCompleted" }
        if let last = output.records.last {
            await open.commit(output.records)
            commits += 1
            // A commit takes its time, a fifth of a grant's patience.
            go(to: now.uptime + .milliseconds(20))
            await offer(.journal(.committed(through: last.sequence.number)))
        }
        for command in output.commands {
            if case .pulse = command.action, command.output == .open { openings += 1 }
            if command.output == .close { hasClosed = true }
            await offer(.site(.command(command.id, .written(at: now.uptime))))
            await offer(.site(.command(command.id, .confirmed(at: now.uptime))))
        }
    }
}
