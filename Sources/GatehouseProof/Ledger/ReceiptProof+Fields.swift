// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The `proof` object of a receipt's JSON, which docs/verify_receipt.py reads as well:
///
///     {"record": {"sequence", "kind", "format", "wall_ms", "uptime_ns", "boot", "clock_quality": 0|1|2},
///      "salt": hexadecimal, "payload": text, "leaf": index, "size": tree size,
///      "path": [hexadecimal], "checkpoint": text of the note,
///      "consistency": [hexadecimal], "consistency_size": tree size, absent when there is none}
///
/// The payload is a string and not an object: its bytes are hashed, and JSON may be written in many ways.
extension ReceiptProof {
    /// RFC 9162 proofs are as long as the tree is high; twice 64 is beyond any.
    private static let maximumPath = 128

    /// The object, nil when payload or checkpoint is not UTF-8. The journal and the ledger write no other.
    package var json: [UInt8]? {
        guard let payload = String(validating: payload, as: UTF8.self),
            let checkpoint = String(validating: checkpoint, as: UTF8.self)
        else { return nil }
        return FieldWriter.object { writer in
            writer.put("record") { record in
                record.put("sequence", sequence.number)
                record.put("kind", kind)
                record.put("format", format)
                record.put("wall_ms", at.wall.milliseconds)
                record.put("uptime_ns", at.uptime.nanoseconds)
                record.put("boot", boot)
                record.put("clock_quality", Int(at.quality.code))
            }
            writer.put("salt", salt.hexadecimal)
            writer.put("payload", payload)
            writer.put("leaf", leaf)
            writer.put("size", size)
            writer.put("path", strings: path.map(\.description))
            writer.put("checkpoint", checkpoint)
            if let consistency { writer.put("consistency", strings: consistency.map(\.description)) }
            writer.put("consistency_size", ifPresent: consistencySize)
        }
    }

    /// Reads what `json` writes.
    package init(_ fields: Fields) throws(FieldError) {
        try Self.checkUnique(fields)
        let record = try fields.object("record")
        sequence = Sequence(try record.integer("sequence"))
        kind = try record.string("kind")
        format = try record.int("format")
        let code = try record.integer("clock_quality")
        guard let quality = ClockQuality(code: code) else {
            throw .unknownValue(key: "clock_quality", value: String(code))
        }
        at = Moment(
            uptime: Uptime(nanoseconds: try record.integer("uptime_ns")),
            wall: WallTime(milliseconds: try record.integer("wall_ms")), quality: quality)
        boot = try record.string("boot")
        let saltText = try fields.string("salt")
        guard let salt = Hexadecimal.bytes(saltText) else {
            throw .unknownValue(key: "salt", value: saltText)
        }
        self.salt = salt
        payload = Array(try fields.string("payload").utf8)
        leaf = try fields.integer("leaf")
        size = try fields.integer("size")
        guard let path = try Self.digests("path", in: fields) else { throw .missing(key: "path") }
        self.path = path
        checkpoint = Array(try fields.string("checkpoint").utf8)
        consistency = try Self.digests("consistency", in: fields)
        consistencySize = try fields.integerIfPresent("consistency_size")
    }

    private static func digests(_ key: String, in fields: Fields) throws(FieldError) -> [Digest]? {
        guard fields.has(key) else { return nil }
        let texts = try fields.strings(key)
        guard texts.count <= maximumPath else {
            throw .unknownValue(key: key, value: "\(texts.count) hashes, the limit is \(maximumPath)")
        }
        var digests: [Digest] = []
        for text in texts {
            guard let digest = Digest(hexadecimal: text) else { throw .unknownValue(key: key, value: text) }
            digests.append(digest)
        }
        return digests
    }

    /// Of a key that stands twice one reader takes the first value and another the last (RFC 8259 §4): a
    /// receipt could show one thing and prove another.
    static func checkUnique(_ fields: Fields) throws(FieldError) {
        var seen: Set<[UInt8]> = []
        for member in fields.members {
            guard seen.insert(Array(member.key.utf8)).inserted else {
                throw .unknownValue(key: member.key, value: "stands twice")
            }
            try checkUnique(within: member.value)
        }
    }

    private static func checkUnique(within value: Fields.Value) throws(FieldError) {
        switch value {
        case .object(let members): try checkUnique(Fields(members: members))
        case .array(let values): for value in values { try checkUnique(within: value) }
        default: break
        }
    }
}
