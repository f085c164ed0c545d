// SPDX-License-Identifier: Apache-2.0

extension PaymentWay {
    package var words: BilingualText {
        switch self {
        case .prepaid: BilingualText("预缴", "paid ahead")
        case .staticCode: BilingualText("车道固定码", "the lane's code")
        case .dynamicCode: BilingualText("屏幕二维码", "the code on the display")
        case .scannedCode: BilingualText("付款码", "a code shown by the driver")
        case .plateBound: BilingualText("车牌代扣", "debited by the plate")
        case .etc: BilingualText("ETC", "ETC")
        case .cash: BilingualText("现金", "cash")
        case .storedValue: BilingualText("储值", "stored value")
        }
    }
}

extension StayCharge.Outcome {
    package var words: BilingualText {
        switch self {
        case .free: BilingualText("无需缴费", "nothing to pay")
        case .paid: BilingualText("已缴清", "paid")
        case .owed: BilingualText("欠费放行", "let out owing")
        case .escaped: BilingualText("未缴离场", "left without paying")
        case .unknown: BilingualText("金额不明", "nobody knows what it cost")
        case .cancelled: BilingualText("已取消", "cancelled")
        }
    }
}
