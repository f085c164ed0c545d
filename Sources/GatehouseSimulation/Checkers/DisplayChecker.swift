// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Judges displays by what their cards show and by the journal. D1: a decision's text stands there soon, on a card
/// that is whole, and what is asked of whoever waits, to the fen. D2: when nobody is at the lane, the ordinary text stands there again, with the free places of the
/// books. D3: a card that says nothing is reported, and no other one. D5: nobody is told
/// that it has paid who has not.
struct DisplayChecker {
    private struct Sign {
        var lane: Int
        var device: String
        /// Behind a camera, whence no answer comes: nobody can know whether it is there.
        var isPassed: Bool
        var lines: [String] = []
        /// nil: it is not whole.
        var wholeSince: Uptime? = .zero
        /// nil: it answers.
        var silentSince: Uptime?
        var isReported = false
    }

    private struct Grant {
        var number: Int64
        var plate: String
        var lane: String
        var at: Uptime
        var stay: Int64?
        var isOverQuota = false
    }

    private struct Expectation {
        var sign: Int
        /// One of these has to stand there.
        var texts: [String]
        /// And this.
        var also: String?
        /// What somebody is asked for who has gone by now is shown to nobody.
        var isAsked = false
        var isRefusal = false
        var what: String
        var since: Uptime
    }

    private let lanes: [String]
    private var signs: [Sign]
    private var expected: [Expectation] = []
    /// The newest grants whose vehicles have not passed, by the numbers of their records.
    private var grants: [Grant] = []
    /// Faults of lanes that stand, by subject and code.
    private var laneFaults: Set<String> = []
    /// Since when a lane is left alone, as far as orders of people go.
    private var orderedAt: [Uptime]
    /// When somebody was last there.
    private var usedAt: [Uptime]
    private var isHeld: [Bool]
    private var aliveSince: Uptime?
    /// By lane: what was asked there last, as a board says it.
    private var asked: [String?]
    /// Somebody waits there to pay.
    private var waitsToPay: [Bool]
    private var paidStays: Set<Int64> = []
    /// By board: what it should not say, and since when it was seen to.
    private var falseThanks: [Int: (what: String, since: Uptime?)] = [:]
    /// When the journal last said something about a stay: books and boards have to catch up.
    private var lastStayAt = Uptime.zero

    /// Two lines and the exchange before them, on a line that a board uses as well.
    private static let soon = Duration.milliseconds(1500)
    /// The new first line may stand over the old second one for so long.
    private static let betweenLines = Duration.milliseconds(500)
    /// No card promises delivery: what got lost is sent again within a minute.
    private static let repeated = Duration.seconds(75)
    /// Three frames without an answer, the first of them with the next repeat.
    private static let noticed = Duration.seconds(80)
    private static let refusals = ["请联系管理处", "车位已满", "通道关闭"]
    /// Whose plate nobody has read can do more about that than about being refused.
    private static let unread = "未识别车牌"
    private static let ordinary = "一车一杆"
    private static let thanks = "缴费成功"
    private static let overQuota = "车位已用完"

    init(_ plan: SitePlan) {
        lanes = plan.lanes.map(\.name)
        signs = plan.displays.map {
            let device = plan.devices[$0.device.index]
            return Sign(lane: $0.lane.index, device: device.name, isPassed: device.through != nil)
        }
        orderedAt = Array(repeating: .zero, count: lanes.count)
        usedAt = Array(repeating: .zero, count: lanes.count)
        isHeld = Array(repeating: false, count: lanes.count)
        asked = Array(repeating: nil, count: lanes.count)
        waitsToPay = Array(repeating: false, count: lanes.count)
    }

    // MARK: What the world says

    mutating func started(at now: Uptime) { aliveSince = now }

    mutating func crashed(at now: Uptime) {
        aliveSince = nil
        expected = []
        waitsToPay = Array(repeating: false, count: lanes.count)
    }

