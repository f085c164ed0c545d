// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One turnstile or door of `lanes:`. Only its own words are judged here; what they mean together is for the rules.
struct WalkwaySection {
    let devices: [DeviceDraft]
    let areas: [AreaPlan]
    let profiles: ProfileLibrary

    /// nil: a lane of vehicles, or of no kind that is known.
    static func kind(of entry: MappingReader.Entry) -> WalkwayPlan.Kind? {
        entry.field.isMapping
            ? entry.field.silentMapping()?.entries.first { $0.key == "kind" }?.field.word.flatMap(
                WalkwayPlan.Kind.init) : nil
    }

    func read(_ entry: MappingReader.Entry, kind: WalkwayPlan.Kind, id: LaneID) -> WalkwayDraft {
        let plan = WalkwayPlan(name: entry.key, kind: kind, area: AreaID(0))
        var draft = WalkwayDraft(plan: plan, field: entry.field)
        guard let reader = entry.field.mapping() else { return draft }
        for known in reader.entries { draft.fields[known.key] = known.field }
        _ = reader.required("kind", "turnstile or door")
        if let area = AreaName(areas: areas).read(reader) {
            draft.plan.area = area
            draft.knowsArea = true
        }
        draft.plan.isEscapeRoute =
            reader.required("escape_route", "say true or false: whether people flee by it (H-27)")?.flag()
            ?? false
        wiring(reader, &draft)
        readers(reader, &draft, id)
        draft.freeExit = reader.optional("free_exit").flatMap(Statement.init)
        if draft.freeExit != nil { draft.plan.freeWays = [.out] }
        draft.fireHardwired = reader.optional("fire_hardwired").flatMap(Statement.init)
        switch kind {
        case .turnstile:
            draft.plan.isFullHeight = reader.optional("full_height")?.flag() ?? false
            controller(reader, &draft)
        case .door:
            draft.lock = reader.required("lock", "fail_safe or fail_secure: what it does without power")?
                .choice([WalkwayDraft.Lock.failSafe, .failSecure])
        }
        timers(reader, &draft)
        reader.finish()
        return draft
    }

    private func wiring(_ reader: MappingReader, _ draft: inout WalkwayDraft) {
        let terminals = InputReader(devices: devices)
        let inputs: [WalkwayInput] =
            draft.plan.kind == .turnstile
            ? [.passageIn, .passageOut, .alarm, .home, .exitButton]
            : [.doorContact, .exitButton, .lockFeedback, .tamper]
        for input in inputs {
            if let found = reader.optional(input.rawValue).flatMap({ terminals.read($0, as: .walkway(input)) }
            ) {
                draft.inputs.append(found)
            }
        }
        if let fire = reader.optional("fire").flatMap({ terminals.read($0, as: .fire) }) {
            draft.inputs.append(fire)
        }
        let outputs: [LaneOutput] =
            draft.plan.kind == .turnstile
            ? [.releaseIn, .releaseOut, .holdIn, .holdOut, .red, .green, .linkLamp]
            : [.unlock, .red, .green, .warn, .linkLamp]
        for output in outputs {
            let key = output.rawValue
            let field =
                output == .unlock ? reader.required(key, "the contact that unlocks") : reader.optional(key)
            guard let field, let terminal = terminals.terminal(field, "out") else { continue }
            draft.outputs.append(OutputDraft(output: output, field: field, terminal: terminal))
        }
        draft.plan.outputs = Set(draft.outputs.map(\.output))
        draft.plan.inputs = Set(
            draft.inputs.compactMap { if case .walkway(let input) = $0.role { input } else { nil } })
    }

    private func readers(_ reader: MappingReader, _ draft: inout WalkwayDraft, _ id: LaneID) {
        for (key, direction) in [("reader_in", TravelDirection.in), ("reader_out", .out)] {
            for field in reader.optional(key)?.oneOrMany() ?? [] {
                guard let device = field.device(.reader, among: devices) else { continue }
                draft.readers.append(ReaderWire(device: device, lane: id, direction: direction))
            }
        }
    }

    /// The unit's own board: a profile's name, or a mapping that corrects what is set on this one.
    private func controller(_ reader: MappingReader, _ draft: inout WalkwayDraft) {
        guard let field = reader.optional("controller") else { return }
        var nameField: Field? = field
        var counts: Bool?
        if field.isMapping, let details = field.mapping() {
            nameField = details.optional("profile")
            counts = details.optional("counts_openings")?.flag()
            details.finish()
        }
        draft.controller = nameField.flatMap { profiles.controller($0) }
        draft.memorises = counts ?? draft.controller?.capabilities.countsOpenings ?? false
    }

    private func timers(_ reader: MappingReader, _ draft: inout WalkwayDraft) {
        guard let timers = reader.section("timers") else { return }
        for entry in timers.entries { draft.fields["timers.\(entry.key)"] = entry.field }
        for specification in WalkwayTimers.specifications where specification.kinds.contains(draft.plan.kind)
        {
            guard let field = timers.optional(specification.key) else { continue }
            switch specification.setting {
            case .duration(let path, let range):
                if let value = field.duration(in: range) { draft.plan.timers[keyPath: path] = value }
            case .count(let path, let range):
                if let value = field.integer(in: range) { draft.plan.timers[keyPath: path] = value }
            }
        }
        timers.finish()
    }
}

/// A turnstile or a door while it is read.
struct WalkwayDraft {
    /// Without power a fail-safe lock is open, a fail-secure one shut.
    enum Lock: String {
        case failSafe = "fail_safe"
        case failSecure = "fail_secure"
    }

    var plan: WalkwayPlan
    var field: Field
    /// Fields by key, for the place of a message.
    var fields: [String: Field] = [:]
    var inputs: [InputDraft] = []
    var outputs: [OutputDraft] = []
    var readers: [ReaderWire] = []
    /// Somebody saw that it opens from inside without us: a handle, an arm that turns freely.
    var freeExit: Statement?
    var fireHardwired: Statement?
    var controller: HardwareProfile?
    /// The unit stores releases (记忆).
    var memorises = false
    var lock: Lock?
    var knowsArea = false

    var name: String { plan.name }
    func has(_ direction: TravelDirection) -> Bool { readers.contains { $0.direction == direction } }

    func error(at key: String? = nil, _ message: String, hint: String? = nil) {
        add(.error, at: key, message, hint: hint)
    }

    func warning(at key: String? = nil, _ message: String, hint: String? = nil) {
        add(.warning, at: key, message, hint: hint)
    }

    private func add(_ severity: ConfigIssue.Severity, at key: String?, _ message: String, hint: String?) {
        let place = key.flatMap { fields[$0] } ?? field
        let path = key.map { "\(field.path).\($0)" } ?? field.path
        field.log.add(severity, at: place.mark, path: path, message, hint: hint)
    }
}
