// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

private let wang = Operator(channel: "socket", name: "wang")
private let plate = Plate("沪A2K605")
private let use = CouponUse(coupon: "k1", kind: .amount(Money(500)), merchant: "tea", used: Money(300))

/// Records of coupons and balances: their bytes are what others rely on, and they come back.
private let goldens: [Golden] = [
    Golden(
        .money(
            .coupon(
                .granted(
                    CouponGrant(
                        coupon: Coupon(id: "k1", kind: .minutes(60), validFrom: 10, validTo: 20),
                        merchant: "tea", stay: StayID(7), plate: plate, by: wang)))),
        "couponGranted",
        #"{"coupon":"k1","kind":"minutes","value":60,"valid_from_s":10,"valid_to_s":20,"merchant":"tea","#
            + #""stay":7,"plate":"沪A2K605","by":{"channel":"socket","name":"wang"}}"#),
    Golden(
        .money(
            .coupon(
                .granted(CouponGrant(coupon: Coupon(id: "k2", kind: .full), plate: plate, by: wang)))),
        "couponGranted",
        #"{"coupon":"k2","kind":"full","plate":"沪A2K605","by":{"channel":"socket","name":"wang"}}"#),
    Golden(
        .money(
            .coupon(
                .granted(
                    CouponGrant(
                        coupon: Coupon(id: "k3", kind: .tariff("hotel"), validTo: 20), plate: plate, by: wang)
                ))),
        "couponGranted",
        #"{"coupon":"k3","kind":"tariff","of_tariff":"hotel","valid_to_s":20,"plate":"沪A2K605","#
            + #""by":{"channel":"socket","name":"wang"}}"#),
    Golden(
        .money(
            .coupon(
                .granted(
                    CouponGrant(
                        coupon: Coupon(id: "k4", kind: .period, validFrom: 10, validTo: 20), plate: plate,
                        by: wang)))),
        "couponGranted",
        #"{"coupon":"k4","kind":"period","valid_from_s":10,"valid_to_s":20,"plate":"沪A2K605","#
            + #""by":{"channel":"socket","name":"wang"}}"#),
    Golden(
        .money(.coupon(.revoked("k1", reason: "TEST", by: wang))), "couponRevoked",
        #"{"coupon":"k1","reason":"TEST","by":{"channel":"socket","name":"wang"}}"#),
    Golden(
        .money(
            .coupon(
                .consumed(CouponConsumption(use: use, stay: StayID(7), at: 30, charge: Sequence(40))))),
        "couponConsumed",
        #"{"coupon":"k1","kind":"amount","value":500,"merchant":"tea","used":300,"stay":7,"at_s":30,"#
            + #""charge_record":40}"#),
    Golden(
        .money(.coupon(.released("k1", StayID(7)))), "couponReleased", #"{"coupon":"k1","stay":7}"#),
    Golden(
        .money(
            .settled(
                Settlement(
                    notice: PaymentNotice(serial: "desk-1", way: .cash, amount: Money(20_000)), at: 30,
                    use: .stored(.household(3)), by: wang, shift: Sequence(5), balance: Money(20_500)))),
        "paymentSettled",
        #"{"serial":"desk-1","way":"cash","amount":20000,"at_s":30,"use":"stored","#
            + #""holder":{"household":3},"balance":20500,"by":{"channel":"socket","name":"wang"},"shift":5,"#
            + #""postings":[{"account":"assets.cash","amount":20000},"#
            + #"{"account":"liabilities.stored","amount":-20000}]}"#),
    Golden(
        .money(
            .settled(
                Settlement(
                    notice: PaymentNotice(
                        serial: "stored-41", way: .storedValue, amount: Money(800), quote: Sequence(40),
                        stay: StayID(7)),
                    at: 30, use: .stay(StayID(7)), by: wang, drawnFrom: plate.map { .plate($0) },
                    balance: Money(19_200)))),
        "paymentSettled",
        #"{"serial":"stored-41","way":"stored_value","amount":800,"at_s":30,"quote":40,"use":"stay","#
            + #""stay":7,"drawn_from":{"plate":"沪A2K605"},"balance":19200,"#
            + #""by":{"channel":"socket","name":"wang"},"#
            + #""postings":[{"account":"liabilities.stored","amount":800},"#
            + #"{"account":"liabilities.deposits","amount":-800}]}"#),
    Golden(
        .money(
            .storedGivenBack(
                StoredRefund(
                    holder: .household(3), amount: Money(19_200), way: .cash, reason: "OTHER: moves away",
                    by: wang, shift: Sequence(5), balance: .zero))),
        "storedGivenBack",
        #"{"holder":{"household":3},"amount":19200,"way":"cash","balance":0,"reason":"OTHER: moves away","#
            + #""by":{"channel":"socket","name":"wang"},"shift":5,"#
            + #""postings":[{"account":"liabilities.stored","amount":19200},"#
            + #"{"account":"assets.cash","amount":-19200}]}"#),
]

struct CouponFactTests {
    @Test(arguments: goldens) func `a fact has the kind and the bytes that others rely on`(_ golden: Golden)
        throws
    {
        #expect(golden.fact.kind == golden.kind)
        let payload = golden.fact.payload
        #expect(String(decoding: payload, as: UTF8.self) == golden.payload)
        guard case .money(let fact) = golden.fact else { return }
        let record = Sequence(99)
        let read = try MoneyChange(kind: golden.kind, from: Fields(payload), record: record)
        // A settlement keeps its stay where it is used.
        if case .settled(let ours) = fact.change(record), case .settled(let its) = read {
            #expect(ours.use == its.use && ours.drawnFrom == its.drawnFrom && ours.balance == its.balance)
            #expect(ours.postings == its.postings)
        } else {
            #expect(read == fact.change(record))
        }
        #expect(MoneyFact.kinds.contains(golden.kind))
    }

    @Test func `a coupon's kind that is none is an error`() throws {
        for json in [
            #"{"coupon":"k","kind":"half"}"#, #"{"coupon":"k","kind":"percent","value":101}"#,
            #"{"coupon":"k","kind":"percent","value":-1}"#, #"{"coupon":"k","kind":"minutes"}"#,
        ] {
            #expect(throws: FieldError.self) { try Coupon(from: Fields(Array(json.utf8))) }
        }
    }
}