    mutating func health(of sign: Int, _ board: Signboard, at now: Uptime) {
        signs[sign].wholeSince = board.isWhole ? signs[sign].wholeSince ?? now : nil
        signs[sign].silentSince = board.isSilent ? signs[sign].silentSince ?? now : nil
    }

    /// Its text is gone; it is whole as before.
    mutating func restarted(_ sign: Int, at now: Uptime) {
        if signs[sign].wholeSince != nil { signs[sign].wholeSince = now }
    }

    mutating func shows(_ lines: [String], sign: Int) {
        signs[sign].lines = lines
        expected.removeAll { $0.sign == sign && Self.isMet($0, by: lines) }
        guard Self.stands([Self.thanks], in: lines),
            let grant = grants.last(where: { grant in
                grant.lane == lanes[signs[sign].lane] && Self.stands([grant.plate], in: lines)
            }), !(grant.stay.map(paidStays.contains) ?? false)
        else {
            falseThanks[sign] = nil
            return
        }
        let what = "\(signs[sign].device) tells \(grant.plate) that it has paid, and nothing came"
        if falseThanks[sign]?.what != what { falseThanks[sign] = (what, nil) }
    }

    mutating func ordered(gate: Int, _ action: LaneOrder.Action, at now: Uptime) {
        orderedAt[gate] = now
        switch action {
        case .release: isHeld[gate] = false
        case .holdOpen, .holdClosed: isHeld[gate] = true
        default: break
        }
    }

    /// Said before anything else while somebody stands too close, too far on, or the arm comes down (`lanes.md` §4.8).
    private static let warnings = ["请勿跟车", "闸杆下落", "请退后", "请勿在杆下停留"]

    private static let ofHolds = ["通道关闭", "通道开放"]

    private static func isMet(_ expectation: Expectation, by lines: [String]) -> Bool {
        stands(expectation.texts, in: lines) && expectation.also.map { stands([$0], in: lines) } ?? true
    }

    private static func stands(_ texts: [String], in lines: [String]) -> Bool {
        texts.contains { text in lines.contains { $0.contains(text) } }
    }

    // MARK: What the journal says

    /// `isAtRest`: the arm of the record's lane is down and nothing moves it.
    mutating func made(_ record: Record, isAtRest: (Int) -> Bool, at now: Uptime) {
        if record.changes.contains(where: { $0.row.table == .area }) { lastStayAt = now }
        charge(record, isAtRest: isAtRest, at: now)
        switch record.kind {
        case "accessGranted":
            guard let fields = try? Fields(record.payload), let plate = fields.text("plate") else { return }
            if grants.count > 60 { grants.removeFirst(30) }
            grants.append(
                Grant(
                    number: record.sequence.number, plate: plate, lane: fields.text("lane") ?? "", at: now,
                    stay: fields.number("stay"), isOverQuota: fields.text("reason") == "QUOTA_AS_TEMP"))
        case "passageCompleted", "turnedBack", "notPassed":
            guard let fields = try? Fields(record.payload) else { return }
            grants.removeAll { $0.number == fields.number("decision") }
        case "accessHeld":
            // Another look decided otherwise before the refusal could stand there.
            guard let fields = try? Fields(record.payload), let lane = lane(fields) else { return }
            expected.removeAll { $0.isRefusal && signs[$0.sign].lane == lane }
        case "accessDenied":
            guard let fields = try? Fields(record.payload), let lane = lane(fields), isAtRest(lane) else {
                return
            }
            let texts = fields.text("plate") == nil ? Self.refusals + [Self.unread] : Self.refusals
            expect(texts, at: lane, "refusal of record \(record.sequence.number)", now, isRefusal: true)
        case "barrierCommanded": commanded(record, at: now)
        case "faultRaised", "faultCleared": fault(record, isRaised: record.kind == "faultRaised")
        default: break
        }
    }

