// SPDX-License-Identifier: Apache-2.0

/// From what the site knows of a stay to the facts that a tariff prices.
package struct StayBilling {
    let plan: PricingPlan
    let directory: Directory
    let stays: StayBook
    let accounts: AccountBook

    /// A stay's price, and by which tariff.
    package struct Priced: Hashable, Sendable {
        package var edition: TariffEdition
        package var entry: Int64
        package var exit: Int64
        package var vehicle: BilledVehicle
        /// Which rule said so.
        package var classRule: String
        package var charge: Charge
    }

    /// - Parameter exit: seconds since 1970: when the vehicle was recognised at the exit, or now.
    package func price(_ stay: Stay, at exit: Int64) -> Result<Priced, PricingFault> {
        let facts = facts(of: stay, at: exit)
        // A plan without a tariff is refused when it is read.
        guard let edition = plan.edition(entry: facts.entry, exit: exit) else {
            return .failure(.timeOutOfRange)
        }
        return Result { () throws(PricingFault) in
            Priced(
                edition: edition, entry: facts.entry ?? exit, exit: exit, vehicle: facts.vehicle,
                classRule: vehicle(of: stay).rule, charge: try edition.tariff.price(facts, in: edition.zone))
        }
    }

    /// Billed from when the vehicle was through the entry to when it was recognised at the exit: nobody pays for
    /// waiting at a barrier.
    func facts(of stay: Stay, at exit: Int64) -> StayFacts {
        let entry = stay.opening.passedAt.milliseconds.floorDivided(by: 1000)
        var facts = StayFacts(entry: entry, exit: exit)
        facts.vehicle = vehicle(of: stay).vehicle
        facts.permits = permits(of: stay, zone: plan.edition(entry: entry, exit: exit)?.zone ?? .utc)
        let account = accounts.account(of: stay.id)
        facts.payments = account.settlements.map { StayPayment(at: $0.at, amount: $0.amount) }
        facts.adjustments = account.adjustments
        facts.coupons = account.coupons
        facts.temporary = temporary(stay, entry: entry, exit: exit, converted: account.convertedAt)
        if plan.arrears == .collect, let plate = stay.plate {
            facts.arrears = accounts.arrears(of: plate).map {
                Arrears(reference: String($0.stay.number), amount: $0.amount)
            }
        }
        return facts
    }

    private func vehicle(of stay: Stay) -> (vehicle: BilledVehicle, rule: String) {
        let reading = stay.corrections.last?.after ?? stay.opening.reading
        var (rule, name) = ClassRule.first(fitting: reading, among: plan.classes)
        switch stay.holder.vehicleClass {
        case .allowlist: (rule.exemption, name) = (rule.exemption ?? "allowlist", "allowlist")
        case .emergency: (rule.exemption, name) = (rule.exemption ?? "emergency", "emergency")
        case .permit, .temporary, .visitor, .unidentified: break
        }
        return (BilledVehicle(rule, colour: reading?.color), name)
    }

    /// Everything that covers the place, whenever it began: one that was renewed while its vehicle was inside covers from
    /// its first day (§6.1).
    /// One that was ended covers the whole of its last day.
    private func permits(of stay: Stay, zone: ZoneRules) -> [BilledPermit] {
        guard let plate = stay.plate else { return [] }
        return directory.permits(for: plate)
            .filter { !$0.isDenial && $0.covers(area: stay.opening.area) }
            .map { permit in
                let ended = permit.endedAt.map { zone.civil($0).date }
                let last = [permit.validTo, ended].compactMap { $0 }.min()
                return BilledPermit(
                    validFrom: permit.validFrom ?? Self.firstDay, validTo: last ?? Self.lastDay,
                    windows: permit.windows?.compactMap(DaySpan.init))
            }
    }

    /// Of a permit without limits: years that a tariff can reckon with.
    private static let firstDay = CivilDate(daysSince1970: -700_000)
    private static let lastDay = CivilDate(daysSince1970: 2_900_000)

    /// When a household's car was one too many (§6.2); nil where that is not the question.
    private func temporary(
        _ stay: Stay, entry: Int64, exit: Int64, converted: Int64?
    ) -> [TimeSpan]? {
        guard let id = stay.holder.household, directory.household(id)?.spaces != nil else { return nil }
        let rule = plan.edition(entry: entry, exit: exit)?.tariff.rules.quota ?? QuotaRule()
        if rule.decide == .atExit {
            let others = (stays.carsInside[id] ?? 0) - (stay.isCountedInside ? 1 : 0)
            let isOver = others >= (directory.household(id)?.spaces ?? .max)
            return isOver ? [TimeSpan(entry, exit)] : []
        }
        guard stay.holder.vehicleClass == .temporary else { return nil }
        guard let converted, rule.convert != .none else { return [TimeSpan(entry, exit)] }
        return rule.convert == .whole ? [] : [TimeSpan(entry, min(converted, exit))]
    }
}

extension DaySpan {
    /// A permit's weekly window as a tariff reads it: whoever may come in on a holiday does not pay for it.
    init?(_ window: WeeklyWindow) {
        self.init(
            days: window.dayList.map(DaySelector.plainWeekday), fromMinute: window.fromMinute,
            toMinute: window.toMinute)
    }
}
