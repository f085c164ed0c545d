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

    @Test(arguments: [String(repeating: "x", count: 5000), "e" + String(repeating: "\u{301}", count: 5000)])
    func `a file does not print itself`(_ long: String) {
        let errors: [FieldError] = [
            .unknownValue(key: "salt", value: long), .unknownValue(key: long, value: "stands twice"),
            .unknownKind(long),
        ]
        for error in errors { #expect("\(error)".unicodeScalars.count < 300) }
    }
}
