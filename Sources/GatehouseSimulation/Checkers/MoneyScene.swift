// SPDX-License-Identifier: Apache-2.0

/// What happens with money at a gate. What no run brings has not been tried: the summary names it.
package enum MoneyScene: String, CaseIterable, Sendable {
    // How a payment comes.
    case paidForQuote, paidForLane, paidForPlate, paidBeforeSettingOff, paidInPart, paidTooMuch
    case afterQuoteLapsed, afterLeaving, weeksLater, twice, cancelledBeforeItCame, acrossPowerCut
    case otherAmountSameSerial, forOtherStay, forNobody, laneChangedMeanwhile
    case cancelledBeforeUse, cancelledAfterUse
    // How a vehicle leaves.
    case neverPaid, letOutAtDeadline, leftTrusted, tailgated, openedByHand, leftInFire, missedExit
    case stayedBeyondGrace, turnedBackAndCameAgain
    // What guards do.
    case cash, released, paysLater, classCorrected, disputed, disputeSettled, shiftClosed, countedWrong
    // What a stay is.
    case largeVehicle, newEnergy, spaceConverted, permitExpired, otherVersion, debtCollected
    case guest, guestBeyondPass, guestOnceTooOften
    // What a provider is asked for.
    case orderByTag, orderByPlate, orderByCode, orderAfterLeaving, orderPaid, orderRefused, orderReversed
    case orderLost, orderConfirmed, orderNeverAnswered, orderPaidAfterReversal, orderPaidTooLate
    case orderAgainByHand, orderAskedAbout
    // What others bear, or put in.
    case couponForStay, couponForPlate, couponUsed, couponOfSite, couponReleased, couponRevoked
    case couponTwice, couponForOther, couponsTogether, couponBestOfAll, couponLargestOfKind
    case couponOfOtherTariff, couponFreeForWhile, toppedUp, paidFromBalance, balanceGivenBack

    /// Hours are too short for it.
    var needsWeeks: Bool { self == .weeksLater || self == .orderAfterLeaving }
}

/// The money of one run or of several, for whoever reads the summary.
package struct MoneyReport: Hashable, Sendable {
    package internal(set) var scenes: [MoneyScene: Int] = [:]
    /// Charged.
    var stays = 0
    /// Minor units.
    var charged: Int64 = 0
    var owed: Int64 = 0
    var escaped: Int64 = 0
    var givenBack: Int64 = 0
    var paid: [String: Int64] = [:]
    var records = 0
    var outboxPeak: Int64 = 0
    /// At whose ends the books balanced.
    var days = 0

    package init() {}

    mutating func note(_ scene: MoneyScene) { scenes[scene, default: 0] += 1 }

    package func adding(_ other: MoneyReport) -> MoneyReport {
        var sum = self
        sum.add(other)
        return sum
    }

    private mutating func add(_ other: MoneyReport) {
        scenes.merge(other.scenes, uniquingKeysWith: +)
        paid.merge(other.paid, uniquingKeysWith: +)
        stays += other.stays
        charged += other.charged
        owed += other.owed
        escaped += other.escaped
        givenBack += other.givenBack
        records += other.records
        outboxPeak = max(outboxPeak, other.outboxPeak)
        days += other.days
    }

    /// What no run brought. `weeks`: they were long enough for everything.
    package func missing(weeks: Bool) -> [MoneyScene] {
        MoneyScene.allCases.filter { scenes[$0, default: 0] == 0 && (weeks || !$0.needsWeeks) }
    }

    package func lines(weeks: Bool) -> [String] {
        let ways = paid.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let seen = MoneyScene.allCases.filter { scenes[$0, default: 0] > 0 }
        let never = missing(weeks: weeks)
        return [
            "money: \(stays) stays charged \(charged), owed \(owed), escaped \(escaped), given back \(givenBack)",
            "  paid: \(ways.isEmpty ? "nothing" : ways.joined(separator: ", "))",
            "  books balanced at the end of \(days) days; \(records) records, at most \(outboxPeak) unsent",
            "  " + seen.map { "\($0.rawValue) \(scenes[$0, default: 0])" }.joined(separator: ", "),
            "  never: \(never.isEmpty ? "nothing" : never.map(\.rawValue).joined(separator: ", "))",
        ]
    }
}
