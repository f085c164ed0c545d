// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Bugs put between the engine and the world on purpose: a checker that finds none of them checks nothing.
package enum PlantedBug: String, CaseIterable, Sendable {
    /// A grant's pulse goes out twice.
    case doublePulse
    /// Records are called durable before they are.
    case earlyCommit
    /// A re-sent read is taken for a live one.
    case actOnResent
    /// A misread near a permit becomes that permit's plate, silently.
    case silentMisread
    /// A close 4 s after each opening, without its guards.
    case unguardedClose
    /// The interlock is forgotten.
    case noInterlock
    /// The exit's stay record is one too many or few: the area's row says one car more.
    case countOffByOne
    /// A place is given away that the reserve keeps for residents.
    case ignoreReserve
    /// A repeated entry leaves the old stay open.
    case twoStays
    /// A record is lost on its way to the journal.
    case skipRecord
    /// Two records change places.
    case reorderRecords
    /// A commit that failed in its answer is written twice.
    case commitTwice
    /// A household's second car is refused.
    case refuseHousehold
    /// The latch of a fire release is forgotten at a restart.
    case forgetFireLatch
    /// After some hours no opening of a way in leaves the process.
    case deafOutputs
    /// A row is not written with its record.
    case loseRow
    /// Every fortieth answer is given for a record that never comes.
    case falseAnswer
    /// An arm that leaves its lower limit without a command is not noticed.
    case blindToOthers
    /// Who acted before its record was durable names another record.
    case silentHaste
    /// A restart says that it follows an orderly stop.
    case forgetCrash
    /// A loop that said "occupied" for however long is believed when it says "free".
    case trustForgetfulLoop
    /// A count below zero is written as zero, one beyond the capacity as the capacity.
    case clampCount
    /// The uplink stores its cursor ahead of what upstream confirmed.
    case greedyCursor
    /// A turnstile releases for a card that was refused.
    case releaseRefused
    /// The exit button is not heard while somebody is let in, and for a while after.
    case deafExitButton
    /// What a fire release wants of turnstile and door does not reach them.
    case fireKeepsShut
    /// The passage contact says everything twice.
    case countPeopleTwice
    /// A door locks a second and a half after it was unlocked, whatever its contact says.
    case boltOpenDoor
    /// A door that opens while it is locked is not noticed.
    case blindToForcing
    /// A door that stands open is not reported.
    case patientDoor
    /// Refusals are not shown.
    case silentRefusal
    /// Welcome and goodbye do not reach the display.
    case unfriendlyDisplay
    /// The ordinary text does not reach the display: what was said to the last vehicle stays.
    case forgetfulDisplay
    /// That a card does not answer is not reported.
    case blindToSilence
    /// What is asked of a vehicle does not reach the display.
    case silentCashier
    /// Everybody who leaves is thanked for paying.
    case thanksAll
    /// A grant's pulse waits until its text is on the board.
    case textBeforeArm
    /// A record that a camera sends again is new every time.
    case forgetsRecords
    /// Answers that open leave a second and a half late.
    case slowAnswer
    /// The answer to every plate opens.
    case opensForAll
    /// Half an hour costs a yuan more than the board says.
    case overcharge
    /// A payment that is told again is booked again.
    case bookTwice
    /// Every third payment is confirmed and lost.
    case losesPayment
    /// Twice as much is given back as was paid.
    case refundsTwice
    /// What a vehicle left owing is not remembered.
    case forgetsDebt
    /// Money for one stay opens for whoever stands at a lane.
    case creditsNext
    /// Vehicles of households are kept at the exit for money.
    case keepsHouseholds
    /// The arm rises a second and a half after the payment.
    case slowAfterPayment
    /// Who need not pay any more by a guard's word stays before a shut arm.
    case deafToReleases
    /// A provider is asked before anybody could know of it after a power cut.
    case asksEarly
    /// An order that nobody answers is taken for refused.
    case believesVoid
    /// Money of an order comes without its number.
    case forgetsOrder
    /// A coupon that is given again is another one.
    case grantsTwice
    /// What merchants give is the site's to bear.
    case siteBearsAll
    /// Where the best coupon counts alone, all of them count.
    case stacksBest
    /// Where the largest of each kind counts, all of a kind do.
    case stacksKinds
    /// The tariff of a coupon is dearer than its board says.
    case dearOtherTariff
    /// Time that is free ends ten minutes early.
    case shortensPeriod
    /// What was drawn from a balance is still in it.
    case forgetsDraw
    /// Residents' guests are not known.
    case guestsPay
    /// Guests come in on their pass however often it says.
    case endlessVisits
    /// A guest's pass is used up an entry early: as if an attempt had been counted.
    case stingyVisits

    /// The promise that it breaks: another checker that cries first has not found it.
    package var checkers: Set<String> {
        switch self {
        case .doublePulse, .actOnResent, .silentMisread, .blindToOthers, .silentHaste, .forgetCrash,
            .releaseRefused, .blindToForcing:
            ["S1"]
        case .unguardedClose, .trustForgetfulLoop, .boltOpenDoor: ["S2"]
        case .fireKeepsShut: ["H-27"]
        case .forgetFireLatch: ["S2", "H-27"]
        case .noInterlock: ["S3"]
        case .ignoreReserve, .countOffByOne, .clampCount, .countPeopleTwice: ["S4"]
        case .twoStays: ["S5"]
        case .earlyCommit, .skipRecord, .reorderRecords, .commitTwice, .falseAnswer, .greedyCursor: ["S6"]
        case .loseRow: ["S8"]
        case .unfriendlyDisplay, .silentCashier: ["D1"]
        case .thanksAll: ["D5"]
        case .forgetfulDisplay: ["D2"]
        case .blindToSilence: ["D3"]
        case .textBeforeArm: ["D4"]
        case .forgetsRecords: ["A1"]
        case .slowAnswer: ["A2"]
        case .opensForAll: ["A3"]
        case .overcharge, .bookTwice, .losesPayment, .refundsTwice, .forgetsDebt, .creditsNext,
            .forgetsOrder, .grantsTwice, .siteBearsAll, .stacksBest, .stacksKinds, .dearOtherTariff,
            .shortensPeriod, .forgetsDraw:
            ["S7"]
        case .guestsPay: ["S7", "S9"]
        case .endlessVisits: ["S1", "S7"]
        case .slowAfterPayment: ["M1"]
        case .deafToReleases: ["M2"]
        case .asksEarly, .believesVoid: ["M3"]
        case .refuseHousehold, .deafExitButton, .keepsHouseholds, .stingyVisits: ["S9"]
        case .deafOutputs, .patientDoor, .silentRefusal: ["L1"]
        }
    }

    /// The only form of site in which there is what it breaks; nil: every form may show it.
    var form: Estate.Form? {
        switch self {
        case .noInterlock: .interlocked
        case .forgetsRecords, .slowAnswer, .opensForAll: .answering
        default: nil
        }
    }

    /// Only where vehicles pay there is what it breaks.
    var isOfMoney: Bool {
        switch self {
        case .overcharge, .bookTwice, .losesPayment, .refundsTwice, .forgetsDebt, .creditsNext,
            .keepsHouseholds, .slowAfterPayment, .deafToReleases, .asksEarly, .believesVoid, .forgetsOrder,
            .grantsTwice, .siteBearsAll, .stacksBest, .stacksKinds, .dearOtherTariff, .shortensPeriod,
            .forgetsDraw, .guestsPay, .endlessVisits, .stingyVisits:
            true
        default: false
        }
    }
}

