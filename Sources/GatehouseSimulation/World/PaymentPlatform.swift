// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Whoever takes the drivers' money: hears of quotes when they are durable, and tells the gateway of each payment until
/// it is confirmed.
struct PaymentPlatform {
    /// A payment that the gateway has not confirmed.
    struct Outstanding {
        var notice: PaymentNotice
        var by: Operator
        /// Whose balance it is put into.
        var holder: StoredHolder?
        /// The process died with it.
        var wasCut = false

        var order: MoneyOrder { holder.map { .topUp($0, notice) } ?? .take(notice) }
    }

    /// What the gateway was asked, by whom.
    enum Question: Hashable {
        case takes(String)
        case cancels(String)
        /// The same serial over another amount.
        case contradicts(String)
        /// What it costs: for a driver who pays before he sets off.
        case prepays
        /// For a guard who holds out his hand.
        case cash
        case opensShift
        case closesShift(counted: Int64)
        /// A guard writes down that somebody contests it.
        case disputes
        /// A guard lets go free or later, or says what it is.
        case desk
        /// A guard has a provider asked again; by the number of his asking.
        case collects(Int)
        /// What a provider says of its order.
        case hears(Int64)
        case grants(String)
        case grantsToOther(String)
    }

    /// What a driver is asked for.
    struct Bill: Hashable {
        var stay: Int64
        var quote: Int64
        var due: Int64
        var lane: String?
        /// Paid to whoever stands at the lane.
        var isByLane = false
    }

    /// Their drivers pay by the lane's code when somebody else stands there.
    var lingering: [Bill] = []
    /// By serial.
    var outstanding: [String: Outstanding] = [:]
    /// Stays whose charges are contested.
    var disputed: [Int64] = []
    /// Told again although it was confirmed.
    var repeated: [String: Outstanding] = [:]
    /// Cancelled by the provider: how often that was told, and which of them are over.
    var cancelling: [String: Int] = [:]
    var cancelled: Set<String> = []
    /// By the replies that this process owes.
    var awaited: [UInt64: Question] = [:]
    /// A driver is about to pay for it.
    var isPaying: Set<Int64> = []
    /// Took the gateway's word that it has it; by serial.
    var confirmed: [String: Int64] = [:]
    /// Payments made so far: each gets a number of its own.
    private var made = 0
    /// Coupons and passes given so far, and the records by which coupons were granted.
    var coupons = 0
    var guests = 0
    var granted: [String: Int64] = [:]
    /// What truly lies in the guard's drawer.
    var drawer: Int64 = 0

    mutating func newSerial(_ prefix: String) -> String {
        made += 1
        return "\(prefix)\(made)"
    }

    /// The process is gone, and with it what it was asked: that, in the order of asking.
    mutating func hangUp() -> [Question] {
        let lost = awaited.sorted { $0.key < $1.key }.map(\.value)
        for case .takes(let serial) in lost { outstanding[serial]?.wasCut = true }
        awaited = [:]
        return lost
    }
}
