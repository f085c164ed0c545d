// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Whoever waits at an exit for money and owes nothing any more goes. M1: a payment's arm is told to rise at most 300 ms
/// after the payment is durable. M2: by whatever nothing is owed (money, a release, leave to pay later), and whatever
/// came in between, it is told within 3 s. Judged at the contact, beside a vehicle that truly stands there.
struct PaidExitChecker {
    /// A lane as anybody sees it who stands beside it.
    struct Sight {
        /// Process, board and line work, nothing holds the arm down, no fire.
        var isSound: Bool
        /// Down and at rest.
        var isShut: Bool
        /// What the first vehicle at the line shows; nil: nobody waits there.
        var plate: String?
        var lastTrouble: Uptime
    }

    private struct Wait {
        var gate: Int
        var stay: Int64
        /// Of the vehicle that was asked.
        var plate: String?
        var record: Int64
        /// In the process, and on the disk.
        var made: Uptime
        var since: Uptime
        var isPayment: Bool
    }

    private let lanes: [String]
    private let bounds: [Duration]
    /// A camera opens there, when it asks: A2 judges that.
    private let isAnswered: Bool
    private var asked: [(stay: Int64, plate: String?)?]
    private var isHeldClosed: [Bool]
    private var lastEdge: [Uptime]
    private var waits: [Wait] = []
    private var aliveSince: Uptime?

    /// The exchange in progress and the command's own, each with a lost reply.
    private static let alone = Duration.milliseconds(300)
    /// A display's longest frame with a lost reply before that.
    private static let shared = Duration.milliseconds(750)
    private static let healing = Duration.seconds(3)
    /// After trouble boards and lane find back to each other first.
    private static let recovery = Duration.seconds(20)
    private static let margin = Duration.seconds(10)

    init(_ estate: Estate) {
        lanes = estate.plan.lanes.map(\.name)
        isAnswered = estate.form == .answering
        bounds = estate.plan.lanes.indices.map {
            estate.display(sharingLineOf: $0) == nil ? Self.alone : Self.shared
        }
        asked = Array(repeating: nil, count: lanes.count)
        isHeldClosed = Array(repeating: false, count: lanes.count)
        lastEdge = Array(repeating: .zero, count: lanes.count)
    }

    mutating func started(at now: Uptime) { aliveSince = now }

    /// Who stands there is asked anew by the next process.
    mutating func crashed() {
        aliveSince = nil
        waits = []
        for gate in asked.indices { asked[gate] = nil }
    }

    mutating func durable(_ record: Record) {
        guard let fields = try? Fields(record.payload),
            let gate = fields.text("lane").flatMap({ lanes.firstIndex(of: $0) })
        else { return }
        switch record.kind {
        case "accessHeld":
            let isForMoney =
                fields.text("reason") == ReasonCode.paymentDue.rawValue && fields.text("direction") == "out"
            asked[gate] = isForMoney ? fields.number("stay").map { ($0, fields.text("plate")) } : nil
            // Another arm, or an oncoming vehicle, comes first.
            if !isForMoney { forget(gate) }
        case "accessGranted": asked[gate] = nil
        case "accessDenied", LaneNoteKind.leftWaiting.rawValue, LaneNoteKind.leftRefused.rawValue,
            LaneNoteKind.leftUndecided.rawValue:
            asked[gate] = nil
            forget(gate)
        case LaneNoteKind.holdStarted.rawValue:
            isHeldClosed[gate] = (try? fields.strings("flags"))?.contains("closed") == true
        case LaneNoteKind.holdEnded.rawValue: isHeldClosed[gate] = false
        default: break
        }
    }

    /// By this record nothing is owed for the stay any more.
    mutating func owesNothing(
        _ stay: Int64, _ record: Int64, isPayment: Bool, made: Uptime, durable now: Uptime
    ) {
        guard !isAnswered else { return }
        for gate in asked.indices {
            guard let one = asked[gate], one.stay == stay, !waits.contains(where: { $0.gate == gate }) else {
                continue
            }
            waits.append(
                Wait(
                    gate: gate, stay: stay, plate: one.plate, record: record, made: made, since: now,
                    isPayment: isPayment))
        }
    }

    /// It was taken back.
    mutating func owesAgain(_ stay: Int64) { waits.removeAll { $0.stay == stay } }

    /// The contact of `open` or `hold` closed.
    mutating func edge(gate: Int, at edge: Uptime) { lastEdge[gate] = edge }

    private mutating func forget(_ gate: Int) { waits.removeAll { $0.gate == gate } }

    /// After everything that happens.
    mutating func look(at now: Uptime, _ sight: (Int) -> Sight) -> (String, String)? {
        guard !waits.isEmpty else { return nil }
        var found: (String, String)?
        var left: [Wait] = []
        for wait in waits {
            let lane = sight(wait.gate)
            guard lastEdge[wait.gate] < wait.made, lane.isShut else { continue }
            let (isOver, wrong) = judge(wait, lane, at: now)
            found = found ?? wrong
            if !isOver { left.append(wait) }
        }
        waits = left
        return found
    }

    private func judge(_ wait: Wait, _ lane: Sight, at now: Uptime) -> (isOver: Bool, (String, String)?) {
        guard let aliveSince, !isHeldClosed[wait.gate], let plate = lane.plate,
            wait.plate == nil || wait.plate == plate, now - wait.since < .seconds(120)
        else { return (true, nil) }
        let calm = max(lane.lastTrouble, aliveSince)
        let wasCalm = calm < wait.since + (.zero - Self.margin)
        guard lane.isSound else { return (false, nil) }
        let late = now - wait.since
        if wasCalm, wait.isPayment, late > bounds[wait.gate] {
            let bound = bounds[wait.gate].inMilliseconds
            return (
                true,
                (
                    "M1",
                    "payment \(wait.record) opens nothing at \(lanes[wait.gate]) within \(bound) ms"
                )
            )
        }
        guard late > Self.healing, wasCalm || now - calm > Self.recovery else { return (false, nil) }
        return (
            true,
            (
                "M2",
                "stay \(wait.stay) owes nothing since record \(wait.record) and \(lanes[wait.gate]) stays shut"
            )
        )
    }
}
