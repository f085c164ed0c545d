// SPDX-License-Identifier: Apache-2.0

/// Why a person did it (`access-rules.md` §9). Recorded with the person; `OTHER` needs a note.
package enum OperatorReason: String, Hashable, Sendable, CaseIterable {
    case equipmentFault = "EQUIPMENT_FAULT"
    case readError = "READ_ERROR"
    case emergency = "EMERGENCY"
    case policeRequest = "POLICE_REQUEST"
    case residentVerified = "RESIDENT_VERIFIED"
    case visitorVerified = "VISITOR_VERIFIED"
    case dispute = "DISPUTE"
    case goodwill = "GOODWILL"
    case congestionRelease = "CONGESTION_RELEASE"
    case moveGoods = "MOVE_GOODS"
    case test = "TEST"
    case other = "OTHER"

    /// Code and note as one text, for records that have one field for both: `OTHER: gate post painted`.
    package func text(note: String?) -> String {
        guard let note, !note.isEmpty else { return rawValue }
        return "\(rawValue): \(note)"
    }

    /// Of what `text(note:)` wrote, without the note.
    package static func code(of text: String) -> String {
        String(text.unicodeScalars.prefix { $0 != ":" }.map(Character.init))
    }

    /// Reads what `text(note:)` wrote; nil for an unknown code or an `OTHER` without a note.
    package static func parse(_ text: String) -> (reason: OperatorReason, note: String?)? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let code = parts.first, let reason = OperatorReason(rawValue: String(code)) else { return nil }
        let note = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
        guard reason != .other || !note.isEmpty else { return nil }
        return (reason, note.isEmpty ? nil : String(note))
    }
}
