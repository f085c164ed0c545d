// SPDX-License-Identifier: Apache-2.0

import Crypto
import GatehouseCore

/// A SHA-256 (FIPS 180-4): always 32 bytes.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    package static let size = 32

    package let bytes: [UInt8]

    /// nil unless there are 32 bytes: what is read back from a file may be anything.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = Array(bytes)
    }

    /// Of the parts one after the other.
    package init(of parts: [UInt8]...) {
        var hash = SHA256()
        for part in parts { hash.update(data: part) }
        bytes = Array(hash.finalize())
    }

    /// As `description` writes it.
    package init?(hexadecimal text: String) {
        guard let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init(bytes)
    }

    /// Of bytes where they lie: a picture is not copied for it.
    package init(over bytes: ArraySlice<UInt8>) { self.bytes = Array(SHA256.hash(data: bytes)) }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// What stands before the first record.
    package static let genesis = Digest(unchecked: [UInt8](repeating: 0, count: size))

    /// Lower-case hexadecimal, as `sha256sum` prints it.
    package var description: String { bytes.hexadecimal }
}
