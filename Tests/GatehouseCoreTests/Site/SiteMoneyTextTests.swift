// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a lane's board says of money, and to whom.
struct SiteMoneyTextTests {
    private typealias Bench = ChargeBench

    /// With a board at the lane.
    private static func plan(_ pricing: PricingPlan, entry: Bool = false) -> SitePlan {
        var plan = Bench.plan(pricing)
        plan.devices.append(DevicePlan(name: "card", profile: "p", driver: "led-card-64", address: "/dev/c"))
        plan.displays = [DisplayWire(device: DeviceID(2), lane: LaneID(0))]
        if entry {
            plan.lanes[0].kind = .entry
            plan.cameras[0].direction = .in
        }
        return plan
    }

    private func bench(
        directory: Directory = .empty, entry: Bool = false, _ change: (inout PricingPlan) -> Void = { _ in }
    ) -> Bench {
        var pricing = PricingPlan(editions: [Bench.edition()])
        change(&pricing)
        var bench = Bench(directory: directory, change)
        bench.bench.reload(Self.plan(pricing, entry: entry))
        bench.bench.level(Bench.presence, .off)
        bench.bench.level(Bench.safety, .off)
        bench.bench.level(Bench.limitDown, .on)
        bench.bench.advance(.seconds(6))
        return bench
    }

    private func words(_ bench: Bench) -> LaneTextWords { bench.bench.site.texts[0].words }

    private func said(_ bench: Bench) -> [String] {
        bench.bench.effects.compactMap {
            if case .show(_, let text) = $0 { text.words.chinese.joined(separator: " ") } else { nil }
        }
    }

