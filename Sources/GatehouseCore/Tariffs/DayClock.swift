// SPDX-License-Identifier: Apache-2.0

/// Civil time of one tariff: its zone, its calendar.
struct DayClock {
    let zone: ZoneRules
    let calendar: TariffCalendar

    /// The natural day, from its midnight to the next. By instants: where a clock is put back over midnight the hour
    /// before it is shown again, and belongs to the day that has begun.
    func date(at second: Int64) -> CivilDate {
        let shown = zone.civil(WallTime(seconds: second)).date
        if midnight(shown.next) <= second { return shown.next }
        return midnight(shown) > second ? shown.previous : shown
    }

    /// The instant of a civil time, `minute` counted from the midnight of the date.
    func instant(_ date: CivilDate, minute: Int) -> Int64 {
        zone.instant(localSecond: Int64(date.daysSince1970) * 86_400 + Int64(minute) * 60)
    }

    func midnight(_ date: CivilDate) -> Int64 { instant(date, minute: 0) }

    /// The span of one day; empty where a change of the clock leaves nothing of it.
    func span(_ span: DaySpan, on date: CivilDate) -> TimeSpan {
        TimeSpan(
            instant(date, minute: span.fromMinute),
            span.endMinute >= 1440
                ? instant(date.next, minute: span.endMinute - 1440) : instant(date, minute: span.endMinute))
    }
}
