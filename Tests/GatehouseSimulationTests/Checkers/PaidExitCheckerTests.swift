// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// M1 and M2 can fail, and whoever has a reason not to open is left alone.
@Suite struct PaidExitCheckerTests {
    private var checker: PaidExitChecker
    private static let plate = "沪A00001"
    private static let south = 1

    init() {
        var random = Random(seed: 1)
        checker = PaidExitChecker(Estate(form: .full, random: &random))
        checker.started(at: .zero)
        checker.durable(Self.held(.paymentDue))
    }

    private static func held(_ reason: ReasonCode) -> Record {
        record(5, "accessHeld") {
            $0.put("lane", "south")
            $0.put("direction", "out")
            $0.put("reason", reason.rawValue)
            $0.put("stay", 3)
            $0.put("plate", plate)
        }
    }

    private static func at(_ milliseconds: Int64) -> Uptime {
        .zero + .seconds(100) + .milliseconds(milliseconds)
    }

    private mutating func owesNothing(isPayment: Bool = true) {
        checker.owesNothing(3, 6, isPayment: isPayment, made: Self.at(-20), durable: Self.at(0))
    }

    private mutating func look(
        _ milliseconds: Int64, isSound: Bool = true, isShut: Bool = true, plate: String? = plate,
        lastTrouble: Uptime = .zero
    ) -> String? {
        checker.look(at: Self.at(milliseconds)) { _ in
            PaidExitChecker.Sight(isSound: isSound, isShut: isShut, plate: plate, lastTrouble: lastTrouble)
        }?.0
    }

    @Test mutating func `a payment that opens nothing within 300 ms is found`() {
        owesNothing()
        #expect(look(290) == nil)
        #expect(look(310) == "M1")
        #expect(look(5000) == nil, "said once")
    }

    @Test mutating func `whatever it is that nothing is owed by, the arm is told within 3 s`() {
        owesNothing(isPayment: false)
        #expect(look(2900) == nil)
        #expect(look(3100) == "M2")
    }

    @Test mutating func `a contact that closed since the payment was made is enough, an older one is not`() {
        checker.edge(gate: Self.south, at: Self.at(-30))
        owesNothing()
        var opened = self
        opened.checker.edge(gate: Self.south, at: Self.at(-10))
        #expect(opened.look(310) == nil)
        #expect(look(310) == "M1")
    }

    @Test mutating func `another arm, another vehicle, a hold and an arm that is up are reasons`() {
        owesNothing()
        var interlocked = self
        interlocked.checker.durable(Self.held(.interlockWait))
        #expect(interlocked.look(400) == nil)
        var gone = self
        #expect(gone.look(400, plate: "沪A00002") == nil)
        var up = self
        #expect(up.look(400, isShut: false) == nil)
        var shut = self
        shut.checker.durable(
            record(7, "holdStarted") {
                $0.put("lane", "south")
                $0.put("flags", ifAny: ["closed"])
            })
        #expect(shut.look(400) == nil)
        #expect(look(400) == "M1")
    }

    @Test mutating func `after trouble it heals all the same`() {
        owesNothing()
        let trouble = Self.at(-1000)
        #expect(look(400, isSound: false, lastTrouble: trouble) == nil)
        #expect(look(4000, lastTrouble: trouble) == nil)
        #expect(look(20_000, lastTrouble: trouble) == "M2")
    }

    @Test mutating func `money that was taken back opens nothing`() {
        owesNothing()
        checker.owesAgain(3)
        #expect(look(5000) == nil)
    }
}
