// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

extension Explanation {
    /// nil when the journal has no such record.
    package init?<Failure: Error>(
        of sequence: Sequence, from source: RecordSource<Failure>
    ) throws(Failure) {
        guard let record = try source.record(sequence) else { return nil }
        var collector = Collector(source: source, asked: EventLine(record))
        try collector.collect()
        self = collector.story
    }
}

/// Walks from the asked record to its decision and from there through the lane's records.
private struct Collector<Failure: Error> {
    let source: RecordSource<Failure>
    var story: Explanation

    /// A vehicle that stands longer than this is told from the next one by its own records.
    private static var maximumAge: Duration { .seconds(900) }
    private static var maximumRecords: Int { 4000 }
    private static var chunk: Int { 500 }
    /// Records between a passage and the stay it makes.
    private static var tail: Int { 8 }
    /// Records on each side of one that has no decision.
    private static var nearby: Int { 40 }
    /// The newest passage of any lane is this story's.
    private var isOwnPassage = false

    init(source: RecordSource<Failure>, asked: EventLine) {
        self.source = source
        story = Explanation(record: asked)
    }

    mutating func collect() throws(Failure) {
        let asked = story.record
        story.lane = asked.lane
        if asked.isMoney { return try collectMoney(asked, of: asked.fields.number("stay")) }
        if let decision = try decision(of: asked) {
            story.decision = decision
            story.lane = decision.lane
            story.driverText = DriverText(decision: decision)
            try collectReads(of: decision)
            try collectPerson(before: decision)
            try walk(from: decision)
        } else if let command = try orphanCommand(of: asked) {
            story.commands = [command]
            try walk(from: command)
        } else {
            try collectSurroundings(of: asked)
        }
        let isOpening = StayFact.openingKinds.contains(asked.kind)
        let stay = isOpening ? asked.sequence : asked.fields.number("stay")
        try collectMoney(asked, of: stay ?? story.decision?.fields.number("stay"))
    }

    private mutating func collectMoney(_ asked: EventLine, of stay: Int64?) throws(Failure) {
        guard let stay, stay > 0 else { return }
        let judged = asked.isMoney ? asked : story.decision ?? asked
        story.charge = try ChargeStory(of: stay, asked: judged, from: source)
        if let decision = story.decision {
            story.driverText = DriverText(decision: decision, bill: story.charge?.bill)
        }
    }

    private func line(_ number: Int64?) throws(Failure) -> EventLine? {
        guard let number, number > 0 else { return nil }
        return try source.record(Sequence(number)).map(EventLine.init)
    }

    // MARK: To the decision

    private func decision(of line: EventLine) throws(Failure) -> EventLine? {
        let fields = line.fields
        if line.isDecision { return line }
        if let number = fields.number("decision") { return try self.line(number) }
        switch line.kind {
        case "plateRead", "cardRead": return try decision(afterRead: line)
        case "commandPerformed":
            guard let command = try self.line(fields.number("command")) else { return nil }
            return try self.line(command.fields.number("decision"))
        case "actedBeforeDurable":
            guard let acted = try self.line(fields.number("record")), acted.kind != line.kind else {
                return nil
            }
            return try decision(of: acted)
        case "duplicateRead", "lateRead", "readWithoutVehicle":
            guard let read = try self.line(fields.number("read")) else { return nil }
            return try decision(afterRead: read)
        default: return line.isStay ? try decision(beforeStay: line) : nil
        }
    }

    private func decision(afterRead read: EventLine) throws(Failure) -> EventLine? {
        for record in try source.after(Sequence(read.sequence), Self.chunk) {
            let line = EventLine(record)
            guard line.at.wall - read.at.wall <= Self.maximumAge else { return nil }
            if line.isDecision, line.readNumbers.contains(read.sequence) { return line }
        }
        return nil
    }

