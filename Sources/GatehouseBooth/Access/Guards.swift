// SPDX-License-Identifier: Apache-2.0

internal import GatehouseDiagnostics

/// Who may log in: the credential's lines, `NAME:scrypt:…`, one guard each. Empty lines and those that begin with `#`
/// say nothing.
package struct Guards: Sendable {
    package static let maximum = 64
    package static let maximumBytes = 64 << 10

    package struct Mistake: Error, Hashable, Sendable {
        package var text: String
    }

    private var hashes: [String: PasswordHash] = [:]
    /// What a name that nobody has is compared with, so that the answer takes as long.
    private let nobody: PasswordHash?

    package init(_ text: String) throws(Mistake) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw Mistake(text: "\(text.utf8.count) bytes; at most \(Self.maximumBytes) are read")
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let hash = PasswordHash(String(parts[1])),
                DiagnosticProtocol.Question.isName(String(parts[0]))
            else {
                throw Mistake(
                    text: "line \(index + 1) is not NAME:scrypt:…; `gatehouse booth password NAME` makes one")
            }
            guard hashes.updateValue(hash, forKey: String(parts[0])) == nil else {
                throw Mistake(text: "line \(index + 1): \(parts[0]) stands there twice")
            }
        }
        guard !hashes.isEmpty else {
            throw Mistake(text: "nobody may log in; `gatehouse booth password NAME` makes a line")
        }
        guard hashes.count <= Self.maximum else {
            throw Mistake(text: "\(hashes.count) guards; at most \(Self.maximum)")
        }
        nobody = hashes.values.first
    }

    /// nil: no name that a line can hold.
    package static func line(_ name: String, _ hash: PasswordHash) -> String? {
        let isName = DiagnosticProtocol.Question.isName(name) && !name.contains(":") && !name.hasPrefix("#")
        return isName ? "\(name):\(hash.text)" : nil
    }

    /// Takes its time: not for an event loop.
    package func isRight(_ password: String, of name: String) -> Bool {
        guard let hash = hashes[name] else {
            _ = nobody?.matches(password)
            return false
        }
        return hash.matches(password)
    }
}
