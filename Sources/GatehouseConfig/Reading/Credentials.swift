// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Secrets as systemd hands them over: files in `$CREDENTIALS_DIRECTORY`, by `LoadCredential=` (systemd.exec(5)).
package struct Credentials {
    package struct Missing: Error {
        package let text: String
    }

    private let folder: String?

    package init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        folder = environment["CREDENTIALS_DIRECTORY"]
    }

    package func path(_ name: String) throws(Missing) -> String {
        let hint = "add LoadCredential=\(name):/etc/gatehouse/\(name) to the unit"
        guard let folder else { throw Missing(text: "credential \(name): none were handed over; \(hint)") }
        let path = "\(folder)/\(name)"
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Missing(text: "credential \(name) is not among those handed over; \(hint)")
        }
        return path
    }

    /// Without the line end that editors put there.
    package func text(_ name: String) throws(Missing) -> String {
        let path = try path(name)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Missing(text: "credential \(name) is no text")
        }
        return text.last == "\n" ? String(text.dropLast()) : text
    }
}
