// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file for one test; the folder of temporary files is emptied by the system.
enum TemporaryText {
    static func write(_ text: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID()).yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}
