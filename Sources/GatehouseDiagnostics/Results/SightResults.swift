// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a camera said and showed, by the record of its read.
package struct Sight: ResultValue {
    package var read: Int64
    package var lane: String
    package var at: WallTime
    package var plate: String?
    package var images: [ImageReference]

    /// nil: no plate read, or its content was deleted.
    package init?(_ line: EventLine) {
        guard line.kind == "plateRead", line.data != nil else { return nil }
        let fields = line.fields
        read = line.sequence
        lane = fields.text("lane") ?? ""
        at = line.at.wall
        plate = fields.text("plate")
        images = (try? fields.objects("images"))?.compactMap { try? ImageReference(from: $0) } ?? []
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("read", read)
        fields.put("lane", lane)
        fields.put("at", time: at)
        fields.put("plate", ifPresent: plate)
        fields.put("images", objects: images) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        read = try fields.integer("read")
        lane = try fields.string("lane")
        at = try fields.time("at")
        plate = try fields.stringIfPresent("plate")
        images = []
        for object in try fields.objects("images") { images.append(try ImageReference(from: object)) }
    }
}

extension ImageReference {
    func write(to fields: inout FieldWriter) {
        fields.put("role", role)
        fields.put("bytes", bytes)
        fields.put("sha256", sha256)
    }

    init(from fields: Fields) throws(FieldError) {
        self.init(
            role: try fields.string("role"), bytes: try fields.int("bytes"),
            sha256: try fields.string("sha256"))
    }
}

/// `gatehouse pictures`: the entry beside the exit.
package struct SightsResult: ResultValue {
    package var record: Int64
    package var stay: Int64?
    package var entry: Sight?
    package var exit: Sight?

    package init(record: Int64, stay: Int64? = nil, entry: Sight? = nil, exit: Sight? = nil) {
        self.record = record
        self.stay = stay
        self.entry = entry
        self.exit = exit
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("record", record)
        fields.put("stay", ifPresent: stay)
        if let entry { fields.put("entry", object: entry.write) }
        if let exit { fields.put("exit", object: exit.write) }
    }

    package init(from fields: Fields) throws(FieldError) {
        record = try fields.integer("record")
        stay = try fields.integerIfPresent("stay")
        entry = try fields.objectIfPresent("entry").map(Sight.init(from:))
        exit = try fields.objectIfPresent("exit").map(Sight.init(from:))
    }
}

package struct PictureResult: ResultValue {
    /// A larger one stays on the gateway.
    package static let maximumBytes = 4 << 20

    package var sha256: String
    package var bytes: [UInt8]

    package init(sha256: String, bytes: [UInt8]) {
        self.sha256 = sha256
        self.bytes = bytes
    }

    /// By what the bytes begin with, whatever the camera called them; nil: no picture that a browser shows.
    package var mediaType: String? {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        return bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? "image/png" : nil
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("sha256", sha256)
        fields.put("bytes", bytes.count)
        fields.put("base64", Base64.text(bytes))
    }

    package init(from fields: Fields) throws(FieldError) {
        guard let bytes = Base64.bytes(try fields.string("base64")) else {
            throw .unknownValue(key: "base64", value: "not base64")
        }
        self.init(sha256: try fields.string("sha256"), bytes: bytes)
    }
}