    /// A stay follows its passage at once; a person's correction names the stay, which is its opening's record.
    private func decision(beforeStay stay: EventLine) throws(Failure) -> EventLine? {
        if stay.fields.text("operator") != nil {
            guard let opening = try line(stay.fields.number("stay")), opening.kind == "stayOpened" else {
                return nil
            }
            return try decision(beforeStay: opening)
        }
        // One that was first seen at an exit followed no passage.
        guard !stay.fields.flag("at_exit") else { return nil }
        for step in 1...Int64(Self.tail) {
            guard let before = try line(stay.sequence - step) else { return nil }
            if before.isPassage { return try line(before.fields.number("decision")) }
        }
        return nil
    }

    private func orphanCommand(of line: EventLine) throws(Failure) -> EventLine? {
        if line.kind == "barrierCommanded" { return line }
        guard line.kind == "commandPerformed" else { return nil }
        return try self.line(line.fields.number("command"))
    }

    private mutating func collectReads(of decision: EventLine) throws(Failure) {
        for number in decision.readNumbers {
            if let read = try line(number) { story.reads.append(read) }
        }
        guard let first = story.reads.map(\.sequence).min(), first < decision.sequence else { return }
        let count = min(Int(clamping: decision.sequence - first), Self.chunk)
        for record in try source.after(Sequence(first), count) {
            let line = EventLine(record)
            guard line.sequence < decision.sequence, line.lane == story.lane else { continue }
            if line.isDecision, line.readNumbers.first == decision.readNumbers.first {
                story.otherDecisions.append(line)
            } else if line.isNote {
                story.notes.append(line)
            }
        }
    }

    /// Who confirmed or refused what had waited is said just before the decision, also where nothing was read.
    private mutating func collectPerson(before decision: EventLine) throws(Failure) {
        guard let word = decision.ofPerson else { return }
        for number in max(1, decision.sequence - Int64(Self.tail))..<decision.sequence {
            guard let line = try self.line(number), line.kind == word.rawValue,
                line.lane == story.lane, !story.notes.contains(where: { $0.sequence == number })
            else { continue }
            story.notes.append(line)
        }
    }

    // MARK: From there on

    private mutating func walk(from start: EventLine) throws(Failure) {
        var last = start.sequence
        var seen = 0
        var rest: Int?
        while seen < Self.maximumRecords {
            let records = try source.after(Sequence(last), Self.chunk)
            for record in records {
                let line = EventLine(record)
                last = line.sequence
                seen += 1
                if let left = rest, left == 0 { return }
                rest = rest.map { $0 - 1 }
                guard line.at.wall - start.at.wall <= Self.maximumAge else { return }
                if isNextStory(line, after: start, isOver: rest != nil) {
                    // The performance of the last command may still follow.
                    rest = rest ?? Self.tail
                    continue
                }
                file(line)
                if rest == nil, ends(line, start) { rest = Self.tail }
            }
            guard records.count == Self.chunk else {
                story.isStillRunning = rest == nil && story.decision?.kind == "accessGranted"
                return
            }
        }
    }

    private func isNextStory(_ line: EventLine, after start: EventLine, isOver: Bool) -> Bool {
        guard line.isDecision, line.lane == story.lane else { return false }
        guard let decision = story.decision else { return true }
        if let read = decision.readNumbers.first { return line.readNumbers.first != read }
        // Who waits without a read is the one that is answered next, if it did not leave.
        let isAnswer = decision.kind == "accessHeld" && !isOver && line.readNumbers.isEmpty
        return !isAnswer || line.fields.text("direction") != decision.fields.text("direction")
    }

    private func ends(_ line: EventLine, _ start: EventLine) -> Bool {
        let ending = [
            "decisionUnused", "requestReplaced", "turnedBack", "notPassed", "leftRefused", "leftWaiting",
        ]
        guard let decision = line.fields.number("decision") else { return false }
        return [start.sequence, story.ending?.sequence].contains(decision)
            && (line.isPassage || ending.contains(line.kind))
    }

