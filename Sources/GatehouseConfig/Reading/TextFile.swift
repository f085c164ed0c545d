// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// Whole small files. Folders, missing files and files beyond the bound are answers, not traps.
enum TextFile {
    enum Failure: Error {
        case unreadable, notUTF8
        /// More than so many bytes.
        case tooLarge(limit: Int)
    }

    /// Of a regular file only: opening never waits for a pipe's other end, and reading ends at the bound even
    /// when the file grows meanwhile.
    static func bytes(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable
        }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable }
            if count == 0 { return content }
            guard content.count + count <= limit else { throw .tooLarge(limit: limit) }
            content += chunk[..<count]
        }
    }

    /// Without a byte order mark.
    static func text(_ bytes: [UInt8]) throws(Failure) -> String {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    static func message(_ failure: Failure) -> String {
        switch failure {
        case .unreadable: "the file is missing or cannot be read"
        case .tooLarge(let limit): "the file is larger than \(limit >> 20) MiB"
        case .notUTF8: "the file is not UTF-8 text"
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    }
}
