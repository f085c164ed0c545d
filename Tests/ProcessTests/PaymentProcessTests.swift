// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Glibc
import Testing

/// A site that charges, for the tests of the payment channel.
enum ChargingSite {
    static let key = "0123456789abcdef0123456789abcdef"

    static let tariff = """
        id: site-a
        version: 1
        currency: CNY
        tz: Asia/Shanghai
        rate: {kind: visit, per: stay, price: 500}

        """

    /// `ways`: of `charging.channel`, beside the key; `more`: of `charging`, with a comma before it. The car 沪A12345 is inside.
    static func with(
        _ ways: String, charging more: String = "", extra: String = "", hasKey: Bool = true,
        _ body: (TwinSite, PaymentPlatform) throws -> Void
    ) throws {
        try TestSite.with { site in
            let file = TextFile("\(site.folder)/tariff.yaml")
            try file.write(tariff)
            let charging =
                "charging: {tariffs: [{file: \(file.path)}], channel: {key: payment-key, \(ways)}\(more)}\n"
            try site.siteFile.write(site.siteText + "\n" + charging + extra)
            let credentials = "\(site.folder)/credentials"
            try FileManager.default.createDirectory(atPath: credentials, withIntermediateDirectories: true)
            if hasKey { try TextFile("\(credentials)/payment-key").write(key + "\n") }
            try start(site)
            let imported = try site.gatehouse(
                "stay", "import", "main", "沪A12345", "--reason", "READ_ERROR")
            guard imported.isSuccess else { throw TwinError("stay import: \(imported.errors)") }
            try body(site, PaymentPlatform(key: key, folder: site.folder))
        }
    }

    static func start(_ site: TwinSite) throws {
        try site.startDaemon(through: ["/usr/bin/env", "CREDENTIALS_DIRECTORY=\(site.folder)/credentials"])
    }

    /// The car that is inside stands at the exit and was read.
    static func arrive(_ site: TwinSite) throws {
        _ = site.south.with { $0.arrive(stop: 150) }
        try waiting(for: "the car at the line", within: .seconds(10)) {
            site.south.with { $0.loops.isOn("P") } ? true : nil
        }
        site.southCamera.send(PlateCameraModel.Sight(plate: "沪A12345"))
    }

    static func settled(_ site: TwinSite) throws -> [String] {
        try site.records().filter { $0.kind == "paymentSettled" }
            .map { "\($0.text("serial") ?? "") \($0.text("use") ?? "")" }
    }
}