    /// The decision's, or that of the answer which ended its wait.
    private func isOwn(_ decision: Int64?) -> Bool {
        guard let decision else { return false }
        return decision == story.decision?.sequence || decision == story.ending?.sequence
    }

    /// Puts a record where it belongs in the story; records of others are passed over.
    private mutating func file(_ line: EventLine) {
        let fields = line.fields
        switch line.kind {
        case "barrierCommanded":
            if isOwn(fields.number("decision")) {
                story.commands.append(line)
            } else if line.lane == story.lane {
                story.notes.append(line)
            }
        case "commandPerformed":
            if story.commands.contains(where: { $0.sequence == fields.number("command") }) {
                story.performed.append(line)
            }
        case "actedBeforeDurable":
            let record = fields.number("record")
            if isOwn(record) || story.commands.contains(where: { $0.sequence == record }) {
                story.notes.append(line)
            }
        default: fileOther(line)
        }
    }

    private mutating func fileOther(_ line: EventLine) {
        let decision = line.fields.number("decision")
        if line.isPassage {
            let isOurs = story.decision == nil ? decision == nil : isOwn(decision)
            isOwnPassage = line.lane == story.lane && isOurs
            if isOwnPassage { story.passages.append(line) }
        } else if line.isStay {
            // Stays are made in the same step as their passage, so they follow it before any other.
            if isOwnPassage, line.fields.text("operator") == nil { story.stays.append(line) }
        } else if line.isDecision {
            if line.lane == story.lane { story.otherDecisions.append(line) }
        } else if line.isNote, line.lane == story.lane, decision == nil || isOwn(decision) {
            story.notes.append(line)
        }
    }

    /// Of a record that belongs to no decision: what its lane said just before and after.
    private mutating func collectSurroundings(of asked: EventLine) throws(Failure) {
        guard let lane = asked.lane else { return }
        let before = max(0, asked.sequence - Int64(Self.nearby))
        for record in try source.after(Sequence(before), 2 * Self.nearby) {
            let line = EventLine(record)
            let distance = line.at.wall - asked.at.wall
            guard line.sequence != asked.sequence, line.lane == lane, distance > .seconds(-30),
                distance < .seconds(30)
            else { continue }
            if line.isDecision {
                story.otherDecisions.append(line)
            } else if line.isRead {
                story.reads.append(line)
            } else if line.isNote {
                story.notes.append(line)
            }
        }
    }
}

extension EventLine {
    var isDecision: Bool { ["accessGranted", "accessDenied", "accessHeld"].contains(kind) }
    package var isPassage: Bool { kind == "passageCompleted" || kind == "passageReverse" }
    var isStay: Bool { kind.hasPrefix("stay") || kind == "unmatchedExit" || kind == "countUnderflow" }

    var isRead: Bool { kind == "plateRead" || kind == "cardRead" }

    /// What the lane says of the person who decided.
    var ofPerson: LaneNoteKind? {
        switch fields.text("reason").flatMap({ ReasonCode(rawValue: $0) }) {
        case .operatorOpen: .manualOpen
        case .operatorRefused: .manualRefusal
        default: nil
        }
    }

    /// Said by the lane, or a fault of it.
    var isNote: Bool { !isDecision && !isPassage && !isStay && !isRead && lane != nil }

    var lane: String? {
        let fields = self.fields
        if let lane = fields.text("lane") { return lane }
        guard let subject = fields.text("subject"), subject.hasPrefix("lane ") else { return nil }
        return String(subject.dropFirst(5))
    }

    /// Of a decision: the read that won, then the others.
    var readNumbers: [Int64] {
        let fields = self.fields
        var others: [Int64] = []
        if case .array(let values) = fields.value("other_reads") {
            for case .integer(let number) in values { others.append(number) }
        }
        return (fields.number("read").map { [$0] } ?? []) + others
    }
}
