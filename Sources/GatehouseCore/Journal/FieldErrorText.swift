// SPDX-License-Identifier: Apache-2.0

/// What a person reads who gave a file or a line that is not what it should be.
extension FieldError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let offset):
            "byte \(offset): no JSON object of whole numbers, texts, lists and objects, at most 16 deep"
        case .missing(let key): "member \"\(key)\" is missing"
        case .wrongType(let key): "member \"\(key)\" is of another type than it should be"
        case .unknownValue(let key, let value):
            "member \"\(key.beginning)\" is not understood: \(value.beginning)"
        case .unknownKind(let kind): "kind \"\(kind.beginning)\" is not known"
        }
    }
}

extension String {
    /// Enough to find it by: a file may have texts as long as itself, in one character even.
    package var beginning: String { String(unicodeScalars.prefix(200)) }
}
