// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the driver saw on the display, `lanes.md` §4.8. Never the reason: that is for the office.
package struct DriverText: ResultValue {
    package var key: String
    package var chinese: String
    package var english: String

    /// By verdict, reason and direction of a decision's record.
    /// - Parameter bill: what whoever waits to pay was asked.
    init(decision line: EventLine, bill: EventLine? = nil) {
        let fields = line.fields
        switch line.kind {
        case "accessGranted":
            let isLeaving = fields.text("direction") == "out"
            var text = LaneText(
                isLeaving ? .goodbye : .welcome,
                daysLeft: isLeaving ? nil : fields.number("days_left").map { Int(clamping: $0) },
                isResident: fields.has("permit") || fields.flag("is_household"))
            if !isLeaving {
                let reason = fields.text("reason").flatMap(ReasonCode.init(rawValue:))
                text.isInGrace = reason == .permitGrace
                text.quota = reason == .quotaAsTemporary ? .temporary : nil
            }
            self.init(text, plate: fields.text("plate"))
        case "accessDenied": self.init(LaneText(Self.key(denial: fields.text("reason") ?? "")))
        default:
            var text = LaneText(Self.key(waiting: fields.text("reason") ?? ""))
            if text.key == .pay { text.charge = bill.flatMap { ShownCharge($0.fields) } }
            self.init(text, plate: text.charge == nil ? nil : fields.text("plate"))
        }
    }

    private init(_ text: LaneText, plate: String? = nil) {
        let words = text.words
        let before = plate.map { "\($0) " } ?? ""
        key = text.key.rawValue
        chinese = before + words.chinese.joined(separator: " ")
        english = before + words.english.joined(separator: ", ")
    }

    private static func key(denial reason: String) -> LaneTextKey {
        switch ReasonCode(rawValue: reason) {
        case .areaFull, .quotaFull: .full
        case .credentialUnreadable: .noPlate
        case .laneOutOfService: .closed
        default: .refused
        }
    }

    private static func key(waiting reason: String) -> LaneTextKey {
        switch ReasonCode(rawValue: reason) {
        case .paymentDue: .pay
        case .opposingUse: .opposing
        case .confirmNeeded: .back
        default: .wait
        }
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("key", key)
        fields.put("zh", chinese)
        fields.put("en", english)
    }

    package init(from fields: Fields) throws(FieldError) {
        key = try fields.string("key")
        chinese = try fields.string("zh")
        english = try fields.string("en")
    }
}

extension ShownCharge {
    /// Of a quote's record; what came before the last of several quotes is left out.
    fileprivate init?(_ quote: Fields) {
        guard let due = (try? quote.objectIfPresent("charge"))?.number("due"), due > 0,
            let entry = quote.number("entry_s"), let exit = quote.number("exit_s")
        else { return nil }
        self.init(
            due: Money(due), currency: quote.text("currency") ?? "CNY",
            minutes: Int(clamping: max(0, exit.subtractingReportingOverflow(entry).partialValue) / 60))
    }
}
