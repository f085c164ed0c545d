// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseTwins
import Synchronization

/// Somebody who takes money when the gateway asks for it, on a thread of his own: answers the orders of his ways, and
/// refuses whom he has no agreement with.
final class Provider: Sendable {
    private let collecting: CollectingPlatform
    private let ways: [String]
    private let agreed: [String]
    private let isOver = Mutex(false)
    private let thread = Mutex<Aside<Void>?>(nil)

    /// - Parameter agreed: plates.
    private init(_ collecting: CollectingPlatform, ways: [String], agreed: [String]) {
        self.collecting = collecting
        self.ways = ways
        self.agreed = agreed
    }

    func end() { isOver.withLock { $0 = true } }

    /// Why he has gone.
    var problem: String? {
        guard case .failure(let error) = thread.withLock({ $0?.ended }) else { return nil }
        return "\(ways.joined(separator: ", ")): \(error)"
    }

    /// An ETC controller on the site's own network, which fetches its orders over HTTP. It sees one tag.
    static func etc(_ stage: Stage) -> Provider {
        let port = stage.paidExit.port
        let platform = PaymentPlatform(name: "etc", key: PaidExit.key, folder: stage.site.folder)
        let collecting = CollectingPlatform(platform, .refuses)
        let provider = Provider(collecting, ways: ["etc"], agreed: [Cast.withATag.bare])
        provider.work {
            try collecting.fetch(http: port, wait: 2, ways: ["etc"]) ?? []
        } telling: { call in
            guard platform.send(call, http: port)?.status == 200 else {
                throw TwinError("the gateway does not take \(call.body)")
            }
        }
        return provider
    }

    /// A bank that listens at the broker. It has one agreement, and every wallet's code is its own.
    static func bank(_ stage: Stage) throws -> Provider {
        let port = stage.upstream.port
        let platform = PaymentPlatform(name: "bank", key: PaidExit.key, folder: stage.site.folder)
        let topic = try CollectTopic(stage, platform)
        let provider = Provider(
            CollectingPlatform(platform, .refuses), ways: ["plate_bound", "scanned_code"],
            agreed: [Cast.withAnAgreement.bare])
        provider.work {
            try topic.next()
        } telling: { call in
            let answer = try platform.send(call, mqtt: port, root: Upstream.root)
            guard let answer, !answer.contains("\"error\"") else {
                throw TwinError("the gateway does not take \(call.body): \(answer ?? "no answer")")
            }
        }
        return provider
    }

    private func work(
        _ orders: @escaping @Sendable () throws -> [CollectingPlatform.Order],
        telling tell: @escaping @Sendable (PaymentPlatform.Call) throws -> Void
    ) {
        let aside = Aside { [self] in
            while !isOver.withLock({ $0 }) {
                for order in try orders() where ways.contains(order.way) { try answer(order).map(tell) }
                // As often as everything here looks.
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        thread.withLock { $0 = aside }
    }

    private func answer(_ order: CollectingPlatform.Order) throws -> PaymentPlatform.Call? {
        let isHis = order.way == "scanned_code" ? order.code != nil : agreed.contains(order.plate ?? "")
        collecting.become(isHis ? .pays : .refuses)
        return try collecting.answer(order)
    }
}

/// What the gateway asks for at the broker, each message by its signature.
private final class CollectTopic: Sendable {
    private let subscriber: Subscriber
    private let platform: PaymentPlatform
    private let heard = Mutex(0)

    init(_ stage: Stage, _ platform: PaymentPlatform) throws {
        self.platform = platform
        // mosquitto_sub(1): %P are the user properties, %p the payload.
        subscriber = try stage.upstream.subscribe("collect", ["-F", "{%P}%p"])
    }

    deinit { subscriber.stop() }

    /// What came since it was last asked.
    func next() throws -> [CollectingPlatform.Order] {
        let lines = subscriber.lines
        let new = heard.withLock { heard in
            defer { heard = lines.count }
            return lines.dropFirst(heard)
        }
        return try new.map(order)
    }

    private func order(_ line: String) throws -> CollectingPlatform.Order {
        let parts = line.dropFirst().split(separator: "}", maxSplits: 1)
        guard parts.count == 2, let signature = parts[0].split(separator: ":").last,
            try platform.isSigned("collect", String(parts[1]), by: String(signature)),
            let order = CollectingPlatform.order(String(parts[1]))
        else { throw TwinError("no order of this gateway: \(line)") }
        return order
    }
}
