// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One lane of `lanes:`. Only its own words are judged here; what they mean together is for the rules.
struct LaneSection {
    let devices: [DeviceDraft]
    let areas: [AreaPlan]
    let profiles: ProfileLibrary

    func read(_ entry: MappingReader.Entry, id: LaneID) -> LaneDraft {
        let plan = LanePlan(name: entry.key, kind: .entry, area: AreaID(0), closing: .controller)
        var lane = LaneDraft(plan: plan, field: entry.field)
        guard let reader = entry.field.mapping() else { return lane }
        for known in reader.entries { lane.fields[known.key] = known.field }
        identity(reader, &lane)
        controller(reader, &lane)
        wiring(reader, &lane)
        cameras(reader, &lane, id)
        displays(reader, &lane, id)
        PaymentKeys(devices: devices).read(reader, &lane, id)
        character(reader, &lane)
        lane.antiCrush = reader.optional("anti_crush").flatMap(Statement.init)
        lane.fireHardwired = reader.optional("fire_hardwired").flatMap(Statement.init)
        lane.interlock = reader.optional("interlock")?.name()
        if let field = reader.optional("zero_fee") { zeroFee(field, &lane) }
        unsupported(reader, lane)
        LaneTimersSection().read(reader, &lane)
        reader.finish()
        return lane
    }

    private func identity(_ reader: MappingReader, _ lane: inout LaneDraft) {
        let kinds = LanePlan.Kind.self
        let kindField = reader.required("kind", "use entry, exit, two_way, turnstile or door")
        let people = [WalkwayPlan.Kind.turnstile, .door].map(\.rawValue)
        if let kind = kindField?.choice([kinds.entry, .exit, .twoWay].map(\.rawValue) + people) {
            lane.plan.kind = LanePlan.Kind(rawValue: kind) ?? .entry
            lane.knowsKind = true
        }
        let closings: [LanePlan.Closing] = [.controller, .gateway, .guard]
        let field = reader.required("closing", "say who lowers the arm: controller, gateway or guard (H-12)")
        if let closing = field?.choice(closings) {
            lane.plan.closing = closing
            lane.knowsClosing = true
        }
        guard let area = AreaName(areas: areas).read(reader) else { return }
        lane.plan.area = area
        lane.knowsArea = true
    }

    /// The barrier's own board: a profile's name, or a mapping that corrects what is set on this one.
    private func controller(_ reader: MappingReader, _ lane: inout LaneDraft) {
        guard let field = reader.optional("controller") else { return }
        var nameField: Field? = field
        var delay: Duration?
        var counts: Bool?
        if field.isMapping, let details = field.mapping() {
            nameField = details.optional("profile")
            lane.automaticClosing = details.optional("automatic_closing")?.flag()
            delay = details.optional("close_delay")?.duration(in: .zero...(.seconds(60)))
            counts = details.optional("counts_openings")?.flag()
            details.finish()
        }
        lane.controller = nameField.flatMap { profiles.controller($0) }
        let capabilities = lane.controller?.capabilities
        lane.automaticClosing = lane.automaticClosing ?? capabilities?.automaticClosing
        lane.closeDelay = delay ?? capabilities?.closeDelay
        lane.plan.countsOpenings = counts ?? capabilities?.countsOpenings ?? false
    }

    private func wiring(_ reader: MappingReader, _ lane: inout LaneDraft) {
        let inputs = InputReader(devices: devices)
        let single: [(String, LaneInput)] = [
            ("presence", .presence), ("clear", .clear), ("limit_up", .limitUp), ("limit_down", .limitDown),
            ("guard_button", .guardButton), ("boom_break", .boomBreak),
            ("help_key", .helpKey),
        ]
        for (key, input) in single {
            if let draft = reader.optional(key).flatMap({ inputs.read($0, as: .lane(input)) }) {
                lane.inputs.append(draft)
            }
        }
        for (index, field) in (reader.optional("safety")?.oneOrMany() ?? []).enumerated() {
            if let draft = inputs.read(field, as: .lane(.safety(index))) { lane.inputs.append(draft) }
        }
        if let fire = reader.optional("fire").flatMap({ inputs.read($0, as: .fire) }) {
            lane.inputs.append(fire)
        }
        let outputs: [LaneOutput] = [
            .open, .close, .stop, .hold, .red, .green, .warn, .linkLamp,
        ]
        for output in outputs {
            let key = output.rawValue
            let field =
                output == .open
                ? reader.required(key, "the contact that raises the arm") : reader.optional(key)
            guard let field, let terminal = inputs.terminal(field, "out") else { continue }
            lane.outputs.append(OutputDraft(output: output, field: field, terminal: terminal))
        }
        lane.plan.outputs = Set(lane.outputs.map(\.output)).union([.open])
        lane.plan.presence = lane.inputs.first { $0.role == .lane(.presence) }?.sensor
        lane.plan.safety = lane.safety.map(\.sensor)
        lane.plan.clear = lane.inputs.first { $0.role == .lane(.clear) }?.sensor
        lane.plan.hasLimitUp = lane.has(.limitUp)
        lane.plan.hasLimitDown = lane.has(.limitDown)
        lane.plan.hasGuardButton = lane.has(.guardButton)
        lane.plan.hasBoomBreak = lane.has(.boomBreak)
        lane.plan.hasHelpKey = lane.has(.helpKey)
    }

