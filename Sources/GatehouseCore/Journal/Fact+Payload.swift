// SPDX-License-Identifier: Apache-2.0

extension Fact {
    /// The payload's bytes.
    package var payload: [UInt8] { payload(inDrill: false) }

    /// What fire release does in a drill says so.
    package func payload(inDrill: Bool) -> [UInt8] {
        FieldWriter.object {
            write(to: &$0)
            $0.put("drill", ifTrue: inDrill && isOfFireRelease)
        }
    }

    private var isOfFireRelease: Bool {
        switch self {
        case .laneNote(_, let note, _): [.fireReleaseStarted, .fireReleaseEnded].contains(note.kind)
        case .barrierCommanded(let fact): fact.cause == .fire
        case .passage(let fact): fact.passage.cause == .fire
        default: false
        }
    }

    private func write(to fields: inout FieldWriter) {
        switch self {
        case .processStarted(let start):
            fields.put("version", start.version)
            fields.put("plan", start.planHash)
            fields.put("clean", start.wasClean)
            fields.put("new_boot", start.isNewBoot)
        case .processStopped: break
        case .planLoaded(let hash): fields.put("plan", hash)
        case .clockStepped(let milliseconds, let moved):
            fields.put("step_ms", milliseconds)
            fields.put("moved_ms", ifPresent: moved)
        case .plateRead(let fact): fact.write(to: &fields)
        case .cardRead(let fact): fact.write(to: &fields)
        case .decided(let fact): fact.write(to: &fields)
        case .laneNote(let lane, let note, let decision):
            fields.put("lane", lane)
            fields.put("decision", ifPresent: decision?.number)
            note.write(to: &fields)
        case .barrierCommanded(let fact): fact.write(to: &fields)
        case .commandPerformed(let lane, let trace):
            fields.put("lane", lane)
            trace.write(to: &fields)
        case .passage(let fact): fact.write(to: &fields)
        case .stay(let fact): fact.write(to: &fields)
        case .money(let fact): fact.write(to: &fields)
        case .directory(let change, let by, let reason):
            change.write(to: &fields)
            by?.write(to: &fields)
            // A list entry's own "reason" is why it stands there; this is why somebody changed it.
            fields.put("change_reason", ifPresent: reason)
        case .faultRaised(let row), .faultCleared(let row): row.write(to: &fields)
        case .drillStarted(let drill): drill.write(to: &fields)
        case .drillEnded(let by, let reason):
            by.write(to: &fields)
            fields.put("reason", ifPresent: reason)
        case .actedBeforeDurable(let sequence): fields.put("record", sequence.number)
        case .storeUnavailable(let why): fields.put("why", why)
        case .storeRestored(let dropped): fields.put("facts_dropped", dropped)
        case .housekeeping(let fact): fact.write(to: &fields)
        }
    }
}

extension Housekeeping {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .sealed(let through, let hash):
            fields.put("through", through)
            fields.put("hash", hash)
        case .payloadsDeleted(let fact): fact.write(to: &fields)
        case .imagesDeleted(let count, let bytes):
            fields.put("count", count)
            fields.put("bytes", bytes)
        case .recordSetAside(let sequence, let why):
            fields.put("record", sequence.number)
            fields.put("why", why)
        case .replayOrdered(let after, let by):
            fields.put("after", after.number)
            by.write(to: &fields)
        case .clockSetOrdered(let wall, let by, let reason):
            fields.put("to_ms", wall.milliseconds)
            by.write(to: &fields)
            fields.put("reason", reason)
        case .ledgerKey(let fact): fact.write(to: &fields)
        }
    }
}

