// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
package import GatehouseDiagnostics

/// The daemon's `status` as metrics. Nothing is measured here: what is not in it is not known.
package enum GatewayMetrics {
    /// - Parameter status: nil: the daemon did not answer.
    package static func text(_ status: StatusResult?, sessions: Int) -> String {
        var metrics = OpenMetrics()
        metrics.family("gatehouse_up", .gauge, help: "The gateway answered.", [.init(status != nil)])
        metrics.family(
            "gatehouse_booth_sessions", .gauge, help: "Guards logged in at the page.",
            [.init(Int64(sessions))])
        if let status {
            process(status, &metrics)
            store(status, &metrics)
            lanes(status.lanes, &metrics)
            areas(status.areas, &metrics)
            others(status, &metrics)
        }
        return metrics.whole
    }

    private static func process(_ status: StatusResult, _ metrics: inout OpenMetrics) {
        let process = status.process
        metrics.family(
            "gatehouse_gateway", .info, help: "What runs where.",
            [.init(1, ("version", process.version), ("site", process.site), ("plan", process.planHash))])
        metrics.family(
            "gatehouse_uptime_seconds", .gauge, unit: "seconds", help: "Since the start of the process.",
            [.init(process.uptimeSeconds)])
        if let memory = process.privateMemoryKiB {
            metrics.family(
                "gatehouse_private_memory_bytes", .gauge, unit: "bytes",
                help: "Private memory of the daemon.",
                [.init(Int64(memory) * 1024)])
        }
        metrics.family(
            "gatehouse_clock_quality", .stateset, help: "How far the clock can be believed.",
            ClockQuality.allCases.map { quality in
                .init(process.clock == quality, ("gatehouse_clock_quality", quality.rawValue))
            })
        metrics.family(
            "gatehouse_realtime", .gauge, help: "The thread got its real-time class.",
            [
                .init(process.isRealtime, ("thread", "engine")),
                .init(process.isBusRealtime, ("thread", "bus")),
            ])
        metrics.family(
            "gatehouse_watchers", .gauge, help: "Who follows the records.", [.init(Int64(process.watchers))])
    }

    private static func store(_ status: StatusResult, _ metrics: inout OpenMetrics) {
        let counts = status.counts
        metrics.family(
            "gatehouse_store_available", .gauge, help: "The journal takes records.",
            [.init(status.storeTrouble == nil)])
        metrics.family(
            "gatehouse_store_commits", .counter, help: "Transactions on disk.", [.init(counts.commits)])
        metrics.family("gatehouse_records", .counter, help: "Records made.", [.init(counts.records)])
        metrics.family(
            "gatehouse_store_backlog_records", .gauge, unit: "records", help: "Made and not on disk yet.",
            counts.durable.map { [.init(max(0, status.lastRecord - $0))] } ?? [])
        metrics.family(
            "gatehouse_store_dropped_records", .gauge, unit: "records", help: "Found no place and are lost.",
            [.init(Int64(status.factsDropped))])
        metrics.family(
            "gatehouse_journal_bytes", .gauge, unit: "bytes", help: "Size of the journal.",
            [.init(status.process.journalBytes)])
        if let uplink = status.process.uplink {
            metrics.family(
                "gatehouse_uplink_up", .gauge, help: "The broker is connected.", [.init(uplink.isUp)])
            metrics.family(
                "gatehouse_uplink_backlog_records", .gauge, unit: "records",
                help: "Durable and not confirmed.",
                [.init(uplink.backlog)])
            metrics.family(
                "gatehouse_uplink_inflight_records", .gauge, unit: "records", help: "Sent and not confirmed.",
                [.init(Int64(uplink.underWay))])
        }
    }

    private static func lanes(_ lanes: [StatusResult.Lane], _ metrics: inout OpenMetrics) {
        metrics.family(
            "gatehouse_lane", .info, help: "What the lane is.",
            lanes.map { .init(1, ("lane", $0.name), ("kind", $0.kind)) })
        metrics.family(
            "gatehouse_lane_phase", .gauge,
            help: "1 for the phase that the lane is in; other phases are absent.",
            lanes.map { .init(1, ("lane", $0.name), ("phase", $0.phase)) })
        metrics.family(
            "gatehouse_lane_waiting", .gauge,
            help: "Somebody waits for a person's word or for something else.",
            lanes.map { .init($0.waiting?.verdict == "pending", ("lane", $0.name)) })
        metrics.family(
            "gatehouse_lane_fire_released", .gauge, help: "Latched open for a fire.",
            lanes.map { .init($0.isFireLatched, ("lane", $0.name)) })
        metrics.family(
            "gatehouse_lane_passages", .counter, help: "Passages seen to the end.",
            lanes.flatMap { lane -> [OpenMetrics.Sample] in
                [
                    .init(lane.counts.passagesIn, ("lane", lane.name), ("direction", "in")),
                    .init(lane.counts.passagesOut, ("lane", lane.name), ("direction", "out")),
                ]
            })
        metrics.family(
            "gatehouse_lane_grants", .counter, help: "Decisions to let through.",
            lanes.map { .init($0.counts.granted, ("lane", $0.name)) })
        metrics.family(
            "gatehouse_lane_denials", .counter, help: "Decisions to refuse.",
            lanes.map { .init($0.counts.denied, ("lane", $0.name)) })
        metrics.family(
            "gatehouse_lane_pendings", .counter, help: "Decisions to wait for something.",
            lanes.map { .init($0.counts.held, ("lane", $0.name)) })
        metrics.family(
            "gatehouse_lane_faults", .counter, help: "Faults of the lane that were raised.",
            lanes.map { .init($0.counts.faults, ("lane", $0.name)) })
    }

    private static func areas(_ areas: [StatusResult.Area], _ metrics: inout OpenMetrics) {
        metrics.family(
            "gatehouse_area_inside_vehicles", .gauge, unit: "vehicles", help: "Counted inside.",
            areas.map { .init(Int64($0.inside), ("area", $0.name)) })
        metrics.family(
            "gatehouse_area_free_spaces", .gauge, unit: "spaces", help: "Left of the capacity.",
            areas.compactMap { area in area.free.map { .init(Int64($0), ("area", area.name)) } })
    }

    private static func others(_ status: StatusResult, _ metrics: inout OpenMetrics) {
        metrics.family(
            "gatehouse_device_up", .gauge, help: "No fault says that the device is lost or silent.",
            status.devices.map { .init($0.isReached, ("device", $0.name), ("driver", $0.driver)) })
        metrics.family(
            "gatehouse_faults_standing", .gauge, help: "Faults that stand now.",
            [FaultSeverity.notice, .warning, .critical].map { severity in
                .init(
                    Int64(status.faults.count { $0.severity == severity }), ("severity", severity.rawValue))
            })
        metrics.family("gatehouse_faults", .counter, help: "Faults raised.", [.init(status.counts.faults)])
        metrics.family(
            "gatehouse_open_stays", .gauge, help: "Stays not finished.", [.init(Int64(status.openStays))])
        metrics.family(
            "gatehouse_unmatched_exits", .gauge, help: "Exits that belong to no stay.",
            [.init(Int64(status.unmatchedExits))])
    }
}