    @Test func `amount, ways and time stand there, and what is left after a part`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(words(bench).chinese == ["请缴费8.00元", "请按铃", "停车1小时35分"])
        #expect(words(bench).voice == "沪A2K605,停车1小时35分,请缴费8.00元,请按铃")
        bench.money(.openShift)
        #expect(words(bench).chinese == ["请缴费8.00元", "现金", "停车1小时35分"])
        _ = bench.pays(300)
        #expect(words(bench).chinese == ["还需缴费5.00元", "现金", "已缴3.00元", "停车1小时35分"])
        #expect(words(bench).english.first == "CNY 5.00 still to pay")
        #expect(words(bench).voice == "沪A2K605,已缴3.00元,还需缴费5.00元,现金")
        bench.bench.forget()
        _ = bench.pays(500, serial: "p2")
        #expect(said(bench).contains("缴费成功 一路平安"))
    }

    @Test func `a channel that hears of payments is a way, one whose link is down is none`() throws {
        var bench = bench { $0.channel = PaymentChannelPlan(key: "k", usesBroker: true) }
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(words(bench).chinese[1] == "手机付")
        bench.bench.send(
            .service(.uplink, .faultRaised(code: "link_down", severity: .warning, detail: "no broker")))
        #expect(words(bench).chinese[1] == "请按铃")
    }

    @Test func `only who paid is thanked for it`() throws {
        var waived = bench()
        _ = try waived.inside(minutes: 95)
        waived.arrives()
        waived.money(.adjust(.lane("south"), Adjustment(reason: "GOODWILL", change: .feeIs(.zero))))
        #expect(waived.isOpened && !said(waived).contains { $0.contains("缴费成功") })
        #expect(said(waived).contains("免费放行 一路平安"))
        var free = bench()
        _ = try free.inside(minutes: 20)
        free.arrives()
        #expect(said(free).contains("免费时间内 一路平安"))
        // A person's hand lets go whoever waits: that is no payment either.
        var opened = bench()
        _ = try opened.inside(minutes: 95)
        opened.arrives()
        opened.bench.order(.open, "south")
        #expect(opened.isOpened && words(opened).chinese == ["一路平安"])
    }

    @Test func `who goes and owes is told so, and that it owes when it comes back`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95, StayHolder(.temporary, household: 7))
        bench.arrives()
        #expect(bench.isOpened)
        #expect(said(bench).contains("未缴8.00元请补缴 一路平安"))
        bench.leaves()
        #expect(bench.balance("assets.arrears") == 800)
        bench.bench.reload(Self.plan(PricingPlan(editions: [Bench.edition()]), entry: true))
        bench.bench.level(Bench.presence, .off)
        bench.bench.level(Bench.limitDown, .on, for: .seconds(10))
        bench.bench.forget()
        bench.arrives()
        #expect(bench.isOpened)
        #expect(said(bench).contains("欢迎光临 请入场 欠费8.00元"))
        // Neighbours listen.
        #expect(words(bench).voice == "沪A2K605,欢迎光临")
    }

    @Test func `debts that are collected are told apart, and keep nobody once the stay is paid`() throws {
        var bench = bench { $0.arrears = .collect }
        _ = try bench.inside(minutes: 95, StayHolder(.temporary, household: 7))
        bench.arrives()
        bench.leaves()
        _ = try bench.inside(minutes: 35)
        bench.arrives()
        #expect(words(bench).chinese == ["请缴费12.00元", "请按铃", "停车35分", "含欠费8.00元"])
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        _ = bench.pays(400, serial: "p9")
        #expect(bench.isOpened)
        #expect(said(bench).contains("缴费成功 一路平安 欠费8.00元"))
    }

    private func household(spaces: Int, endsOn: CivilDate? = nil) throws -> Directory {
        var builder = DirectoryBuilder()
        builder.set(Household(id: 2, name: "3-2-501", spaces: spaces))
        for (id, plate) in [(Int64(3), "沪A2K605"), (4, "沪B12345")] {
            try builder.set(
                Permit(id: id, plate: try #require(Plate(plate)), household: 2, validTo: endsOn))
        }
        return try builder.build(asOf: Sequence(1))
    }

    @Test func `a household's car that is one too many is told so at the entry`() throws {
        var bench = bench(directory: try household(spaces: 1), entry: true)
        _ = try bench.inside(
            PlateGrammar.parse("沪B12345", color: .blue), minutes: 60,
            StayHolder(.permit, permit: 4, household: 2))
        bench.bench.forget()
        bench.arrives()
        #expect(bench.isOpened)
        #expect(said(bench).contains("车位已用完 按临停计费"))
        #expect(words(bench).voice == "沪A2K605,车位已用完,按临停计费")
        // With a space left it comes home.
        var other = self.bench(directory: try household(spaces: 2), entry: true)
        other.arrives()
        #expect(said(other).contains("欢迎回家"))
    }

    @Test func `where the exit judges, no entry says that it will cost something`() throws {
        var bench = bench(directory: try household(spaces: 1), entry: true) {
            $0.editions[0].tariff.rules.quota.decide = .atExit
        }
        _ = try bench.inside(
            PlateGrammar.parse("沪B12345", color: .blue), minutes: 60,
            StayHolder(.permit, permit: 4, household: 2))
        bench.arrives()
        #expect(said(bench).contains("车位已用完 按临停入场"))
    }

    @Test(arguments: [(0, "今日到期"), (7, "剩余7天"), (8, nil), (-1, "月卡已到期")] as [(Int, String?)])
    func `the last seven days of a permit are told`(days: Int, text: String?) throws {
        let today = Bench.zone.civil(Bench.morning).date
        let last = CivilDate(daysSince1970: today.daysSince1970 + days)
        var bench = bench(directory: try household(spaces: 2, endsOn: last), entry: true)
        var plan = bench.bench.site.plan
        plan.policy.permitGraceDays = 3
        bench.bench.reload(plan)
        bench.arrives()
        #expect(bench.isOpened)
        #expect(said(bench).contains((["欢迎回家"] + [text].compactMap(\.self)).joined(separator: " ")))
    }
}
