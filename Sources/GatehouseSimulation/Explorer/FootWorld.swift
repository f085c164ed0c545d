// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A mistake planted into a turnstile or a door, to see that it is found.
package enum FootDefect: String, Hashable, Sendable, CaseIterable {
    case ignoresFire
    /// Sends every passage twice.
    case countsTwice
    /// Never hears of the button while somebody is let in.
    case ignoresButtonWhileServing
    /// Locks whatever the contact says.
    case locksAlways
}

/// One turnstile or door with its clock and its surroundings: people, a unit that locks by itself, a leaf. Contacts say
/// what is so, and are believed before the next thing happens; one that says anything else is a fault.
package struct FootWorld: ExploredWorld {
    package private(set) var walkway: Walkway
    package private(set) var now = Moment(
        uptime: Uptime(nanoseconds: 1_000_000_000_000), wall: WallTime(milliseconds: 1_700_000_000_000))
    private let plan: WalkwayPlan
    private let scope: FootScope
    private let defect: FootDefect?
    private var judge: FootJudge
    /// When the unit locks by itself, by way.
    private var released: [TravelDirection: Uptime] = [:]
    /// Relays that are on and stay so.
    private var on: Set<LaneOutput> = []
    private var isLeafOpen = false
    private var said: [WalkwayInput: Level] = [:]
    private var lie: (input: WalkwayInput, level: Level)?
    /// Somebody stands on this contact just now.
    private var pressed: WalkwayInput?
    private var fire = Level.off
    private var outputsFailed = false
    private var lastOpening: LaneOutput?
    private var faultsLeft: Int
    private var records: Int64 = 0
    package private(set) var violations: [String] = []

    package init(plan: WalkwayPlan, scope: FootScope, defect: FootDefect? = nil) {
        self.plan = plan
        self.scope = scope
        self.defect = defect
        faultsLeft = scope.faults
        walkway = Walkway(plan: plan, id: LaneID(0))
        judge = FootJudge(plan: plan)
        begin(LaneMemory())
    }

    package var phaseName: String { walkway.phaseName }

    private mutating func begin(_ memory: LaneMemory) {
        send(.started(memory))
        send(.fire(fire, since: now.uptime))
        look()
        wait(.milliseconds(200))
    }

    package var fingerprint: LaneFingerprint {
        var print = LaneFingerprint()
        walkway.mix(into: &print, at: now)
        judge.mix(into: &print, at: now)
        let due = walkway.pendingTimers
        for direction in [TravelDirection.in, .out] {
            let lock = released[direction]
            print.mix(lock != nil)
            print.mix(lock.map { lock in due.count { $0.at <= lock } } ?? 15, bits: 4)
        }
        for output in [LaneOutput.holdIn, .holdOut, .unlock] { print.mix(on.contains(output)) }
        print.mix(isLeafOpen)
        print.mix(fire)
        print.mix(outputsFailed)
        print.mix(lastOpening != nil)
        print.mix(min(faultsLeft, 3), bits: 2)
        print.mix(lie.flatMap { plan.inputs.sorted().firstIndex(of: $0.input) } ?? 15, bits: 4)
        print.mix(lie?.level ?? .unknown)
        print.finish()
        return print
    }

    // MARK: - Moves

    package var moves: [FootMove] {
        var moves: [FootMove] = [.nextTimer]
        moves += Self.waits.filter { mayPass(.seconds($0)) }.map { .passes($0) }
        for role in scope.roles {
            moves.append(.shows(role, .in))
            if plan.kind == .turnstile { moves.append(.shows(role, .out)) }
        }
        if plan.has(.exitButton) { moves.append(.presses) }
        for direction in ways {
            if isOpen(direction) { moves.append(.goes(direction)) }
            if !isOpen(direction) { moves.append(.breaksThrough(direction)) }
        }
        if isLeafOpen { moves.append(.leafShuts) }
        if scope.parts.contains(.people) {
            let actions: [LaneOrder.Action] = [
                .open, .holdOpen(until: nil), .holdClosed(until: nil), .release,
            ]
            moves += actions.map { .person($0) }
        }
        if scope.parts.contains(.fire) {
            for level in Level.allCases where level != fire { moves.append(.fire(level)) }
            moves.append(.fireReset)
        }
        moves.append(.outputs(isFailed: !outputsFailed))
        moves += [.inputsFail, .restart]
        if lastOpening != nil { moves.append(.expires) }
        if lie != nil {
            moves.append(.tellsTheTruth)
        } else {
            for input in plan.inputs.sorted() {
                for level in Level.allCases where level != truth(input) { moves.append(.lies(input, level)) }
            }
        }
        return faultsLeft > 0 ? moves : moves.filter { !$0.isFault }
    }

    /// A leaf is moved whichever way somebody goes.
    private var ways: [TravelDirection] { plan.kind == .turnstile ? [.in, .out] : [.in] }

    private func isOpen(_ direction: TravelDirection) -> Bool {
        switch plan.kind {
        case .turnstile: on.contains(direction == .in ? .holdIn : .holdOut) || released[direction] != nil
        case .door: on.contains(.unlock) || isLeafOpen
        }
    }

    package mutating func make(_ move: FootMove) {
        if move.isFault { faultsLeft -= 1 }
        judge.begin(move)
        switch move {
        case .nextTimer: letTimePass()
        case .passes(let seconds): wait(.seconds(seconds))
        case .shows(let role, let direction): show(role, direction)
        case .presses: press()
        case .goes(let direction): go(direction)
        case .breaksThrough(let direction): go(direction, isForced: true)
        case .leafShuts:
            isLeafOpen = false
            look()
            wait(.milliseconds(200))
        case .person(let action):
            let by = Operator(channel: "socket", name: "explorer")
            send(.person(LaneOrder(action: action, by: by, reason: "exploration", isOnSite: true)))
        case .fire(let level):
            fire = level
            send(.fire(level, since: now.uptime))
            wait(level == .off ? .milliseconds(10) : .milliseconds(150))
        case .fireReset: send(.fireReset)
        case .outputs(let isFailed):
            outputsFailed = isFailed
            send(.fault(.outputs, isRaised: isFailed))
        case .inputsFail:
            for input in plan.inputs.sorted() {
                said[input] = .unknown
                send(.input(input, .unknown, since: now.uptime))
            }
            wait(.milliseconds(100))
        case .expires: expire()
        case .restart: restart()
        case .lies(let input, let level): lie = (input, level)
        case .tellsTheTruth:
            lie = nil
            look()
            // Two edges so near would be one person.
            wait(.milliseconds(400))
        }
        look()
        violations += judge.end(
            move, walkway, isOut: isOpen(.out), on: on, areOutputsSound: !outputsFailed,
            isHeard: { lie?.input != $0 && said[$0] != .unknown }, at: now)
    }

    private mutating func show(_ role: FootRole, _ direction: TravelDirection) {
        guard let card = role.card else { return }
        records += 1
        send(.card(CardRead(record: Sequence(records), card: card, direction: direction)))
        wait(.milliseconds(10))
    }

    private mutating func press() {
        pressed = .exitButton
        look()
        wait(.milliseconds(200))
        pressed = nil
        look()
    }

    private mutating func go(_ direction: TravelDirection, isForced: Bool = false) {
        guard plan.kind == .turnstile else {
            isLeafOpen = true
            look()
            return wait(.milliseconds(200))
        }
        if !isForced { released[direction] = nil }
        pressed = direction == .in ? .passageIn : .passageOut
        look()
        wait(.milliseconds(200))
        pressed = nil
        look()
        wait(.milliseconds(200))
    }

    private mutating func expire() {
        guard let output = lastOpening else { return }
        lastOpening = nil
        // It never left: what it did is undone.
        switch output {
        case .releaseIn: released[.in] = nil
        case .releaseOut: released[.out] = nil
        default: on.remove(output)
        }
        judge.excuse()
        send(.command(output, .expired))
    }

    private mutating func restart() {
        let memory = judge.memory
        walkway = Walkway(plan: plan, id: LaneID(0))
        judge.restarted()
        said = [:]
        lastOpening = nil
        if !memory.staysOpen { on.subtract([.holdIn, .holdOut]) }
        begin(memory)
    }

    // MARK: - Contacts

    private func truth(_ input: WalkwayInput) -> Level {
        switch input {
        case .doorContact: isLeafOpen ? .on : .off
        case .home: .on
        default: input == pressed ? .on : .off
        }
    }

    /// Contacts say what is so, until that is believed.
    private mutating func look() {
        for input in plan.inputs.sorted() {
            let level = lie.map { $0.input == input ? $0.level : truth(input) } ?? truth(input)
            guard level != said[input] else { continue }
            said[input] = level
            send(.input(input, level, since: now.uptime))
        }
        while walkway.timers.contains(where: { $0.timer.isSettling }) { fireNext() }
    }

    // MARK: - Time

    private static let waits = [1, 900]

    private func mayPass(_ span: Duration) -> Bool {
        let end = now.uptime + span
        return !walkway.pendingTimers.contains { $0.at <= end } && !released.values.contains { $0 <= end }
    }

    private var nextInMachine: ArmedTimers<WalkwayTimer>.Entry? { walkway.timers.min { $0.at < $1.at } }

    private mutating func fireNext() {
        guard let next = nextInMachine else { return }
        pass(to: max(next.at, now.uptime))
        send(.timer(next.timer))
    }

    /// Timers that only speak come along with the next thing that does more.
    private mutating func letTimePass() {
        let machine = walkway.pendingTimers.min { $0.at < $1.at }?.at
        guard let next = [machine, released.values.min()].compactMap({ $0 }).min() else { return }
        wait(max(next - now.uptime, .zero))
    }

    /// Nothing happens but what is due.
    private mutating func wait(_ span: Duration) {
        let end = now.uptime + span
        while let next = nextInMachine, next.at <= end { fireNext() }
        pass(to: end)
    }

    private mutating func pass(to end: Uptime) {
        now.wall = now.wall + (end - now.uptime)
        now.uptime = end
        for direction in [TravelDirection.in, .out] where released[direction].map({ $0 <= end }) ?? false {
            released[direction] = nil
        }
    }

    // MARK: - Talking

    private mutating func send(_ event: WalkwayEvent) {
        var queue = [event]
        var next = 0
        while next < queue.count, next < 32 {
            let event = queue[next]
            next += 1
            let said = isSwallowed(event) ? [] : walkway.step(event, at: now)
            for effect in spoilt(said) {
                let contact = self.said[.doorContact] ?? .unknown
                violations += judge.judge(effect, contactSaysOpen: isLeafOpen && contact == .on, at: now)
                switch effect {
                case .decide(let id, let request): queue.append(.decided(id, answer(request)))
                case .command(let output, let action, _, let life, _):
                    obey(output, action, mayExpire: life != nil)
                    if outputsFailed, life != nil { queue.append(.command(output, .expired)) }
                default: break
                }
            }
        }
    }

    private mutating func obey(_ output: LaneOutput, _ action: OutputAction, mayExpire: Bool) {
        guard !outputsFailed else { return }
        switch (output, action) {
        case (.releaseIn, .pulse): released[.in] = now.uptime + plan.timers.unitTimeout
        case (.releaseOut, .pulse): released[.out] = now.uptime + plan.timers.unitTimeout
        case (_, .on): on.insert(output)
        case (_, .off): on.remove(output)
        default: return
        }
        if [.releaseIn, .releaseOut, .unlock].contains(output) {
            lastOpening = action == .off || !mayExpire ? nil : output
        }
    }

    private func answer(_ request: AccessRequest) -> Decision {
        let role = FootRole.allCases.first { $0.card == request.card }
        let isIn = request.direction == .in
        if isIn, request.isHeldClosed || role == .stranger || role == nil {
            return Decision(
                verdict: .deny, reason: .credentialUnknown, rule: 5, card: request.card?.masked)
        }
        return Decision(
            verdict: .grant, reason: isIn ? .granted : .exitAlways, rule: 18, card: request.card?.masked)
    }

    // MARK: - Planted defects

    private func isSwallowed(_ event: WalkwayEvent) -> Bool {
        switch (defect, event) {
        case (.ignoresFire, .fire): true
        case (.ignoresButtonWhileServing, .input(.exitButton, .on, _)):
            ["released in", "unlocked"].contains(walkway.phaseName)
        default: false
        }
    }

    private func spoilt(_ effects: [WalkwayEffect]) -> [WalkwayEffect] {
        switch defect {
        case .countsTwice:
            effects.flatMap { effect in
                if case .record(.passage) = effect { [effect, effect] } else { [effect] }
            }
        case .locksAlways where isLeafOpen && on.contains(.unlock) && walkway.phaseName == "open":
            effects + [.command(.unlock, .off, .safety, life: nil, cause: .idle)]
        default: effects
        }
    }
}

extension WalkwayTimer {
    fileprivate var isSettling: Bool {
        if case .settle = self { true } else { false }
    }
}
