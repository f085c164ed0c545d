// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// A provider that carries out the gateway's orders, in every manner that they have: it pays, lets the user confirm,
/// refuses, hears nothing, never answers, and pays after all what it gave back.
extension Simulation {
    // MARK: At the exit

    /// Whether the driver of such a bill leaves it to his tag or agreement, or shows a code from his phone.
    func leavesToProvider(_ bill: PaymentPlatform.Bill) -> Bool {
        guard let ways = estate.prices?.orderWays, !ways.isEmpty else { return false }
        let plate = checkers.money.plate(of: bill.stay) ?? ""
        let isDebited = ways.contains { $0 != .scannedCode && EstatePrices.hasAgreement(plate, $0) }
        // Some pay all the same, so that the money comes twice.
        if isDebited, wallet.chance(3, in: 4) {
            plan(bill, after: wallet.milliseconds(70_000...160_000))
            return true
        }
        guard ways.contains(.scannedCode), wallet.chance(2, in: 3) else { return false }
        payments.isPaying.insert(bill.stay)
        agenda.plan(.driverShowsCode(bill), at: now + wallet.milliseconds(3000...20_000))
        return true
    }

    func driverShowsCode(_ bill: PaymentPlatform.Bill) {
        guard let lane = estate.plan.lanes.firstIndex(where: { $0.name == bill.lane }),
            let code = PaymentCode("13\(1_000_000_000_000_000 + bill.stay * 1009 + bill.quote)")
        else { return }
        say("code", at: lane, "\(code)")
        gateway?.inbox.offer(.site(.codeScanned(LaneID(lane), code)))
        if wallet.chance(1, in: 6) {
            // An impatient one shows it again: that is no second order.
            gateway?.inbox.offer(.site(.codeScanned(LaneID(lane), code)))
        }
        // When nothing comes of it he pays in another way.
        plan(bill, after: wallet.milliseconds(60_000...150_000))
    }

    /// He sees that it is paid, and most leave it at that.
    func seesThatItIsPaid(_ record: Record) {
        guard record.kind == "paymentSettled", let fields = try? Fields(record.payload),
            fields.has("drawn_from") || fields.has("order"), let stay = fields.number("stay"),
            wallet.chance(7, in: 8)
        else { return }
        payments.isPaying.remove(stay)
    }

    // MARK: By hand

    /// Again, after it brought nothing, or while nobody says how it stands.
    func guardCollects(at lane: String) {
        guard let ways = estate.prices?.orderWays, !ways.isEmpty else { return }
        let way = wallet.pick(ways)
        let number = checkers.collections.guardAsks(at: lane, way)
        ask(.collect(.lane(lane), way), by: Self.cashier, .collects(number))
    }

    func guardIsAnswered(_ number: Int, _ answer: Answer) {
        switch answer {
        case .done(let record):
            let (scene, wrong) = checkers.collections.answered(number, record.number)
            checkers.report(wrong, at: now)
            if let scene { checkers.money.report.note(scene) }
        case .refused: checkers.collections.refused(number)
        // It may be made yet.
        case .notStored: break
        }
    }

    // MARK: Away

    func planProvider() {
        guard mix.has(.providerAway), estate.prices?.hasListener == true else { return }
        agenda.plan(
            .provider(isAway: true), at: now + wallet.milliseconds(1_200_000...9_000_000) * options.pace)
    }

    func provider(isAway: Bool) {
        guard !isAway || !isQuietTail else { return }
        say("order", isAway ? "nobody fetches any" : "are fetched again")
        provider.isAway = isAway
        tellOfProvider()
        guard isAway else { return planProvider() }
        let back = now + wallet.milliseconds(600_000...5_400_000) * options.pace
        agenda.plan(.provider(isAway: false), at: min(faultsEnd, back))
    }

    /// As the listener tells it.
    func tellOfProvider() {
        guard estate.prices?.hasListener == true else { return }
        let code = PaymentChannelFault.nobodyFetches.rawValue
        let event: DeviceEvent =
            provider.isAway
            ? .faultRaised(code: code, severity: .warning, detail: "") : .faultCleared(code: code)
        gateway?.inbox.offer(.site(.service(.paymentChannel, event)))
    }

