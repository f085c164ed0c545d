// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the driver saw on the display, `lanes.md` §4.8. Never the reason: that is for the office.
package struct DriverText: ResultValue {
    package var key: String
    package var chinese: String
    package var english: String

    init(_ key: LaneTextKey, _ chinese: String, _ english: String) {
        self.key = key.rawValue
        self.chinese = chinese
        self.english = english
    }

    /// By verdict, reason and direction of a decision's record.
    init(decision line: EventLine) {
        let fields = line.fields
        let plate = fields.text("plate").map { "\($0) " } ?? ""
        switch line.kind {
        case "accessGranted" where fields.text("direction") == "out":
            self.init(.goodbye, "\(plate)一路平安", "\(plate)Have a good trip")
        case "accessGranted":
            let days = fields.number("days_left").map { " 剩余\($0)天" } ?? ""
            let isResident = fields.has("permit") || fields.flag("is_household")
            self.init(
                .welcome, "\(plate)\(isResident ? "欢迎回家" : "欢迎光临 请入场")\(days)", "\(plate)Welcome")
        case "accessDenied": self.init(denial: fields.text("reason") ?? "")
        default: self.init(waiting: fields.text("reason") ?? "")
        }
    }

    private init(denial reason: String) {
        switch ReasonCode(rawValue: reason) {
        case .areaFull, .quotaFull: self.init(.full, "车位已满", "Full")
        case .credentialUnreadable: self.init(.noPlate, "未识别车牌 请扫码或按铃", "Not read: scan the code or ring")
        case .laneOutOfService: self.init(.closed, "通道关闭 请走其他通道", "Lane closed")
        default: self.init(.refused, "请联系管理处", "Please contact the office")
        }
    }

    private init(waiting reason: String) {
        switch ReasonCode(rawValue: reason) {
        case .paymentDue: self.init(.pay, "请缴费", "Please pay")
        case .opposingUse: self.init(.opposing, "对向来车 请等待", "Oncoming vehicle")
        case .confirmNeeded: self.init(.back, "请退后重新识别", "Please move back")
        default: self.init(.wait, "请稍候", "Please wait")
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
