// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDrivers
import Testing

/// Bytes of a reader's line beside this file; where they come from stands in their `.origin.yaml`.
struct CardCapture: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let settings: SerialCardSettings

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Captures")

    init(_ name: String) throws {
        self.name = name
        bytes = Array(try Data(contentsOf: Self.folder.appending(path: "\(name).bin")))
        settings = Self.settings(name)
    }

    static func settings(_ name: String) -> SerialCardSettings {
        var values = Table<String, String>()
        if name.hasSuffix("-line") {
            values["framing"] = "line"
            values["checksum"] = "none"
            values["number"] = String(name.dropLast(5))
        }
        return SerialCardSettings(values)
    }

    static let names = [
        "decimal-line", "facility-line", "hex-line", "id-12la", "lost-end", "lower-case", "rdm6300",
        "rdm6300-lying", "rdm6300-second", "wrong-checksum",
    ]

    static func all() throws -> [CardCapture] { try names.map(CardCapture.init) }

    /// By a framer that has seen nothing before.
    func results(_ bytes: [UInt8]) -> [SerialCardFramer.Result] {
        var framer = SerialCardFramer(settings)
        return framer.receive(bytes)
    }
}
