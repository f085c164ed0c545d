// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import GatehouseDrivers
import Testing

struct DemoSiteTests {
    private func load() -> LoadResult {
        SiteLoader.load(
            path: TestSites.demo, profilesFolder: TestSites.profiles, drivers: DriverCatalog.descriptions
        )
    }

    @Test func `the demonstration site loads without an issue`() throws {
        let result = load()
        #expect(result.issues.map(\.text) == [])
        let plan = try #require(result.plan)
        #expect(plan.id == "demo")
        #expect(plan.zone.offset(at: WallTime(milliseconds: 1_800_000_000_000)) == 8 * 3600)
        #expect(plan.areas == [AreaPlan(name: "main", capacity: 20, reserve: 2)])
        #expect(plan.lanes.map(\.name) == ["north", "south"])
        #expect(plan.lanes.map(\.kind) == [.entry, .exit])
        #expect(plan.lanes.map(\.isLastExit) == [false, true])
        #expect(plan.lanes.allSatisfy { $0.presence == .loop && $0.safety == [.loop] && $0.clear == .loop })
        #expect(plan.lanes.allSatisfy { $0.hasLimitUp && $0.hasLimitDown && $0.hasCamera })
        #expect(plan.walkways.map(\.name) == ["lobby"])
        #expect(plan.inputs.count == 15)
        #expect(plan.outputs.count == 12)
        #expect(plan.cameras.map(\.direction) == [.in, .out])
    }

    @Test func `every input reaches the plan with its terminal, wiring and age limit`() throws {
        let plan = try #require(load().plan)
        let safety = try #require(plan.inputs.first { $0.meaning == .lane(LaneID(1), .safety(0)) })
        #expect(safety.terminal == Terminal(DeviceID(1), 2))
        #expect(safety.contact == .normallyClosed)
        #expect(safety.source == .modbus)
        #expect(safety.staleAfter == .milliseconds(400))
        let limit = try #require(plan.inputs.first { $0.meaning == .lane(LaneID(0), .limitDown) })
        #expect(limit.terminal == Terminal(DeviceID(0), 5))
        #expect(limit.staleAfter == .seconds(2))
        let all = [LaneID(0), LaneID(1), LaneID(2)]
        #expect(plan.inputs.contains { $0.meaning == .fire(all) && $0.terminal == Terminal(DeviceID(0), 6) })
        #expect(
            plan.inputs.contains { $0.meaning == .fireReset(all) && $0.terminal == Terminal(DeviceID(0), 7) }
        )
    }

    /// The demonstration's cars are parked for seconds.
    @Test func `the demonstration's tariff asks for a whole hour from the first second on`() throws {
        let loaded = TariffReader.load(path: TestSites.demoTariff)
        #expect(loaded.issues.map(\.text) == [])
        let tariff = try #require(loaded.tariff).tariff
        for (seconds, fen) in [(1, 500), (3600, 500), (3601, 700)] as [(Int64, Int64)] {
            let facts = StayFacts(entry: 1_772_411_400, exit: 1_772_411_400 + seconds)
            #expect(try tariff.price(facts, in: .utc).due == Money(fen), "\(seconds) s")
        }
    }

    @Test func `every truncation gives a plan or issues and never a trap`() throws {
        let text = try TestSites.text(TestSites.demo)
        let scalars = Array(text.unicodeScalars)
        let profiles = ProfileLibrary(folder: TestSites.profiles, drivers: DriverCatalog.descriptions)
        for length in stride(from: 0, to: scalars.count, by: 3) {
            var cut = String.UnicodeScalarView()
            cut.append(contentsOf: scalars[..<length])
            let result = SiteLoader.read(
                String(cut), file: "cut.yaml", profiles: profiles, drivers: DriverCatalog.descriptions)
            #expect((result.plan == nil) == result.issues.hasErrors)
            #expect(result.plan != nil || !result.issues.isEmpty)
        }
    }

    @Test func `every single byte changed gives a plan or issues and never a trap`() throws {
        let bytes = Array(try TestSites.text(TestSites.demo).utf8)
        let profiles = ProfileLibrary(folder: TestSites.profiles, drivers: DriverCatalog.descriptions)
        let strange: [UInt8] = [0, 0x22, 0x5B, 0x7B, 0x3A, 0x2A, 0x26, 0xFF]
        for position in stride(from: 0, to: bytes.count, by: 13) {
            var changed = bytes
            changed[position] = strange[position / 13 % strange.count]
            let text = String(decoding: changed, as: UTF8.self)
            let result = SiteLoader.read(
                text, file: "bent.yaml", profiles: profiles, drivers: DriverCatalog.descriptions)
            #expect((result.plan == nil) == result.issues.hasErrors)
        }
    }
}
