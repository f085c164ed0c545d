// SPDX-License-Identifier: Apache-2.0

import GatehouseEngine
import GatehouseSync
import GatehouseTransport
import Testing

@testable import GatehouseDaemon

/// By requests that would wait for longer than the time that a test has.
@Suite(.timeLimit(.minutes(5))) struct OrderDeskTests {
    private let query = OrderQuery(wait: 3600)

    @Test func `who leaves waits no longer, and whoever stays does`() async {
        let desk = OrderDesk(clock: SystemClock())
        let (first, second) = (PushConnection(), PushConnection())
        async let patient = desk.fetch(query, by: second)
        async let impatient = desk.fetch(query, by: first)
        while desk.waiters < 2 { await Task.yield() }
        desk.left(first)
        #expect(await impatient.status == 200)
        #expect(desk.waiters == 1)
        desk.dismiss()
        #expect(await patient.status == 200)
    }

    @Test func `who left before he began to wait takes no place`() async {
        let desk = OrderDesk(clock: SystemClock())
        let gone = PushConnection()
        gone.leave()
        desk.left(gone)
        #expect(await desk.fetch(query, by: gone).status == 200)
        #expect(desk.waiters == 0)
    }
}
