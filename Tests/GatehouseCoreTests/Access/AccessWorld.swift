// SPDX-License-Identifier: Apache-2.0

@testable import GatehouseCore

/// A site to ask: everything a decision looks at, with defaults that let a permit in.
struct AccessWorld {
    static let resident = Plate("京A12345") ?? Plate(packed: 0)

    var plan = AccessPolicyPlan()
    var zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)
    var area = AreaPlan(name: "main")
    var permits: [Permit] = []
    var households: [Household] = [Household(id: 7, name: "3-1-502", spaces: 1)]
    var entries: [ListEntry] = []
    var situation = AccessSituation()
    /// 2026-03-02, a Monday, 12:00 in Shanghai.
    var now = Moment(uptime: .zero, wall: WallTime(milliseconds: 1_772_424_000_000))
    var confirmedAt: WallTime?

    func directory() throws -> Directory {
        var builder = DirectoryBuilder()
        for permit in permits { try builder.set(permit) }
        for household in households { builder.set(household) }
        for entry in entries { try builder.set(entry) }
        return try builder.build(asOf: Sequence(1), confirmedAt: confirmedAt)
    }

    func decide(_ request: AccessRequest) throws -> Decision {
        AccessPolicy.decide(
            request, plan: plan, zone: zone, area: area, directory: try directory(), situation: situation,
            at: now)
    }

    func decide(_ direction: TravelDirection, _ raw: String, color: PlateColor = .blue) throws -> Decision {
        try decide(Self.request(direction, raw, color: color))
    }

    static func request(
        _ direction: TravelDirection, _ raw: String?, color: PlateColor = .blue, confidence: Int = 95
    ) -> AccessRequest {
        AccessRequest(
            lane: LaneID(0), direction: direction,
            read: raw.map { raw in
                PlateRead(
                    record: Sequence(5), reading: PlateGrammar.parse(raw, color: color),
                    confidence: confidence,
                    capturedAt: .zero)
            })
    }

    mutating func block(_ plate: Plate, _ variant: ListEntry.Variant = .denyEntry) {
        entries.append(
            ListEntry(
                id: Int64(entries.count + 1), list: .block, plate: plate,
                effectiveFrom: WallTime(milliseconds: 0),
                reason: "POLICE_REQUEST", author: "wang", variant: variant, document: "2026-17"))
    }

    mutating func allow(_ plate: Plate) {
        entries.append(
            ListEntry(
                id: Int64(entries.count + 1), list: .allow, plate: plate,
                effectiveFrom: WallTime(milliseconds: 0),
                effectiveTo: WallTime(milliseconds: .max - 1), reason: "SERVICE", author: "wang", owner: "li")
        )
    }

    mutating func watch(_ plate: Plate) {
        entries.append(
            ListEntry(
                id: Int64(entries.count + 1), list: .watch, plate: plate,
                effectiveFrom: WallTime(milliseconds: 0),
                reason: "LOOKOUT", author: "wang"))
    }
}

extension AccessSituation {
    /// The same of every stay that is open.
    mutating func charge(_ payment: Payment) {
        for stay in openStays { payments[stay.id] = payment }
    }
}
