// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A captured or constructed request beside this file; where it comes from stands in its `.origin.yaml`.
struct Capture: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Captures")

    init(_ name: String) throws {
        self.name = name
        bytes = Array(try Data(contentsOf: Self.folder.appending(path: "\(name).http")))
    }

    static let names = [
        "complete-example", "heartbeat", "heartbeat-videoloss", "no-plate", "pid-named-pictures", "plain-xml",
        "resent", "wrong-zone-label",
    ]

    static func all() throws -> [Capture] { try names.map(Capture.init) }
}
