// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSync
import Testing

/// The replies, byte for byte, as docs/payment-channel.md has them.
struct PaymentReplyTests {
    private static let quoted = #"""
        {"stay":7,"lane":"south","tariff":"site-a","version":7,"tariff_hash":"ab","currency":"CNY","entry_s":1772405700,
        "exit_s":1772411400,"class":"small","class_by":"colour","charge":{"status":"ok","gross":800,"fee":800,"due":800,
        "flags":[],"lines":[{"code":"CHARGE","band":"ALL","units":2,"price":400,"amount":800}]},"computed_s":1772411400,
        "valid_until_s":1772411700}
        """#

    private func text(_ reply: PaymentReply) -> String { String(decoding: reply.body, as: UTF8.self) }

    private func settlement(_ use: SettlementUse, amount: Int64 = 800) -> Settlement {
        Settlement(
            notice: PaymentNotice(serial: "4200", way: .prepaid, amount: Money(amount)), at: 1_772_411_400,
            use: use, by: Operator(channel: "payment", name: "platform"))
    }

    @Test func `a quote`() throws {
        let reply = try PaymentReply(
            quote: Sequence(41), Fields(Array(Self.quoted.utf8)), plate: Plate("沪A12345"))
        #expect(reply.status == 200)
        #expect(
            text(reply)
                == #"{"quote":41,"stay":7,"plate":"沪A12345","lane":"south","due":800,"currency":"CNY","#
                + #""computed_s":1772411400,"valid_until_s":1772411700,"entry_s":1772405700,"#
                + #""exit_s":1772411400,"tariff":"site-a","version":7,"fee":800,"flags":[],"#
                + #""lines":[{"code":"CHARGE","band":"ALL","units":2,"price":400,"amount":800}]}"#)
    }

    @Test func `a quote without its price is none`() throws {
        for key in ["charge", "stay", "due", "currency", "valid_until_s"] {
            let text = Self.quoted.replacing("\"\(key)\"", with: "\"other\"")
            let fields = try Fields(Array(text.utf8))
            #expect(throws: FieldError.self) { try PaymentReply(quote: Sequence(41), fields, plate: nil) }
        }
    }

    @Test func `a payment, whatever became of it`() {
        let stay = PaymentReply(payment: Sequence(44), settlement(.stay(StayID(7))), remaining: .zero)
        #expect(
            text(stay) == #"{"record":44,"serial":"4200","amount":800,"use":"stay","stay":7,"remaining":0,"#
                + #""explanation":"counts for stay 7"}"#)
        let debt = PaymentReply(
            payment: Sequence(44), settlement(.arrears(StayID(7), rest: Money(300))), remaining: .zero)
        #expect(
            text(debt) == #"{"record":44,"serial":"4200","amount":800,"use":"arrears","stay":7,"rest":300,"#
                + #""remaining":0,"explanation":"paid off what was owed for stay 7, which is over; "#
                + #"300 more than that, to be given back"}"#)
        var both = settlement(.arrears(StayID(7), rest: .zero))
        both.collected = [Arrears(reference: "3", amount: Money(200))]
        #expect(
            text(PaymentReply(payment: Sequence(44), both, remaining: .zero)).contains(
                #""stay":7,"collected":[{"stay":"3","amount":200}],"rest":0,"#))
        let late = PaymentReply(payment: Sequence(44), settlement(.refundable(StayID(7))), remaining: .zero)
        #expect(
            text(late)
                == #"{"record":44,"serial":"4200","amount":800,"use":"refundable","stay":7,"remaining":0,"#
                + #""explanation":"stay 7 is over and owes nothing: to be given back"}"#)
        let foreign = PaymentReply(payment: Sequence(44), settlement(.unmatched), remaining: nil)
        #expect(
            text(foreign) == #"{"record":44,"serial":"4200","amount":800,"use":"unmatched","explanation":"#
                + #""no vehicle, stay or quote here is meant by it: kept until a person finds whose it is"}"#)
    }

    @Test func `a cancellation`() {
        let reply = PaymentReply(cancelled: "4200", by: Sequence(50), refunded: Money(800))
        #expect(text(reply) == #"{"record":50,"payment":"4200","refunded":800}"#)
    }

    @Test func `a fault has a word for programs, a sentence for people and a status`() {
        let reply = PaymentReply(PaymentFault(.conflict, "taken over 800"))
        #expect(reply.status == 409)
        #expect(text(reply) == #"{"error":{"code":"conflict","message":"taken over 800"}}"#)
        let statuses = PaymentFault.Code.allCases.map { "\($0.rawValue) \($0.status)" }
        #expect(
            statuses == [
                "bad_request 400", "unauthorized 401", "not_found 404", "refused 409", "conflict 409",
                "replayed 409", "too_old 409", "busy 503", "store 503",
            ])
        #expect(PaymentFault(code: "of the future", message: "").code == .refused)
        #expect(PaymentFault(code: "too_old", message: "").code == .tooOld)
    }
}
