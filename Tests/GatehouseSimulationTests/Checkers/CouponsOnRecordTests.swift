// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// The judge of coupons can fail on each of its clauses.
@Suite struct CouponsOnRecordTests {
    private var coupons = CouponsOnRecord()
    private static let plate = "沪A00001"
    private static let entry: Int64 = 1_772_438_400

    init() throws {
        let plate = try #require(Plate(Self.plate))
        for (id, merchant) in [("m1", "gym"), ("m2", nil)] as [(String, String?)] {
            coupons.given[id] = CouponOrder(
                id: id, kind: .amount(Money(500)), merchant: merchant, target: .plate(plate))
        }
    }

    private static func fields(_ write: (inout FieldWriter) -> Void) throws -> Fields {
        try Fields(FieldWriter.object(write))
    }

    private mutating func grants(
        _ id: String, _ merchant: String? = "gym", value: Int64 = 500, to: Int64? = nil
    ) throws -> String? {
        coupons.granted(
            7,
            try Self.fields {
                $0.put("coupon", id)
                $0.put("kind", "amount")
                $0.put("value", value)
                $0.put("valid_to_s", ifPresent: to)
                $0.put("merchant", ifPresent: merchant)
                $0.put("plate", Self.plate)
            })
    }

    private static func stay() throws -> StayMoney {
        try #require(
            StayMoney(
                opened: try fields {
                    $0.put("plate", plate)
                    $0.put("passed_at", entry * 1000)
                }))
    }

    private mutating func charges(_ used: Int64, booked: Int64, merchant: String? = "gym") throws -> String? {
        coupons.charged(
            8, 3,
            try Self.fields { fields in
                fields.put("coupons", objects: [used]) { used, line in
                    line.put("coupon", "m1")
                    line.put("merchant", ifPresent: merchant)
                    line.put("used", used)
                }
                fields.put("postings", objects: [booked]) { booked, line in
                    line.put("account", "assets.merchant.gym")
                    line.put("amount", booked)
                }
            })
    }

    private mutating func consumes(_ used: Int64) throws -> String? {
        coupons.consumed(
            9,
            try Self.fields {
                $0.put("coupon", "m1")
                $0.put("used", used)
            })
    }

    @Test mutating func `only what somebody gave is granted, once, and he bears it`() throws {
        var wrong = self
        #expect(try wrong.grants("m9") != nil, "nobody gave it")
        #expect(try wrong.grants("m1", value: 900) != nil)
        #expect(try wrong.grants("m1", nil) != nil, "the gym gave it, and not the site")
        #expect(try grants("m1") == nil)
        #expect(try grants("m1") != nil, "again")
    }

    @Test mutating func `a coupon is for one stay`() throws {
        #expect(try grants("m1") == nil)
        #expect(try coupons.choice(for: 3, Self.stay()).map(\.id) == ["m1"])
        #expect(coupons.reserve(["m1"], for: 3) == nil)
        #expect(try coupons.choice(for: 4, Self.stay()).isEmpty)
        #expect(coupons.reserve(["m1"], for: 4) != nil)
        #expect(coupons.reserve([], for: 3) == nil)
        #expect(coupons.reserve(["m1"], for: 4) == nil, "the next question has let it go")
    }

    @Test mutating func `one that lapsed before the entry, or came after the payment, is none`() throws {
        #expect(try grants("m1", to: Self.entry) == nil)
        #expect(try grants("m2", nil) == nil)
        #expect(try coupons.choice(for: 3, Self.stay()).map(\.id) == ["m2"])
        var paid = try Self.stay()
        paid.payments = [StayMoney.Payment(record: 5, serial: "p1", at: Self.entry, amount: 1)]
        #expect(coupons.choice(for: 3, paid).isEmpty)
        _ = coupons.reserve(["m2"], for: 3)
        coupons.paid(3)
        #expect(coupons.choice(for: 3, paid).map(\.id) == ["m2"], "it was used with the payment")
    }

    @Test mutating func `what it took off is booked to its giver, and it is used up once`() throws {
        #expect(try grants("m1") == nil)
        var wrong = self
        #expect(try wrong.charges(300, booked: 200) != nil)
        #expect(try wrong.charges(300, booked: 300, merchant: nil) != nil)
        #expect(try charges(300, booked: 300) == nil)
        var other = self
        #expect(try other.consumes(200) != nil)
        var back = self
        #expect(try back.coupons.released(9, Self.fields { $0.put("coupon", "m1") }) != nil, "it was used")
        #expect(try consumes(300) == nil)
        #expect(coupons.due.isEmpty)
        #expect(try consumes(300) != nil, "again")
        #expect(try charges(300, booked: 300) != nil, "by another stay")
    }

    // MARK: The end of a stay

    /// Without a price the money goes back.
    private mutating func ends(_ stay: Int64, using uses: KeyValuePairs<String, Int64>, priced: Bool = true)
        throws -> String?
    {
        coupons.charged(
            8, stay,
            try Self.fields { fields in
                if priced { fields.put("charge") { $0.put("fee", 0) } }
                fields.put("coupons", objects: Array(uses)) { use, line in
                    line.put("coupon", use.key)
                    line.put("used", use.value)
                }
            })
    }

    private mutating func releases(_ id: String) throws -> String? {
        coupons.released(9, try Self.fields { $0.put("coupon", id) })
    }

    private mutating func consumes(_ id: String, _ used: Int64) throws -> String? {
        coupons.consumed(
            9,
            try Self.fields {
                $0.put("coupon", id)
                $0.put("used", used)
            })
    }

    @Test mutating func `what a stay kept and did not use is free again, and nothing else is`() throws {
        let plate = try #require(Plate(Self.plate))
        coupons.given["m3"] = CouponOrder(id: "m3", kind: .amount(Money(500)), target: .plate(plate))
        for id in ["m2", "m3"] { #expect(try grants(id, nil) == nil) }
        #expect(coupons.reserve(["m2", "m3"], for: 3) == nil)
        #expect(try ends(3, using: ["m2": 300]) == nil)
        #expect(coupons.due == ["m2": .usedUp(300), "m3": .isFreeAgain])
        var wrong = self
        #expect(try wrong.consumes("m3", 0) != nil, "it was left out")
        wrong = self
        #expect(try wrong.releases("m2") != nil, "it was used")
        #expect(try consumes("m2", 300) == nil)
        #expect(try releases("m3") == nil)
        #expect(coupons.due.isEmpty)
        #expect(try coupons.choice(for: 4, Self.stay()).map(\.id) == ["m3"])
        #expect(try releases("m3") != nil, "no stay has ended")
    }

    @Test mutating func `one that was used with a payment is used up, unless the money goes back`() throws {
        #expect(try grants("m2", nil) == nil)
        _ = coupons.reserve(["m2"], for: 3)
        coupons.paid(3)
        var unpriced = self
        #expect(try unpriced.ends(3, using: [:], priced: false) == nil)
        #expect(try unpriced.releases("m2") == nil)
        #expect(try ends(3, using: [:]) == nil)
        var wrong = self
        #expect(try wrong.releases("m2") != nil)
        #expect(try consumes("m2", 0) == nil)
    }

    @Test mutating func `one that is free for a while is never used up, and as long as was said`() throws {
        let plate = try #require(Plate(Self.plate))
        coupons.given["t1"] = CouponOrder(
            id: "t1", kind: .period, validTo: Self.entry + 3600, target: .plate(plate))
        func grant(_ to: Int64) throws -> Fields {
            try Self.fields {
                $0.put("coupon", "t1")
                $0.put("kind", "period")
                $0.put("valid_from_s", Self.entry - 60)
                $0.put("valid_to_s", to)
                $0.put("plate", Self.plate)
            }
        }
        var short = self
        #expect(try short.coupons.granted(7, grant(Self.entry + 3000)) != nil)
        #expect(try coupons.granted(7, grant(Self.entry + 3600)) == nil)
        #expect(coupons.reserve(["t1"], for: 3) == nil)
        coupons.paid(3)
        #expect(try ends(3, using: ["t1": 400]) == nil)
        #expect(try consumes("t1", 400) == nil)
        var paid = try Self.stay()
        paid.payments = [StayMoney.Payment(record: 5, serial: "p1", at: Self.entry, amount: 1)]
        #expect(coupons.choice(for: 4, paid).map(\.id) == ["t1"], "whatever is paid for the rest")
        #expect(coupons.choice(for: 4, paid).map(\.to) == [Self.entry + 3600])
    }
}
