// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Glibc

/// A small text file by its path.
package struct TextFile: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// Empty when it is not there.
    package var text: String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    package func read() throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TwinError("cannot read \(path)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    package func write(_ text: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw TwinError("cannot write \(path)")
        }
    }

    package func lastLines(_ count: Int) -> String {
        text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    package func appending<Answer>(_ body: (Int32) throws -> Answer) throws -> Answer {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TwinError.system("cannot open \(path)") }
        defer { close(descriptor) }
        return try body(descriptor)
    }
}
