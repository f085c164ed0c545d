// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseEngine
package import GatehouseProof
import Glibc

/// The key that signs the ledger's checkpoints. It lies in a file that only the gateway's user may read, made at the
/// first start, or comes from outside as a systemd credential (systemd.exec(5)) and is then never written anywhere.
/// The name in the key is the ledger's: a site that is renamed goes on under the name that its receipts have.
package enum LedgerKey {
    /// In the state folder, and of the credential.
    package static let name = "ledger-key"

    /// - Parameter text: as `NoteSigner.secretText` writes it.
    package static func read(_ text: String) throws(LedgerKeyFault) -> NoteSigner {
        let line = text.last == "\n" ? String(text.dropLast()) : text
        do { return try NoteSigner(secretText: line) } catch { throw .malformed(error) }
    }

    /// The file's key. A file that others may read is refused: what it signs proves nothing.
    /// - Parameter origin: the name of the ledger that is begun when there is no file.
    package static func open(
        folder: String, origin: String
    ) throws(LedgerKeyFault) -> (signer: NoteSigner, isNew: Bool) {
        let path = "\(folder)/\(name)"
        if let text = try contents(path) { return (try read(text), false) }
        let signer: NoteSigner
        let seed = try randomSeed()
        do { signer = try NoteSigner(name: origin, seed: seed) } catch { throw .malformed(error) }
        try write(signer.secretText + "\n", to: path, in: folder)
        return (signer, true)
    }

    /// nil: there is no such file.
    private static func contents(_ path: String) throws(LedgerKeyFault) -> String? {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .unusable(path, words(errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unusable(path, "it is no file")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else { throw .exposed(path) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        guard count >= 0 else { throw .unusable(path, words(errno)) }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw .unusable(path, "it is no text")
        }
        return text
    }

    /// Whole or not at all: a key that is half there after a power cut could never be told from a wrong one.
    private static func write(
        _ text: String, to path: String, in folder: String
    ) throws(LedgerKeyFault) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = unsafe Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(draft, words(errno)) }
        let bytes = Array(text.utf8)
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        let isDurable = count == bytes.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        // A link and no renaming: a key that appeared meanwhile is never replaced.
        guard isDurable, unsafe link(draft, path) == 0 else {
            let reason = words(isDurable ? errno : code)
            unlink(draft)
            throw .unusable(path, reason)
        }
        unlink(draft)
        FileSync.folder(folder)
    }

    private static func unlink(_ path: String) { _ = unsafe Glibc.unlink(path) }

    /// From the kernel, or none: a key that could be guessed is worse than no key.
    private static func randomSeed() throws(LedgerKeyFault) -> [UInt8] {
        var seed = [UInt8](repeating: 0, count: NoteKey.size)
        let isFilled = unsafe seed.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe getentropy(start, buffer.count) == 0
        }
        guard isFilled else { throw .noRandomness }
        return seed
    }

    private static func words(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// Why the ledger cannot be signed.
package enum LedgerKeyFault: Error, Hashable, Sendable {
    case unusable(String, String)
    /// Somebody else owns or may read the file.
    case exposed(String)
    case malformed(NoteFault)
    case noRandomness
}

extension LedgerKeyFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path): \(reason)"
        case .exposed(let path):
            "\(path) belongs to another user or can be read by others; if nobody had it: chmod 600 \(path)"
        case .malformed(let fault): "the ledger's key: \(fault)"
        case .noRandomness: "the kernel gives no random bytes for the ledger's key"
        }
    }
}
