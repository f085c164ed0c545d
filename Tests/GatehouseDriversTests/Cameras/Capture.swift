// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseWire
import Testing

/// A captured or constructed request below this folder; where it comes from stands in its `.origin.yaml`.
struct Capture: CustomTestStringConvertible {
    /// A folder beside this file, its driver and its captures.
    struct Family: Sendable {
        let folder: String
        let driver: String
        let names: [String]

        static let hikvision = Family(
            folder: "Hikvision", driver: "hikvision-isapi",
            names: [
                "complete-example", "heartbeat", "heartbeat-videoloss", "no-plate", "pid-named-pictures",
                "plain-xml", "resent", "wrong-zone-label",
            ])
        static let vzenith = Family(
            folder: "Vzenith", driver: "vzenith-http",
            names: [
                "clone-heartbeat", "clone-new-energy", "complete-example", "contact", "heartbeat", "no-plate",
                "offline-record", "picture-taken", "serial-data", "turned-back",
            ])
        static let all = [hikvision, vzenith]

        var url: URL {
            URL(filePath: #filePath).deletingLastPathComponent().appending(path: "\(folder)/Captures")
        }
    }

    let family: Family
    let name: String
    let bytes: [UInt8]

    var testDescription: String { "\(family.folder)/\(name)" }

    init(_ name: String, of family: Family = .hikvision) throws {
        self.family = family
        self.name = name
        bytes = Array(try Data(contentsOf: family.url.appending(path: "\(name).http")))
    }

    static func all() throws -> [Capture] {
        try Family.all.flatMap { family in try family.names.map { try Capture($0, of: family) } }
    }

    func request() throws -> HTTPRequest { try HTTPRequest(bytes) }
}
