// SPDX-License-Identifier: Apache-2.0

/// From what the site knows of a stay to the facts that a tariff prices.
package struct StayBilling {
    let plan: PricingPlan
    let directory: Directory
    let stays: StayBook
    let accounts: AccountBook
    var clock = ClockHistory()

    /// A stay's price, and by which tariff.
    package struct Priced: Hashable, Sendable {
        package var edition: TariffEdition
        package var entry: Int64
        package var exit: Int64
        package var vehicle: BilledVehicle
        /// Which rule said so.
        package var classRule: String
        package var charge: Charge
        /// The coupon that put this tariff in the place of the site's.
        package var tariffBy: String?
        /// Coupons that covered some of its time.
        package var freeBy: [String] = []
        /// nil: nobody doubts when it began and ended.
        package var doubt: ChargeDoubt?
    }

    /// Where it is not certain when the stay began or ended, the possibility that costs least.
    /// - Parameters:
    ///   - exit: seconds since 1970: when the vehicle was recognised at the exit, or now.
    ///   - stamp: of the exit; nil: of a clock that is believed now.
    package func price(
        _ stay: Stay, at exit: Int64, _ stamp: ClockStamp? = nil, seen sight: ExitSight = ExitSight()
    ) -> Result<Priced, PricingFault> {
        guard !stay.opening.isAtExit else { return price(stay, from: nil, to: exit) }
        let times = BilledTimes(
            stay, to: exit, stamp ?? clock.stamp(.synchronised), others: entries(of: stay, seen: sight),
            isMisread: sight.isMisread || !stay.corrections.isEmpty)
        let recorded = price(stay, from: times.options[0].entry, to: exit)
        guard !times.causes.isEmpty else { return recorded }
        var doubt = ChargeDoubt(causes: times.causes, options: times.options, used: 0)
        var best: Priced?
        // Of a stay that ended before it began a person decides; what else is possible is shown to him.
        let isForPerson = (try? recorded.get())?.charge.status == .review
        for (index, option) in times.options.enumerated() {
            let result = index == 0 ? recorded : price(stay, from: option.entry, to: option.exit)
            guard let priced = try? result.get() else { continue }
            doubt.options[index].fee = priced.charge.fee
            guard index == 0 || !isForPerson, best.map({ priced.charge.costsLess(than: $0.charge) }) ?? true
            else { continue }
            (best, doubt.used) = (priced, index)
        }
        guard var best else { return recorded }
        if doubt.causes.contains(.clock) {
            best.charge.flags = (best.charge.flags + [.clockUntrusted]).sorted()
        }
        best.doubt = doubt
        return .success(best)
    }

    /// Those that the last quote named stay possible, whoever has left since.
    func entries(of stay: Stay, seen sight: ExitSight) -> [EntryOption] {
        let named = accounts.account(of: stay.id).quote?.entries ?? []
        let new = sight.entries.filter { entry in !named.contains { $0.stay == entry.stay } }
        return Array((named + new).prefix(EntryOption.most))
    }

    private func price(_ stay: Stay, from entry: Int64?, to exit: Int64) -> Result<Priced, PricingFault> {
        let choice = coupons(of: stay, at: exit)
        return Result { () throws(PricingFault) in
            var priced = try price(stay, from: entry, to: exit, with: choice.coupons)
            if choice.hasLate {
                priced.charge.flags = (priced.charge.flags + [.couponAfterPayment]).sorted()
            }
            return priced
        }
    }

    func price(
        _ stay: Stay, from entry: Int64?, to exit: Int64, _ terms: CouponTerms
    ) throws(PricingFault) -> Priced {
        var facts = facts(of: stay, from: entry, at: exit)
        facts.coupons = terms.coupons
        if terms.isBare { (facts.payments, facts.adjustments, facts.arrears) = ([], [], []) }
        // Of a stay that goes on with the one before, that one's time was charged, to whoever bore it.
        let before = facts.previous.map { $0.exit <= entry ?? exit ? $0.exit : .min } ?? .min
        facts.paidByOthers = terms.passes.map {
            TimeSpan(max($0.span.start, before), max($0.span.end, before))
        }
        if stay.opening.isAtExit { facts.entry = nil }
        // A plan without a tariff is refused when it is read.
        guard let edition = terms.tariff?.edition ?? plan.edition(entry: facts.entry, exit: exit) else {
            throw .timeOutOfRange
        }
        return Priced(
            edition: edition, entry: facts.entry ?? exit, exit: exit, vehicle: facts.vehicle,
            classRule: vehicle(of: stay).rule, charge: try edition.tariff.price(facts, in: edition.zone),
            tariffBy: terms.tariff?.by, freeBy: terms.passes.map(\.id))
    }

    /// Billed from when the vehicle was through the entry to when it was recognised at the exit: nobody pays for
    /// waiting at a barrier.
    /// - Parameter begin: seconds since 1970, where it is another instant than the entry's stamp.
    func facts(of stay: Stay, from begin: Int64? = nil, at exit: Int64) -> StayFacts {
        let entry = begin ?? stay.opening.passedAt.second
        var facts = StayFacts(entry: entry, exit: exit)
        facts.vehicle = vehicle(of: stay).vehicle
        facts.permits = permits(of: stay, zone: plan.edition(entry: entry, exit: exit)?.zone ?? .utc)
        let account = accounts.account(of: stay.id)
        facts.payments = account.settlements.map { StayPayment(at: $0.at, amount: $0.amount) }
        facts.adjustments = account.adjustments
        facts.temporary = temporary(stay, entry: entry, exit: exit, converted: account.convertedAt)
        take(accounts.histories, of: stay, &facts)
        if plan.arrears == .collect, let plate = stay.plate {
            // What a provider was asked for already is not asked for again.
            let debts = accounts.arrears(of: plate).filter { accounts.collections.open(of: $0.stay) == nil }
            facts.arrears = debts.map {
                Arrears(reference: String($0.stay.number), amount: $0.amount)
            }
        }
        return facts
    }

    /// A visitor's pass and minutes off are not used for one stay (§6.4): the pass covers what it covers, and the coupon
    /// stays unused.
    private func coupons(of stay: Stay, at exit: Int64) -> CouponBook.Choice {
        var choice = accounts.coupons.choice(
            for: stay, at: exit, isPaid: !accounts.account(of: stay.id).settlements.isEmpty,
            followsPayment: plan.coupons.afterPayment == .allow)
        if !choice.coupons.isEmpty, isVisit(stay, until: exit) {
            choice.coupons.removeAll { if case .minutes = $0.kind { true } else { false } }
        }
        return choice
    }

    /// What is remembered of earlier stays of the plate after this one was charged; nil: nothing.
    func history(after stay: Stay, _ priced: Priced) -> PlateHistory? {
        // By the site's own rules, also of a stay that a coupon's tariff priced.
        guard stay.rememberedPlate != nil,
            let edition = plan.edition(entry: priced.entry, exit: priced.exit)
        else { return nil }
        return PlateHistory(
            after: facts(of: stay, from: priced.entry, at: priced.exit), priced.charge,
            under: edition.tariff, in: edition.zone, sharesCaps: plan.sharesCaps)
    }

    func take(_ histories: PlateHistories, of stay: Stay, _ facts: inout StayFacts) {
        guard let history = stay.rememberedPlate.flatMap({ histories[$0] }), let entry = facts.entry,
            let edition = plan.edition(entry: entry, exit: facts.exit)
        else { return }
        guard let rules = try? edition.tariff.rules(of: facts.vehicle.vehicleClass) else { return }
        let day = DayClock(zone: edition.zone, calendar: rules.calendar).date(at: entry)
        facts.previous = history.previous
        facts.told = history.told(from: entry, on: day, rules)
    }

    private func vehicle(of stay: Stay) -> (vehicle: BilledVehicle, rule: String) {
        let reading = stay.corrections.last?.after ?? stay.opening.reading
        var (rule, name) = ClassRule.first(fitting: reading, among: plan.classes)
        switch stay.holder.vehicleClass {
        case .allowlist: (rule.exemption, name) = (rule.exemption ?? "allowlist", "allowlist")
        case .emergency: (rule.exemption, name) = (rule.exemption ?? "emergency", "emergency")
        case .permit, .temporary, .visitor, .unidentified: break
        }
        var vehicle = BilledVehicle(rule, colour: reading?.color)
        if let said = accounts.account(of: stay.id).classification { name = said.change(&vehicle) }
        return (vehicle, name)
    }

    /// Everything that covers the place, whenever it began: one that was renewed while its vehicle was inside covers from
    /// its first day (§6.1).
    /// One that was ended covers the whole of its last day.
    private func permits(of stay: Stay, zone: ZoneRules) -> [BilledPermit] {
        guard let plate = stay.plate else { return [] }
        return directory.permits(for: plate)
            .filter { !$0.isDenial && $0.covers(area: stay.opening.area) }
            .compactMap { permit in
                if let visit = permit.visit { return Self.guest(visit, permit, stay) }
                let ended = permit.endedAt.map { zone.civil($0).date }
                let last = [permit.validTo, ended].compactMap { $0 }.min()
                return BilledPermit(
                    validFrom: permit.validFrom ?? Self.firstDay, validTo: last ?? Self.lastDay,
                    windows: permit.windows?.compactMap(DaySpan.init))
            }
    }

    /// Whoever came in as a guest stays one for its time, also when its host calls the visit off. A pass that counts its
    /// entries covers the stays that began on it, and no other.
    private static func guest(_ visit: Visit, _ permit: Permit, _ stay: Stay) -> BilledPermit? {
        let entry = stay.opening.passedAt.second
        guard permit.endedAt.map({ entry < $0.second }) ?? true, let cover = visit.cover(entry: entry),
            visit.entries == nil || stay.holder == StayHolder(.visitor, permit: permit.id)
        else { return nil }
        return BilledPermit(validFrom: firstDay, validTo: lastDay, visit: cover)
    }

    /// A visitor's pass covers some of it.
    func isVisit(_ stay: Stay, until exit: Int64) -> Bool {
        permits(of: stay, zone: .utc).contains { permit in
            permit.visit.map { $0.start < exit && stay.opening.passedAt.second < $0.end } ?? false
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
