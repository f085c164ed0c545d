// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A JSON object of a device, asked by name while it is decoded. A member of another type than the one that is asked
/// for counts as missing: a whole event is not lost for it.
struct JSONObject: Decodable {
    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let members: KeyedDecodingContainer<Name>

    init(from decoder: any Decoder) throws { members = try decoder.container(keyedBy: Name.self) }

    var names: [String] { members.allKeys.map(\.stringValue) }

    func has(_ name: String) -> Bool { members.contains(Name(stringValue: name)) }

    func object(_ name: String) -> JSONObject? {
        try? members.decode(JSONObject.self, forKey: Name(stringValue: name))
    }

    func objects(_ name: String) -> [JSONObject] {
        (try? members.decode([JSONObject].self, forKey: Name(stringValue: name))) ?? []
    }

    func string(_ name: String) -> String? {
        try? members.decode(String.self, forKey: Name(stringValue: name))
    }

    /// Whole; makers write numbers as strings and with fractions too.
    func number(_ name: String) -> Int64? {
        let name = Name(stringValue: name)
        if let whole = try? members.decode(Int64.self, forKey: name) { return whole }
        if let fraction = try? members.decode(Double.self, forKey: name) {
            return Int64(exactly: fraction.rounded(.towardZero))
        }
        return (try? members.decode(String.self, forKey: name)).flatMap { Int64($0) }
    }

    /// Of base64. What is not base64 is nothing.
    func bytes(_ name: String) -> [UInt8]? {
        string(name).flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }.map { Array($0) }
    }
}
