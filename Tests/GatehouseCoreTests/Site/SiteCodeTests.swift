// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Codes for phones on a lane's board: which one, for how long, and none when nobody would hear of a payment.
struct SiteCodeTests {
    private typealias Bench = ChargeBench

    private static let lost = SiteEvent.service(
        .uplink, .faultRaised(code: "link_lost", severity: .warning, detail: "nothing for a minute"))
    private static let found = SiteEvent.service(.uplink, .faultCleared(code: "link_lost"))

    /// An exit with a board. `channel` nil: the broker of the uplink alone.
    private func bench(
        lane code: String? = nil,
        template: String? = "https://pay.example/{lane}?q={quote}&s={stay}&fen={due}",
        channel: PaymentChannelPlan? = PaymentChannelPlan(key: "k", usesBroker: true)
    ) throws -> Bench {
        var bench = Bench()
        var pricing = PricingPlan(editions: [Bench.edition()])
        pricing.channel = channel
        pricing.dynamicCode = try template.map { try CodeTemplate($0) }
        var plan = Bench.plan(pricing)
        plan.paymentCodes[LaneID(0)] = code
        plan.devices.append(DevicePlan(name: "card", profile: "p", driver: "led-card-64", address: "/dev/c"))
        plan.displays = [DisplayWire(device: DeviceID(2), lane: LaneID(0))]
        bench.bench.reload(plan)
        bench.bench.level(Bench.presence, .off)
        bench.bench.level(Bench.safety, .off)
        bench.bench.level(Bench.limitDown, .on)
        bench.bench.advance(.seconds(6))
        return bench
    }

    private func text(_ bench: Bench) -> LaneText { bench.bench.site.texts[0] }

    /// What the board was told, in order.
    private func codes(_ bench: Bench) -> [String?] {
        bench.bench.effects.compactMap { if case .show(_, let text) = $0 { .some(text.code) } else { nil } }
    }

    private func quote(_ bench: Bench) throws -> Int64 {
        try #require(bench.bench.records.last { $0.kind == "chargeQuoted" }).sequence.number
    }

    @Test func `amount and order of the open quote are in it`() throws {
        var bench = try bench()
        let stay = try bench.inside(minutes: 95)
        #expect(text(bench).code == nil)
        bench.arrives()
        #expect(
            text(bench).code
                == "https://pay.example/south?q=\(try quote(bench))&s=\(stay.number)&fen=800")
    }

    @Test func `another quote has another code, at once`() throws {
        var bench = try bench()
        _ = try bench.inside(minutes: 89)
        bench.arrives()
        let first = try #require(text(bench).code)
        #expect(first.hasSuffix("fen=600"))
        bench.bench.advance(.seconds(120))
        let second = try #require(text(bench).code)
        #expect(
            second.hasSuffix(
                "q=\(try quote(bench))&s=\(second.split(separator: "=")[2].prefix { $0 != "&" })&fen=800"))
        #expect(second != first)
        bench.bench.forget()
        _ = bench.pays(300)
        #expect(text(bench).code?.hasSuffix("fen=500") == true)
        #expect(!codes(bench).contains(second))
    }

    @Test func `it goes when it is paid, and with whoever turns back`() throws {
        var bench = try bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(text(bench).code != nil)
        _ = bench.pays(800)
        #expect(text(bench).key == .paid)
        #expect(text(bench).code == nil)
        bench.leaves()
        #expect(text(bench).code == nil)
        let other = PlateGrammar.parse("沪B12345", color: .blue)
        _ = try bench.inside(other, minutes: 95)
        bench.arrives(other)
        #expect(text(bench).code != nil)
        bench.bench.level(Bench.presence, .off)
        bench.bench.advance(.seconds(60))
        #expect(text(bench).key == .idle)
        #expect(text(bench).code == nil)
    }

    @Test func `nothing due, no code`() throws {
        var bench = try bench(lane: "https://pay.example/l/south")
        _ = try bench.inside(minutes: 20)
        bench.arrives()
        #expect(codes(bench).allSatisfy { $0 == nil })
    }

    @Test func `the quote's code goes before the lane's, which is for whom no quote is known`() throws {
        let lane = "https://pay.example/l/south"
        var both = try bench(lane: lane)
        _ = try both.inside(minutes: 95)
        both.arrives()
        #expect(text(both).code?.contains("fen=800") == true)
        var alone = try bench(lane: lane, template: nil)
        _ = try alone.inside(minutes: 95)
        alone.arrives()
        #expect(text(alone).code == lane)
        var unread = try bench(lane: lane)
        unread.bench.level(Bench.presence, .on, for: .seconds(20))
        #expect(codes(unread).contains(lane))
        #expect(
            unread.bench.effects.contains { effect in
                if case .show(_, let text) = effect {
                    text.key == .noPlate && text.code == lane
                } else {
                    false
                }
            })
    }

    @Test func `while nobody would hear of it there is no code, and the board says what works`() throws {
        var bench = try bench(lane: "https://pay.example/l/south")
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        let code = try #require(text(bench).code)
        bench.bench.send(Self.lost)
        #expect(text(bench).code == nil)
        #expect(text(bench).isOffline)
        #expect(text(bench).words.chinese == ["请缴费8.00元", "手机付停用请按铃"])
        bench.money(.openShift)
        #expect(text(bench).words.chinese == ["请缴费8.00元", "手机付停用付现金"])
        bench.bench.send(Self.found)
        #expect(text(bench).code == code)
        #expect(!text(bench).isOffline)
    }

    @Test func `a link that is down is no matter where a listener of ours is there`() throws {
        var bench = try bench(channel: PaymentChannelPlan(key: "k", http: "127.0.0.1:8091", usesBroker: true))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.bench.send(Self.lost)
        #expect(text(bench).code != nil)
        let noKey = PaymentChannelFault.noKey.rawValue
        bench.bench.send(
            .service(.paymentChannel, .faultRaised(code: noKey, severity: .critical, detail: "none")))
        #expect(text(bench).code == nil)
        #expect(text(bench).isOffline)
    }

    @Test func `a site without codes says nothing of phones`() throws {
        var bench = try bench(template: nil)
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.bench.send(Self.lost)
        #expect(text(bench).code == nil)
        #expect(!text(bench).isOffline)
    }
}
