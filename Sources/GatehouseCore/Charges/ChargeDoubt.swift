// SPDX-License-Identifier: Apache-2.0

/// Why it is not certain when a stay began or ended, what each possibility costs, and which of them is billed: the one
/// that costs least (docs/decisions/0022-in-the-payers-favour.md).
package struct ChargeDoubt: Hashable, Sendable {
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// A stamp was made by a clock in doubt, or the clock was moved while the vehicle was inside.
        case clock
        /// The plate was read differently at entry and exit, or a person put it right.
        case misread
    }

    package struct Option: Hashable, Sendable {
        /// Seconds since 1970.
        package var entry: Int64
        package var exit: Int64
        /// Whose entry it is; nil: the stay's own.
        package var stay: StayID?
        /// Before what was paid; nil: it has no price.
        package var fee: Money?

        package init(entry: Int64, exit: Int64, stay: StayID? = nil, fee: Money? = nil) {
            self.entry = entry
            self.exit = exit
            self.stay = stay
            self.fee = fee
        }
    }

    package var causes: [Cause]
    /// The first is what was recorded.
    package var options: [Option]
    /// The index of the one that is billed.
    package var used: Int

    package init(causes: [Cause], options: [Option], used: Int) {
        self.causes = causes
        self.options = options
        self.used = used
    }
}

extension ChargeDoubt: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("why", strings: causes.map(\.rawValue))
        fields.put("used", used)
        fields.put("options", objects: options) { option, fields in
            fields.put("entry_s", option.entry)
            fields.put("exit_s", option.exit)
            fields.put("stay", ifPresent: option.stay?.number)
            fields.put("fee", ifPresent: option.fee?.minorUnits)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        causes = []
        for word in try fields.strings("why") {
            guard let cause = Cause(rawValue: word) else { throw .unknownValue(key: "why", value: word) }
            causes.append(cause)
        }
        options = []
        for option in try fields.objects("options") {
            options.append(
                Option(
                    entry: try option.integer("entry_s"), exit: try option.integer("exit_s"),
                    stay: try option.integerIfPresent("stay").map(StayID.init),
                    fee: try option.integerIfPresent("fee").map { Money($0) }))
        }
        used = try fields.int("used")
        guard options.indices.contains(used) else {
            throw .unknownValue(key: "used", value: String(used))
        }
    }
}

extension ChargeDoubt {
    /// For whoever pays: what is not certain, and what was made of it.
    package func text(_ words: ChargeWords, in zone: ZoneRules) -> BilingualText {
        var (chinese, english): ([String], [String]) = ([], [])
        for cause in causes {
            switch cause {
            case .clock:
                chinese.append("时钟不可靠")
                english.append("the clock was in doubt")
            case .misread:
                chinese.append("入场车牌存疑")
                english.append("the plate of the entry is in doubt")
            }
        }
        let option = options[used]
        let (from, to) = (zone.stamp(option.entry), zone.stamp(option.exit))
        guard options.count > 1 else {
            return BilingualText(
                "\(chinese.joined(separator: "、"))：按记录的时间计费",
                "\(english.joined(separator: ", ")): billed as recorded")
        }
        let other = options.indices.first { $0 != used }.flatMap { options[$0].fee }.map(words.amount)
        return BilingualText(
            "\(chinese.joined(separator: "、"))：有\(options.count)种可能的时间，按最低的计费，即\(from)至\(to)"
                + (other.map { "（另一种\($0.chinese)）" } ?? ""),
            "\(english.joined(separator: ", ")): of \(options.count) possible times the one that costs least, "
                + "\(from) to \(to)" + (other.map { " (another: \($0.english))" } ?? ""))
    }
}
