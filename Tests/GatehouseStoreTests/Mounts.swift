// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Disks that are full or cannot be written, made of mounts: root writes wherever a mode says no.
final class Mount: Sendable {
    enum Kind: Sendable {
        /// What lies at the place, but read-only.
        case readOnly
        /// Empty, with room for so many KiB.
        case small(Int)
    }

    static let needed = "needs root with the right to mount"
    static let arePossible: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder(),
            let mount = Mount(.small(64), at: folder.path)
        else { return false }
        mount.remove()
        return true
    }()

    private let path: String

    init?(_ kind: Kind, at path: String) {
        self.path = path
        switch kind {
        case .readOnly:
            guard Self.run("mount", "--bind", path, path) else { return nil }
            guard Self.run("mount", "-o", "remount,bind,ro", path) else {
                remove()
                return nil
            }
        case .small(let size):
            guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(size)k", "tmpfs", path) else { return nil }
        }
    }

    func remove() { _ = Self.run("umount", "-l", path) }

    private static func run(_ words: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

extension TemporaryFolder {
    /// Takes what room is left; removed, it gives it back.
    func fill() throws -> String {
        let path = journal + "/filler"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0, count: 4_096)
        while unsafe block.withUnsafeBytes({ unsafe write(descriptor, $0.baseAddress, $0.count) }) > 0 {}
        return path
    }
}
