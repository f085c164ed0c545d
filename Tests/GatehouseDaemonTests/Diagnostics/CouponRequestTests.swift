// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDiagnostics
import Testing

@testable import GatehouseDaemon

/// Coupons and balances over the socket, on a site that charges.
@Suite(.timeLimit(.minutes(1)))
struct CouponRequestTests {
    private static func site(_ tariff: String) throws -> String {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        let demo = folder.path() + "hardware-profiles/demo/site.yaml"
        return try String(contentsOfFile: demo, encoding: .utf8) + """

            charging:
              tariffs: [{file: \(tariff)}]
              coupons: {merchants: {tea: 茶馆}}
              stored_value: {}

            """
    }

    private static func with(_ body: (RunningGateway) async throws -> Void) async throws {
        let tariff = "\(FileManager.default.temporaryDirectory.path)/tariff-\(UUID()).yaml"
        let text =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(text.utf8).write(to: URL(filePath: tariff))
        defer { try? FileManager.default.removeItem(atPath: tariff) }
        try await RunningGateway.with(site: try site(tariff), body)
    }

    private static func reply(_ line: String?) throws -> DiagnosticProtocol.Reply {
        try DiagnosticProtocol.reply(Array((line ?? "").utf8)).reply
    }

    private static func result(_ line: String?) throws -> [UInt8] {
        guard case .result(let json) = try reply(line) else {
            throw FieldError.missing(key: "result in \(line ?? "")")
        }
        return json
    }

    @Test func `a coupon is granted, listed with its merchant and taken back`() async throws {
        try await Self.with { running in
            let grant =
                #"{"id":1,"request":"money","action":"grant_coupon","coupon":"k1","kind":"minutes","value":60,"merchant":"tea","plate":"沪A2K605"}"#
            _ = try Self.result(try await running.ask(grant).last)
            let list = #"{"id":2,"request":"ledger","action":"coupons"}"#
            let coupons = try CouponListResult(json: try Self.result(try await running.ask(list).last))
            #expect(coupons.coupons.map(\.grant.coupon.id) == ["k1"])
            #expect(CouponText.text(coupons, zone: .utc).contains("60 minutes, by 茶馆, plate 沪A2K605"))
            let revoke = #"{"id":3,"request":"money","action":"revoke_coupon","coupon":"k1","reason":"NONE"}"#
            guard case .failure(let failure) = try Self.reply(try await running.ask(revoke).last) else {
                Issue.record("a reason that is none was taken")
                return
            }
            #expect(failure.code == "bad_request")
            let again = revoke.replacing("NONE", with: "TEST")
            _ = try Self.result(try await running.ask(again).last)
            let rest = try CouponListResult(json: try Self.result(try await running.ask(list).last))
            #expect(rest.coupons.isEmpty)
        }
    }

    @Test func `an order about money names the currency, and a value that is none is named`() async throws {
        try await Self.with { running in
            let grant =
                #"{"id":1,"request":"money","action":"grant_coupon","kind":"percent","value":20,"merchant":"tea","plate":"沪A2K605"}"#
            let granted = try OrderResult(json: try Self.result(try await running.ask(grant).last))
            #expect(granted.currency == "CNY")
            let wrong = try await running.ask(grant.replacing(":20,", with: ":101,")).last
            guard case .failure(let failure) = try Self.reply(wrong) else {
                Issue.record("101 percent were taken")
                return
            }
            #expect(failure.code == "bad_request" && failure.message.contains("101"))
            #expect(!failure.message.contains("(key:"))
        }
    }

    @Test func `a balance is filled from the drawer, shown and given back`() async throws {
        try await Self.with { running in
            let topUp =
                #"{"id":1,"request":"money","action":"top_up","holder":{"plate":"沪A2K605"},"serial":"new","way":"cash","amount":5000}"#
            guard case .failure(let failure) = try Self.reply(try await running.ask(topUp).last) else {
                Issue.record("taken without a drawer")
                return
            }
            #expect(failure.code == "refused")
            _ = try Self.result(
                try await running.ask(#"{"id":2,"request":"money","action":"open_shift"}"#).last)
            for _ in 0..<2 { _ = try Self.result(try await running.ask(topUp).last) }
            let show = #"{"id":3,"request":"ledger","action":"stored"}"#
            let shown = try StoredResult(json: try Self.result(try await running.ask(show).last))
            // Each is given a serial of its own.
            #expect(shown.balances.map(\.balance) == [10_000])
            #expect(CouponText.text(shown) == "沪A2K605: 100.00")
            let refund =
                #"{"id":4,"request":"money","action":"give_back_stored","holder":{"plate":"沪A2K605"},"way":"cash","reason":"TEST"}"#
            _ = try Self.result(try await running.ask(refund).last)
            let rest = try StoredResult(json: try Self.result(try await running.ask(show).last))
            #expect(rest.balances.isEmpty)
        }
    }
}
