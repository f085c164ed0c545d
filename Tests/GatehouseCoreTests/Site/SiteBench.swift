// SPDX-License-Identifier: Apache-2.0

@testable import GatehouseCore

/// A started site with virtual time: fires its timers in the order of their deadlines and keeps what it wanted.
struct SiteBench {
    static let wang = Operator(channel: "socket", name: "wang")

    var site: Site
    var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
    private(set) var effects: [SiteEffect] = []
    private(set) var timers: [SiteTimer: Uptime] = [:]

    init(
        _ plan: SitePlan, _ memory: SiteMemory = SiteMemory(), directory: Directory = .empty,
        at wall: WallTime = WallTime(milliseconds: 0)
    ) {
        site = Site(plan: plan, memory: memory, directory: directory, nextSequence: Sequence(1), boot: "b")
        now.wall = wall
        send(.started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)))
    }

    /// Another process over the same journal; what the one before wanted is forgotten.
    mutating func restart(_ site: Site) {
        self.site = site
        (effects, timers) = ([], [:])
        send(.started(ProcessStart(version: "t", planHash: "h", wasClean: false, isNewBoot: false)))
    }

    mutating func send(_ event: SiteEvent) { wanted(site.step(event, at: now)) }

    mutating func wanted(_ new: [SiteEffect]) {
        for effect in new {
            effects.append(effect)
            switch effect {
            case .startTimer(let timer, let deadline): timers[timer] = deadline
            case .stopTimer(let timer): timers[timer] = nil
            default: break
            }
        }
    }

    mutating func advance(_ span: Duration) {
        let end = now.uptime + span
        while let next = timers.values.min(), next <= end {
            go(to: next)
            let due = timers.filter { $0.value == next }.keys.sorted { "\($0)" < "\($1)" }
            for timer in due where timers[timer] == next {
                timers[timer] = nil
                send(.timer(timer))
            }
        }
        go(to: end)
    }

    private mutating func go(to uptime: Uptime) {
        now.wall = now.wall + (uptime - now.uptime)
        now.uptime = uptime
    }

    mutating func level(_ terminal: Terminal, _ level: Level, for span: Duration = .milliseconds(400)) {
        send(.input(terminal, level, since: now.uptime))
        advance(span)
    }

    /// nil: it was carried out.
    @discardableResult
    mutating func order(_ action: LaneOrder.Action, _ lane: String, onSite: Bool = false) -> String? {
        let before = answers.count
        send(
            .order(
                lane: lane, LaneOrder(action: action, by: Self.wang, reason: "TEST", isOnSite: onSite),
                reply: ReplyID(1)))
        for case .refused(_, let message) in answers.dropFirst(before) { return message }
        return nil
    }

    mutating func reload(_ plan: SitePlan) { send(.plan(plan, hash: "n")) }
    mutating func forget() { effects = [] }

    var records: [Record] { effects.compactMap { if case .record(let record) = $0 { record } else { nil } } }
    var answers: [Answer] {
        effects.compactMap { if case .answer(_, let answer, _) = $0 { answer } else { nil } }
    }

    /// Lanes whose arm was commanded to rise, in order.
    var openings: [LaneID] {
        effects.compactMap { effect in
            guard case .command(let command) = effect, command.output == .open, command.action != .off
            else { return nil }
            return command.lane
        }
    }
}

extension SitePlan {
    /// One area and these lanes; every lane has a board of its own with its opening at channel 1.
    static func bench(_ lanes: LanePlan...) -> SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        for (index, lane) in lanes.enumerated() {
            let board = "board-\(lane.name)"
            plan.devices.append(
                DevicePlan(name: board, profile: "p", driver: "modbus-relay", address: "/dev/\(lane.name)"))
            plan.lanes.append(lane)
            plan.outputs.append(
                OutputWire(terminal: Terminal(DeviceID(index), 1), lane: LaneID(index), output: .open))
        }
        return plan
    }

    mutating func wire(_ terminal: Terminal, _ meaning: InputWire.Meaning) {
        inputs.append(
            InputWire(
                terminal: terminal, meaning: meaning, contact: .normallyClosed, source: .modbus,
                staleAfter: .seconds(2)))
    }
}