/// Carries out a planted bug; without one it changes nothing.
struct Saboteur {
    let bug: PlantedBug?
    let plan: SitePlan
    var count = 0
    private var lastOpening = Uptime.zero
    /// Commands that go out with the first step after their time.
    private var delayed: [(command: DeviceCommand, at: Uptime)] = []
    /// Inputs that come again after their time.
    private var echoes: [(input: EngineInput, at: Uptime)] = []
    private var lastRelease = Uptime.zero
    private var lastUnlock = Uptime.zero
    var money = MoneySabotage()

    init(_ bug: PlantedBug?, _ estate: Estate) {
        self.bug = bug
        var plan = estate.plan
        switch bug {
        case .noInterlock: for index in plan.lanes.indices { plan.lanes[index].interlockSet = nil }
        case .refuseHousehold: plan.policy.quotaEntry = .refuse
        case .ignoreReserve: for index in plan.areas.indices { plan.areas[index].reserve = 0 }
        case .trustForgetfulLoop:
            for index in plan.lanes.indices { plan.lanes[index].timers.tuneOut = .seconds(86_400) }
        case .overcharge:
            guard var dear = estate.prices else { break }
            dear.board = dear.board.dearer(by: 100)
            dear.next = dear.next.dearer(by: 100)
            plan.pricing = dear.plan
        case .stacksBest: plan.pricing = estate.prices?.stackingAll(insteadOf: .bestOne).plan
        case .stacksKinds: plan.pricing = estate.prices?.stackingAll(insteadOf: .onePerKind).plan
        case .dearOtherTariff:
            guard var dear = estate.prices else { break }
            dear.others = dear.others.map { $0.dearer(by: 100) }
            plan.pricing = dear.plan
        case .patientDoor:
            for index in plan.walkways.indices { plan.walkways[index].timers.openMax = .seconds(86_400) }
        default: break
        }
        self.plan = plan
    }

