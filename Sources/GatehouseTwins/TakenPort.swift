// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A port of 127.0.0.1 that somebody else listens at, until it is given free.
package final class TakenPort: Sendable {
    private let descriptor: Mutex<Int32?>

    package init(_ port: UInt16) throws {
        guard let opened = PlainHTTP.listen(port) else { throw TwinError.system("cannot take port \(port)") }
        descriptor = Mutex(opened)
    }

    deinit { free() }

    package func free() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }
}
