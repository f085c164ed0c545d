// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

extension DiagnosticProtocol {
    /// A server's line after its hello. The JSON of an event or result is byte for byte what was sent, as long
    /// as this project's writer wrote it.
    package static func reply(_ line: [UInt8]) throws(FieldError) -> (id: Int, reply: Reply) {
        let fields = try Fields(line)
        let id = try fields.int("id")
        if case .object(let event) = fields.value("event") {
            return (id, .event(FieldWriter.json(.object(event))))
        }
        if case .object(let result) = fields.value("result") {
            return (id, .result(FieldWriter.json(.object(result))))
        }
        let error = try fields.object("error")
        let failure = Failure(
            code: try error.string("code"), message: try error.string("message"),
            hint: try error.stringIfPresent("try"))
        return (id, .failure(failure))
    }
}