    func memory(_ memory: SiteMemory) -> SiteMemory {
        switch bug {
        case .forgetFireLatch: return memory.withoutFireLatch
        case .forgetCrash:
            var memory = memory
            _ = memory.apply(.processStopped, Sequence(0), at: .midnight)
            return memory
        default: return memory
        }
    }

    /// What a directory is built from in the place of a row; nil: nothing.
    func row(_ value: [UInt8]) -> [UInt8]? {
        let isAboutGuests = bug.map { [.guestsPay, .endlessVisits, .stingyVisits].contains($0) } ?? false
        guard isAboutGuests, var permit = try? Permit(from: Fields(value)), let visit = permit.visit else {
            return value
        }
        switch (bug, visit.entries) {
        case (.guestsPay, _), (.stingyVisits, 1): return nil
        case (.stingyVisits, let entries?): permit.visit?.entries = entries - 1
        case (.endlessVisits, _): permit.visit?.entries = nil
        default: break
        }
        return FieldWriter.object(permit.write)
    }

    func cursor(_ sequence: Sequence) -> Sequence {
        bug == .greedyCursor ? Sequence(sequence.number + 5) : sequence
    }

    mutating func inputs(_ input: EngineInput, at now: Uptime) -> [EngineInput] {
        guard let bug else { return [input] }
        if let meaning = footMeaning(of: input) { return footInputs(bug, input, meaning, at: now) }
        switch (bug, input) {
        case (.blindToSilence, .site(.device(_, .faultRaised(code: "display_silent", _, _)))): return []
        case (.blindToOthers, .site(.input(let terminal, .off, _)))
        where terminal.channel == Estate.Input.down && now - lastOpening > .seconds(20):
            return []
        case (.actOnResent, .site(.observed(var observation, let reply))):
            observation.isFresh = true
            observation.plate.isLive = true
            return [.site(.observed(observation, reply: reply))]
        case (.silentMisread, .site(.observed(var observation, let reply))):
            let read = Plate(observation.plate.raw)
            let near = (0..<Simulation.residents).map(PlateMaker.plate).first { known in
                read.map { $0 != known && $0.differs(from: known) == 1 } ?? false
            }
            if let near { observation.plate.raw = near.text }
            return [.site(.observed(observation, reply: reply))]
        case (_, .site(.operation(.money(let order), let by, let reply))):
            return moneyInputs(bug, order, by, reply, at: now)
        default: return [input]
        }
    }

    private func footMeaning(of input: EngineInput) -> WalkwayInput? {
        guard case .site(.input(let terminal, _, _)) = input,
            case .walkway(_, let role)? = plan.inputs.first(where: { $0.terminal == terminal })?.meaning
        else { return nil }
        return role
    }

