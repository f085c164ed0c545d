// SPDX-License-Identifier: Apache-2.0

/// Bytes that are not what the format says. Never fatal: counted, and kept with the device's last bytes.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    package var expected: String
    package var found: String
    /// Bytes from the start of what was decoded.
    package var offset: Int

    package init(expected: String, found: String, offset: Int) {
        self.expected = expected
        self.found = found
        self.offset = offset
    }

    package var description: String { "expected \(expected), found \(found) at byte \(offset)" }
}
