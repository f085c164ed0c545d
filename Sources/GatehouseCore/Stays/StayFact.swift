// SPDX-License-Identifier: Apache-2.0

/// What happened to stays and counts, for the journal: the only way the stay book changes.
package enum StayFact: Hashable, Sendable {
    /// The record's number becomes the stay's.
    case opened(StayOpening)
    /// `state` is a final one.
    case closed(StayID, Stay.State, Stay.Exit?, flags: [String], StayRepairer?)
    /// `suspected_left` or `review`, with the exit that was seen; or back to `open` without one.
    case marked(StayID, Stay.State, Stay.Exit?, flags: [String])
    /// A person says what the plate really is; both readings stay.
    case corrected(StayID, PlateReading, StayHolder, StayRepairer)
    /// An unmatched exit (by its record) was this stay's: the stay ends then, and counts once. Said by a person,
    /// or by the gateway when the vehicle came in again.
    case matched(StayID, exit: Sequence, StayRepairer)
    /// An unidentified stay gets its plate.
    case claimed(StayID, PlateReading, StayHolder, StayRepairer)
    /// Was inside on the day the gateway took over.
    case imported(StayOpening, StayRepairer)
    case unmatchedExit(UnmatchedExit)
    /// Somebody counted this many cars. Settles the area's unmatched exits.
    case areaRecounted(area: String, counted: Int, StayRepairer)
    /// The sum of an area fell to this.
    case countUnderflow(area: String, occupancy: Int)
}

/// Who put it right, and why (`access-rules.md` §9).
package struct StayRepairer: Hashable, Sendable {
    package var by: Operator
    package var reason: String

    package init(_ by: Operator, reason: String) {
        self.by = by
        self.reason = reason
    }
}

extension StayFact {
    package static let openingKinds = ["stayOpened", "stayImported"]
    package static let kinds =
        openingKinds + [
            "stayClosed", "stayMarked", "stayCorrected", "stayMatched", "stayClaimed", "unmatchedExit",
            "areaRecounted", "countUnderflow",
        ]

    package var kind: String {
        switch self {
        case .opened: "stayOpened"
        case .closed: "stayClosed"
        case .marked: "stayMarked"
        case .corrected: "stayCorrected"
        case .matched: "stayMatched"
        case .claimed: "stayClaimed"
        case .imported: "stayImported"
        case .unmatchedExit: "unmatchedExit"
        case .areaRecounted: "areaRecounted"
        case .countUnderflow: "countUnderflow"
        }
    }

    package var payload: [UInt8] { FieldWriter.object { write(to: &$0) } }

    package func write(to fields: inout FieldWriter) {
        switch self {
        case .opened(let opening): opening.write(to: &fields)
        case .closed(let stay, let state, let exit, let flags, let repairer):
            Self.write(stay, state, exit, flags, to: &fields)
            repairer?.write(to: &fields)
        case .marked(let stay, let state, let exit, let flags):
            Self.write(stay, state, exit, flags, to: &fields)
        case .corrected(let stay, let reading, let holder, let repairer),
            .claimed(let stay, let reading, let holder, let repairer):
            fields.put("stay", stay.number)
            fields.put("reading", object: reading.write)
            holder.write(to: &fields)
            repairer.write(to: &fields)
        case .matched(let stay, let exit, let repairer):
            fields.put("stay", stay.number)
            fields.put("exit", exit.number)
            repairer.write(to: &fields)
        case .imported(let opening, let repairer):
            opening.write(to: &fields)
            repairer.write(to: &fields)
        case .unmatchedExit(let exit): exit.write(to: &fields)
        case .areaRecounted(let area, let counted, let repairer):
            fields.put("area", area)
            fields.put("counted", counted)
            repairer.write(to: &fields)
        case .countUnderflow(let area, let occupancy):
            fields.put("area", area)
            fields.put("occupancy", occupancy)
        }
    }

    private static func write(
        _ stay: StayID, _ state: Stay.State, _ exit: Stay.Exit?, _ flags: [String],
        to fields: inout FieldWriter
    ) {
        fields.put("stay", stay.number)
        fields.put("state", state.rawValue)
        if let exit { fields.put("exit", object: exit.write) }
        fields.put("flags", ifAny: flags)
    }

    /// `.unknownKind` for a record that is about something else.
    package init(kind: String, from fields: Fields) throws(FieldError) {
        switch kind {
        case "stayOpened": self = .opened(try StayOpening(from: fields))
        case "stayClosed":
            self = .closed(
                try fields.stay(), try fields.word("state", as: Stay.State.self),
                try fields.exitIfPresent("exit"), flags: try fields.strings("flags"),
                fields.has("operator") ? try StayRepairer(from: fields) : nil)
        case "stayMarked":
            self = .marked(
                try fields.stay(), try fields.word("state", as: Stay.State.self),
                try fields.exitIfPresent("exit"), flags: try fields.strings("flags"))
        case "stayCorrected":
            self = .corrected(
                try fields.stay(), try PlateReading(from: fields.object("reading")),
                try StayHolder(from: fields), try StayRepairer(from: fields))
        case "stayMatched":
            self = .matched(
                try fields.stay(), exit: Sequence(try fields.integer("exit")), try StayRepairer(from: fields))
        case "stayClaimed":
            self = .claimed(
                try fields.stay(), try PlateReading(from: fields.object("reading")),
                try StayHolder(from: fields), try StayRepairer(from: fields))
        case "stayImported": self = .imported(try StayOpening(from: fields), try StayRepairer(from: fields))
        case "unmatchedExit": self = .unmatchedExit(try UnmatchedExit(from: fields))
        case "areaRecounted":
            self = .areaRecounted(
                area: try fields.string("area"), counted: try fields.int("counted"),
                try StayRepairer(from: fields))
        case "countUnderflow":
            self = .countUnderflow(area: try fields.string("area"), occupancy: try fields.int("occupancy"))
        default: throw .unknownKind(kind)
        }
    }
}

extension StayRepairer {
    /// The vehicle itself came back: no person's word.
    static let repeatedEntry = StayRepairer(
        Operator(channel: "self", name: "repeated_entry"), reason: "REPEATED_ENTRY")
}

extension StayRepairer: Payload {
    package func write(to fields: inout FieldWriter) { by.write(to: &fields, reason: reason) }

    package init(from fields: Fields) throws(FieldError) {
        by = try fields.byOperator()
        reason = try fields.string("reason")
    }
}

extension Fields {
    fileprivate func stay() throws(FieldError) -> StayID { StayID(try integer("stay")) }
}
