// SPDX-License-Identifier: Apache-2.0

internal import GatehouseDiagnostics
internal import Glibc

/// Lines to standard output and error, written at once: `watch | grep` must not wait for a full buffer.
package enum Output {
    package static func line(_ text: String) { write(Array(text.utf8) + [0x0A], to: STDOUT_FILENO) }
    package static func line(_ bytes: [UInt8]) { write(bytes + [0x0A], to: STDOUT_FILENO) }
    /// An object that a program reads: `v` first, the version of the contract over its keys.
    package static func json(_ object: [UInt8]) { line(versioned(object)) }

    package static func versioned(_ object: [UInt8]) -> [UInt8] {
        let comma = object.count > 2 ? "," : ""
        return Array(#"{"v":\#(DiagnosticProtocol.version)\#(comma)"#.utf8) + object.dropFirst()
    }

    package static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
    /// A question: the cursor stays behind it, and what standard output gets is not mixed with it.
    package static func prompt(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }
    package static func error(_ text: String) { write(Array(text.utf8) + [0x0A], to: STDERR_FILENO) }

    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more: there is nobody to tell.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
