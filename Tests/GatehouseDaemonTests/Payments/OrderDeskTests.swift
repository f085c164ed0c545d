// SPDX-License-Identifier: Apache-2.0

import GatehouseEngine
import GatehouseSync
import GatehouseTransport
import Testing

@testable import GatehouseDaemon

@Suite(.timeLimit(.minutes(1))) struct OrderDeskTests {
    @Test func `who leaves waits no longer, and whoever stays does`() async {
        let desk = OrderDesk(clock: SystemClock())
        let (first, second) = (PushConnection(), PushConnection())
        let query = OrderQuery(wait: OrderQuery.longestWait)
        let start = ContinuousClock.now
        async let patient = desk.fetch(query, by: second)
        async let impatient = desk.fetch(query, by: first)
        while desk.waiters < 2 { await Task.yield() }
        desk.left(first)
        #expect(await impatient.status == 200)
        #expect(desk.waiters == 1)
        desk.dismiss()
        #expect(await patient.status == 200)
        #expect(ContinuousClock.now - start < .seconds(OrderQuery.longestWait))
    }

    @Test func `who left before he began to wait takes no place`() async {
        let desk = OrderDesk(clock: SystemClock())
        let gone = PushConnection()
        gone.leave()
        desk.left(gone)
        let start = ContinuousClock.now
        let query = OrderQuery(wait: OrderQuery.longestWait)
        #expect(await desk.fetch(query, by: gone).status == 200)
        #expect(desk.waiters == 0)
        #expect(ContinuousClock.now - start < .seconds(OrderQuery.longestWait))
    }
}