    private mutating func footInputs(
        _ bug: PlantedBug, _ input: EngineInput, _ role: WalkwayInput, at now: Uptime
    ) -> [EngineInput] {
        guard case .site(.input(let terminal, let level, _)) = input else { return [input] }
        switch (bug, role) {
        case (.deafExitButton, .exitButton) where level == .on && now - lastRelease < .seconds(60): return []
        case (.blindToForcing, .doorContact) where level == .on && now - lastUnlock > .seconds(20): return []
        case (.countPeopleTwice, .passageIn) where level != .unknown:
            let again = now + .milliseconds(800)
            echoes.append((.site(.input(terminal, level, since: again)), again))
            return [input]
        default: return [input]
        }
    }

    /// What comes a second time, with instants of the process's own clock.
    mutating func echoes(at now: Uptime, own: (Uptime) -> Uptime) -> [EngineInput] {
        guard let first = echoes.first, first.at <= now else { return [] }
        let due = echoes.filter { $0.at <= now }
        echoes.removeAll { $0.at <= now }
        return due.map { one in
            guard case .site(.input(let terminal, let level, _)) = one.input else { return one.input }
            return .site(.input(terminal, level, since: own(one.at)))
        }
    }

    private mutating func changeFeet(_ bug: PlantedBug, _ output: inout EngineOutput, at now: Uptime) {
        for command in output.commands where command.action != .off {
            if [.releaseIn, .holdIn].contains(command.output) { lastRelease = now }
            if command.output == .unlock { lastUnlock = now }
        }
        let plan = plan
        func isOfWay(_ command: DeviceCommand) -> Bool { plan.walkwayIndex(command.lane) != nil }
        switch bug {
        case .fireKeepsShut: output.commands.removeAll { isOfWay($0) && $0.cause == "fire" }
        case .silentRefusal: output.commands.removeAll { isOfWay($0) && $0.output == .red }
        case .releaseRefused:
            for command in output.commands where command.output == .red && command.action == .on {
                guard
                    let wire = plan.outputs.first(where: {
                        $0.lane == command.lane && $0.output == .releaseIn
                    })
                else { continue }
                var release = again(command, 3_000_000)
                release.output = .releaseIn
                release.terminal = wire.terminal
                release.action = .pulse(.milliseconds(300))
                output.commands.append(release)
            }
        case .boltOpenDoor:
            for command in output.commands where command.output == .unlock && command.action == .on {
                var bolt = again(command, 4_000_000)
                bolt.action = .off
                delayed.append((bolt, now + .milliseconds(1500)))
            }
            release(&output, at: now)
        default: break
        }
    }

    mutating func change(_ output: inout EngineOutput, at now: Uptime) {
        guard let bug else { return }
        changeFeet(bug, &output, at: now)
        changeMoney(bug, &output, at: now)
        if output.commands.contains(where: { [.open, .hold].contains($0.output) && $0.action != .off }) {
            lastOpening = now
        }
        switch bug {
        case .doublePulse:
            for command in output.commands where command.output == .open && command.commandClass == .grant {
                delayed.append((again(command, 1_000_000), now + .milliseconds(800)))
            }
            release(&output, at: now)
        case .slowAfterPayment:
            let late = output.commands.filter { $0.output == .open && money.isPaying(at: now) }
            output.commands.removeAll { $0.output == .open && money.isPaying(at: now) }
            delayed += late.map { ($0, now + .milliseconds(1500)) }
            release(&output, at: now)
        case .textBeforeArm:
            let late = output.commands.filter { $0.output == .open && $0.cause == "grant" }
            output.commands.removeAll { $0.output == .open && $0.cause == "grant" }
            delayed += late.map { ($0, now + .milliseconds(900)) }
            release(&output, at: now)
        case .unguardedClose:
            for command in output.commands where command.output == .open {
                var close = again(command, 2_000_000)
                close.output = .close
                close.terminal.channel = Estate.Output.close
                delayed.append((close, now + .seconds(6)))
            }
            release(&output, at: now)
        case .deafOutputs where now > .zero + .seconds(4 * 3600):
            output.commands.removeAll { command in
                let wire = plan.outputs.first { $0.terminal == command.terminal }
                return command.output == .open
                    && wire.map { plan.lanes[$0.lane.index].kind != .exit } ?? false
            }
        case .believesVoid:
            for case .collect(let request) in output.notices where request.action == .query {
                let answer = CollectionAnswer(order: request.number, state: .refused)
                // Nobody waits for this reply.
                echoes.append(
                    (
                        .site(
                            .operation(
                                .money(.heard(answer)), by: Simulation.platform, reply: ReplyID(.max))), now
                    ))
            }
        case .falseAnswer:
            for index in output.answers.indices {
                count += 1
                guard count % 40 == 0, case .done(let sequence) = output.answers[index].answer else {
                    continue
                }
                output.answers[index].answer = .done(Sequence(sequence.number + 50))
            }
        default: break
        }
    }

