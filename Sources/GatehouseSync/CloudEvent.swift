// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
package import GatehouseEngine

/// A record as a CloudEvents 1.0 event in JSON ("structured mode" of the MQTT binding). `data` is the stored payload,
/// byte for byte; with `salt` and `hash` the chain of hashes can be checked by whoever keeps the events
/// (`GatehouseProof`, RecordHash). Attributes of ours: `sequence` (CloudEvents sequence extension), `recordformat`,
/// `boot`, `uptime` (nanoseconds, as text: it outgrows the 32 bits of an attribute), `clockquality`, `salt`, `hash`.
/// `id` is unique within `source` for ever, so that an event that comes twice counts once.
package struct CloudEvent: Sendable {
    private let idPrefix: String
    private let source: String
    /// Bytes beside the payload, about.
    private static let envelope = 640

    package init(site: String, gateway: String) {
        idPrefix = "\(site)/\(gateway)/"
        source = "/\(site)/\(gateway)"
    }

    package func bytes(_ one: OutboxRecord) -> [UInt8] {
        let record = one.record
        return FieldWriter.object(expecting: Self.envelope + (record.payload?.count ?? 0)) { fields in
            fields.put("specversion", "1.0")
            fields.put("id", idPrefix + String(record.sequence.number))
            fields.put("source", source)
            fields.put("type", "gatehouse." + record.kind)
            fields.put("time", record.at.wall.rfc3339)
            fields.put("sequence", String(record.sequence.number))
            fields.put("recordformat", record.format)
            fields.put("boot", record.boot)
            fields.put("uptime", String(record.at.uptime.nanoseconds))
            fields.put("clockquality", record.at.quality.rawValue)
            fields.put("salt", ifPresent: one.salt?.hexadecimal)
            fields.put("hash", one.hash.hexadecimal)
            guard let payload = record.payload else { return }
            fields.put("datacontenttype", "application/json")
            fields.put("data", json: payload)
        }
    }
}
