// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// One decision from bytes to relay, collected from the journal: so that nobody needs a log file for "why
/// did it not open". Made from the number of any record of the story.
package struct Explanation: ResultValue {
    /// What was asked about.
    package var record: EventLine
    package var lane: String?
    /// The decision that it belongs to; nil when it belongs to none (a fault, a person's order).
    package var decision: EventLine?
    /// Earlier and later answers about the same read: a wait and what ended it.
    package var otherDecisions: [EventLine] = []
    /// The read that won the vote, then the others.
    package var reads: [EventLine] = []
    package var commands: [EventLine] = []
    /// How each command went.
    package var performed: [EventLine] = []
    package var passages: [EventLine] = []
    package var stays: [EventLine] = []
    /// What else the lane said in between.
    package var notes: [EventLine] = []
    /// Key of the text that the driver saw (`lanes.md` §4.8), Chinese and English.
    package var driverText: DriverText?
    /// The money of the stay that it is about.
    package var charge: ChargeStory?
    /// The journal ends before the story does.
    package var isStillRunning = false

    init(record: EventLine) { self.record = record }

    /// Of a wait: the later decision that ended it.
    var ending: EventLine? {
        guard let decision, decision.kind == "accessHeld" else { return nil }
        return otherDecisions.last { $0.sequence > decision.sequence && $0.kind != "accessHeld" }
    }

    /// Of a decision: the person by whose word the vehicle that had waited may pass, or may not.
    func order(behind decision: EventLine) -> EventLine? {
        guard let word = decision.ofPerson else { return nil }
        return notes.last { $0.kind == word.rawValue && $0.sequence < decision.sequence }
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("record", object: record.write)
        fields.put("lane", ifPresent: lane)
        if let decision { fields.put("decision", object: decision.write) }
        for (key, lines) in lists { fields.put(key, objects: lines) { $0.write(to: &$1) } }
        if let driverText { fields.put("driver_text", object: driverText.write) }
        if let charge { fields.put("charge", object: charge.write) }
        fields.put("running", ifTrue: isStillRunning)
    }

    private var lists: [(String, [EventLine])] {
        [
            ("other_decisions", otherDecisions), ("reads", reads), ("commands", commands),
            ("performed", performed), ("passages", passages), ("stays", stays), ("notes", notes),
        ]
    }

    package init(from fields: Fields) throws(FieldError) {
        record = try EventLine(from: try fields.object("record"))
        lane = try fields.stringIfPresent("lane")
        if let object = try fields.objectIfPresent("decision") { decision = try EventLine(from: object) }
        otherDecisions = try fields.values("other_decisions", as: EventLine.self)
        reads = try fields.values("reads", as: EventLine.self)
        commands = try fields.values("commands", as: EventLine.self)
        performed = try fields.values("performed", as: EventLine.self)
        passages = try fields.values("passages", as: EventLine.self)
        stays = try fields.values("stays", as: EventLine.self)
        notes = try fields.values("notes", as: EventLine.self)
        if let object = try fields.objectIfPresent("driver_text") {
            driverText = try DriverText(from: object)
        }
        charge = try fields.objectIfPresent("charge").map(ChargeStory.init(from:))
        isStillRunning = try fields.bool("running")
    }
}
