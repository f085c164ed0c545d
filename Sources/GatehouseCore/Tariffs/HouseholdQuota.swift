// SPDX-License-Identifier: Apache-2.0

/// A household with fewer spaces than cars (§6.2): which of them is a temporary one, and when.
package struct HouseholdQuota: Sendable {
    package struct Car: Hashable, Sendable {
        package var plate: String
        package var entry: Int64
        package var exit: Int64

        package init(plate: String, entry: Int64, exit: Int64) {
            self.plate = plate
            self.entry = entry
            self.exit = exit
        }
    }

    package struct Verdict: Hashable, Sendable {
        /// Billed.
        package var temporary: [TimeSpan] = []
        package var flags: [Charge.Flag] = []
    }

    /// By the order of the cars.
    package static func judge(_ cars: [Car], spaces: Int, rule: QuotaRule) -> [Verdict] {
        switch rule.decide {
        case .atEntry: atEntry(cars, spaces, rule.convert)
        case .atExit: atExit(cars, spaces)
        }
    }

    private enum Status { case outside, permit, temporary }

    private static func atEntry(_ cars: [Car], _ spaces: Int, _ convert: QuotaRule.Convert) -> [Verdict] {
        var verdicts = cars.map { _ in Verdict() }
        var status = cars.map { _ in Status.outside }
        // Exits before entries at one second, then by plate.
        let events = cars.indices.flatMap {
            [(at: cars[$0].entry, isEntry: true, car: $0), (at: cars[$0].exit, isEntry: false, car: $0)]
        }.sorted {
            ($0.at, $0.isEntry ? 1 : 0, cars[$0.car].plate) < ($1.at, $1.isEntry ? 1 : 0, cars[$1.car].plate)
        }
        var order: [Int] = []
        for event in events {
            let car = event.car
            if event.isEntry {
                guard cars[car].exit > cars[car].entry else { continue }
                let isFull = order.count { status[$0] == .permit } >= spaces
                status[car] = isFull ? .temporary : .permit
                if isFull { verdicts[car].flags.append(.quotaOver) }
                order.append(car)
                continue
            }
            order.removeAll { $0 == car }
            let was = status[car]
            status[car] = .outside
            if was == .temporary {
                verdicts[car].temporary.append(TimeSpan(cars[car].entry, event.at))
            }
            guard was == .permit, convert != .none,
                let next = order.first(where: { status[$0] == .temporary })
            else { continue }
            status[next] = .permit
            if convert == .fromMoment {
                verdicts[next].temporary.append(TimeSpan(cars[next].entry, event.at))
            }
            verdicts[next].flags.append(.quotaConverted)
        }
        return verdicts
    }

    private static func atExit(_ cars: [Car], _ spaces: Int) -> [Verdict] {
        cars.indices.map { car in
            let exit = cars[car].exit
            let others = cars.indices.count {
                $0 != car && cars[$0].entry < exit
                    && (cars[$0].exit > exit || cars[$0].exit == exit && cars[$0].plate > cars[car].plate)
            }
            guard others >= spaces else { return Verdict() }
            return Verdict(temporary: [TimeSpan(cars[car].entry, exit)], flags: [.quotaOver])
        }
    }
}