    private func cameras(_ reader: MappingReader, _ lane: inout LaneDraft, _ id: LaneID) {
        let fields =
            (reader.optional("camera")?.oneOrMany() ?? []) + (reader.optional("cameras")?.oneOrMany() ?? [])
        if lane.fields["camera"] != nil, lane.fields["cameras"] != nil {
            lane.error(at: "cameras", "write camera or cameras, not both")
        }
        for field in fields {
            if let wire = camera(field, lane, id) { lane.cameras.append(wire) }
        }
        lane.plan.hasCamera = !lane.cameras.isEmpty
    }

    private func camera(_ field: Field, _ lane: LaneDraft, _ id: LaneID) -> CameraWire? {
        let reader = field.isMapping ? field.mapping() : nil
        let nameField = reader.map { $0.required("device", "the name of a camera") } ?? field
        let role = reader?.optional("role")?.choice([PlateRead.CameraRole.front, .rear])
        let given = reader?.optional("direction")?.choice([TravelDirection.in, .out])
        reader?.finish()
        guard let device = nameField?.device(.camera, among: devices) else { return nil }
        let name = devices[device.index].name
        if lane.plan.kind == .twoWay, given == nil, lane.knowsKind {
            field.error(
                "a camera of a two-way lane serves one side", found: name,
                hint: "write {device: \(name), direction: in}")
        }
        let usual: TravelDirection = lane.plan.kind == .exit ? .out : .in
        if lane.plan.kind != .twoWay, lane.knowsKind, let given, given != usual {
            field.error(
                "an \(lane.plan.kind.rawValue) serves direction \(usual.rawValue) only", found: given.rawValue
            )
        }
        return CameraWire(device: device, lane: id, role: role ?? .front, direction: given ?? usual)
    }

    private func displays(_ reader: MappingReader, _ lane: inout LaneDraft, _ id: LaneID) {
        for field in reader.optional("display")?.oneOrMany() ?? [] {
            guard let device = field.device(.display, among: devices) else { continue }
            lane.displays.append(DisplayDraft(field: field, wire: DisplayWire(device: device, lane: id)))
        }
    }

    private func character(_ reader: MappingReader, _ lane: inout LaneDraft) {
        lane.plan.isMixedUse = reader.optional("mixed_use")?.flag() ?? false
        lane.plan.admitsMotorcycles = reader.optional("motorcycles")?.flag() ?? false
        lane.hasTrailers = reader.optional("trailers")?.flag() ?? false
        let follow: [LanePlan.FollowOn] = [.repeat, .counted, .maintained]
        lane.plan.followOn = reader.optional("follow_on")?.choice(follow) ?? .repeat
        lane.plan.exitBlind =
            reader.optional("exit_blind")?.choice([LanePlan.ExitBlind.callGuard, .open]) ?? .callGuard
        lane.plan.failOpen = reader.optional("fail_open")?.flag() ?? false
        lane.plan.exitFirst = reader.optional("exit_first")?.flag() ?? true
        let unknown: [LanePlan.FireUnknown] = [.release, .alarmOnly]
        lane.plan.fireUnknown = reader.optional("fire_unknown")?.choice(unknown) ?? .release
    }

    private func zeroFee(_ field: Field, _ lane: inout LaneDraft) {
        lane.plan.zeroFee = field.choice(PricingPlan.ZeroFee.allCases)
        lane.zeroFee = field
        if lane.knowsKind, lane.plan.kind == .entry {
            field.error("nobody pays at an entry", hint: "zero_fee belongs to an exit or to charging")
        }
    }

    /// Keys that a plan could wish for and that are not served; silence would look like consent.
    private func unsupported(_ reader: MappingReader, _ lane: LaneDraft) {
        guard let field = reader.optional("hold_closed") else { return }
        field.error(
            "a schedule that holds a lane closed is not served, and never on the last exit of an area (H-32)",
            hint: "hold a lane from the guard's page or with gatehouse hold")
    }
}
