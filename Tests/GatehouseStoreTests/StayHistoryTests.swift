// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

@testable import GatehouseStore

/// A journal of stays read back and priced anew.
@Suite(.timeLimit(.minutes(2)))
struct StayHistoryTests {
    private static let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800)
    private static let morning: Int64 = 1_778_025_600

    /// So much for each begun hour.
    private static func hourly(_ price: Int64) -> Tariff {
        var rules = TariffRules()
        rules.pricing = .one(.steps(StepRate(steps: [Step(unitMinutes: 60, price: Money(price))])))
        return Tariff(id: "estate", version: 2, currency: "CNY", zone: zone.name, rules: rules)
    }

    /// Records of stays in their order.
    private struct Stays {
        private(set) var records: [Record] = []

        @discardableResult
        mutating func add(_ kind: String, _ payload: [UInt8]) -> Int64 {
            let number = Int64(records.count + 1)
            records.append(
                Record(
                    sequence: Sequence(number), kind: kind,
                    at: Moment(
                        uptime: Uptime(nanoseconds: number),
                        wall: WallTime(milliseconds: morning * 1_000 + number), quality: .synchronised),
                    boot: "boot-1", payload: payload))
            return number
        }

        @discardableResult
        mutating func add(_ fact: StayFact) -> Int64 { add(fact.kind, fact.payload) }

        mutating func open(_ plate: String?, at start: Int64 = morning) -> Int64 {
            let seen = WallTime(milliseconds: start * 1_000)
            return add(
                .opened(
                    StayOpening(
                        area: "main", lane: "north", plate: plate.flatMap { Plate($0) }, reading: nil,
                        holder: StayHolder(.temporary), recognisedAt: seen, passedAt: seen)))
        }

        static func exit(at end: Int64) -> Stay.Exit {
            let seen = WallTime(milliseconds: end * 1_000)
            return Stay.Exit(lane: "south", recognisedAt: seen, passedAt: seen)
        }

        /// - Parameter fee: nil: nothing is charged.
        mutating func close(_ stay: Int64, at end: Int64, fee: Int64?, since start: Int64 = morning) {
            add(.closed(StayID(stay), .closed, Self.exit(at: end), flags: [], nil))
            guard let fee else { return }
            add(
                "stayCharged",
                FieldWriter.object {
                    $0.put("stay", stay)
                    $0.put("outcome", "paid")
                    $0.put("currency", "CNY")
                    $0.put("entry_s", start)
                    $0.put("exit_s", end)
                    $0.put("class", "small")
                    $0.put("charge", object: { $0.put("fee", fee) })
                })
        }
    }

    private func journal(_ stays: Stays) async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try await makeJournal(folder, stays.records)
        return folder
    }

    private func rehearse(_ folder: TemporaryFolder, _ price: Int64) throws -> RehearsalResult {
        let history = try StayHistory(offline: folder.journal)
        defer { history.close() }
        return try history.rehearse(Self.hourly(price), in: Self.zone)
    }

    @Test func `ten thousand stays are priced anew, and every one is in the sums`() async throws {
        var stays = Stays()
        for number in 0..<10_000 {
            let hours = Int64(number % 4 + 1)
            let stay = stays.open(nil, at: Self.morning + Int64(number))
            stays.close(
                stay, at: Self.morning + Int64(number) + hours * 3_600, fee: hours * 200,
                since: Self.morning + Int64(number))
        }
        let result = try rehearse(try await journal(stays), 300)
        #expect(result.all.stays == 10_000 && result.uncharged == 0)
        #expect(result.all.before == Money(2_500 * 10 * 200))
        #expect(result.all.after == Money(2_500 * 10 * 300))
        #expect(result.all.more == RehearsalSums.Side(stays: 10_000, amount: Money(2_500 * 10 * 100)))
        #expect(result.spread.rows.map(\.more) == [2_500, 7_500, 0, 0, 0])
        // Each stay is three records; every fourth rises by 4 yuan, the most.
        let largest: [Int64] = [10, 22, 34, 46, 58, 70, 82, 94, 106, 118]
        #expect(result.rises.map(\.stay.number) == largest)
        #expect(result.leftOut.isEmpty && result.unreadableRecords == 0)
    }

    @Test func `what cannot be priced is counted by its reason`() async throws {
        var stays = Stays()
        let end = Self.morning + 3_600
        let cancelled = stays.open("沪A2K601")
        stays.add(.closed(StayID(cancelled), .cancelled, nil, flags: [], nil))
        let missed = stays.open("沪A2K602")
        stays.add(.closed(StayID(missed), .missedExit, nil, flags: [], nil))
        let uncharged = stays.open("沪A2K603")
        stays.close(uncharged, at: end, fee: nil)
        _ = stays.open("沪A2K604")
        stays.add(.unmatchedExit(UnmatchedExit(area: "main", plate: nil, exit: Stays.exit(at: end))))
        let later = stays.open("沪A2K605")
        let exit = stays.add(
            .unmatchedExit(UnmatchedExit(area: "main", plate: nil, exit: Stays.exit(at: end))))
        let guardsman = StayRepairer(Operator(channel: "socket", name: "wang"), reason: "TEST")
        stays.add(.matched(StayID(later), exit: Sequence(exit), guardsman))
        let result = try rehearse(try await journal(stays), 300)
        #expect(result.all.stays == 2 && result.uncharged == 2)
        #expect(result.all.after == Money(600))
        #expect(
            result.leftOut
                == Table([(.noEntry, 1), (.missedExit, 1), (.cancelled, 1), (.unfinished, 1)]))
    }

    @Test func `a journal in use is read beside its writer, and refused as a stopped one`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var stays = Stays()
        let stay = stays.open("沪A2K601")
        stays.close(stay, at: Self.morning + 3_600, fee: 200)
        await open.commit(stays.records)
        #expect(throws: StoreFault.self) { try StayHistory(offline: folder.journal) }
        let history = try StayHistory(beside: folder.journal)
        let result = try history.rehearse(Self.hourly(100), in: Self.zone)
        #expect(result.all.less == RehearsalSums.Side(stays: 1, amount: Money(100)))
        history.close()
        open.journal.close()
        let stopped = try StayHistory(beside: folder.journal)
        #expect(try stopped.rehearse(Self.hourly(100), in: Self.zone) == result)
        stopped.close()
    }

    @Test func `a folder without a journal is refused`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreFault.self) { try StayHistory(beside: folder.path) }
    }
}