extension PlateReadFact {
    func write(to fields: inout FieldWriter) {
        fields.put("lane", lane)
        fields.put("camera", camera)
        fields.put("plate", ifPresent: reading.plate?.text)
        fields.put("raw", reading.raw)
        fields.put("original", ifPresent: original)
        fields.put("color", reading.color.rawValue)
        fields.put("type", reading.kind.rawValue)
        fields.put("type_code", ifPresent: typeCode)
        fields.put("irregular", ifTrue: !reading.isRegular && !reading.isNoPlate)
        fields.put("confidence", ifPresent: confidence)
        fields.put("direction", direction.rawValue)
        fields.put("captured_ms", ifPresent: capturedAt?.milliseconds)
        fields.put("clock_offset_ms", ifPresent: clockOffset?.inMilliseconds)
        fields.put("live", isLive)
        fields.put("fresh", isFresh)
        fields.put("known", isKnown)
        fields.put("key", ifPresent: duplicateKey)
        fields.put("opened_by_camera", ifTrue: openedByCamera)
        fields.put("arrival_us", arrivalMicroseconds)
        if !images.isEmpty {
            fields.put("images", objects: images) { image, fields in
                fields.put("role", image.role)
                fields.put("bytes", image.bytes)
                fields.put("sha256", image.sha256)
            }
        }
    }
}

extension CardReadFact {
    func write(to fields: inout FieldWriter) {
        fields.put("lane", lane)
        fields.put("reader", reader)
        fields.put("card", card)
        fields.put("direction", direction.rawValue)
        fields.put("known", isKnown)
        fields.put("arrival_us", arrivalMicroseconds)
    }
}

extension DecisionFact {
    func write(to fields: inout FieldWriter) {
        fields.put("lane", lane)
        fields.put("direction", direction.rawValue)
        fields.put("presence", isPresenceConfirmed ? "confirmed" : "assumed")
        fields.put("read", ifPresent: read?.number)
        fields.put("raw", ifPresent: raw)
        fields.put("confidence", ifPresent: confidence)
        if !otherReads.isEmpty { fields.put("other_reads", integers: otherReads.map(\.number)) }
        decision.write(to: &fields, inFull: true)
    }

    init(verdict: Decision.Verdict, from fields: Fields) throws(FieldError) {
        self.init(
            lane: try fields.string("lane"),
            direction: try fields.word("direction", as: TravelDirection.self),
            isPresenceConfirmed: try fields.string("presence") == "confirmed",
            read: try fields.integerIfPresent("read").map(Sequence.init),
            raw: try fields.stringIfPresent("raw"),
            confidence: try fields.integerIfPresent("confidence").map { Int(clamping: $0) }, otherReads: [],
            decision: try Decision(verdict: verdict, from: fields))
    }
}

extension BarrierCommandFact {
    func write(to fields: inout FieldWriter) {
        fields.put("lane", lane)
        fields.put("output", output.rawValue)
        switch action {
        case .pulse(let length):
            fields.put("action", "pulse")
            fields.put("pulse_ms", length.inMilliseconds)
        case .on: fields.put("action", "on")
        case .off: fields.put("action", "off")
        }
        fields.put("class", commandClass.rawValue)
        fields.put("cause", cause.name)
        if case .person(let by) = cause { by.write(to: &fields) }
        fields.put("decision", ifPresent: decision?.number)
        fields.put("life_ms", ifPresent: life?.inMilliseconds)
    }
}

extension CommandTrace {
    func write(to fields: inout FieldWriter) {
        fields.put("command", command.record.number)
        fields.put("output", command.output.rawValue)
        fields.put("outcome", outcome)
        fields.put("held_us", heldMicroseconds)
        fields.put("written_us", ifPresent: writtenMicroseconds)
        fields.put("confirmed_us", ifPresent: confirmedMicroseconds)
    }
}

extension PassageFact {
    func write(to fields: inout FieldWriter) {
        fields.put("lane", lane)
        fields.put("direction", passage.direction.rawValue)
        fields.put("certainty", passage.certainty.rawValue)
        fields.put("cause", passage.cause.rawValue)
        fields.put("decision", ifPresent: decision?.number)
        fields.put("plate", ifPresent: passage.reading?.plate?.text)
        fields.put("card", ifPresent: passage.card)
        fields.put("read", ifPresent: passage.read?.number)
        fields.put("flags", ifAny: passage.flags)
        fields.put("recognised_ms", ifPresent: passage.recognisedAt?.milliseconds)
        fields.put("started_ms", passage.startedAt.milliseconds)
        fields.put("passed_ms", passage.passedAt.milliseconds)
    }
}

