// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The name of a picture: SHA-256, lower-case hexadecimal.
func pictureHash(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = SHA256.hash(data: Array(bytes)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
