// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseTwins

/// The pages of a payment platform, behind codes and in an app: they ask what is due and tell that it was paid.
struct Pages: Sendable {
    enum Way: String, Sendable { case http = "HTTP", mqtt = "MQTT" }

    struct Quote: Sendable {
        let number: Int64
        let due: Int64
    }

    private let platform: PaymentPlatform
    private let stage: Stage

    init(_ stage: Stage) {
        self.stage = stage
        platform = PaymentPlatform(key: PaidExit.key, folder: stage.site.folder)
    }

    /// Until the gateway answers at the broker, whatever it says.
    func waitForBroker() throws {
        try waiting(for: "the payment channel at the broker", within: .seconds(30)) {
            try send(platform.quote(target(lane: PaidExit.lane)), .mqtt)
        }
    }

    func target(lane: String) -> String { "\"lane\":\"\(lane)\"" }

    func target(plate: String) -> String { "\"plate\":\"\(plate)\"" }

    /// nil: nobody is known there yet.
    func quote(_ target: String, _ way: Way) throws -> Quote? {
        guard let answer = try send(platform.quote(target), way), let number = try? answer.integer("quote")
        else { return nil }
        return Quote(number: number, due: try answer.integer("due"))
    }

    /// Told twice, as platforms do that are not sure: the second time nothing new is on record.
    /// - Returns: what the money was used for.
    @discardableResult
    func pay(
        _ serial: String, _ payment: Sale.Payment, for target: String, _ way: Way
    ) throws -> String {
        let call = try platform.payment(serial, amount: payment.fen, way: payment.way, ",\(target)")
        let answers = try (0..<2).compactMap { _ in try send(call, way) }
        let records = answers.compactMap { try? $0.integer("record") }
        guard records.count == 2, records[0] == records[1], let use = try? answers[0].string("use") else {
            throw TwinError("payment \(serial) over \(way.rawValue) was answered: \(answers)")
        }
        return use
    }

    private func send(_ call: PaymentPlatform.Call, _ way: Way) throws -> Fields? {
        let body: [UInt8]? =
            switch way {
            case .http: platform.send(call, http: stage.paidExit.port)?.body
            case .mqtt:
                try platform.send(call, mqtt: stage.upstream.port, root: Upstream.root, patience: 5)
                    .map { Array($0.utf8) }
            }
        return body.flatMap { try? Fields($0) }
    }
}
