// SPDX-License-Identifier: Apache-2.0

/// What people at the pole read and hear for a text key (`lanes.md` §4.8): Chinese in short parts, each fit for a
/// line, English beside it. Never the reason of a refusal: that is for the office.
package struct LaneTextWords: Hashable, Sendable {
    /// Stands before the words where the text is one vehicle's.
    package var plate: String?
    package var chinese: [String]
    package var english: String
    /// nil: shown to everybody who passes, or for a moment only, and so not spoken.
    package var voice: String?
}

extension LaneText {
    package var words: LaneTextWords {
        switch key {
        case .idle where isOffline:
            words(
                ["网络离线"] + (free.map { ["余位\($0)"] } ?? []),
                "Offline" + (free.map { ", \($0) free" } ?? ""))
        case .idle:
            words(
                ["一车一杆", "减速慢行"] + (free.map { ["余位\($0)"] } ?? []),
                "One car at a time" + (free.map { ", \($0) free" } ?? ""))
        case .welcome:
            words(
                (isResident ? ["欢迎回家"] : ["欢迎光临", "请入场"]) + (daysLeft.map { ["剩余\($0)天"] } ?? []),
                "Welcome", voice: isResident ? "欢迎回家" : "欢迎光临")
        case .goodbye:
            words(
                (charge?.reasonOfZero.map { [$0.chinese] } ?? []) + ["一路平安"],
                charge?.reasonOfZero.map { "\($0.english), have a good trip" } ?? "Have a good trip",
                voice: "一路平安")
        case .pay: pay
        case .paid: words(["缴费成功", "一路平安"], "Paid, have a good trip", voice: "缴费成功,一路平安")
        case .refused: words(["请联系管理处"], "Please contact the office", voice: "请联系管理处")
        case .full: words(["车位已满"], "Full", voice: "车位已满,请稍候")
        case .wait: words(["请稍候"], "Please wait")
        case .opposing: words(["对向来车", "请等待"], "Oncoming vehicle", voice: "对向来车,请等待")
        case .noPlate:
            words(["未识别车牌", "请扫码或按铃"], "Not read: scan the code or ring", voice: "未识别车牌,请扫码或按铃")
        case .back: words(["请退后重新识别"], "Please move back", voice: "请退后重新识别")
        case .dontFollow: words(["请勿跟车"], "Do not follow")
        case .dontStop: words(["请勿在杆下停留"], "Do not stop under the arm", voice: "请勿在杆下停留")
        case .closing: words(["闸杆下落", "注意安全"], "Arm lowering")
        case .fault: words(["设备故障", "请按铃"], "Out of order, ring", voice: "设备故障,请按铃")
        case .laneOpen: words(["通道开放", "减速慢行"], "Lane open")
        case .closed: words(["通道关闭", "请走其他通道"], "Lane closed", voice: "通道关闭,请走其他通道")
        case .fire: words(["紧急开放"], "Emergency open", voice: "紧急开放")
        }
    }

    private var pay: LaneTextWords {
        guard let charge, charge.due > .zero else { return words(["请缴费"], "Please pay", voice: "请缴费") }
        let amount = MoneyWords(currency: charge.currency).text(charge.due)
        let time = charge.timeParked
        return words(
            ["停车\(time.chinese)", "请缴费\(amount.chinese)"],
            "Parked \(time.english), please pay \(amount.english)",
            voice: "停车\(time.chinese),请缴费\(amount.chinese)")
    }

    private func words(_ chinese: [String], _ english: String, voice: String? = nil) -> LaneTextWords {
        let plate = plate?.text
        return LaneTextWords(
            plate: plate, chinese: chinese, english: english,
            voice: voice.map { [plate, $0].compactMap(\.self).joined(separator: ",") })
    }
}

extension ShownCharge {
    fileprivate var timeParked: BilingualText {
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
        let chinese = (days > 0 ? "\(days)天" : "") + (days + hours > 0 ? "\(hours)小时" : "") + "\(rest)分"
        let english = (days > 0 ? "\(days) d " : "") + (days + hours > 0 ? "\(hours) h " : "") + "\(rest) min"
        return BilingualText(chinese, english)
    }

    /// nil where something was due, or where the driver knows it anyway.
    fileprivate var reasonOfZero: BilingualText? {
        guard due == .zero else { return nil }
        switch freeBy {
        case .freeMinutes: return BilingualText("免费时间内", "Within the free time")
        case .exempt: return BilingualText("免费车辆", "Exempt vehicle")
        case .withinPayGrace: return BilingualText("已缴费", "Paid already")
        default: return nil
        }
    }
}
