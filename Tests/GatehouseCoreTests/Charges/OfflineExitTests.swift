// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What an exit does with what is due while nobody can be asked for it (`tariffs.md` §10.4).
struct OfflineExitTests {
    private typealias Bench = CollectionBench

    private func bench(
        _ rule: OfflineRule, limit: Int64? = nil, ways: [PaymentWay] = [.plateBound]
    ) -> Bench {
        Bench(ways: ways) { pricing in
            pricing.offline = rule
            pricing.offlineTrustLimit = limit.map { Money($0) }
        }
    }

    @Test(arguments: [
        (OfflineRule.strict, Int64?.none, false), (.strict, 5000, false), (.trustLimit, 799, false),
        (.trustLimit, 800, true), (.open, nil, true),
    ])
    func `each rule opens as far as it says, and the debt is on record`(
        _ rule: OfflineRule, _ limit: Int64?, _ opens: Bool
    ) throws {
        var bench = bench(rule, limit: limit)
        bench.fault(.paymentChannel, "nobody_fetches", stands: true)
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(bench.charge.isOpened == opens)
        #expect(bench.requests.isEmpty)
        guard opens else { return }
        #expect(try bench.charge.last("accessGranted").text("reason") == "OFFLINE_POLICY")
        bench.charge.leaves()
        #expect(bench.charge.book.debts[stay]?.amount == Money(800))
        #expect(bench.charge.book.isBalanced)
    }

    @Test func `with somebody to ask no rule lets go unpaid`() throws {
        var bench = bench(.open, ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(!bench.charge.isOpened)
        // Who waits when the way goes down is looked at again within three seconds.
        bench.fault(.paymentChannel, "cannot_listen", stands: true)
        bench.charge.bench.advance(.seconds(3))
        #expect(bench.charge.isOpened)
    }

    @Test func `the limit is for all that a vehicle owes`() throws {
        var bench = bench(.trustLimit, limit: 1000)
        bench.fault(.paymentChannel, "nobody_fetches", stands: true)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        bench.charge.leaves()
        let before = bench.charge.bench.openings.count
        bench.charge.bench.advance(.seconds(1200))
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(bench.charge.bench.openings.count == before)
    }

    @Test func `a rule for when the broker is away looks at the broker`() throws {
        var bench = Bench(ways: [.plateBound]) { pricing in
            pricing.channel = PaymentChannelPlan(key: "k", usesBroker: true)
            pricing.offline = .open
        }
        #expect(!bench.charge.bench.site.isChannelDown)
        bench.fault(.uplink, "lost", stands: true)
        #expect(bench.charge.bench.site.isChannelDown)
        bench.fault(.uplink, "lost", stands: false)
        #expect(!bench.charge.bench.site.isChannelDown)
        bench.fault(.paymentChannel, "no_payment_key", stands: true)
        #expect(bench.charge.bench.site.isChannelDown)
    }

    @Test func `a provider that is silent through a whole order counts as away until it speaks`() throws {
        var bench = bench(.trustLimit, limit: 2000)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        let number = try #require(bench.number)
        bench.charge.bench.advance(.seconds(40))
        #expect(!bench.charge.isOpened)
        bench.charge.bench.advance(.seconds(8))
        #expect(bench.charge.isOpened)
        bench.charge.leaves()
        #expect(bench.charge.bench.site.isProviderSilent)
        _ = bench.hears(.reversed, order: number)
        #expect(!bench.charge.bench.site.isProviderSilent)
    }

    @Test func `a plate that was debited before goes, and is debited when somebody can be asked`() throws {
        var bench = bench(.strict, limit: 2000)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        bench.pays(800)
        bench.charge.leaves()
        bench.charge.bench.advance(.seconds(1200))
        bench.charge.bench.forget()

        bench.fault(.paymentChannel, "nobody_fetches", stands: true)
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(bench.charge.isOpened)
        bench.charge.leaves()
        #expect(bench.charge.book.debts[stay]?.amount == Money(800))
        let order = try #require(bench.book.open.first)
        #expect(order.order.isDeferred && order.order.stay == stay)
        bench.charge.bench.forget()
        bench.fault(.paymentChannel, "nobody_fetches", stands: false)
        bench.charge.bench.advance(.seconds(301))
        #expect(bench.requests.first?.number == order.number && bench.actions == [.ask])
        bench.pays(800)
        #expect(bench.charge.book.debts.isEmpty && bench.book.openCount == 0)
    }

    @Test func `a debit that nobody was asked for yet is asked for by the next process too`() throws {
        var bench = bench(.strict, limit: 2000)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        bench.pays(800)
        bench.charge.leaves()
        bench.charge.bench.advance(.seconds(1200))
        bench.fault(.paymentChannel, "nobody_fetches", stands: true)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        bench.charge.leaves()
        let order = try #require(bench.book.open.first).number
        var again = bench.restarted(try #require(try bench.charge.recovered().last))
        again.charge.bench.advance(.seconds(11))
        #expect(again.requests.isEmpty)
        again.fault(.paymentChannel, "nobody_fetches", stands: false)
        again.charge.bench.advance(.seconds(301))
        #expect(again.requests.first?.number == order && again.actions == [.ask])
        _ = again.hears(.pending, order: order)
        again.charge.bench.advance(.seconds(900))
        #expect(again.actions == [.ask])
    }

    @Test func `a debit for later is for its own stay: what is owed besides is asked for elsewhere`() throws {
        var bench = Bench(ways: [.plateBound]) { pricing in
            pricing.offlineTrustLimit = Money(5000)
            pricing.arrears = .collect
        }
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        bench.pays(800)
        bench.charge.leaves()
        bench.charge.bench.advance(.seconds(1200))
        let old = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        _ = bench.hears(.reversed)
        bench.charge.money(.later(.lane("south")))
        bench.charge.leaves()
        bench.charge.bench.advance(.seconds(1200))
        bench.fault(.paymentChannel, "nobody_fetches", stands: true)
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(try bench.charge.quotedDue() == 1600)
        let order = try #require(bench.book.open.first)
        #expect(order.order.isDeferred && order.order.stay == stay && order.order.amount == Money(800))
        bench.charge.leaves()
        bench.pays(800, order: order.number)
        #expect(bench.charge.book.debts.keysInOrder == [old])
        #expect(bench.charge.balance("liabilities.refundable") == 0 && bench.charge.book.isBalanced)
    }

    @Test func `a plate whose debit was refused is no longer trusted`() throws {
        var bench = bench(.strict, limit: 2000)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        bench.pays(300)
        #expect(bench.book.isBound(try #require(Bench.plate)))
        #expect(bench.actions == [.ask, .ask])
        _ = bench.hears(.refused)
        #expect(!bench.book.isBound(try #require(Bench.plate)))
        bench.fault(.paymentChannel, "nobody_fetches", stands: true)
        bench.charge.bench.advance(.seconds(3))
        #expect(!bench.charge.isOpened)
    }
}