    private mutating func commanded(_ record: Record, at now: Uptime) {
        guard let fields = try? Fields(record.payload), fields.text("output") == "open",
            fields.text("cause") == "grant", let decision = fields.number("decision"),
            let grant = grants.last(where: { $0.number == decision }), let lane = lane(fields)
        else { return }
        // Of several that may pass the board greets the one whose turn it is.
        let before = grants.filter {
            $0.lane == grant.lane && $0.number < decision && now - $0.at < .seconds(120)
        }
        expect(
            [grant.plate] + before.map(\.plate), at: lane, "welcome or goodbye of \(grant.plate)", now,
            also: grant.isOverQuota && before.isEmpty ? Self.overQuota : nil)
    }

    /// What is asked of somebody stands there until it is paid, something else is asked or decided, or it is gone.
    private mutating func charge(_ record: Record, isAtRest: (Int) -> Bool, at now: Uptime) {
        let ends = ["accessGranted", "accessDenied", "accessHeld", "requestReplaced", "decisionUnused"]
        let leaves = ["leftWaiting", "leftUndecided", "leftRefused", "manualOpen", "grantDoubtful"]
        guard let fields = try? Fields(record.payload) else { return }
        if record.kind == "paymentSettled", fields.text("use") == "stay", let stay = fields.number("stay") {
            paidStays.insert(stay)
        }
        guard let lane = lane(fields) else { return }
        if record.kind == "chargeQuoted" {
            let due = (try? fields.object("charge"))?.number("due") ?? 0
            let cents = due % 100
            asked[lane] = due > 0 ? "缴费\(due / 100).\(cents < 10 ? "0" : "")\(cents)元" : nil
        } else if record.kind == "accessHeld", fields.text("reason") == "PAYMENT_DUE" {
            waitsToPay[lane] = true
        } else if (ends + leaves).contains(record.kind) {
            waitsToPay[lane] = false
            expected.removeAll { $0.isAsked && signs[$0.sign].lane == lane }
            return
        } else {
            return
        }
        guard waitsToPay[lane], isAtRest(lane), let text = asked[lane] else { return }
        expect([text], at: lane, "amount of record \(record.sequence.number)", now, isAsked: true)
    }

    private mutating func fault(_ record: Record, isRaised: Bool) {
        guard let fields = try? Fields(record.payload), let subject = fields.text("subject"),
            let code = fields.text("code")
        else { return }
        if subject.hasPrefix("lane ") {
            let fault = "\(subject)/\(code)"
            if isRaised { laneFaults.insert(fault) } else { laneFaults.remove(fault) }
        }
        guard code == "display_silent",
            let sign = signs.firstIndex(where: { "device \($0.device)" == subject })
        else { return }
        signs[sign].isReported = isRaised
    }

    private func lane(_ fields: Fields) -> Int? { fields.text("lane").flatMap { lanes.firstIndex(of: $0) } }

    /// What is to be read there is read already when the text before was the same.
    private mutating func expect(
        _ texts: [String], at lane: Int, _ what: String, _ now: Uptime, also: String? = nil,
        isAsked: Bool = false, isRefusal: Bool = false
    ) {
        for index in signs.indices where signs[index].lane == lane {
            let expectation = Expectation(
                sign: index, texts: texts, also: also, isAsked: isAsked, isRefusal: isRefusal, what: what,
                since: now)
            guard !Self.isMet(expectation, by: signs[index].lines) else { continue }
            expected.removeAll { $0.sign == index }
            expected.append(expectation)
        }
    }

    // MARK: Judging

    /// After everything that happens.
    mutating func look(_ simulation: Simulation) -> (String, String)? {
        let now = simulation.now
        for gate in simulation.gates.indices where !simulation.gates[gate].queue.isEmpty {
            usedAt[gate] = now
        }
        for sign in falseThanks.keys.sorted() {
            guard let thanks = falseThanks[sign] else { continue }
            falseThanks[sign]?.since = thanks.since ?? now
            if let since = thanks.since, now - since > Self.betweenLines { return ("D5", thanks.what) }
        }
        while let first = expected.first, now - first.since > Self.soon {
            expected.removeFirst()
            if let wrong = judge(first, simulation) { return wrong }
        }
        return nil
    }