    // MARK: At the provider's

    func orderLeaves(_ request: CollectionRequest) {
        say("order", "\(request.action.rawValue) \(request.number.number), \(request.order.way.rawValue)")
        checkers.report(checkers.collections.reaches(request, at: now), at: now)
        let isCut = upstream.isDark && (provider.isAway || estate.prices?.hasListener == false)
        guard !isCut, !(mix.has(.orderLost) && wallet.chance(1, in: 4)) else {
            return checkers.money.report.note(.orderLost)
        }
        agenda.plan(.providerHears(request), at: now + wallet.milliseconds(40...1500))
    }

    func providerHears(_ request: CollectionRequest) {
        let number = request.number.number
        switch request.action {
        case .ask where provider.orders[number] == nil: begin(request)
        case .ask: tellOrder(number)
        case .query:
            // What it does not know it never carries out.
            if provider.orders[number] == nil { know(request, .refused) }
            tellOrder(number)
        case .reverse: reverse(request)
        }
    }

    private func know(_ request: CollectionRequest, _ state: CollectingProvider.State) {
        provider.orders[request.number.number] = CollectingProvider.Order(
            order: request.order, state: state, serial: nil)
    }

    private func begin(_ request: CollectionRequest) {
        let (number, order) = (request.number.number, request.order)
        let isKnown = order.plate.map { EstatePrices.hasAgreement($0.text, order.way) } ?? false
        if wall >= order.until || order.way != .scannedCode && !isKnown
            || mix.has(.orderRefused) && wallet.chance(1, in: 3)
        {
            know(request, .refused)
        } else if mix.has(.orderConfirmed), wallet.chance(1, in: 2) {
            know(request, .pending)
            agenda.plan(.userConfirms(number), at: now + wallet.milliseconds(2000...90_000))
        } else if mix.has(.orderMute), wallet.chance(1, in: 3) {
            // The money is taken, and nobody says so.
            know(request, .paid)
            return checkers.money.report.note(.orderNeverAnswered)
        } else {
            know(request, .paid)
        }
        tellOrder(number)
    }

    func userConfirms(_ number: Int64) {
        guard let order = provider.orders[number] else { return }
        switch order.state {
        case .pending:
            checkers.money.report.note(.orderConfirmed)
            provider.orders[number]?.state = .paid
            tellOrder(number)
        case .reversed where order.serial == nil && mix.has(.orderPaidLate):
            // The bank has debited it all the same.
            checkers.money.report.note(.orderPaidAfterReversal)
            payOrder(number)
        default: break
        }
    }

    private func reverse(_ request: CollectionRequest) {
        let number = request.number.number
        switch provider.orders[number]?.state {
        case .paid where provider.orders[number]?.serial != nil || wallet.chance(1, in: 2): break
        case .refused, .reversed: break
        case .paid, .pending: provider.orders[number]?.state = .reversed
        case nil: know(request, .reversed)
        }
        tellOrder(number)
    }

    private func tellOrder(_ number: Int64) {
        guard let order = provider.orders[number] else { return }
        switch order.state {
        case .paid: payOrder(number)
        case .pending: answer(number, .pending)
        case .refused: answer(number, .refused)
        case .reversed: answer(number, .reversed)
        }
    }

    private func answer(_ number: Int64, _ state: CollectionAnswer.State) {
        checkers.collections.says(state, of: number)
        let answer = CollectionAnswer(order: Sequence(number), state: state)
        ask(.heard(answer), by: Self.platform, .hears(number))
    }

    /// Once; again it is the same payment.
    private func payOrder(_ number: Int64) {
        guard let order = provider.orders[number] else { return }
        if let serial = order.serial {
            guard payments.outstanding[serial] == nil, let notice = checkers.money.truth[serial]?.notice
            else {
                return
            }
            return ask(.take(notice), by: Self.platform, .takes(serial))
        }
        let serial = payments.newSerial("o")
        provider.orders[number]?.serial = serial
        let notice = PaymentNotice(
            serial: serial, way: order.order.way, amount: order.order.amount,
            paidAt: wall.milliseconds / 1000, order: Sequence(number))
        pay(notice, for: order.order.stay.number, by: Self.platform)
    }
}
