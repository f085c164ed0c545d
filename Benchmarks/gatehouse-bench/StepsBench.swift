// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Steps a second with 100 and with 100 000 entries of each table, A B A B.
struct StepsBench {
    private static let sizes = [100, 100_000]
    private static let rounds = 5
    private static let warmUp = 40
    /// The better part of a second, so that what else the machine does is spread over both sizes.
    private static let passages = 2_400
    private let plan: SitePlan

    private enum Subject: String, CaseIterable { case permits, entries, stays, households }

    init(plan: SitePlan) { self.plan = plan }

    func run() throws {
        for subject in Subject.allCases {
            let towns = try Self.sizes.map { try Town(subject, $0) }
            var ratios: [Double] = []
            var rates: [[Double]] = [[], []]
            for _ in 0..<Self.rounds {
                let pair = try towns.map { try rate($0) }
                for (index, one) in pair.enumerated() { rates[index].append(one) }
                ratios.append(pair[0] / pair[1])
            }
            let medians = rates.map { $0.sorted()[$0.count / 2] }
            GatehouseBench.say(
                "FIGURE table=\(subject.rawValue) steps_s_100=\(Int(medians[0])) steps_s_100000=\(Int(medians[1])) "
                    + "ratio=\(Self.text(ratios.sorted()[ratios.count / 2])) ratios=\(ratios.map(Self.text).joined(separator: ","))"
            )
        }
    }

    static func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

    /// Entries and exits of residents by turns.
    private func rate(_ town: Town) throws -> Double {
        var morning = Morning(
            plan: plan, memory: town.memory, directory: town.directory, nextSequence: Sequence(1_000_000))
        morning.begin()
        // The town is kept for the next round, so the first changes clone its tables: not timed.
        var missed = drive(&morning, town, 0..<Self.warmUp)
        let before = morning.steps
        let start = ContinuousClock.now
        missed += drive(&morning, town, Self.warmUp..<Self.passages)
        let seconds = Double((ContinuousClock.now - start).inNanoseconds) / 1e9
        guard missed * 10 < Self.passages else {
            throw BenchFailure(words: "\(missed) of \(Self.passages) reads did not open")
        }
        return Double(morning.steps - before) / seconds
    }

    private func drive(_ morning: inout Morning, _ town: Town, _ numbers: Range<Int>) -> Int {
        var missed = 0
        for number in numbers {
            // An entry at an even lane, then the same vehicle out at the odd one beside it.
            let lane = number / 2 % 8 * 2 + number % 2
            let plate = BenchPlates.text(number / 2 * 997 % town.permits)
            if !morning.passage(lane: lane, plate: plate) { missed += 1 }
        }
        return missed
    }

    /// One table of the wanted size, the others small.
    private struct Town {
        var memory = SiteMemory()
        var directory: Directory
        var permits: Int

        init(_ subject: Subject, _ size: Int) throws {
            var builder = DirectoryBuilder()
            let households = subject == .households ? size : 0
            for number in 0..<households {
                builder.set(Household(id: Int64(number + 1), name: "\(number + 1)", spaces: 2))
            }
            let permits = subject == .permits || subject == .households ? size : 100
            self.permits = permits
            for number in 0..<permits {
                let household = households > 0 ? Int64(number % households + 1) : nil
                try builder.set(
                    Permit(
                        id: Int64(number + 1), plate: try BenchPlates.plate(number), household: household,
                        holder: "bench"))
            }
            if subject == .entries {
                for number in 0..<size {
                    try builder.set(
                        ListEntry(
                            id: Int64(number + 1), list: .watch, plate: try BenchPlates.plate(number + 1_000),
                            effectiveFrom: WallTime(milliseconds: 0), reason: "bench", author: "bench"))
                }
            }
            directory = try builder.build(asOf: Sequence(0))
            guard subject == .stays else { return }
            for number in 0..<size { try open(number) }
        }

        private mutating func open(_ number: Int) throws {
            let at = WallTime(milliseconds: 1_759_000_000_000)
            let plate = try BenchPlates.plate(number + 1_000)
            let opening = StayOpening(
                area: "main", lane: "lane-0", plate: plate,
                reading: PlateGrammar.parse(plate.text, color: .blue, declared: .unknown),
                holder: StayHolder(.temporary), recognisedAt: at, passedAt: at)
            _ = memory.apply(
                .stay(.opened(opening)), Sequence(Int64(number + 1)),
                at: Moment(uptime: .zero, wall: at))
        }
    }
}
