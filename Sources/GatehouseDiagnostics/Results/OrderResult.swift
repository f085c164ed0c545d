// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// An order or a change in the books was carried out: the record that says so. Of `lane`, `permit set|end`,
/// `list set|end`, `stay correct|match|close|claim|import`, `recount`, `replay` and `import`.
package struct OrderResult: ResultValue {
    /// The last record, durable when this is said.
    package var record: Int64
    /// Of a change that made several: the first of them, consecutive up to `record`. An `import` of n changes
    /// answers with exactly n, in the order of the request; a new row (id 0) gets its record's number as id.
    package var first: Int64?
    /// Of an order about money: whose amounts they are.
    package var currency: String?

    package init(record: Int64, first: Int64? = nil, currency: String? = nil) {
        self.record = record
        self.first = first
        self.currency = currency
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("record", record)
        fields.put("first", ifPresent: first)
        fields.put("currency", ifPresent: currency)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            record: try fields.integer("record"), first: try fields.integerIfPresent("first"),
            currency: try fields.stringIfPresent("currency"))
    }
}

/// `gatehouse capture`: the device's newest bytes as they came.
package struct CaptureResult: ResultValue {
    package var device: String
    package var at: WallTime
    /// What the bytes are: `http-body`, `image/jpeg`, `serial-frames` …
    package var format: String
    package var bytes: [UInt8]

    package init(device: String, at: WallTime, format: String, bytes: [UInt8]) {
        self.device = device
        self.at = at
        self.format = format
        self.bytes = bytes
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("device", device)
        fields.put("at", time: at)
        fields.put("format", format)
        fields.put("bytes", bytes.count)
        fields.put("base64", Base64.text(bytes))
    }

    package init(from fields: Fields) throws(FieldError) {
        let text = try fields.string("base64")
        guard let bytes = Base64.bytes(text) else { throw .unknownValue(key: "base64", value: "not base64") }
        self.init(
            device: try fields.string("device"), at: try fields.time("at"),
            format: try fields.string("format"),
            bytes: bytes)
    }
}

/// `reload`: the plan that is in force now.
package struct ReloadResult: ResultValue {
    package var plan: String
    package var record: Int64
    /// Warnings of the new plan; a plan with errors is refused and the old one stays.
    package var warnings: [String]

    package init(plan: String, record: Int64, warnings: [String]) {
        self.plan = plan
        self.record = record
        self.warnings = warnings
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("plan", plan)
        fields.put("record", record)
        fields.put("warnings", strings: warnings)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            plan: try fields.string("plan"), record: try fields.integer("record"),
            warnings: try fields.strings("warnings"))
    }
}
