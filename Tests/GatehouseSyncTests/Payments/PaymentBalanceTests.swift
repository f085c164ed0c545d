// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSync
import Testing

struct PaymentBalanceTests {
    private static let now = WallTime(milliseconds: 1_772_411_500_000)

    /// Stay 7 with what its account says; stay 5 left owing 300.
    private func remaining(_ account: String?, stay: Int64 = 7, isOpen: Bool = true) throws -> Int64? {
        let debt = #"{"stay":5,"category":"common.temp_parking","amount":300,"since_ms":0}"#
        var rows = [ProjectionRow(ProjectionKey(.debt, "5"), Array(debt.utf8))]
        if let account { rows.append(ProjectionRow(ProjectionKey(.account, "7"), Array(account.utf8))) }
        let book = try AccountBook(rows: rows)
        return PaymentBalance.remaining(for: StayID(stay), isOpen: isOpen, in: book, at: Self.now)?.minorUnits
    }

    private func account(validUntil: Int64 = 1_772_411_700, _ payments: String) -> String {
        #"{"quote":{"record":41,"due":800,"computed_s":1772411400,"valid_until_s":\#(validUntil)},"#
            + #""payments":[\#(payments)]}"#
    }

    private func payment(_ record: Int64, _ amount: Int64) -> String {
        #"{"record":\#(record),"way":"prepaid","amount":\#(amount),"at_s":1772411450}"#
    }

    @Test func `what was paid since the quote lessens what it asked for`() throws {
        #expect(try remaining(account("")) == 800)
        #expect(try remaining(account(payment(44, 500))) == 300)
        #expect(try remaining(account("\(payment(44, 500)),\(payment(45, 300))")) == 0)
        #expect(try remaining(account(payment(44, 900))) == 0)
        // The quote knew of this one.
        #expect(try remaining(account(payment(40, 500))) == 800)
    }

    @Test func `sums beyond all bounds do not trap`() throws {
        let all = payment(44, .max) + "," + payment(45, .max)
        #expect(try remaining(account(all)) == 0)
        #expect(try remaining(account(payment(44, .min))) != nil)
    }

    @Test func `without a quote that is good nobody can say`() throws {
        #expect(try remaining(nil) == nil)
        #expect(try remaining(account(validUntil: 1_772_411_500, "")) == nil)
        #expect(try remaining(account(validUntil: 1_772_411_501, "")) == 800)
    }

    @Test func `whoever left owes what the books say`() throws {
        #expect(try remaining(nil, stay: 5, isOpen: false) == 300)
        #expect(try remaining(nil, stay: 6, isOpen: false) == 0)
    }
}
