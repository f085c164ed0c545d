// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// S9 and the reserve of S4 can fail on each of their clauses.
@Suite struct RightsCheckerTests {
    private static var estate: Estate {
        var random = Random(seed: 1)
        return Estate(form: .full, random: &random)
    }
    private var rights = RightsChecker(estate: estate)
    private let resident = PlateMaker.plate(0).text
    private let stranger = PlateMaker.plate(900).text

    private mutating func judge(
        _ kind: String, _ reason: ReasonCode, _ direction: String, _ plate: String, inside: Int = 0
    ) -> String? {
        var books = BookChecker()
        for number in 0..<inside { _ = books.durable(record(Int64(number + 1), "stayOpened")) }
        let decision = record(100, kind) {
            $0.put("lane", direction == "in" ? "north" : "south")
            $0.put("direction", direction)
            $0.put("reason", reason.rawValue)
            $0.put("plate", plate)
        }
        return rights.durable(decision, books: books, made: .zero)?.0
    }

    @Test mutating func `nobody's exit is refused`() {
        for reason in [ReasonCode.noGrant, .outOfSchedule, .areaFull, .blocklisted, .credentialExpired] {
            #expect(judge("accessDenied", reason, "out", stranger) == "S9")
        }
        #expect(judge("accessDenied", .laneOutOfService, "out", stranger) == nil)
    }

    @Test mutating func `arrears stop nobody`() {
        for (kind, direction) in [("accessHeld", "out"), ("accessDenied", "out"), ("accessDenied", "in")] {
            #expect(judge(kind, .arrears, direction, stranger) == "S9")
        }
    }

    @Test mutating func `a household's vehicle is not kept for money, whatever the record calls it`() {
        #expect(judge("accessHeld", .paymentDue, "out", resident) == "S9")
        #expect(judge("accessHeld", .paymentDue, "out", stranger) == nil)
    }

    @Test mutating func `a household's vehicle is not refused entry`() {
        #expect(judge("accessDenied", .quotaFull, "in", resident) == "S9")
        #expect(judge("accessDenied", .areaFull, "in", resident, inside: 29) == "S9")
        #expect(judge("accessDenied", .areaFull, "in", stranger, inside: 29) == nil)
    }

    @Test mutating func `the only exit is not held closed`() {
        for (lane, found) in [("south", "S9"), ("north", nil)] as [(String, String?)] {
            let hold = record(1, "holdStarted") {
                $0.put("lane", lane)
                $0.put("flags", ifAny: ["closed"])
            }
            #expect(rights.durable(hold, books: BookChecker(), made: .zero)?.0 == found)
        }
    }

    @Test mutating func `the reserve is not given away`() {
        #expect(judge("accessGranted", .temporaryVehicle, "in", stranger, inside: 25) == "S4")
        #expect(judge("accessGranted", .temporaryVehicle, "in", stranger, inside: 24) != "S4")
    }

    @Test func `nobody stands at an exit beyond its deadline`() {
        let lane = Self.estate.plan.lanes[1]
        let late = Uptime.zero + lane.timers.exitWait + lane.timers.exitPendingMax + .seconds(61)
        func stands(_ exits: ExitChecker, lastUp: Uptime? = nil, isSeen: Bool = true) -> String? {
            exits.stands(at: 1, lane, since: .zero, lastUp: lastUp, isSeen: isSeen, at: late)?.0
        }
        var exits = ExitChecker(lanes: 2)
        #expect(stands(exits) == "S9")
        #expect(stands(exits, lastUp: late) == nil, "the arm was up")
        #expect(stands(exits, isSeen: false) == nil, "the loop forgot it")
        for kind in [FaultKind.diskFails, .diskFull, .cameraSilent, .clockStep] {
            exits.troubled(1, kind, at: late)
            #expect(stands(exits) == "S9", "\(kind) keeps nobody")
        }
        exits.troubled(1, .boardMute, at: late)
        #expect(stands(exits) == nil)
    }
}
