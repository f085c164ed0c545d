// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

@Suite struct ReadOverloadTests {
    private let camera = DeviceID(3)

    private func at(_ seconds: Int) -> Uptime { .zero + .seconds(seconds) }

    private func dropped(_ count: Int) -> Table<DeviceID, Int> { Table([(camera, count)]) }

    @Test func `reads dropped in three seconds are one fault, a minute without ends it`() {
        var overload = ReadOverload()
        #expect(overload.second(dropped(4), at: at(0)).isEmpty)
        #expect(overload.second(Table(), at: at(1)).isEmpty)
        #expect(overload.second(dropped(1), at: at(30)).isEmpty)
        let raised = overload.second(dropped(2), at: at(60))
        #expect(raised.map(\.camera) == [camera])
        guard case .faultRaised(ReadOverload.code, .warning, let detail) = raised.first?.event else {
            Issue.record("no fault: \(raised)")
            return
        }
        #expect(detail.hasPrefix("7 reads"))
        #expect(overload.second(dropped(9), at: at(61)).isEmpty)
        #expect(overload.second(Table(), at: at(120)).isEmpty)
        #expect(
            overload.second(Table(), at: at(121)).map(\.event) == [.faultCleared(code: ReadOverload.code)])
        #expect(overload.second(Table(), at: at(122)).isEmpty)
    }

    @Test func `one burst is no fault`() {
        var overload = ReadOverload()
        #expect(overload.second(dropped(40), at: at(0)).isEmpty)
        #expect(overload.second(dropped(40), at: at(1)).isEmpty)
        #expect(overload.second(Table(), at: at(61)).isEmpty)
        #expect(overload.second(dropped(40), at: at(62)).isEmpty)
    }
}
