// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// `ledger correct` makes no account: neither for a merchant that the site does not have nor for a reason that is none.
struct CorrectionSlipTests {
    @Test(arguments: ["assets.merchant.tae", "reductions.adjust.waiver.GOODWIL"])
    func `a slip within a family of accounts is a slip`(_ account: String) throws {
        var bench = ChargeBench { $0.coupons.merchants["tea"] = "茶馆" }
        let lines = [
            Posting(LedgerAccount(name: account), Money(100)),
            Posting(.income(.temporaryParking), Money(-100)),
        ]
        #expect(ChargeBench.isRefused(bench.money(.correct(Sequence(1), lines, reason: "TEST"))))
        #expect(bench.book.balances[LedgerAccount(name: account)] == nil)
    }
}
