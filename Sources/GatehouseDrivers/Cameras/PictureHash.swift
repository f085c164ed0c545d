// SPDX-License-Identifier: Apache-2.0

import Crypto
import GatehouseCore

/// The name of a picture: SHA-256, lower-case hexadecimal.
func pictureHash(_ bytes: ArraySlice<UInt8>) -> String {
    Array(SHA256.hash(data: bytes)).hexadecimal
}
