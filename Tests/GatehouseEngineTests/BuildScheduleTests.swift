// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

@Suite struct BuildScheduleTests {
    private func at(_ seconds: Int) -> Uptime { .zero + .seconds(seconds) }

    @Test func `a change is built once, when it is on disk`() {
        var schedule = BuildSchedule()
        schedule.changed(through: Sequence(7))
        #expect(schedule.begin(at: at(0)) == nil)
        schedule.committed(through: Sequence(9))
        #expect(schedule.begin(at: at(0)) == Sequence(7))
        #expect(schedule.begin(at: at(0)) == nil)
        schedule.changed(through: Sequence(9))
        schedule.succeeded(Sequence(7))
        #expect(schedule.begin(at: at(0)) == Sequence(9))
        schedule.succeeded(Sequence(9))
        #expect(schedule.begin(at: at(100)) == nil)
    }

    @Test func `a build that failed is tried again, ever more patiently, until one succeeds`() {
        var schedule = BuildSchedule()
        schedule.changed(through: Sequence(3))
        schedule.committed(through: Sequence(3))
        var now = 0
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            #expect(schedule.begin(at: at(now)) == Sequence(3))
            schedule.failed(at: at(now))
            #expect(schedule.begin(at: at(now + pause - 1)) == nil)
            now += pause
        }
        #expect(schedule.begin(at: at(now)) == Sequence(3))
        schedule.succeeded(Sequence(3))
        schedule.changed(through: Sequence(4))
        schedule.committed(through: Sequence(4))
        #expect(schedule.begin(at: at(now)) == Sequence(4))
    }
}
