// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct VisitTests {
    private static let plate = Plate("沪B88888") ?? Plate(packed: 0)
    private static func wall(_ second: Int64) -> WallTime { WallTime(milliseconds: second * 1000) }

    private func cover(_ visit: Visit, _ entry: Int64) -> [Int64]? {
        visit.cover(entry: entry).map { [$0.start, $0.end] }
    }

    @Test func `a free length runs from the entry, but not from before the window`() {
        let visit = Visit(from: Self.wall(1000), to: Self.wall(5000), minutes: 30)
        #expect(cover(visit, 400) == [1000, 2800])
        #expect(cover(visit, 1000) == [1000, 2800])
        // Also beyond the end of the window, for whoever came within it.
        #expect(cover(visit, 4999) == [4999, 6799])
        #expect(cover(visit, 5000) == nil)
    }

    @Test func `without one the window itself is free`() {
        let visit = Visit(from: Self.wall(1000), to: Self.wall(5000))
        #expect(cover(visit, 400) == [1000, 5000])
        #expect(cover(visit, 3000) == [3000, 5000])
        #expect(cover(visit, 5000) == nil)
    }

    @Test func `it comes back from its record and from the packed rows`() throws {
        let permit = Permit(
            id: 5, plate: Self.plate, household: 7, holder: "aunt",
            visit: Visit(from: Self.wall(1000), to: Self.wall(5000), minutes: 30))
        let json = FieldWriter.object(permit.write)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"id":5,"plate":"沪B88888","household":7,"direction":"both","holder":"aunt","#
                + #""visit":{"from_ms":1000000,"to_ms":5000000,"minutes":30}}"#)
        #expect(try Permit(from: Fields(json)) == permit)
        var builder = DirectoryBuilder()
        try builder.set(permit)
        try builder.set(
            Permit(id: 6, plate: Self.plate, windows: [], visit: nil))
        let directory = try builder.build(asOf: Sequence(1))
        #expect(directory.permits(for: Self.plate).first == permit)
        #expect(directory.permits(for: Self.plate).last?.windows == [])
    }

    @Test func `so does how often it may come in`() throws {
        let permit = Permit(
            id: 5, plate: Self.plate, visit: Visit(from: Self.wall(1000), to: Self.wall(5000), entries: 1))
        let json = FieldWriter.object(permit.write)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"id":5,"plate":"沪B88888","direction":"both","holder":"","#
                + #""visit":{"from_ms":1000000,"to_ms":5000000,"entries":1}}"#)
        #expect(try Permit(from: Fields(json)) == permit)
        #expect(
            permit.visit?.text(.utc, used: 1)
                == "visit 1970-01-01T00:16:40+00:00 to 1970-01-01T01:23:20+00:00, entries 1 of 1")
    }

    @Test func `one without a length or of no length is no visit`() {
        for json in [
            #"{"from_ms":5,"to_ms":5}"#, #"{"from_ms":5}"#, #"{"from_ms":5,"to_ms":9,"minutes":0}"#,
            #"{"from_ms":5,"to_ms":9,"minutes":10081}"#, #"{"from_ms":-9223372036854775808,"to_ms":9}"#,
            #"{"from_ms":5,"to_ms":9223372036854775807}"#, #"{"from_ms":5,"to_ms":9,"entries":0}"#,
            #"{"from_ms":5,"to_ms":9,"entries":100}"#,
        ] {
            #expect(throws: FieldError.self) { try Visit(from: Fields(Array(json.utf8))) }
        }
    }
}
