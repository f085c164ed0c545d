// SPDX-License-Identifier: Apache-2.0

/// What a record says, under explicit keys. Encoding is written by hand: these bytes are the upstream
/// contract and the hashed form, and a compiler's synthesis is neither.
package protocol Payload: Hashable, Sendable {
    func write(to fields: inout FieldWriter)
    init(from fields: Fields) throws(FieldError)
}
