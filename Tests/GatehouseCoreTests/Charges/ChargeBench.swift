// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A site with one exit, presence and safety loop and a camera, that charges 2 yuan for each begun half hour after half
/// an hour that is free.
struct ChargeBench {
    static let plate = PlateGrammar.parse("沪A2K605", color: .blue)
    static let presence = Terminal(DeviceID(0), 2)
    static let safety = Terminal(DeviceID(0), 3)
    static let limitDown = Terminal(DeviceID(0), 4)
    /// 2026-05-06T08:00+08:00.
    static let morning = WallTime(milliseconds: 1_778_025_600_000)

    var bench: SiteBench

    init(directory: Directory = .empty, _ change: (inout PricingPlan) -> Void = { _ in }) {
        var pricing = PricingPlan(editions: [Self.edition()])
        change(&pricing)
        bench = SiteBench(Self.plan(pricing), directory: directory, at: Self.morning)
        bench.level(Self.presence, .off)
        bench.level(Self.safety, .off)
        bench.level(Self.limitDown, .on)
        bench.advance(.seconds(6))
    }

    static func plan(_ pricing: PricingPlan) -> SitePlan {
        var exit = LanePlan(name: "south", kind: .exit, area: AreaID(0), closing: .controller)
        exit.presence = .loop
        exit.safety = [.loop]
        exit.hasLimitDown = true
        var plan = SitePlan.bench(exit)
        plan.zone = Self.zone
        plan.pricing = pricing
        plan.wire(presence, .lane(LaneID(0), .presence))
        plan.wire(safety, .lane(LaneID(0), .safety(0)))
        plan.wire(limitDown, .lane(LaneID(0), .limitDown))
        plan.devices.append(DevicePlan(name: "eye", profile: "p", driver: "d", address: "192.0.2.1"))
        plan.cameras = [CameraWire(device: DeviceID(1), lane: LaneID(0), direction: .out)]
        return plan
    }

    static let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800)

    static func edition(_ version: Int = 1, price: Int64 = 200, text: String = "text") -> TariffEdition {
        var rules = TariffRules()
        rules.free = FreeMinutes(minutes: 30)
        rules.pricing = .one(.steps(StepRate(steps: [Step(unitMinutes: 30, price: Money(price))])))
        rules.payGrace = PayGrace(minutes: 15)
        let tariff = Tariff(
            id: "estate", version: version, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        return TariffEdition(from: .min, tariff: tariff, zone: zone, text: text, hash: "hash of \(text)")
    }

    // MARK: What happens

    /// Inside since so many minutes; its stay.
    mutating func inside(
        _ reading: PlateReading = plate, minutes: Int, _ holder: StayHolder = StayHolder(.temporary)
    ) throws
        -> StayID
    {
        let since = WallTime(milliseconds: bench.now.wall.milliseconds - Int64(minutes) * 60_000)
        try operate(.stays([.import(area: "main", reading, holder, since: since)], reason: "COUNTED"))
        let plate = try #require(reading.plate)
        return try #require(bench.site.memory.stays.stay(of: plate)).id
    }

    mutating func arrives(_ reading: PlateReading = plate) {
        bench.level(Self.presence, .on)
        let seen = PlateObservation(raw: reading.raw, color: reading.color, confidence: 98)
        bench.send(
            .observed(
                Observation(
                    device: DeviceID(1), plate: seen, capturedAt: bench.now.uptime,
                    receivedAt: bench.now.uptime), reply: nil))
        bench.advance(.seconds(1))
    }

    /// Through, and the arm comes down behind it.
    mutating func leaves() {
        bench.level(Self.limitDown, .off)
        bench.level(Self.safety, .on, for: .seconds(2))
        bench.level(Self.presence, .off)
        bench.level(Self.safety, .off, for: .seconds(4))
        bench.level(Self.limitDown, .on, for: .seconds(10))
    }

    /// The refusal, if it was one.
    @discardableResult
    mutating func money(_ order: MoneyOrder, by name: String = "wang") -> Answer? {
        let before = bench.answers.count
        bench.send(
            .operation(.money(order), by: Operator(channel: "socket", name: name), reply: ReplyID(7)))
        return bench.answers.dropFirst(before).last
    }

    mutating func pays(
        _ amount: Int64, serial: String = "p1", way: PaymentWay = .staticCode, lane: String? = "south",
        stay: StayID? = nil, quote: Sequence? = nil
    ) -> Answer? {
        money(
            .take(
                PaymentNotice(
                    serial: serial, way: way, amount: Money(amount), quote: quote, stay: stay, lane: lane)))
    }

    private mutating func operate(_ operation: Operation) throws {
        bench.send(.operation(operation, by: SiteBench.wang, reply: ReplyID(1)))
    }

    // MARK: What came of it

    var book: AccountBook { bench.site.memory.money }
    var isOpened: Bool { !bench.openings.isEmpty }

    func balance(_ name: String) -> Int64 { book.balance(LedgerAccount(name: name)).minorUnits }

    func last(_ kind: String) throws -> Fields {
        let record = try #require(bench.records.last { $0.kind == kind }, "no \(kind)")
        return try Fields(record.payload)
    }

    func count(_ kind: String) -> Int { bench.records.count { $0.kind == kind } }

    /// What the journal makes of it: folded record by record, and read from the rows.
    func recovered() throws -> [SiteMemory] {
        var folded = SiteMemory()
        var rows: Table<ProjectionKey, [UInt8]> = Table()
        for record in bench.records {
            let changes = try folded.fold(StoredRecord(record))
            #expect(changes == record.changes, "\(record.kind)")
            for change in record.changes { rows[change.row] = change.value }
        }
        return [folded, try SiteMemory(rows: rows.inOrder.map { ProjectionRow($0.key, $0.value) })]
    }
}