    private func judge(_ missed: Expectation, _ simulation: Simulation) -> (String, String)? {
        let sign = signs[missed.sign]
        let margin = missed.since + .seconds(-5)
        guard let whole = sign.wholeSince, whole < margin, let aliveSince, aliveSince < margin,
            simulation.checkers.lastTrouble[sign.lane] < margin,
            // Who was let through by hand is greeted without a name, and may take a while.
            orderedAt[sign.lane] < missed.since + .seconds(-30),
            !isHeld[sign.lane], !hasFault(sign.lane), !Self.stands(Self.warnings, in: sign.lines),
            // An arm whose limit lies is believed up, and is greeted as such.
            simulation.gates[sign.lane].fault.stuck == nil,
            !missed.isAsked || !simulation.gates[sign.lane].queue.isEmpty,
            !sign.isPassed || simulation.gates[sign.lane].isBoardHealthy
        else { return nil }
        let shown = sign.lines.prefix(2).joined(separator: " | ")
        return ("D1", "\(sign.device) does not show the \(missed.what): \(shown)")
    }

    private func hasFault(_ lane: Int) -> Bool {
        laneFaults.contains { $0.hasPrefix("lane \(lanes[lane])/") }
    }

    /// Asked now and then, at least every minute.
    mutating func watch(_ simulation: Simulation, free: Int) -> (String, String)? {
        let now = simulation.now
        for index in signs.indices {
            if let wrong = ordinaryText(index, simulation, free: free) ?? silence(index, at: now) {
                return wrong
            }
        }
        return nil
    }

    private func ordinaryText(_ index: Int, _ simulation: Simulation, free: Int) -> (String, String)? {
        let sign = signs[index]
        let now = simulation.now
        let gate = simulation.gates[sign.lane]
        let quiet = now + .seconds(-300)
        guard let whole = sign.wholeSince, now - whole > Self.repeated, let aliveSince, aliveSince < quiet,
            simulation.checkers.lastTrouble[sign.lane] < quiet, orderedAt[sign.lane] < quiet,
            !isHeld[sign.lane], !hasFault(sign.lane), gate.isBoardHealthy, gate.queue.isEmpty,
            now - usedAt[sign.lane] > .seconds(60),
            gate.barrier.isDown, gate.barrier.events.last.map({ $0.at < quiet }) ?? true
        else { return nil }
        let shown = sign.lines.prefix(2).joined(separator: " | ")
        // A release that was refused leaves a hold, of which this judge does not know.
        if Self.stands(Self.ofHolds, in: sign.lines) { return nil }
        guard Self.stands([Self.ordinary], in: sign.lines) else {
            return ("D2", "nobody is at \(lanes[sign.lane]), and \(sign.device) shows \(shown)")
        }
        if now - lastStayAt > .seconds(60), !Self.stands(["余位\(free)"], in: sign.lines) {
            return ("D2", "\(sign.device) shows \(shown), free places by the books are \(free)")
        }
        return nil
    }

    private func silence(_ index: Int, at now: Uptime) -> (String, String)? {
        let sign = signs[index]
        guard !sign.isPassed, let aliveSince, now - aliveSince > Self.noticed else { return nil }
        if let since = sign.silentSince, now - since > Self.noticed, !sign.isReported {
            return ("D3", "\(sign.device) says nothing since \(Transcript.clock(since)), no fault tells it")
        }
        if let whole = sign.wholeSince, now - whole > Self.noticed, sign.isReported {
            return ("D3", "\(sign.device) answers, and its fault stands")
        }
        return nil
    }
}
