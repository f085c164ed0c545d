// SPDX-License-Identifier: Apache-2.0

extension Charge.Flag {
    /// What decided, for whoever pays (§8).
    package var words: BilingualText {
        switch self {
        case .clockStepNegative:
            BilingualText("出场时间早于入场时间,需人工核查", "the exit lies before the entry: a person looks")
        case .clockUntrusted: BilingualText("时钟不可靠", "the clock was in doubt")
        case .couponAfterPayment: BilingualText("缴费后不能再用券", "a coupon came after the payment")
        case .couponNotStackable: BilingualText("有券不能叠加", "a coupon does not go with the others")
        case .couponNotValid: BilingualText("有券不在有效期", "a coupon is not valid at this time")
        case .couponRemainderForfeit: BilingualText("券面余额不退", "a coupon was worth more than was to be paid")
        case .exempt: BilingualText("免费车辆", "an exempt vehicle")
        case .freeMinutes: BilingualText("在免费时间内", "within the free time")
        case .longStay: BilingualText("停车超过30天", "longer than 30 days")
        case .noEntryRecord: BilingualText("无入场记录", "no record of the entry")
        case .overtimeAfterPayment: BilingualText("缴费后超时未离场", "it did not leave in time after paying")
        case .permitExpiredMidStay: BilingualText("停车期间月卡到期", "the permit ended while it was inside")
        case .permitInGrace: BilingualText("月卡宽限期内", "the permit was in its days of grace")
        case .quotaConverted:
            BilingualText("本户有车位空出,此后按月卡", "a space of its household became free: covered from then on")
        case .quotaOver: BilingualText("本户车位已用完", "the spaces of its household were taken")
        case .reentryMerged: BilingualText("短时离场再进,合并计费", "it came back soon: goes on with the stay before")
        case .withinPayGrace: BilingualText("在缴费后的离场时限内", "within the time to leave after paying")
        case .zeroFee: BilingualText("费用为零", "nothing to pay")
        }
    }
}
