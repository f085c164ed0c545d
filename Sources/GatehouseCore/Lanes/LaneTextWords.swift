// SPDX-License-Identifier: Apache-2.0

/// What people at the pole read and hear for a text key (`lanes.md` §4.8): Chinese in short parts, each fit for a
/// line, English beside it; what matters least stands last, and boards without room leave it out. Never the reason of a
/// refusal: that is for the office.
package struct LaneTextWords: Hashable, Sendable {
    /// Stands before the words where the text is one vehicle's.
    package var plate: String?
    package var chinese: [String]
    package var english: [String]
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
        case .welcome: welcome
        case .goodbye: goodbye
        case .pay where isOffline: payWithoutPhone
        case .pay: pay
        case .paid: paid
        case .refused: words(["请联系管理处"], "Please contact the office", voice: "请联系管理处")
        case .full: words(["车位已满"], "Full", voice: "车位已满,请稍候")
        case .wait where charge != nil: waitAtNothing
        case .wait: words(["请稍候"], "Please wait")
        case .opposing: words(["对向来车", "请等待"], "Oncoming vehicle", voice: "对向来车,请等待")
        case .noPlate where isOffline:
            words(["未识别车牌", "手机付停用请按铃"], "Not read, phones off: ring", voice: "未识别车牌,手机支付暂停,请按铃")
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

    /// Time parked gives its place to what else there is: the drawer of a guard, or whoever answers the bell.
    private var payWithoutPhone: LaneTextWords {
        let asked = charge.flatMap { $0.due > .zero ? $0.asked : nil } ?? BilingualText("请缴费", "Please pay")
        let other = ways.contains(.cash) ? BilingualText("付现金", "cash") : BilingualText("请按铃", "ring")
        return words(
            [asked.chinese, "手机付停用\(other.chinese)"], asked.english, "phones off: \(other.english)",
            voice: "\(asked.chinese),手机支付暂停,\(other.chinese)")
    }

    func words(_ chinese: [String], _ english: String..., voice: String? = nil) -> LaneTextWords {
        words(chinese, english: english, voice: voice)
    }

    func words(_ chinese: [String], english: [String], voice: String? = nil) -> LaneTextWords {
        let plate = plate?.text
        return LaneTextWords(
            plate: plate, chinese: chinese, english: english,
            voice: voice.map { [plate, $0].compactMap(\.self).joined(separator: ",") })
    }
}
