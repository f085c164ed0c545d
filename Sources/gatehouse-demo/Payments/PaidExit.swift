// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseSimulation
import GatehouseTwins

/// What makes the site of the site file one that charges at its exit: a tariff, the payment channel and its key, a
/// scanner of payment codes, and a board that draws codes for phones.
final class PaidExit: Sendable {
    static let lane = "south"
    /// Of the tariff's first hour, begun or whole: no stay of this morning is longer.
    static let price: Int64 = 500
    static let key = "demonstration-key-0123456789abcdef"
    static let merchant = "tea-house"
    /// The code that hangs at the pole, the same for everybody.
    static let poleCode = "https://pay.example/l/\(lane)"
    private static let boardCode = "https://pay.example/p?order={quote}&stay={stay}&fen={due}"

    /// The payment channel's.
    let port: UInt16
    let scanner: SerialTwin<CodeScannerModel>
    private let tariff: String
    private let credentials: String

    init(beside siteFile: String, folder: String) throws {
        tariff = URL(fileURLWithPath: siteFile).deletingLastPathComponent().path + "/tariff.yaml"
        credentials = "\(folder)/credentials"
        guard let port = PlainHTTP.freePort() else { throw TwinError("no free port at 127.0.0.1") }
        self.port = port
        try FileManager.default.createDirectory(
            atPath: credentials, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try TextFile("\(credentials)/payment-key").write(Self.key + "\n")
        scanner = try .scanner(.gm65)
        scanner.start()
    }

    /// Hands the key over as systemd does.
    var launcher: [String] { ["/usr/bin/env", "CREDENTIALS_DIRECTORY=\(credentials)"] }

    /// Of the whole site file.
    func text(_ site: String) throws -> String {
        let changes = [
            ("\ndevices:\n", "\ndevices:\n  scanner-south: {profile: gm65, at: \(scanner.path)}\n"),
            ("card-south: {profile: generic-led-64,", "card-south: {profile: generic-led-64-qr,"),
            (
                "display: card-south\n",
                "display: card-south\n    scanner: scanner-south\n    payment_code: '\(Self.poleCode)'\n"
            ),
        ]
        let text = try changes.reduce(site) { text, change in
            guard text.contains(change.0) else {
                throw TwinError("the site file has nowhere \"\(change.0.trimmingCharacters(in: .newlines))\"")
            }
            return text.replacingOccurrences(of: change.0, with: change.1)
        }
        return text + """

            charging:
              tariffs: [{file: \(tariff)}]
              dynamic_code: '\(Self.boardCode)'
              coupons: {merchants: {\(Self.merchant): 茶馆}}
              stored_value: {}
              channel: {key: payment-key, http: '127.0.0.1:\(port)', mqtt: true}
              collect: {ways: [etc, plate_bound, scanned_code]}

            """
    }
}

/// Minor units as people write them: `5.00`.
func yuan(_ fen: Int64) -> String {
    let rest = fen % 100
    return "\(fen / 100).\(rest < 10 ? "0" : "")\(rest)"
}
