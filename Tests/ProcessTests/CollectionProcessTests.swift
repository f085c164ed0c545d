// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Testing

/// Orders over HTTP: a provider's program that shares no code with the gateway fetches them at the real daemon.
@Suite struct CollectionProcessTests {
    private static let plateBound = ", collect: {ways: [plate_bound]}"

    private func with(_ body: (TwinSite, PaymentPlatform, UInt16) throws -> Void) throws {
        let port = try #require(PlainHTTP.freePort())
        try ChargingSite.with("http: '127.0.0.1:\(port)'", charging: Self.plateBound) { site, platform in
            try body(site, platform, port)
        }
    }

    private func fetch(_ provider: CollectingPlatform, _ port: UInt16) throws -> CollectingPlatform.Order {
        try waiting(for: "an order", within: .seconds(20)) { try provider.fetch(http: port, wait: 3)?.first }
    }

    @Test func `a provider that waits for orders debits the plate, and the arm rises`() throws {
        try with { site, platform, port in
            let provider = CollectingPlatform(platform, .pays)
            #expect(try provider.fetch(http: port)?.isEmpty == true)
            try ChargingSite.arrive(site)
            let order = try fetch(provider, port)
            #expect(order.action == "ask" && order.way == "plate_bound" && order.amount == 500)
            #expect(order.plate == "沪A12345" && order.code == nil)
            let call = try #require(try provider.answer(order))
            #expect(platform.send(call, http: port)?.status == 200)
            try waiting(for: "the arm to be up", within: .seconds(10)) {
                site.south.with { $0.barrier.isUp } ? true : nil
            }
            #expect(try ChargingSite.settled(site) == ["\(order.transaction) stay"])
            #expect(try provider.fetch(http: port)?.isEmpty == true)
        }
    }

    @Test func `an order is told at the desk, survives kill -9 and is not made twice`() throws {
        try with { site, platform, port in
            let provider = CollectingPlatform(platform, .waits)
            try ChargingSite.arrive(site)
            let order = try fetch(provider, port)
            let pending = try #require(try provider.answer(order))
            #expect(platform.send(pending, http: port)?.status == 200)
            let shown = try site.gatehouse("charge", "show", "沪A12345").output
            #expect(shown.contains("order \(order.number)"), "\(shown)")
            try site.killDaemon()
            try ChargingSite.start(site)
            let again = try site.gatehouse("charge", "show", "沪A12345").output
            #expect(again.contains("order \(order.number)"), "\(again)")
            #expect(platform.send(try provider.confirm(order), http: port)?.status == 200)
            #expect(try site.records().count { $0.kind == "collectionAsked" } == 1)
            #expect(try ChargingSite.settled(site) == ["\(order.transaction) stay"])
        }
    }

    @Test func `whoever hangs up leaves his place to others`() throws {
        try with { _, platform, port in
            let calls = try (0..<8).map { _ in try platform.orders(",\"wait_s\":20") }
            // Each gives up after a second, all at once.
            DispatchQueue.concurrentPerform(iterations: calls.count) { index in
                #expect(platform.send(calls[index], http: port, patience: 1) == nil)
            }
            try waiting(for: "a place", within: .seconds(5)) {
                platform.send(try platform.orders(), http: port)?.status == 200 ? true : nil
            }
        }
    }

    @Test func `what is refused, unknown, unsigned or asked twice is told so`() throws {
        try with { site, platform, port in
            let provider = CollectingPlatform(platform, .refuses)
            try ChargingSite.arrive(site)
            let order = try fetch(provider, port)
            let refused = try #require(try provider.answer(order))
            let first = try #require(platform.send(refused, http: port))
            #expect(first.status == 200 && first.text.contains("refused"))
            // Signed for its call, so the same bytes.
            #expect(platform.send(refused, http: port) == first)
            #expect(try platform.isSigned(first, to: refused))
            // It ended once: whoever says another end is told the one on record.
            let void = try platform.collection(order.number, askedAt: order.askedAt, "reversed")
            let said = try #require(platform.send(void, http: port))
            #expect(said.status == 200 && said.text.contains(#""state":"refused""#), "\(said.text)")
            #expect(try !platform.isSigned(said, to: refused))
            let foreign = try platform.collection(order.number, askedAt: order.askedAt + 1, "refused")
            #expect(platform.send(foreign, http: port)?.status == 404)
            let pending = platform.send(try platform.collection(order.number, "pending"), http: port)
            #expect(pending?.status == 409 && pending?.text.contains("conflict") == true)
            let nobody = platform.send(try platform.collection(999_999, "refused"), http: port)
            #expect(nobody?.status == 404)
            var forged = try platform.orders()
            forged.signature = String(repeating: "0", count: 64)
            #expect(platform.send(forged, http: port)?.status == 401)
            let call = try platform.orders()
            #expect(platform.send(call, http: port)?.status == 200)
            #expect(platform.send(call, http: port)?.text.contains("replayed") == true)
            #expect(platform.send(try platform.signed("collect", "{}"), http: port)?.status == 404)
        }
    }
}