extension LaneNote {
    func write(to fields: inout FieldWriter) {
        fields.put("read", ifPresent: read?.number)
        fields.put("plate", ifPresent: plate?.text)
        fields.put("direction", ifPresent: direction?.rawValue)
        by?.write(to: &fields)
        fields.put("until_ms", ifPresent: until?.milliseconds)
        fields.put("ms", ifPresent: milliseconds)
        fields.put("count", ifPresent: count)
        fields.put("why", ifPresent: why)
        fields.put("flags", ifAny: flags)
    }

    /// What a lane's memory needs of it.
    init(kind: LaneNoteKind, from fields: Fields) throws(FieldError) {
        self.init(
            kind, read: try fields.integerIfPresent("read").map { Sequence($0) },
            direction: try fields.wordIfPresent("direction", as: TravelDirection.self),
            until: try fields.integerIfPresent("until_ms").map(WallTime.init(milliseconds:)),
            why: try fields.stringIfPresent("why"), flags: try fields.strings("flags"))
    }
}

extension Operator {
    func write(to fields: inout FieldWriter) {
        fields.put(
            "by",
            object: {
                $0.put("channel", channel)
                $0.put("name", name)
            })
    }

    /// Of the object `by`.
    init(from fields: Fields) throws(FieldError) {
        self.init(channel: try fields.string("channel"), name: try fields.string("name"))
    }
}

extension FaultRow {
    package func write(to fields: inout FieldWriter) {
        fields.put("subject", subject)
        fields.put("code", code)
        fields.put("severity", severity.rawValue)
        fields.put("detail", detail)
        fields.put("since_ms", since.milliseconds)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            subject: try fields.string("subject"), code: try fields.string("code"),
            severity: try fields.word("severity", as: FaultSeverity.self),
            detail: try fields.string("detail"),
            since: WallTime(milliseconds: try fields.integer("since_ms")))
    }
}

extension Decision {
    /// `inFull` with steps and candidates for the record; without them for a lane's memory, which resumes the
    /// grant and never explains it.
    package func write(to fields: inout FieldWriter, inFull: Bool) {
        fields.put("reason", reason.rawValue)
        fields.put("rule", rule)
        fields.put("flags", ifAny: flags.map(\.rawValue))
        fields.put("plate", ifPresent: plate?.text)
        fields.put("card", ifPresent: card)
        fields.put("permit", ifPresent: permit)
        fields.put("household", ifPresent: household)
        fields.put("list_entry", ifPresent: listEntry)
        fields.put("stay", ifPresent: stay?.number)
        fields.put("is_household", ifTrue: isHousehold)
        fields.put("emergency", ifTrue: isEmergency)
        fields.put("waits_for", ifPresent: waitsFor)
        fields.put("days_left", ifPresent: daysLeft)
        guard inFull else { return }
        if !candidates.isEmpty {
            fields.put("candidates", objects: candidates) { candidate, fields in
                fields.put("plate", candidate.plate.text)
                fields.put("distance", candidate.distance)
                fields.put("source", candidate.source)
                fields.put("reference", candidate.reference)
            }
        }
        fields.put("steps", objects: steps) { step, fields in
            fields.put("rule", step.rule)
            fields.put("answer", step.answer)
        }
    }

    package init(verdict: Verdict, from fields: Fields) throws(FieldError) {
        var flags: [DecisionFlag] = []
        for word in try fields.strings("flags") {
            guard let flag = DecisionFlag(rawValue: word) else {
                throw .unknownValue(key: "flags", value: word)
            }
            flags.append(flag)
        }
        self.init(
            verdict: verdict, reason: try fields.word("reason", as: ReasonCode.self),
            rule: try fields.int("rule"), flags: flags,
            plate: try fields.stringIfPresent("plate").flatMap { Plate($0) },
            card: try fields.stringIfPresent("card"),
            permit: try fields.integerIfPresent("permit"),
            household: try fields.integerIfPresent("household"),
            listEntry: try fields.integerIfPresent("list_entry"),
            stay: try fields.integerIfPresent("stay").map(StayID.init),
            isHousehold: try fields.bool("is_household"), isEmergency: try fields.bool("emergency"),
            waitsFor: try fields.stringIfPresent("waits_for"),
            daysLeft: try fields.integerIfPresent("days_left").map { Int(clamping: $0) })
    }
}
