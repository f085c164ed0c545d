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

extension EventLine {
    package func asSeen(by authority: Authority) -> EventLine {
        guard authority == .observe, kind == "listEntrySet" || kind == "listEntryEnded" else { return self }
        var line = self
        let open = fields.members.filter { $0.key != "reason" && $0.key != "document" }
        line.data = data == nil ? nil : FieldWriter.json(.object(open))
        return line
    }
}
