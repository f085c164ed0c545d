// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct FieldErrorTextTests {
    @Test(arguments: [
        (FieldError.malformed(offset: 7), "byte 7: no JSON"),
        (.missing(key: "proof"), #"member "proof" is missing"#),
        (.wrongType(key: "leaf"), #"member "leaf" is of another type"#),
        (
            .unknownValue(key: "leaf", value: "stands twice"),
            #"member "leaf" is not understood: stands twice"#
        ),
        (.unknownKind("x"), #"kind "x" is not known"#),
    ]) func `an error says where and what`(_ error: FieldError, _ words: String) {
        #expect("\(error)".hasPrefix(words))
    }
}
