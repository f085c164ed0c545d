// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What answers a request: one JSON object whose keys are a contract (`docs/diagnostics-protocol.md`).
/// Times that programs compare are milliseconds since 1970 in UTC and end in `_ms`; times that people read
/// are RFC 3339 beside them.
package protocol ResultValue: Hashable, Sendable {
    func write(to fields: inout FieldWriter)
    init(from fields: Fields) throws(FieldError)
}

extension ResultValue {
    /// For `DiagnosticProtocol.Reply.result` and `.event`.
    package var json: [UInt8] { FieldWriter.object { write(to: &$0) } }

    package init(json: [UInt8]) throws(FieldError) { try self.init(from: try Fields(json)) }
}

extension FieldWriter {
    /// `key_ms` for programs and `key` for people.
    mutating func put(_ key: String, time: WallTime) {
        put(key, time.rfc3339)
        put("\(key)_ms", time.milliseconds)
    }

    mutating func put(_ key: String, ifPresent time: WallTime?) {
        if let time { put(key, time: time) }
    }
}

extension Fields {
    func time(_ key: String) throws(FieldError) -> WallTime {
        WallTime(milliseconds: try integer("\(key)_ms"))
    }

    func timeIfPresent(_ key: String) throws(FieldError) -> WallTime? {
        try integerIfPresent("\(key)_ms").map(WallTime.init(milliseconds:))
    }

    func intIfPresent(_ key: String) throws(FieldError) -> Int? {
        has(key) ? try int(key) : nil
    }

    /// The objects under a key, each read by `Value`.
    func values<Value: ResultValue>(_ key: String, as type: Value.Type) throws(FieldError) -> [Value] {
        var result: [Value] = []
        for object in try objects(key) { result.append(try Value(from: object)) }
        return result
    }
}