    private func again(_ command: DeviceCommand, _ offset: Int64) -> DeviceCommand {
        var second = command
        second.id = DeviceCommand.ID(command.id.number + offset)
        second.mustBeOff = []
        second.expires = nil
        return second
    }

    private mutating func release(_ output: inout EngineOutput, at now: Uptime) {
        output.commands += delayed.filter { $0.at <= now }.map(\.command)
        delayed.removeAll { $0.at <= now }
    }

    mutating func records(_ records: [Record]) -> [Record] {
        guard let bug else { return records }
        var records = records
        count += [.skipRecord, .reorderRecords].contains(bug) ? records.count : 0
        switch bug {
        case .skipRecord where count > 300:
            records.removeFirst()
            count = 0
        case .reorderRecords where records.count > 1 && count > 200:
            records.swapAt(0, 1)
            count = 0
        case .countOffByOne:
            for index in records.indices where records[index].kind == "stayClosed" {
                Self.recount(&records[index]) { $0.correction += 1 }
            }
        case .clampCount:
            for index in records.indices {
                Self.recount(&records[index]) { row in
                    let beyond = max(0, row.occupancy - Estate.capacity)
                    row.correction -= min(0, row.occupancy) + beyond
                }
            }
        case .silentHaste:
            for index in records.indices where records[index].kind == "actedBeforeDurable" {
                records[index].payload = FieldWriter.object { $0.put("record", 0) }
            }
        case .twoStays:
            for index in records.indices where records[index].kind == "stayClosed" {
                let text = String(decoding: records[index].payload, as: UTF8.self)
                if text.contains("repeated_entry") { records[index].kind = "duplicateRead" }
            }
        case .refundsTwice, .forgetsDebt, .keepsHouseholds, .forgetsDraw: changeMoney(bug, &records)
        case .loseRow:
            for index in records.indices where records[index].kind == "stayOpened" {
                records[index].changes.removeAll { $0.row.table == .stay }
            }
        default: break
        }
        return records
    }

    private static func recount(_ record: inout Record, _ change: (inout AreaCount) -> Void) {
        for index in record.changes.indices where record.changes[index].row.table == .area {
            guard let value = record.changes[index].value, let fields = try? Fields(value),
                var count = try? AreaCount(from: fields)
            else { continue }
            change(&count)
            record.changes[index] = ProjectionChange(
                record.changes[index].row, FieldWriter.object { count.write(to: &$0) })
        }
    }

    mutating func results(_ result: JournalResult) -> [JournalResult] {
        if bug == .earlyCommit, case .committed(let through) = result {
            return [.committed(through: through + 20)]
        }
        return [result]
    }

    /// Writes the newest record a second time.
    mutating func wantsTwice(_ durable: Int) -> Bool {
        guard bug == .commitTwice, durable > count + 250 else { return false }
        count = durable
        return true
    }
}

extension Plate {
    /// Places that differ; many when the lengths do.
    func differs(from other: Plate) -> Int {
        count == other.count ? zip(symbols, other.symbols).count { $0 != $1 } : 99
    }
}

extension SiteMemory {
    var withoutFireLatch: SiteMemory {
        var memory = self
        for (lane, _) in memory.lanes.inOrder {
            var note = LaneNote(.fireReleaseEnded)
            note.flags = []
            _ = memory.apply(.laneNote(lane: lane, note, decision: nil), Sequence(0), at: .midnight)
        }
        return memory
    }
}

extension Moment {
    fileprivate static var midnight: Moment { Moment(uptime: .zero, wall: WallTime(milliseconds: 0)) }
}
