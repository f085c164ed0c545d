// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// What bugs about money remember.
struct MoneySabotage {
    /// Confirmed in the next step, and never booked.
    fileprivate var lost: [ReplyID] = []
    fileprivate var lastNumber: Int64 = 0
    fileprivate var lastPayment: Uptime?
    /// What opened from then on stays shut for a while.
    fileprivate var deafSince: Uptime?

    func isPaying(at now: Uptime) -> Bool { lastPayment.map { now - $0 < .seconds(1) } ?? false }
}

extension EstatePrices {
    func stackingAll(insteadOf stacking: PriceBoard.Stacking) -> EstatePrices {
        var loose = self
        if board.stacking == stacking { loose.board.stacking = .all }
        if next.stacking == stacking { loose.next.stacking = .all }
        return loose
    }
}

/// Bugs between the process and whoever pays, takes and gives back.
extension Saboteur {
    mutating func moneyInputs(
        _ bug: PlantedBug, _ order: MoneyOrder, _ by: Operator, _ reply: ReplyID, at now: Uptime
    ) -> [EngineInput] {
        var order = order
        switch (bug, order) {
        case (.bookTwice, .take(var notice)):
            count += 1
            notice.serial += " \(count)"
            order = .take(notice)
        case (.losesPayment, .take):
            count += 1
            guard count % 3 == 0 else { break }
            money.lost.append(reply)
            return [.tick]
        case (.creditsNext, .take(var notice)):
            (notice.quote, notice.stay, notice.plate) = (nil, nil, nil)
            notice.lane = plan.lanes.last?.name
            order = .take(notice)
        case (.forgetsOrder, .take(var notice)):
            notice.order = nil
            order = .take(notice)
        case (.grantsTwice, .grantCoupon(var coupon)):
            count += 1
            coupon.id += ".\(count)"
            order = .grantCoupon(coupon)
        case (.siteBearsAll, .grantCoupon(var coupon)):
            coupon.merchant = nil
            order = .grantCoupon(coupon)
        case (.shortensPeriod, .grantCoupon(var coupon)) where coupon.kind == .period:
            coupon.validTo = coupon.validTo.map { $0 - 600 }
            order = .grantCoupon(coupon)
        case (.slowAfterPayment, .take): money.lastPayment = now
        case (.deafToReleases, .adjust), (.deafToReleases, .later): money.deafSince = now
        default: break
        }
        return [.site(.operation(.money(order), by: by, reply: reply))]
    }

    mutating func changeMoney(_ bug: PlantedBug, _ output: inout EngineOutput, at now: Uptime) {
        money.lastNumber = output.made.last?.sequence.number ?? money.lastNumber
        switch bug {
        case .losesPayment:
            output.answers += money.lost.map { ($0, .done(Sequence(max(1, money.lastNumber - 4)))) }
            money.lost = []
        case .asksEarly:
            for record in output.made where record.kind == "collectionAsked" {
                guard let fields = try? Fields(record.payload), let order = try? CollectionOrder(from: fields)
                else { continue }
                output.notices.append(
                    .collect(CollectionRequest(number: record.sequence, action: .ask, order: order)))
            }
        case .deafToReleases, .keepsHouseholds:
            if bug == .keepsHouseholds, output.made.contains(where: Self.letsHouseholdOut) {
                money.deafSince = now
            }
            guard let since = money.deafSince, now - since < .seconds(8) else { return }
            output.commands.removeAll { $0.output == .open && $0.cause != "fire" }
            // Nor does anybody hear that the arm was to rise.
            output.made.removeAll { record in
                record.kind == "barrierCommanded"
                    && (try? Fields(record.payload))?.text("output") == LaneOutput.open.rawValue
            }
        default: break
        }
    }

    func changeMoney(_ bug: PlantedBug, _ records: inout [Record]) {
        for index in records.indices {
            switch (bug, records[index].kind) {
            case (.forgetsDraw, "paymentSettled"):
                records[index].changes.removeAll { $0.row.table == .stored }
            case (.forgetsDebt, "stayCharged"): records[index].changes.removeAll { $0.row.table == .debt }
            case (.keepsHouseholds, _) where Self.letsHouseholdOut(records[index]):
                let reason = (try? Fields(records[index].payload))?.text("reason") ?? ""
                let text = String(decoding: records[index].payload, as: UTF8.self)
                records[index].kind = "accessHeld"
                records[index].payload = Array(
                    text.replacing(
                        #""reason":"\#(reason)""#, with: #""reason":"\#(ReasonCode.paymentDue.rawValue)""#
                    ).utf8)
            case (.refundsTwice, "paymentRefunded"):
                guard let fields = try? Fields(records[index].payload) else { continue }
                let amount = fields.number("amount") ?? 0
                let text = String(decoding: records[index].payload, as: UTF8.self)
                let twice = text.replacing(#""amount":\#(amount)"#, with: #""amount":\#(2 * amount)"#)
                    .replacing(#""amount":\#(-amount)"#, with: #""amount":\#(-2 * amount)"#)
                records[index].payload = Array(twice.utf8)
            default: break
            }
        }
    }

    private static func letsHouseholdOut(_ record: Record) -> Bool {
        guard record.kind == "accessGranted", let fields = try? Fields(record.payload) else { return false }
        return fields.text("direction") == "out" && fields.flag("is_household") && !fields.has("card")
    }
}
