// SPDX-License-Identifier: Apache-2.0

extension FieldWriter {
    /// A value that was read back, as this writer would have written it.
    package mutating func put(_ key: String, value: Fields.Value) { put(key, json: Self.json(value)) }

    package static func json(_ value: Fields.Value) -> [UInt8] {
        switch value {
        case .string(let string):
            // The writer quotes inside objects only; a one-member object is cut down to its value.
            let quoted = object { $0.put("", string) }
            return Array(quoted.dropFirst(4).dropLast())
        case .integer(let integer): return Array(String(integer).utf8)
        case .bool(let bool): return Array((bool ? "true" : "false").utf8)
        case .null: return Array("null".utf8)
        case .array(let values):
            let array = object { $0.put("", jsonArray: values.map(json)) }
            return Array(array.dropFirst(4).dropLast())
        case .object(let members):
            return object { writer in
                for member in members { writer.put(member.key, value: member.value) }
            }
        }
    }
}