/// The payment channel over HTTP, at the real daemon, by a platform that shares no code with it.
@Suite struct PaymentProcessTests {
    private func port() throws -> UInt16 { try #require(PlainHTTP.freePort()) }

    private func fields(_ answer: PlainHTTP.Answer?) throws -> Fields {
        let answer = try #require(answer)
        return try Fields(answer.body)
    }

    @Test func `a car is quoted and paid for, once however often it is told, and over kill -9`() throws {
        let port = try port()
        try ChargingSite.with("http: '127.0.0.1:\(port)'") { site, platform in
            let quote = try fields(platform.send(try platform.quote(#""plate":"沪A12345""#), http: port))
            #expect(try quote.integer("due") == 500 && quote.text("currency") == "CNY")
            #expect(quote.text("plate") == "沪A12345")
            let number = try quote.integer("quote")
            let payment = try platform.payment("4200", amount: 500, ",\"quote\":\(number)")
            let first = platform.send(payment, http: port)
            #expect(first?.status == 200)
            #expect(try fields(first).text("use") == "stay")
            #expect(try fields(first).integer("remaining") == 0)
            for _ in 0..<3 {
                #expect(
                    try fields(platform.send(payment, http: port)).integer("record")
                        == fields(first).integer("record"))
            }
            try site.killDaemon()
            try ChargingSite.start(site)
            #expect(
                try fields(platform.send(payment, http: port)).integer("record")
                    == fields(first).integer("record"))
            let other = platform.send(try platform.payment("4200", amount: 499), http: port)
            #expect(other?.status == 409 && other?.text.contains("conflict") == true)
            #expect(try ChargingSite.settled(site) == ["4200 stay"])
        }
    }

    @Test func `who has not the key, asks for what is not there or asks twice is told so`() throws {
        let port = try port()
        try ChargingSite.with("http: '127.0.0.1:\(port)'") { site, platform in
            let call = try platform.quote(#""plate":"沪A12345""#)
            var forged = call
            forged.body = call.body.replacingOccurrences(of: "沪A12345", with: "沪A12346")
            #expect(platform.send(forged, http: port)?.status == 401)
            var moved = call
            moved.word = "payment"
            #expect(platform.send(moved, http: port)?.status == 401)
            #expect(platform.send(call, http: port)?.status == 200)
            #expect(platform.send(call, http: port)?.text.contains("replayed") == true)
            let old = TwinClock.wall() + .seconds(-400)
            let late = platform.send(try platform.quote(#""lane":"south""#, at: old), http: port)
            #expect(late?.status == 409 && late?.text.contains("too_old") == true)
            let nobody = platform.send(try platform.quote(#""plate":"沪B00001""#), http: port)
            #expect(nobody?.status == 404 && nobody?.text.contains("not_found") == true)
            #expect(platform.send(try platform.signed("quote", "{"), http: port)?.status == 400)
            #expect(platform.send(try platform.signed("open", "{}"), http: port)?.status == 404)
            let pad = try platform.signed("quote", String(repeating: "x", count: 20_000))
            #expect(platform.send(pad, http: port)?.status == 413)
            #expect(try ChargingSite.settled(site).isEmpty)
        }
    }

    @Test func `money that nobody is known for comes late, twice and mixed up, is kept and given back once`()
        throws
    {
        let port = try port()
        try ChargingSite.with("http: '127.0.0.1:\(port)'") { site, platform in
            let sent = TwinClock.wall() + .seconds(-20 * 86_400)
            for number in 1...6 {
                let rest = ",\"plate\":\"沪B0000\(number)\",\"paid_s\":\(sent.milliseconds / 1000)"
                platform.hold(try platform.payment("late-\(number)", amount: 100, rest, at: sent))
            }
            let answers = try platform.release(copies: 3, seed: 7) { call in
                try fields(platform.send(call, http: port))
            }
            #expect(answers.count == 18)
            #expect(try answers.allSatisfy { try $0.answer.string("use") == "unmatched" })
            #expect(
                Set(try ChargingSite.settled(site)) == Set((1...6).map { "late-\($0) unmatched" }))
            let cancel = try platform.cancellation(of: "late-3")
            let first = try fields(platform.send(cancel, http: port))
            #expect(try first.integer("refunded") == 100)
            let again = try fields(platform.send(try platform.cancellation(of: "late-3"), http: port))
            #expect(again == first)
            #expect(platform.send(try platform.cancellation(of: "late-9"), http: port)?.status == 404)
            // Neither a drawer's nor a balance's money is a provider's.
            #expect(try site.gatehouse("shift", "open").isSuccess)
            #expect(try site.gatehouse("charge", "cash", "沪A12345", "1.00").isSuccess)
            let cash = try site.records().last { $0.kind == "paymentSettled" }?.text("serial")
            for serial in [try #require(cash), "stored-7"] {
                let refused = platform.send(try platform.cancellation(of: serial), http: port)
                #expect(refused?.status == 409 && refused?.text.contains("ledger refund") == true)
            }
            #expect(try site.records().count { $0.kind == "paymentRefunded" } == 1)
        }
    }

    @Test func `without its key the channel lets nobody in and says how to hand it over`() throws {
        let port = try port()
        try ChargingSite.with("http: '127.0.0.1:\(port)'", hasKey: false) { site, platform in
            let call = try platform.quote(#""plate":"沪A12345""#)
            #expect(platform.send(call, http: port)?.status == 401)
            try waiting(for: "the fault", within: .seconds(10)) {
                try site.gatehouse("faults").output.contains("LoadCredential=payment-key") ? true : nil
            }
        }
    }
}
