// SPDX-License-Identifier: Apache-2.0

import GatehouseEngine
import GatehouseSync
import Testing

@testable import GatehouseDaemon

@Suite(.timeLimit(.minutes(1))) struct OrderDeskTests {
    private final class Connection: Sendable {}

    @Test func `who leaves waits no longer, and whoever stays does`() async {
        let desk = OrderDesk(clock: SystemClock())
        let (gone, here) = (Connection(), Connection())
        let (first, second) = (ObjectIdentifier(gone), ObjectIdentifier(here))
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
        withExtendedLifetime((gone, here)) {}
    }
}
