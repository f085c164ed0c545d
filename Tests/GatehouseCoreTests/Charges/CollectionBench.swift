// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// An exit whose gateway asks a provider: what it was asked for, and what it answers.
struct CollectionBench {
    static let code = "134567890123456789"
    static var plate: Plate? { ChargeBench.plate.plate }

    var charge: ChargeBench
    private var payments = 0

    init(ways: [PaymentWay], _ change: (inout PricingPlan) -> Void = { _ in }) {
        charge = ChargeBench { pricing in
            pricing.channel = PaymentChannelPlan(key: "k", http: "127.0.0.1:8091")
            pricing.collecting = CollectingPlan(ways: ways)
            change(&pricing)
        }
    }

    /// The same plan over what a journal has kept.
    func restarted(_ memory: SiteMemory) -> CollectionBench {
        var again = self
        let next = charge.bench.site.nextSequence
        let site = Site(
            plan: charge.bench.site.plan, memory: memory, directory: .empty, nextSequence: next, boot: "c")
        again.charge.bench.restart(site)
        again.charge.bench.level(ChargeBench.presence, .off)
        again.charge.bench.level(ChargeBench.safety, .off)
        again.charge.bench.level(ChargeBench.limitDown, .on)
        return again
    }

    // MARK: What happens

    mutating func shows(_ code: String) throws {
        charge.bench.send(.codeScanned(LaneID(0), try #require(PaymentCode(code))))
    }

    /// The provider says so of the newest order, or of another.
    mutating func hears(
        _ state: CollectionAnswer.State, _ reason: String? = nil, order: Sequence? = nil,
        askedAt: WallTime? = nil
    ) -> Answer? {
        tell(
            .heard(
                CollectionAnswer(
                    order: order ?? number ?? Sequence(0), askedAt: askedAt, state: state, reason: reason)))
    }

    mutating func pays(
        _ amount: Int64, order: Sequence? = nil, askedAt: WallTime? = nil, lane: String? = nil,
        plate: Plate? = nil
    ) {
        payments += 1
        let number = order ?? number
        let way = number.flatMap { book[$0]?.order.way } ?? .scannedCode
        _ = tell(
            .take(
                PaymentNotice(
                    serial: "t\(payments)", way: way, amount: Money(amount), lane: lane, plate: plate,
                    order: number, orderAskedAt: askedAt)))
    }

    private mutating func tell(_ order: MoneyOrder) -> Answer? {
        let before = charge.bench.answers.count
        let platform = Operator(channel: Operator.paymentChannel, name: "platform")
        charge.bench.send(.operation(.money(order), by: platform, reply: ReplyID(9)))
        return charge.bench.answers.dropFirst(before).last
    }

    /// A fault of what runs beside the lanes, or its end.
    mutating func fault(_ service: SiteService, _ code: String, stands: Bool) {
        let event: DeviceEvent =
            stands
            ? .faultRaised(code: code, severity: .warning, detail: "d") : .faultCleared(code: code)
        charge.bench.send(.service(service, event))
    }

    // MARK: What came of it

    var book: CollectionBook { charge.book.collections }

    var requests: [CollectionRequest] {
        charge.bench.effects.compactMap { if case .collect(let request, _) = $0 { request } else { nil } }
    }

    var actions: [CollectionRequest.Action] { requests.map(\.action) }
    /// Of the newest order.
    var number: Sequence? { requests.last?.number }

    /// Of whoever waits.
    var state: CollectionState? {
        charge.bench.site.lanes[0].waitingStay.flatMap { charge.bench.site.openCollection(of: $0)?.state }
    }

    var isGuardCalled: Bool {
        charge.bench.effects.contains {
            if case .callGuard(_, "payment_unknown") = $0 { true } else { false }
        }
    }

    func isOver(_ number: Sequence) -> Bool {
        charge.bench.effects.contains { if case .collectionOver(number) = $0 { true } else { false } }
    }
}
