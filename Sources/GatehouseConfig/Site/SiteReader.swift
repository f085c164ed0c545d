// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The sections of `site.yaml` in the order in which they need one another.
struct SiteReader {
    let profiles: ProfileLibrary
    let drivers: [DriverDescription]
    let zonesFolder: String
    let log: IssueLog

    /// Nil when the text is no mapping at all.
    func read(_ text: String) -> SiteDraft? {
        guard let top = YAMLDocument.top(text, log: log)?.mapping() else { return nil }
        var draft = SiteDraft(plan: SitePlan(id: ""))
        site(top, &draft.plan)
        if let reader = top.required("areas", "what the lanes lead into")?.mapping() {
            draft.plan.areas = AreasSection().read(reader)
        }
        if let reader = top.required("devices", "relays, cameras and what else there is")?.mapping() {
            draft.devices = DevicesSection(profiles: profiles, drivers: drivers).read(reader)
        }
        if let reader = top.required("lanes", "the ways in and out")?.mapping() {
            lanes(reader, &draft)
        }
        if let field = top.optional("fire") {
            draft.fire = FireSection(devices: draft.devices, names: draft.laneNames).read(field)
        }
        if let reader = top.section("interlocks") { draft.interlocks = interlocks(reader) }
        if let reader = top.section("access") { draft.plan.policy = AccessSection().read(reader) }
        if let reader = top.section("charging") {
            let folder = log.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            draft.plan.pricing = ChargingSection(
                folder: folder.isEmpty ? "." : folder.joined(separator: "/"), zone: draft.plan.zone,
                zonesFolder: zonesFolder, hasUplink: top.optional("uplink") != nil
            ).read(reader)
        }
        if draft.plan.pricing == nil, top.optional("charging") == nil {
            for lane in draft.lanes {
                lane.zeroFee?.error("nobody pays at this site", hint: "it has no charging")
            }
        }
        if let reader = top.section("journal") { draft.plan.journal = JournalSection().read(reader) }
        if let reader = top.section("network") { draft.plan.network = NetworkSection().read(reader) }
        if let reader = top.section("uplink") {
            draft.hasUplink = true
            draft.plan.uplink = UplinkSection(draft.plan).read(reader)
        }
        if let reader = top.section("booth") {
            draft.plan.booth = BoothSection(cameraListener: draft.plan.network.cameraListener).read(reader)
        }
        top.finish()
        return draft
    }

    private func site(_ top: MappingReader, _ plan: inout SitePlan) {
        guard let reader = top.required("site", "id and time_zone")?.mapping() else { return }
        plan.id = reader.required("id", "a short name of the premises")?.name() ?? ""
        plan.gateway = reader.optional("gateway")?.name() ?? plan.gateway
        if let field = reader.required("time_zone", "for example Asia/Shanghai"), let name = field.text() {
            do {
                plan.zone = try ZoneRulesLoader.load(name: name, root: zonesFolder)
            } catch {
                field.error(error.message, found: name, hint: "write Area/Place, for example Asia/Shanghai")
            }
        }
        reader.finish()
    }

    private func lanes(_ reader: MappingReader, _ draft: inout SiteDraft) {
        let section = LaneSection(devices: draft.devices, areas: draft.plan.areas, profiles: profiles)
        var people: [(entry: MappingReader.Entry, kind: WalkwayPlan.Kind)] = []
        for entry in reader.entries {
            nameIsUsable(entry, log)
            if let kind = WalkwaySection.kind(of: entry) {
                people.append((entry, kind))
            } else {
                draft.lanes.append(section.read(entry, id: LaneID(draft.lanes.count)))
            }
        }
        let walkways = WalkwaySection(devices: draft.devices, areas: draft.plan.areas, profiles: profiles)
        for (entry, kind) in people {
            let id = LaneID(draft.lanes.count + draft.walkways.count)
            draft.walkways.append(walkways.read(entry, kind: kind, id: id))
        }
        if reader.entries.isEmpty { log.add(at: reader.mark, path: "lanes", "a site has at least one lane") }
        if reader.entries.count > 16 {
            log.add(
                at: reader.mark, path: "lanes", found: "\(reader.entries.count) lanes",
                "one gateway serves 16")
        }
    }

    private func interlocks(_ reader: MappingReader) -> [InterlockDraft] {
        reader.entries.map { entry in
            nameIsUsable(entry, log)
            var draft = InterlockDraft(name: entry.key, field: entry.field, isAirlock: false)
            guard let details = entry.field.mapping() else { return draft }
            draft.isAirlock = details.optional("airlock")?.flag() ?? false
            draft.between = details.optional("between")
            details.finish()
            return draft
        }
    }
}
