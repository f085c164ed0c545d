// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct PermitTests {
    static func civil(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) throws
        -> CivilTime
    {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        return CivilTime(localSeconds: Int64(date.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60))
    }

    // 2026-03-02 is a Monday.
    @Test func `a window is half-open and holds on its days only`() throws {
        let window = try #require(WeeklyWindow(days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080))
        #expect(try !window.contains(Self.civil(2026, 3, 2, 7, 59)))
        #expect(try window.contains(Self.civil(2026, 3, 2, 8, 0)))
        #expect(try window.contains(Self.civil(2026, 3, 6, 17, 59)))
        #expect(try !window.contains(Self.civil(2026, 3, 6, 18, 0)))
        #expect(try !window.contains(Self.civil(2026, 3, 7, 12, 0)))
        #expect(window.text == "1,2,3,4,5 08:00-18:00")
    }

    @Test func `a window past midnight belongs to the day it starts on`() throws {
        let sunday = try #require(WeeklyWindow(days: [7], fromMinute: 1320, toMinute: 360))
        #expect(try sunday.contains(Self.civil(2026, 3, 1, 22, 0)))
        #expect(try sunday.contains(Self.civil(2026, 3, 2, 5, 59)))
        #expect(try !sunday.contains(Self.civil(2026, 3, 2, 6, 0)))
        #expect(try !sunday.contains(Self.civil(2026, 3, 1, 5, 0)))
        #expect(try !sunday.contains(Self.civil(2026, 3, 2, 22, 0)))
    }

    @Test func `the whole day runs to its last minute`() throws {
        let day = try #require(WeeklyWindow(days: [1], fromMinute: 0, toMinute: 1440))
        #expect(try day.contains(Self.civil(2026, 3, 2, 0, 0)))
        #expect(try day.contains(Self.civil(2026, 3, 2, 23, 59)))
        #expect(try !day.contains(Self.civil(2026, 3, 3, 0, 0)))
    }

    @Test func `windows that mean nothing are refused`() {
        #expect(WeeklyWindow(days: [], fromMinute: 0, toMinute: 1) == nil)
        #expect(WeeklyWindow(days: [8], fromMinute: 0, toMinute: 1) == nil)
        #expect(WeeklyWindow(days: [0], fromMinute: 0, toMinute: 1) == nil)
        #expect(WeeklyWindow(days: [1], fromMinute: 5, toMinute: 5) == nil)
        #expect(WeeklyWindow(days: [1], fromMinute: 1440, toMinute: 5) == nil)
        #expect(WeeklyWindow(days: [1], fromMinute: 0, toMinute: 1441) == nil)
        #expect(WeeklyWindow(days: [1], fromMinute: -1, toMinute: 5) == nil)
    }

    @Test func `missing windows mean always, an empty list means never`() throws {
        var permit = Permit(id: 1, plate: try #require(Plate("京A12345")))
        let noon = try Self.civil(2026, 3, 2, 12, 0)
        #expect(permit.isOpen(at: noon))
        permit.windows = []
        #expect(!permit.isOpen(at: noon))
    }

    @Test func `both days of a validity count, and days of grace after it`() throws {
        var permit = Permit(id: 1, plate: try #require(Plate("京A12345")))
        permit.validFrom = CivilDate(year: 2026, month: 3, day: 1)
        permit.validTo = CivilDate(year: 2026, month: 3, day: 31)
        func day(_ month: Int, _ day: Int) throws -> CivilDate {
            try #require(CivilDate(year: 2026, month: month, day: day))
        }
        #expect(try !permit.isValid(on: day(2, 28)))
        #expect(try permit.isValid(on: day(3, 1)))
        #expect(try permit.isValid(on: day(3, 31)))
        #expect(try !permit.isValid(on: day(4, 1)))
        #expect(try permit.isValid(on: day(4, 3), graceDays: 3))
        #expect(try !permit.isValid(on: day(4, 4), graceDays: 3))
    }

    @Test func `an entry without what it rests on is refused`() throws {
        let plate = try #require(Plate("京A12345"))
        let from = WallTime(milliseconds: 0)
        let held = ListEntry(
            id: 1, list: .block, plate: plate, effectiveFrom: from, reason: "POLICE_REQUEST", author: "wang",
            variant: .denyBoth)
        #expect(held.problem == .denyBothWithoutDocument(entry: 1))
        let endless = ListEntry(
            id: 2, list: .allow, plate: plate, effectiveFrom: from, reason: "SERVICE", author: "wang",
            owner: "li")
        #expect(endless.problem == .allowWithoutExpiry(entry: 2))
        var ownerless = endless
        ownerless.effectiveTo = WallTime(milliseconds: 10)
        ownerless.owner = nil
        #expect(ownerless.problem == .withoutOwner(entry: 2))
        var onDuty = ownerless
        onDuty.list = .emergency
        #expect(onDuty.problem == .withoutOwner(entry: 2))
        for entry in [held, endless, ownerless, onDuty] {
            let bytes = FieldWriter.object { entry.write(to: &$0) }
            #expect(throws: FieldError.self) { try ListEntry(from: Fields(bytes)) }
        }
    }

    @Test func `an entry holds from its first instant up to its last, that one not`() throws {
        let entry = ListEntry(
            id: 1, list: .watch, plate: try #require(Plate("京A12345")),
            effectiveFrom: WallTime(milliseconds: 10),
            effectiveTo: WallTime(milliseconds: 20), reason: "", author: "")
        #expect(
            [9, 10, 19, 20].map { entry.isInForce(at: WallTime(milliseconds: $0)) } == [
                false, true, true, false,
            ])
    }
}
