// SPDX-License-Identifier: Apache-2.0

import Crypto

/// HMAC (RFC 2104) with SHA-256, by the library: a digest that only whoever has the key can make.
package struct KeyedDigest: Sendable {
    private let key: SymmetricKey

    package init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    package func code(_ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }
}
