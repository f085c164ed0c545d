// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// An explanation for people: what was read, what was tried, what was done and how long it took.
package struct ExplanationText {
    private let story: Explanation
    private let zone: ZoneRules
    private var lines: [String] = []

    /// - Parameter language: of the charge; the rest is the technician's, in English.
    package static func text(
        _ story: Explanation, zone: ZoneRules, language: Language = .english
    ) -> String {
        var text = ExplanationText(story: story, zone: zone)
        let charge = story.charge.map { ChargeStoryText.lines($0, zone: zone) } ?? []
        if story.record.isMoney, !charge.isEmpty {
            text.lines = charge.map { $0.text(in: language) }
        } else {
            text.build()
            if !charge.isEmpty { text.lines += [""] + charge.map { $0.text(in: language) } }
        }
        return text.lines.joined(separator: "\n")
    }

    private init(story: Explanation, zone: ZoneRules) {
        self.story = story
        self.zone = zone
    }

    private mutating func build() {
        headline()
        reads()
        candidates()
        rules()
        driver()
        commands()
        section("Passage", story.passages)
        section("Stay", story.stays)
        section(
            story.decision == nil ? "Decisions of this lane around it" : "Also about this vehicle",
            story.otherDecisions)
        section("What the lane said", story.notes)
        if story.isStillRunning { lines.append("\nNot over yet: ask again when the vehicle has passed.") }
    }

    private mutating func headline() {
        let head = story.decision ?? story.record
        let fields = head.fields
        let place = story.lane.map { " at lane \($0)" } ?? ""
        let time = "\(zone.civil(head.at.wall).date.text) \(WatchLine.clock(head.at.wall, zone))"
        guard story.decision != nil else {
            lines.append("Record \(head.sequence), \(time)\(place): \(RecordText.words(head.kind))")
            lines.append("  \(RecordText.sentence(head.kind, fields))")
            if head.data == nil { lines.append("  Its content was deleted; that it happened stays.") }
            if head.isRead {
                lines.append(
                    "  No decision followed: another read of the same vehicle won, it came late or again,")
                lines.append("  or no vehicle was there. What the lane said stands below, if anything.")
            }
            return
        }
        let who =
            fields.text("plate") ?? fields.text("card") ?? fields.text("raw") ?? "a vehicle without a plate"
        lines.append("Decision \(head.sequence), \(time)\(place): \(who)")
        let reason = fields.text("reason") ?? "?"
        let rule = fields.number("rule").map { " by rule \($0)" } ?? ""
        lines.append("  \(verdict(head.kind)): \(reason)\(rule)\(outcome)")
        // Reason and rule stand in the line above.
        let about = RecordText.sentence(head.kind, fields)
            .trimmingPrefix("\(reason), rule \(fields.number("rule") ?? 0)").drop { ", ".contains($0) }
        if !about.isEmpty { lines.append("  \(about)") }
        if head.at.quality == .doubtful { lines.append("  The clock was doubtful at that moment.") }
    }

    private func verdict(_ kind: String) -> String {
        switch kind {
        case "accessGranted": "GRANTED"
        case "accessDenied": "REFUSED"
        default: "WAITING"
        }
    }

    /// Whether the arm was told, in the first line: it is what most people ask.
    private var outcome: String {
        guard let decision = story.decision else { return "" }
        if decision.kind == "accessGranted" { return person(decision) + opening }
        guard let ending = story.ending else {
            return person(decision) + "; no opening was commanded for it"
        }
        let reason = ending.fields.text("reason") ?? "?"
        let who = person(ending)
        guard ending.kind == "accessGranted" else {
            let refused = who.isEmpty ? "; then refused, \(reason), record \(ending.sequence)" : who
            return refused + ": no opening was commanded for it"
        }
        return (who.isEmpty ? "; then granted, \(reason), record \(ending.sequence)" : who) + opening
    }

    private func person(_ decision: EventLine) -> String {
        guard let note = story.order(behind: decision),
            let by = try? note.fields.objectIfPresent("by"), let name = by.text("name")
        else { return "" }
        let why = note.fields.text("why").map { ", \($0)" } ?? ""
        let did = decision.kind == "accessGranted" ? "confirmed" : "refused"
        return "; \(did) by \(name) (\(by.text("channel") ?? "?"))\(why), record \(note.sequence)"
    }

    private var opening: String {
        let ways = [LaneOutput.open, .releaseIn, .releaseOut, .unlock].map(\.rawValue)
        let opens = story.commands.filter { ways.contains($0.fields.text("output") ?? "") }
        guard !opens.isEmpty else { return "; no opening was commanded: see what the lane said" }
        let done = story.performed.last { opens.map(\.sequence).contains($0.fields.number("command") ?? 0) }
        guard let outcome = done?.fields.text("outcome") else { return "; opening commanded" }
        return outcome == "confirmed" ? "; the relay confirmed the opening" : "; the opening was \(outcome)"
    }

    private mutating func reads() {
        guard !story.reads.isEmpty else { return }
        lines.append(story.decision == nil ? "\nOther reads of this lane around it" : "\nWhat was read")
        for (index, read) in story.reads.enumerated() {
            let fields = read.fields
            let plate = DisplayWidth.fit(
                fields.text("plate") ?? fields.text("card") ?? fields.text("raw") ?? "(none)", to: 10)
            let mark = story.decision == nil ? "" : index == 0 ? "  <- won the vote" : "  other vote"
            lines.append("  \(stamp(read)) \(plate) \(RecordText.sentence(read.kind, fields))\(mark)")
            if let arrival = fields.number("arrival_us") {
                lines.append(
                    "         \(RecordText.milliseconds(arrival)) from the camera's last byte to the engine")
            }
            for image in (try? fields.objects("images")) ?? [] {
                let role = image.text("role") ?? "?"
                lines.append("         picture \(role) \(image.text("sha256")?.prefix(16) ?? "?")")
            }
        }
    }

    private mutating func candidates() {
        let candidates = (try? story.decision?.fields.objects("candidates")) ?? []
        guard !candidates.isEmpty else { return }
        lines.append("\nKnown plates near it (distance: 0 is the same, 10 one character of another shape)")
        for candidate in candidates {
            let plate = DisplayWidth.fit(candidate.text("plate") ?? "?", to: 10)
            let source = "\(candidate.text("source") ?? "?") \(candidate.number("reference") ?? 0)"
            lines.append("  \(plate) distance \(candidate.number("distance") ?? 0), \(source)")
        }
    }

    private mutating func rules() {
        guard let decision = story.decision, let steps = try? decision.fields.objects("steps"), !steps.isEmpty
        else { return }
        lines.append("\nRules in their order (access-rules.md §3)")
        for step in steps {
            let number = step.number("rule") ?? 0
            let mark = number == decision.fields.number("rule") ? ">" : " "
            lines.append(" \(mark)\(number < 10 ? " " : "")\(number)  \(step.text("answer") ?? "")")
        }
    }

    private mutating func driver() {
        guard let text = story.driverText else { return }
        lines.append("\nThe driver saw\n  \(text.chinese)  (\(text.english))")
    }

    private mutating func commands() {
        guard !story.commands.isEmpty else { return }
        lines.append("\nCommands")
        for command in story.commands {
            let fields = command.fields
            let group = fields.text("class").map { ", class \($0)" } ?? ""
            lines.append("  \(stamp(command)) \(RecordText.sentence(command.kind, fields))\(group)")
            let own = story.performed.filter { $0.fields.number("command") == command.sequence }
            if own.isEmpty { lines.append("         nothing is recorded of how it went") }
            for done in own { lines += performance(done.fields) }
        }
    }

    private func performance(_ fields: Fields) -> [String] {
        var parts: [String] = []
        if let held = fields.number("held_us") {
            parts.append("waited \(RecordText.milliseconds(held)) for its record to be on disk")
        }
        parts.append(
            fields.number("written_us").map { "bytes written after \(RecordText.milliseconds($0))" }
                ?? "bytes never written")
        if let confirmed = fields.number("confirmed_us") {
            parts.append("board answered after \(RecordText.milliseconds(confirmed))")
        }
        return ["         \(fields.text("outcome") ?? "?"): \(parts.joined(separator: ", "))"]
    }

    private mutating func section(_ title: String, _ events: [EventLine]) {
        guard !events.isEmpty else { return }
        lines.append("\n\(title)")
        for event in events {
            let plate = event.fields.text("plate").map { "\($0) " } ?? ""
            let kind = RecordText.sentence(event.kind, event.fields)
            let name = RecordText.words(event.kind)
            let text = kind.hasPrefix(name) ? kind : "\(name): \(kind)"
            lines.append("  \(stamp(event)) \(plate)\(text)")
        }
    }

    /// `   1234 07:31:05.123`.
    private func stamp(_ line: EventLine) -> String {
        let number = String(line.sequence)
        return String(repeating: " ", count: max(0, 6 - number.count)) + number
            + " " + WatchLine.clock(line.at.wall, zone)
    }
}
