// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Permits, list entries and stays as tables for people.
package enum BookText {
    package static func text(_ result: PermitResult, zone: ZoneRules) -> String {
        guard !result.permits.isEmpty else { return "no permits" }
        return result.permits.map { permit in
            let household = result.households.first { $0.id == permit.household }
            let parts: [String?] = [
                permit.isDenial ? "DENIES" : nil,
                household.map { "household \($0.name)" } ?? permit.household.map { "household \($0)" },
                permit.holder.isEmpty ? nil : permit.holder,
                permit.visit?.text(zone, used: result.entriesUsed[permit.id] ?? 0) ?? validity(permit),
                permit.windows.map { $0.map(\.text).joined(separator: "; ") },
                permit.areas.map { "areas \($0.joined(separator: " "))" },
                permit.direction == .both ? nil : permit.direction.rawValue,
                permit.endedAt.map { "ENDED \(stamp($0, zone))" },
            ]
            return row(permit.id, permit.credential.text, parts)
        }.joined(separator: "\n")
    }

    private static func validity(_ permit: Permit) -> String {
        permit.validFrom == nil && permit.validTo == nil ? "always valid" : permit.validityText
    }

    package static func text(_ result: ListResult, zone: ZoneRules) -> String {
        guard !result.entries.isEmpty else { return "no list entries" }
        return result.entries.map { entry in
            let parts: [String?] = [
                entry.list.rawValue.uppercased(),
                entry.list == .block ? entry.variant.rawValue : nil,
                entry.reason, "by \(entry.author)", entry.owner.map { "owner \($0)" },
                entry.document.map { "document \($0)" },
                "from \(stamp(entry.effectiveFrom, zone))", entry.effectiveTo.map { "to \(stamp($0, zone))" },
            ]
            return row(entry.id, entry.plate.text, parts)
        }.joined(separator: "\n")
    }

    package static func text(_ result: StayListResult, zone: ZoneRules) -> String {
        var lines = result.stays.isEmpty ? ["no stays"] : result.stays.map { line($0, zone) }
        if !result.unmatchedExits.isEmpty {
            lines.append("\nexits without an entry (gatehouse stay match STAY EXIT):")
        }
        for exit in result.unmatchedExits {
            let parts: [String?] = ["area \(exit.exit.area)", "left \(stamp(exit.exit.exit.passedAt, zone))"]
            lines.append(row(exit.record, exit.exit.plate?.text ?? "(none)", parts))
            lines += exit.candidates.map { "          \(perhaps($0))" }
        }
        return lines.joined(separator: "\n")
    }

    /// Whose entry an exit may belong to.
    static func perhaps(_ candidate: UnmatchedExitLine.Candidate) -> String {
        let how =
            candidate.distance == PlateLookAlike.never
            ? "read neither time" : "distance \(candidate.distance)"
        return "perhaps stay \(candidate.stay) \(candidate.plate), \(how)"
    }

    package static func text(_ result: StayResult, zone: ZoneRules) -> String {
        let stay = result.stay
        var lines = [line(stay, zone)]
        if let reading = stay.opening.reading {
            lines.append(
                "          read at the entry: \(reading.plate?.text ?? "(none)"), as sent \"\(reading.raw)\"")
        }
        if let reading = stay.exit?.reading {
            lines.append(
                "          read at the exit:  \(reading.plate?.text ?? "(none)"), as sent \"\(reading.raw)\"")
        }
        for correction in stay.corrections {
            let before = correction.before.plate?.text ?? correction.before.raw
            let after = correction.after.plate?.text ?? correction.after.raw
            lines.append("          \(before) -> \(after) by \(correction.by.name), \(correction.reason)")
        }
        lines += result.records.map { WatchLine.text($0.record, zone: zone) }
        return lines.joined(separator: "\n")
    }

    private static func line(_ stay: Stay, _ zone: ZoneRules) -> String {
        let parts: [String?] = [
            stay.state.rawValue, stay.holder.vehicleClass.rawValue, "area \(stay.opening.area)",
            "in \(stamp(stay.opening.passedAt, zone))", stay.exit.map { "out \(stamp($0.passedAt, zone))" },
            stay.flags.isEmpty ? nil : "[\(stay.flags.joined(separator: " "))]",
        ]
        return row(stay.id.number, stay.plate?.text ?? "(none)", parts)
    }

    private static func row(_ number: Int64, _ plate: String, _ parts: [String?]) -> String {
        let text = String(number)
        let head = String(repeating: " ", count: max(0, 8 - text.count)) + text
        return
            "\(head)  \(DisplayWidth.fit(plate, to: max(10, DisplayWidth.of(plate)))) \(parts.compactMap { $0 }.joined(separator: ", "))"
    }

    private static func stamp(_ time: WallTime, _ zone: ZoneRules) -> String {
        "\(zone.civil(time).date.text) \(WatchLine.clock(time, zone).prefix(8))"
    }
}
