// SPDX-License-Identifier: Apache-2.0

/// What a person reads who gave a file or a line that is not what it should be.
extension FieldError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let offset):
            "byte \(offset): no JSON object of whole numbers, texts, lists and objects, at most 16 deep"
        case .missing(let key): "member \"\(key)\" is missing"
        case .wrongType(let key): "member \"\(key)\" is of another type than it should be"
        case .unknownValue(let key, let value): "member \"\(key)\" is not understood: \(value)"
        case .unknownKind(let kind): "kind \"\(kind)\" is not known"
        }
    }
}
