// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the shell knows of its own process.
package struct ProcessFacts: Hashable, Sendable {
    package var version: String
    package var site: String
    package var startedAt: WallTime
    package var uptimeSeconds: Int64
    /// `Private_Clean` + `Private_Dirty` of `/proc/self/smaps_rollup`; nil where it cannot be read.
    package var privateMemoryKiB: Int?
    package var journalBytes: Int64
    package var clock: ClockQuality
    /// The engine's thread got its real-time class.
    package var isRealtime: Bool
    /// So did the thread that writes to the boards.
    package var isBusRealtime: Bool
    /// SHA-256 of the plan in force.
    package var planHash: String
    package var watchers: Int
    /// nil: nobody upstream.
    package var uplink: UplinkFacts?

    package init(
        version: String, site: String, startedAt: WallTime, uptimeSeconds: Int64, privateMemoryKiB: Int?,
        journalBytes: Int64, clock: ClockQuality, isRealtime: Bool, isBusRealtime: Bool, planHash: String,
        watchers: Int, uplink: UplinkFacts? = nil
    ) {
        self.version = version
        self.site = site
        self.startedAt = startedAt
        self.uptimeSeconds = uptimeSeconds
        self.privateMemoryKiB = privateMemoryKiB
        self.journalBytes = journalBytes
        self.clock = clock
        self.isRealtime = isRealtime
        self.isBusRealtime = isBusRealtime
        self.planHash = planHash
        self.watchers = watchers
        self.uplink = uplink
    }
}

extension ProcessFacts: ResultValue {
    package func write(to fields: inout FieldWriter) {
        fields.put("version", version)
        fields.put("site", site)
        fields.put("started", time: startedAt)
        fields.put("uptime_s", uptimeSeconds)
        fields.put("private_memory_kib", ifPresent: privateMemoryKiB)
        fields.put("journal_bytes", journalBytes)
        fields.put("clock", clock.rawValue)
        fields.put("realtime", isRealtime)
        fields.put("bus_realtime", isBusRealtime)
        fields.put("plan", planHash)
        fields.put("watchers", watchers)
        if let uplink { fields.put("uplink", object: uplink.write) }
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            version: try fields.string("version"), site: try fields.string("site"),
            startedAt: try fields.time("started"), uptimeSeconds: try fields.integer("uptime_s"),
            privateMemoryKiB: try fields.intIfPresent("private_memory_kib"),
            journalBytes: try fields.integer("journal_bytes"),
            clock: try fields.word("clock", as: ClockQuality.self), isRealtime: try fields.bool("realtime"),
            isBusRealtime: try fields.bool("bus_realtime"),
            planHash: try fields.string("plan"), watchers: try fields.int("watchers"),
            uplink: try fields.objectIfPresent("uplink").map(UplinkFacts.init))
    }
}

/// How far upstream is.
package struct UplinkFacts: Hashable, Sendable {
    package var isUp: Bool
    /// Confirmed without a gap.
    package var acknowledged: Int64
    /// Durable and not confirmed.
    package var backlog: Int64
    package var underWay: Int
    package var trouble: String?

    /// A lamp or a board at a pole says that the link is down.
    package var isSignalled: Bool

    package init(
        isUp: Bool, acknowledged: Int64, backlog: Int64, underWay: Int, trouble: String?,
        isSignalled: Bool = false
    ) {
        self.isSignalled = isSignalled
        self.isUp = isUp
        self.acknowledged = acknowledged
        self.backlog = backlog
        self.underWay = underWay
        self.trouble = trouble
    }
}

extension UplinkFacts: ResultValue {
    package func write(to fields: inout FieldWriter) {
        fields.put("up", isUp)
        fields.put("acknowledged", acknowledged)
        fields.put("backlog", backlog)
        fields.put("under_way", underWay)
        fields.put("trouble", ifPresent: trouble)
        fields.put("signalled", isSignalled)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            isUp: try fields.bool("up"), acknowledged: try fields.integer("acknowledged"),
            backlog: try fields.integer("backlog"), underWay: try fields.int("under_way"),
            trouble: try fields.stringIfPresent("trouble"), isSignalled: try fields.bool("signalled"))
    }
}

/// `gatehouse status`: one look at the process, its lanes and what is wrong.
package struct StatusResult: ResultValue {
    package var process: ProcessFacts
    package var lanes: [Lane]
    package var areas: [Area]
    package var faults: [FaultLine]
    package var permitsAndEntries: Int
    package var households: Int
    package var openStays: Int
    /// Wait for a person; `stay list` shows them.
    package var unmatchedExits: Int
    package var lastRecord: Int64
    /// nil: the journal takes records.
    package var storeTrouble: String?
    package var factsDropped: Int
    package var drill: Drill?
    /// nil: the site charges nothing.
    package var drawer: Drawer?
    package var devices: [Device]
    package var counts: StoreCounts

    package init(
        _ process: ProcessFacts, _ site: SiteStatus, devices plan: [DevicePlan] = [],
        counts: StoreCounts = StoreCounts()
    ) {
        self.process = process
        devices = plan.map { Device($0, site.faults) }
        self.counts = counts
        lanes = site.lanes.map(Lane.init)
        areas = site.areas.map(Area.init)
        faults = site.faults.map(FaultLine.init)
        permitsAndEntries = site.credentials
        households = site.households
        openStays = site.openStays
        unmatchedExits = site.unmatchedExits
        lastRecord = site.lastRecord.number
        storeTrouble = site.storeTrouble
        factsDropped = site.factsDropped
        drill = site.drill
        drawer = site.drawer.map(Drawer.init)
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("process", object: process.write)
        fields.put("lanes", objects: lanes) { $0.write(to: &$1) }
        fields.put("areas", objects: areas) { $0.write(to: &$1) }
        fields.put("faults", objects: faults) { $0.write(to: &$1) }
        fields.put("permits_and_entries", permitsAndEntries)
        fields.put("households", households)
        fields.put("open_stays", openStays)
        if unmatchedExits > 0 { fields.put("unmatched_exits", unmatchedExits) }
        fields.put("last_record", lastRecord)
        fields.put("store_trouble", ifPresent: storeTrouble)
        fields.put("facts_dropped", factsDropped)
        if let drill { fields.put("drill", object: drill.write) }
        if let drawer { fields.put("drawer", object: drawer.write) }
        if !devices.isEmpty { fields.put("devices", objects: devices) { $0.write(to: &$1) } }
        if counts != StoreCounts() { fields.put("counts", object: counts.write) }
    }

    package init(from fields: Fields) throws(FieldError) {
        process = try ProcessFacts(from: try fields.object("process"))
        lanes = try fields.values("lanes", as: Lane.self)
        areas = try fields.values("areas", as: Area.self)
        faults = try fields.values("faults", as: FaultLine.self)
        permitsAndEntries = try fields.int("permits_and_entries")
        households = try fields.int("households")
        openStays = try fields.int("open_stays")
        unmatchedExits = try fields.intIfPresent("unmatched_exits") ?? 0
        lastRecord = try fields.integer("last_record")
        storeTrouble = try fields.stringIfPresent("store_trouble")
        factsDropped = try fields.int("facts_dropped")
        drill = try fields.objectIfPresent("drill").map(Drill.init(from:))
        drawer = try fields.objectIfPresent("drawer").map(Drawer.init(from:))
        devices = fields.has("devices") ? try fields.values("devices", as: Device.self) : []
        counts = try fields.objectIfPresent("counts").map(StoreCounts.init) ?? StoreCounts()
    }
}
