// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseProof

/// Names for plates in an export: the same car has the same name in one export, and another in the next. They are a
/// keyed hash (HMAC, RFC 2104, with SHA-256) under a key that nobody keeps, for without a key a plate is soon found by
/// trying them all.
package struct PlatePseudonyms: Sendable {
    private static let length = 12
    /// Under these a payload has a plate, as it was read or as it is.
    private static let keys = ["plate", "raw"]

    private let digest: KeyedDigest

    /// - Parameter key: random.
    package init(key: [UInt8]) { digest = KeyedDigest(key: key) }

    /// The first twelve digits. Spellings of one plate have one name.
    package func name(of text: String) -> String {
        let plate = PlateGrammar.parse(text).plate?.text ?? text
        return String(code(Array(plate.utf8)).hexadecimal.prefix(Self.length))
    }

    package func hiding(_ payload: Fields) -> Fields { Fields(members: hiding(payload.members)) }

    func code(_ message: [UInt8]) -> [UInt8] { digest.code(message) }

    private func hiding(_ members: [Fields.Member]) -> [Fields.Member] {
        var members = members
        for index in members.indices {
            if case .string(let text) = members[index].value, Self.keys.contains(members[index].key) {
                members[index].value = .string(name(of: text))
            } else {
                members[index].value = hiding(members[index].value)
            }
        }
        return members
    }

    private func hiding(_ value: Fields.Value) -> Fields.Value {
        switch value {
        case .string(let text): .string(withoutPlates(text))
        case .array(let values): .array(values.map(hiding))
        case .object(let members): .object(hiding(members))
        case .integer, .bool, .null: value
        }
    }

    /// A person's words may hold a plate: a Chinese character, a letter, four to seven more with digits among them
    /// (`plates.md`).
    private func withoutPlates(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if let end = Self.end(ofPlateAt: index, in: scalars) {
                var plate = String.UnicodeScalarView()
                plate.append(contentsOf: scalars[index..<end])
                result.append(contentsOf: name(of: String(plate)).unicodeScalars)
                index = end
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }

    private static func end(ofPlateAt start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        guard (0x4E00...0x9FFF).contains(scalars[start].value) else { return nil }
        var (index, count, digits) = (start + 1, 0, 0)
        while index < scalars.count, count < 8 {
            let scalar = scalars[index]
            let isLetter = ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
            let isDigit = ("0"..."9").contains(scalar)
            if isLetter || (count > 0 && isDigit) {
                count += 1
                digits += isDigit ? 1 : 0
            } else if count > 1 || ![" ", "·", ".", "-"].contains(scalar) {
                break
            }
            index += 1
        }
        return count >= 5 && digits >= 2 ? index : nil
    }
}
