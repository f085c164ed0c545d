// SPDX-License-Identifier: Apache-2.0

/// One symbol of a packed plate, seven bits. The codes are keys of the journal's rows: never renumber,
/// only append.
package struct PlateSymbol: Hashable, Sendable {
    package let code: UInt8

    package init(code: UInt8) { self.code = code & 0x7F }

    package static let end = PlateSymbol(code: 0)
    package static let armedPolicePrefix = PlateSymbol(code: 92)
    package static let temporaryPrefix = PlateSymbol(code: 96)
    /// A character that the camera could not read (`plates.md` §7 rule 6); never stored in a list.
    package static let wildcard = PlateSymbol(code: 97)

    package static let digits: ClosedRange<UInt8> = 1...10
    package static let letters: ClosedRange<UInt8> = 11...36
    package static let provinces: ClosedRange<UInt8> = 37...67

    package var isDigit: Bool { Self.digits.contains(code) }
    package var isLetter: Bool { Self.letters.contains(code) }
    package var isProvince: Bool { Self.provinces.contains(code) }

    /// By code. Groups of characters that stand for one thing are one symbol, so that nine suffice.
    private static let texts: [String] =
        [""] + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".map { String($0) }
        + "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新".map { String($0) }
        + "使领警学挂港澳试超临应急民航".map { String($0) }
        + "军空海北沈兰济南广成".map { String($0) }
        + ["WJ", "应急", "民航", "临时入境", "TMP-", "?"]

    /// Codes 37–91: one Chinese character each, in the order of `texts`.
    private static let characters: [Unicode.Scalar] = (37..<92).map { texts[$0].unicodeScalars.first ?? "?" }

    package static var count: Int { texts.count }

    package var text: String { Int(code) < Self.texts.count ? Self.texts[Int(code)] : "?" }

    /// The symbol of a single character; nil outside the alphabet.
    package init?(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "0"..."9": code = UInt8(scalar.value - 0x30) + 1
        case "A"..."Z": code = UInt8(scalar.value - 0x41) + 11
        case "?": self = .wildcard
        default:
            guard let index = Self.characters.firstIndex(of: scalar) else { return nil }
            code = UInt8(index) + 37
        }
    }

    /// Joined symbols: code, characters, and whether only at the start.
    private static let joined: [(code: UInt8, scalars: [Unicode.Scalar], isPrefix: Bool)] = [
        (92, ["W", "J"], true), (93, ["应", "急"], false), (94, ["民", "航"], false),
        (95, ["临", "时", "入", "境"], false), (96, ["T", "M", "P", "-"], true),
    ]

    /// Symbols of a canonical text; nil when a character is outside the alphabet or there are over nine.
    package static func symbols(of scalars: [Unicode.Scalar]) -> [PlateSymbol]? {
        var result: [PlateSymbol] = []
        var index = 0
        while index < scalars.count {
            guard result.count < Plate.capacity else { return nil }
            let rest = scalars[index...]
            if let group = joined.first(where: {
                rest.starts(with: $0.scalars) && (!$0.isPrefix || index == 0)
            }) {
                result.append(PlateSymbol(code: group.code))
                index += group.scalars.count
            } else {
                guard let symbol = PlateSymbol(scalars[index]) else { return nil }
                result.append(symbol)
                index += 1
            }
        }
        return result.isEmpty ? nil : result
    }
}
