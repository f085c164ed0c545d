// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Why somebody stands on a list is for those who deal with the car, not for everyone who may look
/// (`access-rules.md` §1.5): observers see that an entry is there, not its reason nor its document.
extension ListEntry {
    package func asSeen(by authority: Authority) -> ListEntry {
        guard authority == .observe else { return self }
        var entry = self
        entry.reason = Self.withheld
        if entry.document != nil { entry.document = Self.withheld }
        return entry
    }

    private static let withheld = "withheld"
}

/// The number of a 125 kHz card is the card: whoever knows it can make another.
extension Permit {
    package func isSeen(by authority: Authority) -> Bool { authority != .observe || credential.card == nil }
}

extension EventLine {
    package func asSeen(by authority: Authority) -> EventLine {
        let withheld: [String]
        switch kind {
        case "listEntrySet", "listEntryEnded": withheld = ["reason", "document"]
        case "permitSet", "permitEnded": withheld = ["card"]
        default: return self
        }
        guard authority == .observe else { return self }
        var line = self
        let open = fields.members.filter { !withheld.contains($0.key) }
        line.data = data == nil ? nil : FieldWriter.json(.object(open))
        return line
    }
}
