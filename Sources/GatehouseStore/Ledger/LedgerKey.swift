// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseEngine
package import GatehouseProof
import Glibc

/// Where the key lies that signs the ledger's checkpoints: in a file that only the gateway's user may read, or outside,
/// as a systemd credential (systemd.exec(5)) that is then never written anywhere. Which key it is to be the journal
/// says; here is only looked for it. The name in the key is the ledger's: a site that is renamed goes on under the name
/// that its receipts have.
///
/// A key is changed in three steps, and a power cut between any two of them leaves one that signs:
///
///     prepare    the next key is in a file of its own; the journal knows the one before
///     (record)   the journal knows the next one, which is found in that file
///     install    the next key takes the place of the one before
package struct LedgerKey: Sendable {
    /// In the state folder, and of the credential.
    package static let name = "ledger-key"

    private let folder: String
    /// As `NoteSigner.secretText` writes it; nil: the service manager handed none over.
    private let credential: String?

    /// Makes names durable; errno.
    private let sync: @Sendable (String) -> Int32

    package init(folder: String, credential: String? = nil) {
        self.init(folder: folder, credential: credential) { FileSync.folder($0) }
    }

    init(folder: String, credential: String?, sync: @escaping @Sendable (String) -> Int32) {
        self.folder = folder
        self.credential = credential
        self.sync = sync
    }

    package var file: String { "\(folder)/\(Self.name)" }
    private var next: String { "\(file).next" }

    /// The private half of a key, wherever it lies; nil: it is nowhere. A file that others may read is refused: what
    /// it signs proves nothing.
    package func signer(of key: NoteKey) throws(LedgerKeyFault) -> NoteSigner? {
        var trouble: LedgerKeyFault?
        for place in Place.allCases {
            do throws(LedgerKeyFault) {
                guard let signer = try signer(in: place), signer.key == key else { continue }
                // A power cut came between the record and this.
                if place == .next { try install() }
                return signer
            } catch { trouble = trouble ?? error }
        }
        if let trouble { throw trouble }
        return nil
    }

    /// The key that is there, for a ledger that has none on record.
    package func first() throws(LedgerKeyFault) -> NoteSigner? {
        if let signer = try signer(in: .credential) { return signer }
        guard let signer = try signer(in: .file) else { return nil }
        // Its beginning may have ended before its name was durable.
        try keepNames()
        return signer
    }

    /// A ledger's first key.
    /// - Parameter origin: the ledger's name.
    package func begin(origin: String) throws(LedgerKeyFault) -> NoteSigner {
        let signer = try Self.make(origin)
        try write(signer) { draft in unsafe link(draft, file) == 0 && unlink(draft) == 0 }
        return signer
    }

    /// A key that is not in force yet. One that was prepared before is taken again: a record that names it may still be
    /// on its way to the disk.
    package func prepare(origin: String) throws(LedgerKeyFault) -> NoteSigner {
        if let prepared = try signer(in: .next), prepared.key.name == origin {
            try keepNames()
            return prepared
        }
        let signer = try Self.make(origin)
        try write(signer) { draft in unsafe rename(draft, next) == 0 }
        return signer
    }

    /// The key that was prepared takes the place of the file's.
    package func install() throws(LedgerKeyFault) {
        // Nothing there: somebody else did it just now.
        guard unsafe rename(next, file) == 0 || errno == ENOENT else { throw .unusable(next, words(errno)) }
        try keepNames()
    }

    package var hasCredential: Bool { credential != nil }

    /// The service manager hands over another key than this, which is therefore in the file.
    package func isCredentialOutdated(for key: NoteKey) -> Bool {
        guard let credential else { return false }
        return (try? Self.read(credential))?.key != key
    }

    package static func read(_ text: String) throws(LedgerKeyFault) -> NoteSigner {
        let line = text.last == "\n" ? String(text.dropLast()) : text
        do { return try NoteSigner(secretText: line) } catch { throw .malformed(error) }
    }

    // MARK: Places

    private enum Place: CaseIterable { case credential, file, next }

    private func signer(in place: Place) throws(LedgerKeyFault) -> NoteSigner? {
        let text =
            switch place {
            case .credential: credential
            case .file: try contents(file)
            case .next: try contents(next)
            }
        guard let text else { return nil }
        return try Self.read(text)
    }

    /// nil: there is no such file.
    private func contents(_ path: String) throws(LedgerKeyFault) -> String? {
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
    /// - Parameter settle: gives the draft its name, when it is on the disk.
    private func write(_ signer: NoteSigner, settle: (_ draft: String) -> Bool) throws(LedgerKeyFault) {
        let draft = file + ".new"
        _ = unlink(draft)
        let descriptor = unsafe Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(draft, words(errno)) }
        let bytes = Array("\(signer.secretText)\n".utf8)
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        let isDurable = count == bytes.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isDurable, settle(draft) else {
            let reason = words(isDurable ? errno : code)
            _ = unlink(draft)
            throw .unusable(draft, reason)
        }
        try keepNames()
    }

    /// What a record names has to be there after a power cut.
    private func keepNames() throws(LedgerKeyFault) {
        let code = sync(folder)
        guard code == 0 else { throw .unusable(folder, "its names cannot be made durable: \(words(code))") }
    }

    private func unlink(_ path: String) -> Int32 { unsafe Glibc.unlink(path) }

    /// From the kernel, or none: a key that could be guessed is worse than no key.
    private static func make(_ origin: String) throws(LedgerKeyFault) -> NoteSigner {
        var seed = [UInt8](repeating: 0, count: NoteKey.size)
        let isFilled = unsafe seed.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe getentropy(start, buffer.count) == 0
        }
        guard isFilled else { throw .noRandomness }
        do { return try NoteSigner(name: origin, seed: seed) } catch { throw .malformed(error) }
    }

    private func words(_ code: Int32) -> String {
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
    /// What signed until now, by name and hash, is nowhere. A new key is a person's decision: nobody who trusts the
    /// old one has a reason to trust it.
    case lost(String)
}

extension LedgerKeyFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path): \(reason)"
        case .exposed(let path):
            "\(path) belongs to another user or can be read by others; if nobody had it: chmod 600 \(path)"
        case .malformed(let fault): "the ledger's key: \(fault)"
        case .noRandomness: "the kernel gives no random bytes for the ledger's key"
        case .lost(let key):
            "the ledger's key \(key) is not there; put the file or the credential \(LedgerKey.name) back from a backup, "
                + "or `gatehouse ledger rotate-key --lost` begins a new one"
        }
    }
}
