// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct ReceiptContentsTests {
    private func fields(_ json: String) throws -> Fields { try Fields(Array(json.utf8)) }

    @Test func `what a receipt shows is in the record, its bill, its number or its times`() throws {
        let contents = try ReceiptContents(
            Sequence(12),
            try fields(#"{"stay":9,"fee":1,"entry_s":1778025600,"charge":{"fee":8,"lines":[]}}"#))
        #expect(contents.value("record") == .integer(12))
        #expect(contents.value("stay") == .integer(9))
        #expect(contents.value("fee") == .integer(8))
        #expect(contents.value("lines") == .array([]))
        #expect(contents.value("entry") == .string("2026-05-06T00:00:00.000Z"))
        for name in ["exit", "exit_s", "plate", "due"] { #expect(contents.value(name) == nil) }
    }

    @Test func `a time beyond all times and a record without a bill are no trap`() throws {
        let contents = try ReceiptContents(Sequence(1), try fields(#"{"entry_s":9223372036854775807}"#))
        #expect(contents.value("entry") == nil && contents.value("fee") == nil)
        #expect(throws: FieldError.wrongType(key: "charge")) {
            try ReceiptContents(Sequence(1), try fields(#"{"charge":5}"#))
        }
    }

    @Test(arguments: [
        (Int64.min, nil), (.min / 1000, nil), (-62_135_596_801, nil),
        (-62_135_596_800, "0001-01-01T00:00:00.000Z"), (-46_000_000_000, "0512-04-26T14:13:20.000Z"),
        (253_402_300_799, "9999-12-31T23:59:59.000Z"), (253_402_300_800, nil), (.max / 1000, nil),
    ]) func `a time is shown in years of four digits or not at all`(_ second: Int64, _ text: String?) throws {
        let contents = try ReceiptContents(Sequence(1), try fields(#"{"entry_s":\#(second)}"#))
        #expect(contents.value("entry") == text.map { .string($0) })
    }

    @Test func `the first and the last time of all can be written`() {
        for time in [WallTime(seconds: .min), WallTime(seconds: .max)] {
            #expect([.min, .max].contains(time.milliseconds))
            #expect(time.rfc3339.hasSuffix("Z"))
        }
        #expect(WallTime(seconds: -5).milliseconds == -5000)
    }

    @Test func `a text that looks the same and has other bytes is another`() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(composed == decomposed)
        #expect(!Fields.Value.string(composed).says(.string(decomposed)))
        let record = try fields(#"{"\#(composed)":1,"x":{"\#(composed)":1}}"#)
        let contents = try ReceiptContents(Sequence(1), record)
        #expect(contents.value(composed) == .integer(1))
        #expect(contents.value(decomposed) == nil)
        let other = try #require(try fields(#"{"x":{"\#(decomposed)":1}}"#).value("x"))
        #expect(contents.value("x")?.says(other) == false)
    }

    @Test func `values say the same in whatever order an object has them`() throws {
        let one = try fields(#"{"x":[{"a":1,"b":"c"},2]}"#)
        func says(_ json: String) throws -> Bool {
            try #require(one.value("x")).says(try #require(try fields(json).value("x")))
        }
        #expect(try says(#"{"x":[{"b":"c","a":1},2]}"#))
        for json in [
            #"{"x":[{"a":1,"b":"c"}]}"#, #"{"x":[2,{"a":1,"b":"c"}]}"#, #"{"x":[{"a":1,"a":1},2]}"#,
            #"{"x":[{"a":true,"b":"c"},2]}"#, #"{"x":[{"a":1,"b":"c","d":0},2]}"#, #"{"x":[{"a":1},2]}"#,
        ] { #expect(try !says(json), "\(json)") }
    }
}
