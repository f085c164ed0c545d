// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

@Suite struct TimerQueueTests {
    private func at(_ milliseconds: Int64) -> Uptime { Uptime(nanoseconds: milliseconds * 1_000_000) }

    @Test func `timers fire by deadline, equal ones in the order of arming`() {
        var queue = TimerQueue<String>()
        queue.start("late", at: at(30))
        queue.start("first", at: at(10))
        queue.start("second", at: at(10))
        var fired: [String] = []
        while let timer = queue.takeDue(at: at(30)) { fired.append(timer) }
        #expect(fired == ["first", "second", "late"])
        #expect(queue.next == nil)
    }

    @Test func `nothing fires before its deadline`() {
        var queue = TimerQueue<String>()
        queue.start("a", at: at(10))
        #expect(queue.takeDue(at: at(9)) == nil)
        #expect(queue.next == at(10))
    }

    @Test func `a timer set again has one deadline, a stopped one none`() {
        var queue = TimerQueue<String>()
        queue.start("a", at: at(10))
        queue.start("a", at: at(20))
        #expect(queue.takeDue(at: at(10)) == nil)
        #expect(queue.takeDue(at: at(20)) == "a")
        queue.start("b", at: at(30))
        queue.stop("b")
        #expect(queue.takeDue(at: at(99)) == nil)
    }
}
