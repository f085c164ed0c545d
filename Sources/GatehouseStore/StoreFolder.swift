// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseEngine
import Glibc

/// Where the journal lives: one folder with `journal.db`, what SQLite keeps beside it, and `lock`.
struct StoreFolder: Sendable {
    let path: String

    var database: String { path + "/journal.db" }
    var writeAheadLog: String { path + "/journal.db-wal" }
    var lock: String { path + "/lock" }

    /// Makes the folder for a first start. Its name in the parent folder is made durable, too: a journal
    /// whose folder vanishes with the power is no journal.
    func make() throws(StoreFault) {
        if FileManager.default.fileExists(atPath: path) { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw .failed("\(path): the folder cannot be made: \(error.localizedDescription)")
        }
        FileSync.folder((path as NSString).deletingLastPathComponent)
    }

    func size(of file: String) -> Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: file) }

    /// A journal that is gone while its traces are there is never replaced by an empty one.
    func refuseLoss(traces: Bool) throws(StoreFault) {
        guard size(of: database) == 0, traces || size(of: writeAheadLog) > 0 else { return }
        throw .corrupt(
            "\(database) is missing or empty, but this folder had a journal. "
                + "Put the file back from a backup, or move the folder away to start anew.")
    }
}

enum FileSync {
    /// Makes names in a folder durable. Without effect where the file system cannot (EINVAL, fsync(2)).
    /// - Returns: errno; 0: done, or nothing can be done.
    @discardableResult
    static func folder(_ path: String) -> Int32 {
        let descriptor = unsafe open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        guard fsync(descriptor) != 0, errno != EINVAL else { return 0 }
        return errno
    }
}
