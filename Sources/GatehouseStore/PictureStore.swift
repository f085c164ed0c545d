// SPDX-License-Identifier: Apache-2.0

import Foundation
package import GatehouseCore
package import GatehouseEngine
package import GatehouseProof
import Glibc
import Synchronization

/// Pictures beside the journal, named by their SHA-256, in 256 folders: `3f/3fa9….jpg`. A record names a
/// picture by that hash, so a changed picture shows.
///
/// What is promised: a picture appears under its name whole or not at all. It is *not* made durable before
/// `put` returns, since evidence of a passage is the record, and flash must not wait for 100 KB each time:
/// after a power cut the pictures of the last half minute may be missing or, on some file systems, empty;
/// `read` then says nil, because their hash does not check. `Durability.flushed` pays for the other promise.
package final class PictureStore: Sendable {
    package enum Durability: Sendable { case lazy, flushed }

    package struct Deleted: Hashable, Sendable {
        package var count = 0
        package var bytes: Int64 = 0
        /// The youngest that went, as the file system dates it.
        package var newest: WallTime?

        package init() {}
    }

    private struct Entry {
        var path: String
        var size: Int64
        var wall: WallTime
    }

    private let folder: String
    private let maximumBytes: Atomic<Int64>
    private let durability: Durability
    /// Bytes in the folder; nil until counted.
    private let total = Mutex<Int64?>(nil)

    /// - Parameter maximumBytes: `put` makes room by deleting the oldest beyond this.
    package init(_ folder: String, maximumBytes: Int64, durability: Durability = .lazy) {
        self.folder = folder
        self.maximumBytes = Atomic(maximumBytes)
        self.durability = durability
    }

    /// Stores a picture and names it. The same bytes twice are one file. Blocks: not for the engine's loop.
    package func put(_ bytes: ArraySlice<UInt8>) throws(StoreFault) -> Digest {
        let name = Digest(over: bytes)
        let path = path(of: name)
        if let present = contents(path), Digest(of: present) == name {
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
            return name
        }
        try makeFolder((path as NSString).deletingLastPathComponent)
        let temporary = path + ".\(UInt64.random(in: 0 ... .max)).tmp"
        do throws(StoreFault) {
            try write(bytes, to: temporary)
            guard unsafe rename(temporary, path) == 0 else { throw Self.fault(errno, path) }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        if durability == .flushed { FileSync.folder((path as NSString).deletingLastPathComponent) }
        total.withLock { total in total = total.map { $0 + Int64(bytes.count) } }
        let limit = maximumBytes.load(ordering: .relaxed)
        if usage() > limit { _ = prune(to: limit / 10 * 9) }
        return name
    }

    /// The bound of `put` from now on.
    package func limit(to bytes: Int64) { maximumBytes.store(bytes, ordering: .relaxed) }

    /// nil when it was deleted, or is not what its name says.
    package func read(_ name: Digest) -> [UInt8]? {
        guard let bytes = contents(path(of: name)), Digest(of: bytes) == name else { return nil }
        return bytes
    }

    /// Deletes what is older, to be called once a day. Nothing under a clock that nobody vouches for, and never
    /// more than `share` percent at once: a clock that jumped must not empty the folder. Returns what went, for
    /// the record.
    package func prune(keeping age: Duration, at now: Moment, share: Int = 10) -> Deleted {
        guard now.quality == .synchronised else { return Deleted() }
        let cutoff = now.wall + (.zero - age)
        let entries = scan()
        let limit = max(100, entries.count * share / 100)
        return delete(entries.prefix { $0.wall < cutoff }.prefix(limit))
    }

    /// Deletes the oldest until at most `bytes` are left.
    package func prune(to bytes: Int64) -> Deleted {
        let entries = scan()
        var left = entries.reduce(0) { $0 + $1.size }
        let doomed = entries.prefix { entry in
            defer { left -= entry.size }
            return left > bytes
        }
        return delete(doomed)
    }

    /// Bytes of all pictures.
    package func usage() -> Int64 {
        if let known = total.withLock({ $0 }) { return known }
        _ = scan()
        return total.withLock { $0 ?? 0 }
    }

    private func path(of name: Digest) -> String {
        let text = name.description
        return "\(folder)/\(text.prefix(2))/\(text).jpg"
    }

    private func contents(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { Array($0) }
    }

    private func makeFolder(_ path: String) throws(StoreFault) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch { throw .failed("\(path): the folder cannot be made: \(error.localizedDescription)") }
    }

    private func write(_ bytes: ArraySlice<UInt8>, to path: String) throws(StoreFault) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Self.fault(errno, path) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.dropFirst(done).withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.fault(errno, path) }
            done += written
        }
        if durability == .flushed, fsync(descriptor) != 0 { throw Self.fault(errno, path) }
    }

    /// Oldest first, with what an interrupted `put` left behind. Also counts the total.
    private func scan() -> [Entry] {
        var entries: [Entry] = []
        let manager = FileManager.default
        for part in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] where part.utf8.count == 2 {
            for name in (try? manager.contentsOfDirectory(atPath: "\(folder)/\(part)")) ?? [] {
                let path = "\(folder)/\(part)/\(name)"
                guard let attributes = try? manager.attributesOfItem(atPath: path),
                    let size = attributes[.size] as? NSNumber,
                    let date = attributes[.modificationDate] as? Date
                else { continue }
                let wall = WallTime(
                    milliseconds: Int64(exactly: (date.timeIntervalSince1970 * 1_000).rounded()) ?? 0)
                entries.append(Entry(path: path, size: size.int64Value, wall: wall))
            }
        }
        total.withLock { $0 = entries.reduce(0) { $0 + $1.size } }
        return entries.sorted { ($0.wall, $0.path) < ($1.wall, $1.path) }
    }

    private func delete(_ entries: some Collection<Entry>) -> Deleted {
        var deleted = Deleted()
        for entry in entries where unsafe unlink(entry.path) == 0 {
            deleted.count += 1
            deleted.bytes += entry.size
            deleted.newest = entry.wall
        }
        total.withLock { total in total = total.map { $0 - deleted.bytes } }
        return deleted
    }

    private static func fault(_ code: Int32, _ path: String) -> StoreFault {
        switch code {
        case ENOSPC, EDQUOT: .diskFull
        case EROFS: .readOnly
        default:
            .failed("\(path): \(unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")")
        }
    }
}
