// SPDX-License-Identifier: Apache-2.0

/// What recognisers do to a plate's text before a grammar can look at it (`plates.md` §5). Total for any
/// string.
package enum PlateText {
    /// Full-width forms narrowed, lower case raised, variant characters replaced, separators and blanks
    /// gone. `_` stays: it is a separator to one maker and an unread character to another.
    package static func folded(_ raw: String) -> [Unicode.Scalar] {
        raw.unicodeScalars.compactMap { scalar in
            var value = scalar.value
            if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
            if (0x61...0x7A).contains(value) { value -= 0x20 }
            guard let folded = Unicode.Scalar(value), !isSeparator(folded) else { return nil }
            if folded == "*" { return "?" }
            return variant(of: folded)
        }
    }

    /// Words by which cameras say "no plate" (§5.2), folded and without `_`.
    package static func saysNoPlate(_ folded: [Unicode.Scalar]) -> Bool {
        noPlateWords.contains { $0.unicodeScalars.elementsEqual(folded) }
    }

    /// A leading colour word is dropped when a plate may begin after it (§5.3).
    package static func withoutColor(
        _ folded: [Unicode.Scalar]
    ) -> (rest: [Unicode.Scalar], color: PlateColor?) {
        for (word, color) in colorWords where folded.starts(with: word) && folded.count > word.count {
            let next = PlateSymbol(folded[word.count])
            guard let next, next != .wildcard else { continue }
            // 黑 is also a province: 黑A12345 keeps it, 黑京A12345 does not.
            if word == ["黑"], next.isLetter || next.isDigit { continue }
            return (Array(folded.dropFirst(word.count)), color)
        }
        return (folded, nil)
    }

    /// Serials never contain O or I: from the third place on they are 0 and 1 (§5.4).
    package static func withoutImpossibleLetters(_ folded: [Unicode.Scalar]) -> [Unicode.Scalar] {
        folded.enumerated().map { index, scalar in
            guard index >= 2 else { return scalar }
            return scalar == "O" ? "0" : scalar == "I" ? "1" : scalar
        }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "·", "•", "‧", "∙", "⋅", "・", "･", "●", ".", "-", "—", "–": true
        case "\u{0}"..." ", "\u{7F}"..."\u{A0}", "\u{2000}"..."\u{200F}", "\u{2028}"..."\u{202F}": true
        case "\u{3000}", "\u{FEFF}": true
        default: false
        }
    }

    private static func variant(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard scalar.value >= 0x4E00 else { return scalar }
        return variants.first { $0.from == scalar }?.to ?? scalar
    }

    private static let noPlateWords = [
        "", "无", "无牌", "无牌车", "无车牌", "未知", "未识别", "未检测", "UNKNOWN", "NOPLATE", "NULL",
    ]

    /// Longer words first.
    private static let colorWords: [(word: [Unicode.Scalar], color: PlateColor)] = [
        (["渐", "变", "绿"], .green), (["黄", "绿"], .yellowGreen), (["渐", "变"], .green), (["蓝"], .blue),
        (["黄"], .yellow), (["白"], .white), (["黑"], .black), (["绿"], .green), (["渐"], .green),
    ]

    /// Traditional and variant characters that some engines emit (§5.5).
    private static let variants: [(from: Unicode.Scalar, to: Unicode.Scalar)] = [
        ("贛", "赣"), ("蘇", "苏"), ("魯", "鲁"), ("遼", "辽"), ("雲", "云"), ("貴", "贵"), ("寧", "宁"),
        ("陝", "陕"), ("瓊", "琼"), ("滬", "沪"), ("閩", "闽"), ("領", "领"), ("學", "学"), ("掛", "挂"),
        ("應", "应"), ("試", "试"), ("臨", "临"), ("時", "时"), ("軍", "军"), ("蘭", "兰"), ("濟", "济"),
        ("廣", "广"), ("瀋", "沈"), ("晉", "晋"), ("無", "无"), ("車", "车"), ("識", "识"), ("別", "别"),
        ("檢", "检"), ("測", "测"), ("藍", "蓝"), ("黃", "黄"), ("綠", "绿"), ("漸", "渐"), ("變", "变"),
    ]
}
