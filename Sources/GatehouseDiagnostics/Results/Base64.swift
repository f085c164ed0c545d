// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// RFC 4648 §4, for bytes inside JSON.
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
