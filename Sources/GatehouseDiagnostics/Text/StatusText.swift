// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse status` for people.
package enum StatusText {
    package static func text(_ status: StatusResult, zone: ZoneRules) -> String {
        let blocks: [[String]] = [
            process(status), trouble(status), drill(status, zone), status.lanes.map(lane),
            status.areas.map(area),
            [books(status)], FaultsText.lines(status.faults, zone: zone),
        ]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private static func process(_ status: StatusResult) -> [String] {
        let process = status.process
        let memory = process.privateMemoryKiB.map { ", \(megabytes(Int64($0) * 1024)) private memory" } ?? ""
        let refused = [process.isRealtime ? nil : "engine", process.isBusRealtime ? nil : "bus"]
            .compactMap(\.self).joined(separator: " and ")
        let realtime =
            refused.isEmpty
            ? "real-time class granted" : "REAL-TIME CLASS REFUSED to \(refused) (see gatehoused(8))"
        return [
            "gatehoused \(process.version) at site \(process.site), up \(span(process.uptimeSeconds))\(memory)",
            "journal: record \(status.lastRecord), \(megabytes(process.journalBytes)); plan "
                + "\(process.planHash.prefix(12))",
            "clock \(process.clock.rawValue), \(realtime), \(process.watchers) watching",
        ] + (process.uplink.map { [uplink($0)] } ?? [])
    }

    private static func uplink(_ uplink: UplinkFacts) -> String {
        let backlog = uplink.backlog == 0 ? "nothing waits" : "\(uplink.backlog) records wait"
        let state = uplink.isUp ? "up" : "DOWN"
        let trouble = uplink.trouble.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
        return "uplink \(state), \(backlog), record \(uplink.acknowledged) confirmed\(trouble)"
            + (uplink.isSignalled ? ", shown at the pole" : "")
    }

    private static func trouble(_ status: StatusResult) -> [String] {
        var lines: [String] = []
        if let trouble = status.storeTrouble {
            lines.append("THE JOURNAL TAKES NO RECORDS: \(trouble)")
            lines.append("  Exits open, permits enter, unknown vehicles wait. Look at the disk first.")
        }
        if status.factsDropped > 0 {
            lines.append("\(status.factsDropped) facts found no place and are lost")
        }
        return lines
    }

    private static func drill(_ status: StatusResult, _ zone: ZoneRules) -> [String] {
        guard let drill = status.drill else { return [] }
        let until = "\(zone.civil(drill.until).date.text) \(WatchLine.clock(drill.until, zone).prefix(8))"
        return [
            "FIRE DRILL until \(until), by \(drill.by.name) (\(drill.by.channel)): \(drill.reason)",
            "  Fire release moves as ever and is recorded as drill.",
        ]
    }

    private static func lane(_ lane: StatusResult.Lane) -> String {
        let levels = lane.levels.map { "\($0.role) \($0.level)" }.joined(separator: "  ")
        var head = "lane \(lane.name) (\(lane.kind)): \(lane.phase)"
        if !lane.arm.isEmpty { head += ", arm \(lane.arm)" }
        if let hold = lane.hold { head += ", HELD \(hold.uppercased())" }
        if lane.isFireLatched { head += ", FIRE RELEASE" }
        if let plate = lane.plate { head += ", \(plate)" }
        if lane.waiting?.verdict == "pending", let reason = lane.waiting?.reason {
            head += ", waits: \(reason)"
        }
        let perhaps = (lane.waiting?.candidates ?? []).map { "  \(BookText.perhaps($0))" }
        return ([head] + (levels.isEmpty ? [] : ["  \(levels)"]) + perhaps).joined(separator: "\n")
    }

    private static func area(_ area: StatusResult.Area) -> String {
        guard let capacity = area.capacity else { return "area \(area.name): \(area.inside) inside" }
        let free = area.free.map { ", \($0) free" } ?? ""
        return
            "area \(area.name): \(area.inside) of \(capacity) inside\(free), \(area.reserve) kept for residents"
    }

    private static func books(_ status: StatusResult) -> String {
        "\(status.permitsAndEntries) permits and list entries, \(status.households) households, "
            + "\(status.openStays) open stays"
    }

    /// `3 d 4 h`, `12 min`.
    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case 86_400...: "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        case 3600...: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        case 60...: "\(seconds / 60) min"
        default: "\(seconds) s"
        }
    }

    static func megabytes(_ bytes: Int64) -> String {
        let tenths = bytes / 1024 * 10 / 1024
        return "\(tenths / 10).\(tenths % 10) MiB"
    }
}

/// `gatehouse faults` for people.
package enum FaultsText {
    package static func text(_ result: FaultsResult, zone: ZoneRules) -> String {
        var lines = Self.lines(result.faults, zone: zone)
        if !result.notices.isEmpty {
            lines.append("accepted by the installer:")
            lines += result.notices.map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    static func lines(_ faults: [FaultLine], zone: ZoneRules) -> [String] {
        guard !faults.isEmpty else { return ["no faults"] }
        return faults.flatMap { fault in
            let since = "\(zone.civil(fault.since).date.text) \(WatchLine.clock(fault.since, zone).prefix(8))"
            return [
                "\(fault.severity.rawValue.uppercased())  \(fault.subject): \(fault.code), since \(since)",
                "  \(fault.detail)",
            ]
        }
    }
}
