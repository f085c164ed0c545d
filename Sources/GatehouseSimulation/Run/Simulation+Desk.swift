// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// What a guard does with money for whoever waits at an exit.
enum DeskAct: Sendable {
    case cash, release, later, classify, dispute, collect

    /// As often as guards do it.
    static let mixture: [DeskAct] = [
        .cash, .cash, .cash, .release, .release, .later, .classify, .dispute, .collect, .collect,
    ]
}

/// Guards with a drawer: cash, releases, leave to pay later, and shifts that end with a count.
extension Simulation {
    static let cashier = Operator(channel: "socket", name: "wang")

    /// Whether a guard sees to whoever waits at the exit for money instead of opening by hand.
    func guardComes(to gate: Int) -> Bool {
        guard estate.prices != nil, mix.has(.guardTakesMoney), purse.chance(5, in: 6) else { return false }
        // Nobody is at the desk now and then.
        guard purse.chance(3, in: 4) else { return true }
        agenda.plan(
            .guardActs(gate: gate, purse.pick(DeskAct.mixture), stay: nil),
            at: now + purse.milliseconds(5000...60_000))
        return true
    }

    /// Whether a driver turns to the guard with what he is asked for, instead of to his phone.
    func goesToDesk(_ bill: PaymentPlatform.Bill) -> Bool {
        guard mix.has(.guardTakesMoney), !mix.has(.absentGuard), purse.chance(1, in: 3),
            let gate = estate.plan.lanes.firstIndex(where: { $0.name == bill.lane })
        else { return false }
        payments.isPaying.insert(bill.stay)
        agenda.plan(
            .guardActs(gate: gate, purse.pick(DeskAct.mixture), stay: bill.stay),
            at: now + purse.milliseconds(3000...25_000))
        return true
    }

    func guardActs(_ gate: Int, _ act: DeskAct, for stay: Int64?) {
        // Asked anew he may take another way.
        if let stay { payments.isPaying.remove(stay) }
        let name = estate.plan.lanes[gate].name
        let lane = PaymentTarget.lane(name)
        say("desk", at: gate, "\(act)")
        switch act {
        case .cash: ask(.quote(lane), by: Self.cashier, .cash)
        case .release:
            let change: Adjustment.Change =
                purse.chance(3, in: 4) ? .feeIs(.zero) : .by(Money(-Int64(1 + purse.below(400))))
            let reason = purse.pick(["VISITOR", "GOODWILL", "OTHER: asked nicely"])
            ask(.adjust(lane, Adjustment(reason: reason, change: change)), by: Self.cashier, .desk)
        case .later: ask(.later(lane), by: Self.cashier, .desk)
        case .classify:
            let said = Classification(vehicleClass: purse.pick(["small", "small", "large"]))
            ask(.classify(lane, said, reason: "OTHER: as it stands there"), by: Self.cashier, .desk)
        case .dispute: ask(.dispute(lane, reason: "OTHER: says it came later"), by: Self.cashier, .disputes)
        case .collect: guardCollects(at: name)
        }
    }

    /// The driver pays what the guard's page says.
    func handOver(_ bill: PaymentPlatform.Bill) {
        guard bill.due > 0 else { return }
        payments.isPaying.remove(bill.stay)
        payments.drawer += bill.due
        let notice = PaymentNotice(
            serial: payments.newSerial("c"), way: .cash, amount: Money(bill.due), stay: StayID(bill.stay))
        pay(notice, for: bill.stay, by: Self.cashier)
    }

    // MARK: Shifts

    func shift(isEnd: Bool) {
        guard isEnd else { return ask(.openShift, by: Self.cashier, .opensShift) }
        var counted = payments.drawer
        if mix.has(.miscounts), purse.chance(1, in: 2) {
            counted = max(0, counted + Int64(purse.below(1001)) - 500)
        }
        ask(
            .closeShift(counted: Money(counted), note: nil), by: Self.cashier, .closesShift(counted: counted))
    }

    func shiftAnswered(_ question: PaymentPlatform.Question, _ answer: Answer) {
        let hours = purse.milliseconds(2_000_000...14_400_000)
        switch (question, answer) {
        case (.opensShift, .notStored): asksInVain(question)
        // One that says that it is open already: the answer before was lost.
        case (.opensShift, _): agenda.plan(.shift(isEnd: true), at: now + hours)
        case (.closesShift, .notStored): asksInVain(question)
        case (.closesShift(let counted), .done):
            payments.drawer = max(0, payments.drawer - counted)
            agenda.plan(.shift(isEnd: false), at: now + .seconds(60))
        default: agenda.plan(.shift(isEnd: false), at: now + .seconds(60))
        }
    }

    /// Nobody answers: people ask again, payment platforms have their own clock.
    func asksInVain(_ question: PaymentPlatform.Question) {
        switch question {
        case .opensShift: agenda.plan(.shift(isEnd: false), at: now + .seconds(60))
        case .closesShift: agenda.plan(.shift(isEnd: true), at: now + .seconds(60))
        case .takes, .cancels, .contradicts, .prepays, .cash, .disputes, .desk, .collects, .hears, .grants,
            .grantsToOther:
            break
        }
    }

    // MARK: Evening

    /// All of it is let off, or it stands.
    func settleDisputes() {
        let disputed = payments.disputed
        payments.disputed = []
        for stay in disputed {
            let letOff: Money? = purse.chance(1, in: 2) ? nil : .zero
            ask(.settleDispute(StayID(stay), letOff: letOff, reason: "OTHER"), by: Self.cashier, .desk)
        }
    }

    /// Who left behind somebody else, or in a fire, is written off as having left; what he owes stands.
    func settleEscapes() {
        settleDisputes()
        guard let mine = gateway else { return }
        let gone = mine.engine.site.memory.stays.stays.inOrder.filter {
            $0.value.state == .suspectedLeft || $0.value.state == .review && $0.value.exit != nil
        }
        for (id, _) in gone.prefix(4) { operate(.stays([.close(id)], reason: "has left")) }
    }
}
